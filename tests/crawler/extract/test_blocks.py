"""What the stretches of a page's text are to a reader."""

from typing import Any

import pytest

from crawler.block import cells
from crawler.extract.extract import Extracted, extract


def read(body: str) -> Extracted:
    return extract(f"<html><body><main>{body}</main></body></html>".encode(), "https://example.com/")


def blocks_of(body: str, *fields: str) -> list[tuple[Any, ...]]:
    """(kind, text, the values of ``fields``) of every block."""
    page = read(body)
    return [
        (block.kind.value, page.text[block.start_char : block.end_char], *(getattr(block, name) for name in fields))
        for section in page.sections
        for block in section.blocks
    ]


def test_headings_stand_empty_where_their_sections_begin() -> None:
    assert blocks_of("<p>Before</p><h2>One</h2><h3>Inner</h3><p>Text</p><h3>Other</h3><p>More</p>", "level") == [
        ("paragraph", "Before", 0),
        ("heading", "", 2),
        ("heading", "", 3),
        ("paragraph", "Text", 0),
        ("heading", "", 3),
        ("paragraph", "More", 0),
    ]


@pytest.mark.parametrize(
    ("markup", "numbers"),
    [
        ("<ol><li>a<li>b<li>c</ol>", [1, 2, 3]),
        ("<ol start=5><li>a<li>b</ol>", [5, 6]),
        ("<ol start=-1><li>a<li>b<li>c</ol>", [-1, 0, 1]),
        ("<ol><li>a<li value=10>b<li>c</ol>", [1, 10, 11]),
        ("<ol reversed><li>a<li>b<li>c</ol>", [3, 2, 1]),
        ("<ol reversed start=10><li>a<li value=4>b<li>c</ol>", [10, 4, 3]),
        ("<ol start=x><li value='y'>a<li>b</ol>", [1, 2]),
        ("<ol><li>a<li hidden>b<li>c</ol>", [1, 2]),
        ("<ul><li>a<li value=3>b</ul>", [None, None]),
        ("<menu><li>a</menu>", [None]),
    ],
)
def test_items_carry_the_number_that_a_reader_sees(markup: str, numbers: list[int | None]) -> None:
    assert [number for _, _, number in blocks_of(markup, "number")] == numbers


def test_nested_lists_are_one_group_and_know_their_depth() -> None:
    body = "<ol><li>a<ul><li>b<ol><li>c</ol></ul>after<li>d</ol><ul><li>other</ul>"
    assert blocks_of(body, "group", "depth", "number") == [
        ("list_item", "a", 1, 0, 1),
        ("list_item", "b", 1, 1, None),
        ("list_item", "c", 1, 2, 1),
        ("paragraph", "after", 1, 0, None),
        ("list_item", "d", 1, 0, 2),
        ("list_item", "other", 2, 0, None),
    ]


def test_an_item_of_several_paragraphs_stays_one_item() -> None:
    assert blocks_of("<ol><li><p>One.</p><p>Two.</p><div>Three.</div><li>x</ol>", "number") == [
        ("list_item", "One.\nTwo.\nThree.", 1),
        ("list_item", "x", 2),
    ]


def test_code_in_an_item_is_part_of_its_list() -> None:
    body = "<ol><li><p>Run:</p><pre class='language-sh'>ls\n  -l</pre><p>and wait.</p><li>Done</ol>"
    assert blocks_of(body, "group", "number", "language") == [
        ("list_item", "Run:", 1, 1, ""),
        ("code", "ls\n  -l", 1, None, "sh"),
        ("paragraph", "and wait.", 1, None, ""),
        ("list_item", "Done", 1, 2, ""),
    ]


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ("<pre><code class='language-python'>x = 1</code></pre>", "python"),
        ("<pre class='lang-js prettyprint'>x</pre>", "js"),
        ("<pre lang=ruby>x</pre>", "ruby"),
        ("<pre lang=en>x</pre>", ""),
        ("<pre lang=sh>x</pre>", "sh"),
        (
            "<div class='highlight-python3 notranslate'><div class=highlight><pre><span></span>x</pre></div></div>",
            "python3",
        ),
        ("<div class='highlight highlight-source-c++'><pre>x</pre></div>", "c++"),
        ("<div class='highlight-default'><pre>x</pre></div>", ""),
        ("<div class='mw-highlight mw-highlight-lang-php'><pre>x</pre></div>", "php"),
        ("<pre class='sourceCode haskell'><code>x</code></pre>", "haskell"),
        ("<pre class='brush: java; toolbar: false'>x</pre>", "java"),
        ("<pre data-lang=yaml>x</pre>", "yaml"),
        ("<pre class='src src-emacs-lisp'>x</pre>", "emacs-lisp"),
        ("<pre class=code-block>x</pre>", ""),
    ],
)
def test_code_names_its_language_as_its_page_does(markup: str, language: str) -> None:
    assert blocks_of(markup, "language")[0][2] == language


def test_definitions_know_their_terms() -> None:
    body = "<dl><dt>A<dt>B<dd>Both.<dd>Again.<dt>C<dd><p>One.</p><pre>x</pre><p>Two.</p></dl>"
    assert blocks_of(body, "group", "term") == [
        ("term", "A", 1, ""),
        ("term", "B", 1, ""),
        ("definition", "Both.", 1, "A, B"),
        ("definition", "Again.", 1, "A, B"),
        ("term", "C", 1, ""),
        ("definition", "One.", 1, "C"),
        ("code", "x", 1, ""),
        ("paragraph", "Two.", 1, ""),
    ]


def test_definition_lists_nest_and_their_pairs_may_be_wrapped() -> None:
    body = "<dl><div><dt id=a>A</dt><dd>First.<dl><dt>Inner<dd>Within.</dl></dd></div><div><dt>B<dd>Second.</div></dl>"
    assert blocks_of(body, "group", "depth", "term") == [
        ("term", "A", 1, 0, ""),
        ("definition", "First.", 1, 0, "A"),
        ("term", "Inner", 1, 1, ""),
        ("definition", "Within.", 1, 1, "Inner"),
        ("term", "B", 1, 0, ""),
        ("definition", "Second.", 1, 0, "B"),
    ]
    assert read(body).sections[0].anchor == "a"


def test_a_list_in_a_definition_is_a_list_of_its_own() -> None:
    assert blocks_of("<dl><dt>A<dd>These:<ul><li>one<li>two</ul><dt>B<dd>x</dl>", "group", "depth") == [
        ("term", "A", 1, 0),
        ("definition", "These:", 1, 0),
        ("list_item", "one", 2, 0),
        ("list_item", "two", 2, 0),
        ("term", "B", 1, 0),
        ("definition", "x", 1, 0),
    ]


def test_rows_know_their_columns_header_and_caption() -> None:
    body = (
        "<table><caption>Prices</caption><thead><tr><th>Size<th>Price</thead>"
        "<tr><th>S<td>1<tr><th>M<td>2</table><p>x</p>"
    )
    assert blocks_of(body, "columns", "is_header", "row_header", "caption", "group") == [
        ("caption", "Prices", (), False, "", "", 1),
        ("table_row", "Size | Price", (), True, "", "Prices", 1),
        ("table_row", "S | 1", ("Size", "Price"), False, "S", "Prices", 1),
        ("table_row", "M | 2", ("Size", "Price"), False, "M", "Prices", 1),
        ("paragraph", "x", (), False, "", "", 0),
    ]


def test_several_header_rows_name_a_column_together() -> None:
    body = (
        "<table><tr><th rowspan=2>City<th colspan=2>2023<th colspan=2>2024<tr><th>Old<th>New<th>Old<th>New"
        "<tr><td>B<td>1<td>2<td>3<td>4<tr><td>C<td colspan=2>5<td>6<td>7</table>"
    )
    columns = ("City", "2023 Old", "2023 New", "2024 Old", "2024 New")
    assert blocks_of(body, "columns", "is_header") == [
        ("table_row", "City | 2023 | 2024", (), True),
        ("table_row", "Old | New | Old | New", (), True),
        ("table_row", "B | 1 | 2 | 3 | 4", columns, False),
        ("table_row", "C | 5 | 6 | 7", ("City", "2023 Old, 2023 New", "2024 Old", "2024 New"), False),
    ]


def test_a_cell_over_several_rows_is_said_in_each() -> None:
    body = (
        "<table><tr><th>Day<th>Hour<th>Room<tr><th rowspan=3>Monday<td>9<td rowspan=2>A<tr><td>10<tr><td>11<td>B"
        "<tr><th>Tuesday<td>9<td>C</table>"
    )
    rows = [(text, header) for _, text, header in blocks_of(body, "row_header")]
    assert rows[1:] == [
        ("Monday | 9 | A", "Monday"),
        ("Monday | 10 | A", "Monday"),
        ("Monday | 11 | B", "Monday"),
        ("Tuesday | 9 | C", "Tuesday"),
    ]


def test_rows_of_facts_have_headers_and_no_columns() -> None:
    body = "<table><tr><th colspan=2>Berlin<tr><th>Country<td>Germany<tr><th>People<td>3.9 million</table>"
    assert blocks_of(body, "columns", "row_header")[1:] == [
        ("table_row", "Country | Germany", (), "Country"),
        ("table_row", "People | 3.9 million", (), "People"),
    ]


def test_a_first_row_all_bold_names_the_columns() -> None:
    body = "<table><tr><td><b>Name</b><td><b>Age</b><tr><td>Ann<td>7<tr><td>Bob<td>9</table>"
    assert [columns for _, _, columns in blocks_of(body, "columns")] == [(), ("Name", "Age"), ("Name", "Age")]


def test_a_header_row_further_down_names_what_follows_it() -> None:
    body = "<table><tr><th>A<th>B<tr><td>1<td>2<tr><th>C<th>D<tr><td>3<td>4</table>"
    assert [columns for _, _, columns in blocks_of(body, "columns")] == [(), ("A", "B"), (), ("C", "D")]


@pytest.mark.parametrize(
    "markup",
    [
        "<table>" + "<tr>" * 3 + "<td rowspan=9999>x" * 50 + "<tr><td>a" * 500 + "</table>",
        "<table>" + "<tr><th colspan=9999>h" * 100 + "<tr><td colspan=9999>a<td>b" * 500 + "</table>",
    ],
)
def test_spans_without_end_make_no_endless_text(markup: str) -> None:
    assert len(read(markup).text) < 4 * len(markup)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<table><tr><td><h4>Basic</h4>5 EUR<td>two users<tr><td><h4>Pro</h4>9 EUR<td>ten users</table>",
            "Basic 5 EUR | two users\nPro 9 EUR | ten users",
        ),
        ("<table><tr><td>Open<td>9 to 5</table>", "Open | 9 to 5"),
        ("<div>Press <x-key>Enter</x-key> to go on.</div>", "Press Enter to go on."),
        ("<ul><li><my-term>Fox</my-term> is an animal</ul>", "Fox is an animal"),
        ("<my-card>One</my-card><my-card>Two</my-card>", "One\n\nTwo"),
        (
            "<p>He said:</p><figure><blockquote>Be quick.</blockquote><figcaption>Ann</figcaption></figure>",
            "He said:\n\nBe quick.\n\nAnn",
        ),
    ],
)
def test_sentences_stay_whole(markup: str, text: str) -> None:
    assert read(markup).text == text


def test_a_quotation_may_have_paragraphs_and_a_quotation_inside() -> None:
    body = "<blockquote><p>One.</p><p>Two.</p><blockquote>Inner.</blockquote></blockquote><p>x</p>"
    assert blocks_of(body, "group", "depth") == [
        ("quotation", "One.", 1, 0),
        ("quotation", "Two.", 1, 0),
        ("quotation", "Inner.", 1, 1),
        ("paragraph", "x", 0, 0),
    ]


@pytest.mark.parametrize("row", ["a | b | c", " | b | ", "| b |", "a |  | c"])
def test_cells_of_a_row_are_told_apart(row: str) -> None:
    assert len(cells(row)) == 3


@pytest.mark.parametrize(
    "opened",
    [
        "<h3><button aria-expanded=false>How do I cancel?</button></h3>",
        "<h3><span><button><span>How do I cancel?</span></button></span></h3>",
        "<h2> <button type=button>How do I cancel?<svg><text>v</text></svg></button> </h2>",
    ],
)
def test_a_heading_that_is_a_button_is_a_heading(opened: str) -> None:
    (section,) = read(f"{opened}<div><p>In your account.</p></div>").sections
    assert (section.heading_path, section.text) == (("How do I cancel?",), "In your account.")


def test_a_term_or_summary_that_is_a_button_is_read() -> None:
    body = "<dl><dt><button>May I return it?</button></dt><dd>Yes.</dd></dl>"
    assert blocks_of(body, "term") == [("term", "May I return it?", ""), ("definition", "Yes.", "May I return it?")]
    assert read("<details><summary><button>More</button></summary>x</details>").text == "More\n\nx"


@pytest.mark.parametrize(
    "markup",
    [
        "<h3>Title <button>Copy</button></h3><p>x</p>",
        "<h3>Title</h3><p>x <button>Buy</button></p>",
        "<h3>Title</h3><button>Buy</button><p>x</p>",
    ],
)
def test_buttons_that_do_something_are_left_out(markup: str) -> None:
    (section,) = read(markup).sections
    assert (section.heading_path, section.text) == (("Title",), "x")
