"""A query that names a page puts that page first, by whatever name; words that name none change nothing."""

from dataclasses import replace

import pytest

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from ranker.hit import Evidence, Hit
from ranker.naming.navigation import named_first


def hit(number: int, path: str, title: str, text: str = "Some text.", *headings: str) -> Hit:
    head = Head(f"d{number}", f"https://a.example{path}", title, "", "a.example", path)
    return Hit(Passage(head, 0, text, (title, *headings)), 1 - number / 100, Evidence())


HITS = [
    hit(1, "/news.html", "News", "The function open_file(name) is new.\nSee open_file(name, mode)."),
    hit(2, "/wal.html", "Write-Ahead Logging", "In WAL mode."),
    hit(3, "/install/index.html", "Getting started", "How to install it."),
    hit(4, "/guide.html", "Guide", "Long text.", "3.2. Busy timeout"),
    hit(5, "/c/open.html", "Opening A File", "int open_file(\n  const char *name\n);"),
    hit(6, "/pragma.html", "Statements of all kinds", "PRAGMA schema.journal_mode = DELETE"),
    hit(7, "/agg.html", "Built-in Aggregate Functions"),
    hit(8, "/release.html", "Release notes", "Release 4.2 and Release 4.1", "E. Release Notes"),
    hit(9, "/r42.html", "E.19. Release 4.2"),
    hit(10, "/mvcc.html", "Chapter 13. Concurrency Control"),
    hit(11, "/shift.html", "Two operators", "With #>> a path is read."),
    hit(12, "/core.html", "Core", "It says which files count.", "AllowOverride Directive"),
    hit(13, "/fs.html", "Files", "All at once.", "fs.readFileSync(path[, options])"),
    hit(14, "/append.html", "Redirection", "With >> a file grows."),
    hit(15, "/syntax.html", "Syntax: aggregate-function-invocation of some kind"),
]


def entries(number: int, path: str, title: str, *terms: str) -> Hit:
    """A page of a definition list, which is found by another passage of it."""
    text, blocks = "", []
    for term in terms:
        blocks.append(Block(BlockKind.TERM, len(text), len(text) + len(term)))
        text += f"{term}\n\nIt is what it is.\n\n"
    page = hit(number, path, title, "It says in passing what core.pager is.")
    listed = replace(page.passage, ordinal=7, text=text, heading_path=("Variables",), blocks=tuple(blocks))
    return replace(page, more=(listed,))


def test_an_entry_of_a_name_comes_first_and_opens() -> None:
    settings = entries(99, "/settings.html", "Settings", "core.editor", "core.pager\ncore.pipe", "--page[=<n>], -p")
    for query in ("core.pager", "core.pipe", "--page", "-p"):
        first = named_first(query, [*HITS, settings])[0]
        assert first.passage.ordinal == 7 and [p.ordinal for p in first.more] == [0]
    assert named_first("core.page", [*HITS, settings])[0] == HITS[0]


def test_a_page_that_is_named_opens_at_its_beginning() -> None:
    late = hit(99, "/sorter.html", "sorter(1)", "Part of the suite.", "Colophon")
    early = replace(late.passage, text="Sorts letters.", heading_path=("Name",))
    late = replace(late, passage=replace(late.passage, ordinal=9), more=(early,))
    first = named_first("sorter", [*HITS, late])[0]
    assert first.passage == early and first.more == (late.passage,)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("write ahead logging", "/wal.html"),
        ("WAL", "/wal.html"),
        ("install", "/install/index.html"),
        ("busy timeout", "/guide.html"),
        ("open_file", "/c/open.html"),
        ("open_file()", "/c/open.html"),
        ("pragma journal_mode", "/pragma.html"),
        ("aggregate functions", "/agg.html"),
        ("release 4.2", "/r42.html"),
        ("allowoverride", "/core.html"),
        ("allow override", "/core.html"),
        ("fs.readFileSync", "/fs.html"),
        ("release notes", "/release.html"),
        ("concurrency control", "/mvcc.html"),
        (">>", "/append.html"),
        ("operator >>", "/append.html"),
        ("#>>", "/shift.html"),
    ],
)
def test_a_page_that_is_named_comes_first(query: str, path: str) -> None:
    found = named_first(query, HITS)
    assert found[0].passage.head.path == path
    assert {hit.passage.head.doc_id for hit in found} == {hit.passage.head.doc_id for hit in HITS}
    assert len(found) == len(HITS)
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["long text", "functions", "what is new in the news", "c", "pragma synchronous"])
def test_words_that_name_no_page_change_nothing(query: str) -> None:
    assert named_first(query, HITS) == HITS


def test_a_heading_that_many_pages_have_names_none_of_them() -> None:
    same = [hit(i, f"/p{i}.html", f"Page {i}", "Text.", "Overview") for i in range(1, 6)]
    assert named_first("overview", same) == same


def test_the_sign_after_a_name_tells_it_from_others() -> None:
    pages = [
        hit(n, f"/{slug}.html", title) for n, (slug, title) in enumerate(zip("abc", ("C", "C++", "C#"), strict=True))
    ]
    for query, title in (("c", "C"), ("C++", "C++"), ("c#", "C#")):
        assert named_first(query, pages)[0].passage.head.title == title


def test_an_address_of_one_letter_is_no_name_with_a_sign() -> None:
    pages = [
        hit(1, "/compilers.html", "Compilers", "A compiler for C++."),
        hit(2, "/c.html", "Plain", "A compiler for C."),
    ]
    assert named_first("c++ compiler", pages)[0] == pages[0]
    assert named_first("c compiler", pages)[0].passage == pages[1].passage


@pytest.mark.parametrize("query", ["URLSearchParams", "--inspect", "--inspect-brk", "ERR_STREAM", "url.format"])
def test_a_section_is_called_as_its_heading_is_less_its_kind_and_arguments(query: str) -> None:
    headed = (
        *("Class: URLSearchParams", "--inspect[=[host:]port]", "--inspect-brk=port, -b", "Static method: ERR_STREAM"),
        "url.format(url[, options])",
    )
    pages = [hit(n, f"/p{n}.html", f"Page {n}", "Text.", heading) for n, heading in enumerate(headed, 20)]
    found = named_first(query, [*HITS, *pages])[0]
    assert query in found.passage.heading_path[-1]


def test_the_parts_of_a_name_are_no_words_of_a_title() -> None:
    pages = [hit(1, "/cli.html", "Options", "Set NODE_PATH."), hit(2, "/path.html", "Path | Node documentation")]
    assert named_first("NODE_PATH", pages) == pages
    assert named_first("node path", pages)[0].passage == pages[1].passage


def test_an_address_of_joined_words_names_its_page() -> None:
    pages = [
        hit(1, "/list.html", "Everything", "See WITHOUT ROWID."),
        hit(2, "/withoutrowid.html", "The clause", "WITHOUT ROWID saves space."),
    ]
    assert named_first("withoutrowid", pages)[0].passage == pages[1].passage
    assert named_first("without rowid", pages)[0].passage == pages[1].passage
    assert named_first("withoutrowids", pages) == pages
