"""The body of a push as documents; a bad line is told with its number and its cure, and takes no other with it."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from indexer.document import Document, doc_id_of
from indexer.storable import storable, storable_document
from server.errors import BadInput
from server.importing.ndjson import document, key_of

MAX_TOLD = 1000
"""So many bad lines are told one by one; the others are counted."""

Numbered = tuple[int, object]


@dataclass(frozen=True, slots=True)
class BadLine:
    """``line`` counts from 1, in NDJSON the lines and in JSON the documents; ``id`` is empty where it has none."""

    line: int
    id: str
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Pushed:
    """A document as it was pushed, under the key by which it is replaced and removed: its id, else its URL."""

    line: int
    key: str
    document: Document


@dataclass(slots=True)
class Read:
    """What a body holds; ``refused`` counts the bad lines, of which ``bad`` tells ``MAX_TOLD``."""

    pushed: list[Pushed] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    refused: int = 0

    def refuse(self, keys: Collection[str]) -> None:
        """Refuse the documents under these keys: they replace those of others."""
        for one in self.pushed:
            if one.key in keys:
                self.note(BadLine(one.line, one.key, "its id is taken by another site", "Choose another id or source"))
        self.pushed = [one for one in self.pushed if one.key not in keys]

    def note(self, bad: BadLine) -> None:
        """Count a bad line."""
        self.refused += 1
        if len(self.bad) < MAX_TOLD:
            self.bad.append(bad)


def read_ndjson(body: bytes) -> Iterator[Numbered]:
    """Each line that is not empty; one that is no JSON comes as the error it is."""
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, BadInput(f"not JSON ({error})", "Send one JSON object on a line, in UTF-8")


def read_json(body: bytes) -> Iterator[Numbered]:
    """One document, a list of them, or an object whose ``documents`` is one. Raises BadInput for what is no JSON."""
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"The body is not JSON ({error})", "Send a document, a list of them, or NDJSON") from error
    if isinstance(value, dict) and set(value) == {"documents"}:
        value = value["documents"]
    yield from enumerate(value if isinstance(value, list) else [value], 1)


def read(numbered: Iterable[Numbered], source: str, sites: Collection[str] = ()) -> Read:
    """The documents of a source; those of other than these ``sites``, if any are named, are refused."""
    found = Read()
    for number, record in numbered:
        try:
            found.pushed.append(_pushed(number, record, source, sites))
        except BadInput as error:
            found.note(BadLine(number, _name(record), error.what, error.cure or "See docs: Pushing documents"))
    return found


def doc_id_in(source: str, key: str) -> str:
    """The id of a pushed document: never that of a page or file, so that neither is taken for the other."""
    return doc_id_of(f"push:{source}:{key}")


def _pushed(line: int, record: object, source: str, sites: Collection[str]) -> Pushed:
    if isinstance(record, BadInput):
        raise record
    found = storable_document(document(record, source, f"pushed:/{quote(source)}"))
    assert isinstance(record, dict)
    key = key_of(record) or found.head.url
    if storable(key) != key:
        raise BadInput("its id holds half of a sign (a lone surrogate)", "Send whole signs")
    if sites and found.head.site not in sites:
        raise BadInput(f"its site is {found.head.site}", f"This key is for {', '.join(sites)}")
    return Pushed(line, key, replace(found, head=replace(found.head, doc_id=doc_id_in(source, key))))


def _name(record: object) -> str:
    given = (record.get("id") or record.get("url")) if isinstance(record, dict) else ""
    return storable(str(given)[:200]) if isinstance(given, str | int) else ""
