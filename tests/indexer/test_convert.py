"""Pages become documents."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.page import Page, Section, place_sections
from indexer.convert import document_from_page
from indexer.document import doc_id_of

PAGE = Page(
    url="https://example.com:8443/docs/a",
    status=200,
    fetched_at=datetime(2025, 1, 2, tzinfo=UTC),
    title="A title",
    sections=place_sections([Section("Some text", ("Top", "Inner"), "inner")]),
    content_hash="abc",
    language="en",
    description="About a",
    last_modified=datetime(2024, 1, 2, tzinfo=UTC),
    metadata={"team": "docs"},
)


def test_the_head_tells_where_the_page_is_and_what_it_says_of_itself() -> None:
    document = document_from_page(PAGE, "handbook", ("staff",))
    head = document.head
    assert head.doc_id == doc_id_of("https://example.com:8443/docs/a")
    assert (head.url, head.site, head.path) == (PAGE.url, "example.com:8443", "/docs/a")
    assert (head.title, head.language, head.description) == ("A title", "en", "About a")
    assert (head.modified_at, head.fetched_at) == (PAGE.last_modified, PAGE.fetched_at)
    assert (head.source, head.access, head.metadata) == ("handbook", ("staff",), {"team": "docs"})
    assert document.sections == PAGE.sections


def test_a_page_without_a_title_is_named_by_its_first_heading_else_by_its_url() -> None:
    assert document_from_page(replace(PAGE, title="")).head.title == "Top"
    bare = replace(PAGE, title="", sections=place_sections([Section("text")]))
    assert document_from_page(bare).head.title == PAGE.url


def test_a_file_belongs_to_the_site_of_its_source() -> None:
    head = document_from_page(replace(PAGE, url="file:///docs/a.md"), "notes").head
    assert (head.site, head.path) == ("notes", "/docs/a.md")


def test_the_content_hash_covers_what_is_indexed_and_leaves_times_out() -> None:
    def hash_of(**changes: Any) -> str:
        return document_from_page(replace(PAGE, **changes)).head.content_hash

    moved = place_sections([Section("Some text", ("Top", "Other"), "inner")])
    changed = {
        hash_of(),
        hash_of(title="Another"),
        hash_of(description="Another"),
        hash_of(language="de"),
        hash_of(metadata={"team": "web"}),
        hash_of(sections=moved),
        document_from_page(PAGE, access=("staff",)).head.content_hash,
        document_from_page(PAGE, "handbook").head.content_hash,
    }
    assert len(changed) == 8
    assert hash_of(fetched_at=datetime(2026, 1, 1, tzinfo=UTC), last_modified=None, etag="x") == hash_of()


def test_texts_with_lone_surrogates_can_be_hashed() -> None:
    assert document_from_page(replace(PAGE, title="a\ud800")).head.content_hash
