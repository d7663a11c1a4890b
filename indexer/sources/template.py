"""Records to documents by a person's templates, which run in a sandbox since their values come from anywhere."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from crawler.text.language import detect_language
from indexer.document import Document, Head, doc_id_of
from indexer.sources.card import MAX_VALUE_CHARS, card
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource
from indexer.sources.source import BadRecord

Fields = Mapping[str, Any]
MAX_KEY_CHARS = 2_000


class Templates:
    """Makes documents of the records of one source; raises BadSource for a template that cannot be read."""

    def __init__(self, config: SourceConfig) -> None:
        self._config = config
        for name in ("title", "text", "link"):
            if text := getattr(config, name):
                self._compiled[name] = self._compile(name, text)

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=plain)

    def _compile(self, name: str, text: str) -> Any:
        from jinja2 import TemplateSyntaxError

        try:
            return self._environment.from_string(text)
        except TemplateSyntaxError as error:
            raise BadSource(
                self._config.name, f"{name} is no template: {error.message} (line {error.lineno})", "Mend it there"
            ) from error

    def doc_id(self, key: Sequence[object]) -> str:
        """The id of the document of the record with this key."""
        return doc_id_of(self.address(key))

    def address(self, key: Sequence[object]) -> str:
        """``record:SOURCE/KEY``: where a record without a link of its own stands."""
        return f"record:{self._config.name}/" + "/".join(quote(plain(part), safe="") for part in key)

    def document(
        self, key: Sequence[object], fields: Fields, changed_at: datetime | None = None, own_title: str = ""
    ) -> Document | BadRecord:
        """The record as a document, or what is wrong with it; ``own_title`` is its title without a template."""
        from jinja2 import TemplateError

        shown_key = ", ".join(plain(part)[:80] for part in key) or "without a key"
        if any(part is None or plain(part) == "" for part in key) or not key:
            return BadRecord(shown_key, "has no key")
        if sum(len(plain(part)) for part in key) > MAX_KEY_CHARS:
            return BadRecord(shown_key, f"has a key of more than {MAX_KEY_CHARS:,} characters")
        try:
            title, text, link = (self._rendered(name, fields) for name in ("title", "text", "link"))
        except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError) as error:
            return BadRecord(shown_key, f"does not fit the templates ({' '.join(str(error).split())[:200]})")
        return self._made(key, fields, (title or own_title, text, link), changed_at)

    def _rendered(self, name: str, fields: Fields) -> str:
        compiled = self._compiled.get(name)
        return compiled.render(**fields).strip()[: MAX_VALUE_CHARS * 10] if compiled else ""

    def _made(
        self, key: Sequence[object], fields: Fields, shown: tuple[str, str, str], changed_at: datetime | None
    ) -> Document:
        config, (title, text, link) = self._config, shown
        address = self.address(key)
        title, text = (title, text) if title or text else _entry(fields)
        hidden = {*config.hidden, config.access_field, config.changed}
        lines = [] if text else [(name, plain(value)) for name, value in fields.items() if name not in hidden]
        sections = card(lines, text)
        body = "\n".join(section.text for section in sections)
        access = (*config.access, *groups(fields.get(config.access_field)))
        metadata = {name: plain(fields.get(name)) for name in config.metadata if fields.get(name) is not None}
        url = link or address
        covered = (url, title, body, sorted(metadata.items()), access, config.name)
        head = Head(
            doc_id=doc_id_of(address),
            url=url,
            title=title or _first_text(fields, key) or plain(key[0]),
            content_hash=hashlib.sha256(json.dumps(covered).encode("utf-8", "surrogatepass")).hexdigest()[:32],
            site=config.name,
            path="/" + "/".join(plain(part) for part in key),
            source=config.name,
            language=config.language or detect_language(body),
            modified_at=changed_at,
            metadata=metadata,
            access=access,
        )
        return Document(head, sections)


def groups(value: object) -> tuple[str, ...]:
    """A record's access groups: a list, or a text with commas between them."""
    if value is None:
        return ()
    parts = value if isinstance(value, list | tuple | set) else plain(value).split(",")
    return tuple(sorted({name for part in parts if (name := plain(part).strip())}))


def plain(value: object) -> str:
    """A value as a reader sees it; bytes are never text."""
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _entry(fields: Fields) -> tuple[str, str]:
    """Question and answer of an entry of an FAQ, as far as the record is one."""
    question, answer = plain(fields.get("question")).strip(), plain(fields.get("answer")).strip()
    return (question, answer) if question and answer else ("", "")


def _first_text(fields: Fields, key: Sequence[object]) -> str:
    """The first short text that is not the key: the best name that a record without a title has."""
    return next((v for v in fields.values() if isinstance(v, str) and v not in key and 0 < len(v) <= 120), "")
