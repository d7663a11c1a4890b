"""Files on disk as pages: HTML, Markdown and plain text, through the same extraction as the web."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

from crawler.config import CrawlConfig
from crawler.decode import decode
from crawler.errors import CrawlError
from crawler.extract import extract, hash_content
from crawler.language import detect_language
from crawler.page import Page, Section, place_sections

HTML = frozenset({".html", ".htm", ".xhtml"})
MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
TEXT = frozenset({".txt", ".text", ".rst", ".asc", ".adoc", ".log"})
READABLE = HTML | MARKDOWN | TEXT
"""Suffixes that ``read_file`` reads, in lower case."""


def read_file(path: Path, root: Path | None = None, config: CrawlConfig = CrawlConfig()) -> Page:
    """Read one file. Its URL is a ``file:`` URI; ``metadata["path"]`` is its place below ``root``.

    Raises CrawlError when the file cannot be read, is too large, or is of a kind this function does not read.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in READABLE:
        raise CrawlError(f"{path} is of a kind that cannot be read here", f"Readable are {', '.join(sorted(READABLE))}")
    try:
        size = path.stat().st_size
        if size > config.max_page_bytes:
            raise CrawlError(f"{path} holds {size} bytes, more than {config.max_page_bytes}", "Raise max_page_bytes")
        body = path.read_bytes()
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise CrawlError(f"{path} cannot be read: {error.strerror}", "Check its permissions") from error
    place = path.relative_to(root).as_posix() if root is not None else path.name
    if kind in TEXT:
        return _text_page(path, place, decode(body), modified)
    html = markdown_to_html(decode(body)) if kind in MARKDOWN else body
    return _html_page(path, place, html, modified, config)


def _html_page(path: Path, place: str, html: str | bytes, modified: datetime, config: CrawlConfig) -> Page:
    url = path.resolve().as_uri()
    extracted = extract(html, url, config=config)
    first_heading = next((s.heading_path[0] for s in extracted.sections if s.heading_path), "")
    title = extracted.title or first_heading or path.stem
    return Page(
        requested_url=url,
        url=url,
        canonical_url=url,
        status=200,
        fetched_at=datetime.now(UTC),
        title=title,
        sections=extracted.sections,
        content_hash=hash_content(title, "\n".join(section.text for section in extracted.sections)),
        links=extracted.links,
        language=extracted.language,
        description=extracted.description,
        content_type=mimetypes.guess_type(path.name)[0] or "text/html",
        last_modified=extracted.modified_at or modified,
        is_indexable=True,
        metadata={**extracted.metadata, "path": place},
    )


def _text_page(path: Path, place: str, text: str, modified: datetime) -> Page:
    url = path.resolve().as_uri()
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    title = next((line.strip() for line in text.splitlines() if line.strip()), "")[:120] or path.stem
    sections = place_sections([Section(text)])
    return Page(
        requested_url=url,
        url=url,
        canonical_url=url,
        status=200,
        fetched_at=datetime.now(UTC),
        title=title,
        sections=sections,
        content_hash=hash_content(title, text),
        language=detect_language(text),
        content_type="text/plain",
        last_modified=modified,
        metadata={"path": place},
    )


def markdown_to_html(text: str) -> str:
    """CommonMark with tables to HTML; YAML front matter is left out except its title and language."""
    from markdown_it import MarkdownIt

    front, body = _front_matter(text)
    title, language = front.get("title", ""), front.get("lang") or front.get("language", "")
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    return f'<html lang="{_escape(language)}"><title>{_escape(title)}</title><body><main>{page}</main></body></html>'


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("---\n"):
        return {}, text
    head, mark, body = text[4:].partition("\n---")
    if not mark:
        return {}, text
    pairs = (line.partition(":") for line in head.splitlines() if ":" in line and not line.startswith((" ", "-")))
    facts = {name.strip().lower(): value.strip().strip("\"'") for name, _, value in pairs}
    return facts, body.partition("\n")[2]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
