"""From a body of any readable type to what it says: pages, Markdown, plain text, and documents such as PDF."""

from dataclasses import replace

from crawler.documents.content_type import HTML_TYPES, MARKDOWN_TYPE, TEXT_TYPE, XHTML_TYPE
from crawler.documents.read import extract_document, title_of
from crawler.documents.text_blocks import text_blocks
from crawler.extract.config import ExtractConfig
from crawler.extract.extract import Extracted, extract, hash_content
from crawler.extract.head import EXPIRING, header_directives, parse_date
from crawler.extract.markdown import markdown_to_html
from crawler.page import SECTION_SEPARATOR, Section, place_sections
from crawler.text.decode import decode
from crawler.text.language import detect_language

MAX_FIRST_LINE_CHARS = 120


def extract_any(
    body: bytes,
    content_type: str,
    url: str,
    *,
    charset: str | None = None,
    robots_header: str = "",
    config: ExtractConfig = ExtractConfig(),
) -> Extracted:
    """Read a body. ``content_type`` is what ``content_type_of`` found.

    Raises UnreadableDocument for a PDF, Office or CSV file without readable text. Such a file is read in a process of
    its own, for up to ``config.documents.timeout_s``; do not call this for one from an event loop.
    """
    if content_type in HTML_TYPES:
        is_xml = content_type == XHTML_TYPE
        return extract(body, url, charset=charset, robots_header=robots_header, is_xml=is_xml, config=config)
    if content_type == MARKDOWN_TYPE:
        page = markdown_to_html(decode(body, charset))
        found = extract(page, url, robots_header=robots_header, config=config)
        first = next((section.heading_path[0] for section in found.sections if section.heading_path), "")
        return found if found.title else _titled(found, first or title_of(url))
    if content_type == TEXT_TYPE:
        found = _text(decode(body, charset), url)
    else:
        found = _document(body, content_type, url, config)
    directives = header_directives(robots_header, config.robots_token.lower())
    language = found.language or detect_language(_text_of(found), config.min_language_confidence)
    is_indexable, is_expiring = not directives & {"noindex", "none"}, EXPIRING in directives
    return replace(found, is_indexable=is_indexable, is_expiring=is_expiring, language=language)


def _text(text: str, url: str) -> Extracted:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    first_line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    title = first_line[:MAX_FIRST_LINE_CHARS] or title_of(url)
    return Extracted(title, place_sections([Section(text, blocks=text_blocks(text))]), hash_content(title, text))


def _document(body: bytes, content_type: str, url: str, config: ExtractConfig) -> Extracted:
    found = extract_document(body, url, config.documents, content_type)
    metadata = {name: value for name, value in found.metadata.items() if name not in ("created", "modified")}
    created, modified = (parse_date(found.metadata.get(name, "")) for name in ("created", "modified"))
    if created:
        metadata["published_at"] = created.isoformat()
    if modified:
        metadata["modified_at"] = modified.isoformat()
    return Extracted(
        title=found.title,
        sections=found.sections,
        content_hash=hash_content(found.title, SECTION_SEPARATOR.join(section.text for section in found.sections)),
        modified_at=modified or created,
        metadata={**metadata, "kind": found.kind},
        notes=found.notes,
    )


def _titled(found: Extracted, title: str) -> Extracted:
    return replace(found, title=title, content_hash=hash_content(title, _text_of(found), found.stated))


def _text_of(found: Extracted) -> str:
    return SECTION_SEPARATOR.join(section.text for section in found.sections)
