"""Files on disk as pages: HTML, Markdown, text, PDF, Office and CSV, through the same extraction as the web."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

from crawler.config import CrawlConfig
from crawler.documents.content_type import (
    HTML_ENDINGS,
    MARKDOWN_ENDINGS,
    TABLE_ENDINGS,
    TEXT_ENDINGS,
    content_type_of,
    type_of_name,
)
from crawler.errors import CrawlError
from crawler.extract.any import extract_any
from crawler.extract.extract import hash_content
from crawler.page import Page

DOCUMENT_ENDINGS = (".pdf", ".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", *TABLE_ENDINGS)
READABLE = frozenset({*HTML_ENDINGS, *MARKDOWN_ENDINGS, *TEXT_ENDINGS, *DOCUMENT_ENDINGS})
"""Suffixes of what ``read_file`` reads, in lower case; of other files it reads those whose content is a document."""

_MAGIC = (b"%PDF-", b"PK\x03\x04")


def is_readable(path: Path, config: CrawlConfig = CrawlConfig()) -> bool:
    """Whether ``read_file`` would read it: by its ending, or by its content where that is a PDF or Office file."""
    if path.suffix.lower() in READABLE:
        return True
    try:
        with path.open("rb") as file:
            if not file.read(len(_MAGIC[0])).startswith(_MAGIC) or path.stat().st_size > config.documents.max_bytes:
                return False
        return content_type_of(path.read_bytes(), "", path.name) is not None
    except OSError:
        # Asking for it by name is what tells why it cannot be read.
        return False


def read_file(path: Path, root: Path | None = None, config: CrawlConfig = CrawlConfig()) -> Page:
    """Read one file. Its URL is a ``file:`` URI; ``metadata["path"]`` is its place below ``root``.

    Raises CrawlError when the file cannot be read, is too large, or is of a kind this function does not read.
    """
    path = Path(path)
    if not path.is_file() and path.exists():
        raise CrawlError(f"{path} is not a file", "Name a file or a folder")
    body, modified = _bytes_of(path, config)
    declared = type_of_name(path.name) or mimetypes.guess_type(path.name)[0] or ""
    content_type = content_type_of(body, declared, path.name)
    if content_type is None:
        raise CrawlError(f"{path} is of a kind that cannot be read here", f"Readable are {', '.join(sorted(READABLE))}")
    url = path.resolve().as_uri()
    found = extract_any(body, content_type, url, config=config)
    title = found.title or next((s.heading_path[0] for s in found.sections if s.heading_path), path.stem)
    place = path.relative_to(root).as_posix() if root is not None else path.name
    return Page(
        url=url,
        status=200,
        fetched_at=datetime.now(UTC),
        title=title,
        sections=found.sections,
        content_hash=hash_content(title, "\n".join(section.text for section in found.sections), found.stated),
        links=found.links,
        language=found.language,
        description=found.description,
        content_type=content_type,
        last_modified=found.modified_at or modified,
        is_indexable=True,
        metadata={**found.metadata, "path": place},
        notes=found.notes,
        stated=found.stated,
    )


def _bytes_of(path: Path, config: CrawlConfig) -> tuple[bytes, datetime]:
    """Content and time of change, within the limit of the file's kind."""
    is_page = path.suffix.lower() in READABLE and path.suffix.lower() not in DOCUMENT_ENDINGS
    limit, setting = (
        (config.max_page_bytes, "max_page_bytes") if is_page else (config.documents.max_bytes, "documents.max_bytes")
    )
    try:
        size = path.stat().st_size
        if size > limit:
            raise CrawlError(f"{path} holds {size} bytes, more than {limit}", f"Raise {setting}")
        return path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise CrawlError(f"{path} cannot be read: {error.strerror}", "Check its permissions") from error
