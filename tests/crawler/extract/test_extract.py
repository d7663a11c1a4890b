"""What pages say: content without furniture, headings with anchors, code and tables as people read them."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.block import BlockKind
from crawler.config import CrawlConfig
from crawler.errors import CrawlError
from crawler.extract.extract import MAX_BROKEN_CHARS, Extracted, extract
from crawler.page import SECTION_SEPARATOR
from tests.support.site import INDEXABLE, SITE_FOLDER

URL = "http://example.org/docs/page.html"


def read(body: str, head: str = "", **options: Any) -> Extracted:
    return extract(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>", URL, **options)


def text_of(body: str, **options: Any) -> str:
    return SECTION_SEPARATOR.join(section.text for section in read(body, **options).sections)


def site_page(path: str) -> Extracted:
    return extract((SITE_FOLDER / path.lstrip("/")).read_bytes(), URL)


FURNITURE = ("cookies", "Skip to main", "Copyright", "Imprint", "should never be indexed", "Accept all", "¶")


@pytest.mark.parametrize("path", [path for path in INDEXABLE if path not in ("/", "/broken.html")])
def test_no_page_of_the_site_keeps_its_furniture(path: str) -> None:
    text = SECTION_SEPARATOR.join(section.text for section in site_page(path).sections)
    assert text
    assert [word for word in FURNITURE if word in text] == []
    assert "First backup\n" not in text


def test_sections_carry_their_headings_anchors_and_offsets() -> None:
    page = site_page("/guide/install.html")
    assert [(s.heading_path, s.anchor) for s in page.sections] == [
        (("Install Tern",), "install"),
        (("Install Tern", "Debian and Ubuntu"), "debian"),
        (("Install Tern", "With pip"), "pip"),
        (("Install Tern", "With pip", "Upgrading"), "pip-upgrade"),
        (("Install Tern", "Check the installation"), "verify"),
    ]
    whole = SECTION_SEPARATOR.join(section.text for section in page.sections)
    assert all(whole[s.start_char : s.end_char] == s.text for s in page.sections)


def test_code_keeps_its_lines_and_indentation() -> None:
    text = SECTION_SEPARATOR.join(section.text for section in site_page("/guide/install.html").sections)
    assert "\n\n$ sudo apt install tern\n$ tern --version\ntern 3.0.2\n\n" in text
    assert 'if ~/tern/bin/tern doctor; then\n    echo "ready"\nfi' in text


def test_every_documented_function_is_a_section_of_its_own() -> None:
    sections = {section.anchor: section for section in site_page("/reference/api.html").sections}
    assert sections["tern.backup"].heading_path[-1] == "tern.backup(folders, repository)"
    assert "Raises RepositoryLocked" in sections["tern.backup"].text
    assert sections["tern.Snapshot.taken_at"].heading_path[-2:] == ("class tern.Snapshot", "taken_at")


def test_tables_read_row_by_row() -> None:
    text = SECTION_SEPARATOR.join(section.text for section in site_page("/guide/schedule.html").sections)
    assert "Fields of a schedule" in text
    assert "Field | Values | Meaning\nminute | 0-59 | minute of the hour\nhour | 0-23" in text
    text = SECTION_SEPARATOR.join(section.text for section in site_page("/reference/options.html").sections)
    assert "exclude | [] | patterns to leave out, one per line" in text
    assert "TERN_CONFIG\n\nPath of the configuration file." in text


def test_article_facts_come_from_its_linked_data() -> None:
    page = site_page("/news/release-3.html")
    assert page.metadata["author"] == "Ida Lund"
    assert page.metadata["published_at"] == "2024-02-11T08:00:00+00:00"
    assert page.description.startswith("The new release restores")
    text = SECTION_SEPARATOR.join(section.text for section in page.sections)
    assert "Share this" not in text
    assert "First!" not in text
    assert "You may also like" not in text


def test_broken_markup_and_odd_bytes_are_read_as_browsers_do() -> None:
    text = SECTION_SEPARATOR.join(section.text for section in site_page("/broken.html").sections)
    assert "Notes from the café" in text
    assert "the maître d'hôtel." in text
    assert "bold crossed tags" in text
    assert "“quoted” and a price of 5 €." in text
    assert "  code\n    stays indented" in text


def test_lists_read_line_by_line_also_nested() -> None:
    assert (
        text_of("<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p></li></ul><p>after</p>")
        == "one\ninner\ntwo\n\nafter"
    )


def test_line_breaks_stay_and_white_space_folds() -> None:
    assert text_of("<p>  one\n two <br> three <b>bo</b>ld</p>") == "one two\nthree bold"


def test_soft_hyphens_and_zero_width_characters_go() -> None:
    assert text_of("<p>un\u00adbreak\u200bable \u00a0 text</p>") == "unbreakable text"


@pytest.mark.parametrize(
    "heading",
    [
        '<h2 id="here">Title</h2>',
        '<h2><a id="here"></a>Title</h2>',
        '<h2><a name="here">Title</a></h2>',
        '<h2><a class="anchor" href="#here">#</a>Title</h2>',
        '<section id="here"><h2>Title<a class="headerlink" href="#here">¶</a></h2></section>',
        '<a name="here"></a><h2>Title</h2>',
        '<span id="here"></span><h2>Title</h2>',
        '<h2>Title <a aria-label="Permalink" href="#here">§</a></h2>',
    ],
)
def test_anchor_of_a_heading_is_found_however_it_is_written(heading: str) -> None:
    section = read(f"<p>intro</p>{heading}<p>text</p>").sections[-1]
    assert (section.heading_path, section.anchor, section.text) == (("Title",), "here", "text")


def test_heading_path_follows_the_levels() -> None:
    page = read("<h1>A</h1><p>1<h2>B</h2><p>2<h4>C</h4><p>3<h2>D</h2><p>4")
    assert [s.heading_path for s in page.sections] == [("A",), ("A", "B"), ("A", "B", "C"), ("A", "D")]


def test_definitions_end_with_their_list() -> None:
    page = read("<h1>A</h1><dl><dt id=f>f()</dt><dd>does f</dd></dl><p>after")
    assert [(s.heading_path, s.anchor, s.text) for s in page.sections] == [
        (("A", "f()"), "f", "f()\n\ndoes f"),
        (("A",), None, "after"),
    ]


def test_layout_tables_are_read_as_blocks() -> None:
    text = text_of("<table><tr><td><ul><li>side</li></ul></td><td><h1>T</h1><p>one</p><p>two</p></td></tr></table>")
    assert text == "side\n\none\n\ntwo"


@pytest.mark.parametrize(
    "note",
    [
        "<table><tr><td rowspan=2><img src=note.png></td><th>Note</th></tr><tr><td><p>Boil it.</td></tr></table>",
        "<div class=tip><table><tr><td>Note</td><td><p>Boil it.</p></td></tr></table></div>",
        "<table><tr><td><i title=Note></i></td><td><p>Note</p><p>Boil it.</p></td></tr></table>",
    ],
)
def test_a_table_that_frames_a_note_is_text(note: str) -> None:
    blocks = [block for section in read(f"<p>Before.</p>{note}").sections for block in section.blocks]
    assert text_of(f"<p>Before.</p>{note}") == "Before.\n\nNote\n\nBoil it."
    assert {block.kind for block in blocks} == {BlockKind.PARAGRAPH}


@pytest.mark.parametrize(
    "data",
    [
        "<div class=tip><table><tr><th>Cup<th>Pot</tr><tr><td>1<td>2</tr><tr><td>3<td>4</tr></table></div>",
        "<table><tr><th>Cup<th>Pot</tr><tr><td>1<td></tr></table>",
        "<table><tr><td>Colour<td>The cups are red.</tr></table>",
    ],
)
def test_a_small_table_of_data_stays_one(data: str) -> None:
    blocks = [block for section in read(data).sections for block in section.blocks]
    assert {block.kind for block in blocks} == {BlockKind.TABLE_ROW}


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>X</nav>",
        '<div role="navigation">X</div>',
        '<div class="sidebar">X</div>',
        '<ul class="breadcrumb"><li>X</li></ul>',
        '<div id="cookie-banner">X</div>',
        '<section class="related-posts">X</section>',
        '<div class="share-buttons">X</div>',
        "<div hidden>X</div>",
        '<div style="display: none">X</div>',
        '<p aria-hidden="true">X</p>',
        "<div data-pagefind-ignore>X</div>",
        "<div data-elastic-exclude>X</div>",
        "<aside>X</aside>",
        "<footer>X</footer>",
        "<noscript>X</noscript>",
        "<template>X</template>",
        "<p>a<script>X</script></p>",
        '<p>a<span class="sr-only">X</span></p>',
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    text = text_of(f"<main><p>{'The content of this page. ' * 5}</p>{furniture}</main>")
    assert "The content" in text
    assert "X" not in text


@pytest.mark.parametrize("kept", ['<aside class="note">X</aside>', '<div class="admonition tip">X</div>'])
def test_notes_are_content(kept: str) -> None:
    assert "X" in text_of(f"<main><p>{'The content of this page. ' * 5}</p>{kept}</main>")


def test_element_that_holds_the_page_is_never_furniture() -> None:
    assert "all of it" in text_of('<div class="sidebar-layout comments"><p>all of it</p></div>')


def test_marked_content_wins_over_guesses() -> None:
    assert text_of("<p>around</p><div data-pagefind-body><p>inside</p></div>") == "inside"


def test_authors_own_facts_are_kept() -> None:
    page = read(
        '<h1 data-pagefind-meta="title">T</h1><p data-pagefind-filter="version:3">x<i data-elastic-name="team">Core</i>'
    )
    assert page.metadata == {"title": "T", "version": "3", "team": "Core"}


def test_own_rules_choose_the_content() -> None:
    config = CrawlConfig(content_selector="article, .extra", exclude_selectors=(".ad", "table"))
    body = "<p>no<article><h2 id=a>T</h2><p>yes<pre>a\n  b</pre><p class=ad>no</article><p class=extra>more"
    page = read(body, config=config)
    assert [(s.heading_path, s.anchor, s.text) for s in page.sections] == [(("T",), "a", "yes\n\na\n  b\n\nmore")]


def test_rule_that_is_no_selector_is_named() -> None:
    with pytest.raises(CrawlError, match="not a CSS selector"):
        read("<p>x", config=CrawlConfig(content_selector="a["))


def test_both_parsers_tell_the_same_page() -> None:
    # The rule matches nothing, so only the parser differs.
    config = CrawlConfig(exclude_selectors=(".no-such-class",))
    for path in INDEXABLE[2:]:
        body = (SITE_FOLDER / path.lstrip("/")).read_bytes()
        assert extract(body, URL, config=config) == extract(body, URL), path


def test_links_are_absolute_once_and_without_fragment() -> None:
    page = read(
        '<a href="a.html#x">A</a> <a href="/docs/a.html">again</a> <a href="b.html" rel="nofollow">B</a>'
        '<a href="b.html">B</a><a rel=nofollow href=c.html>C</a><a href="#here">x</a><a href="mailto:x@y.z">m</a>'
        '<nav><a href="?page=2&utm_source=x">next</a></nav>'
    )
    assert [(link.url, link.text, link.is_nofollow) for link in page.links] == [
        ("http://example.org/docs/a.html", "A", False),
        ("http://example.org/docs/b.html", "B", False),
        ("http://example.org/docs/c.html", "C", True),
        ("http://example.org/docs/page.html?page=2", "next", False),
    ]


def test_base_element_moves_relative_links() -> None:
    page = read('<a href="x">x</a>', '<base href="/other/"><link rel="canonical" href="y">')
    assert page.links[0].url == "http://example.org/other/x"
    assert page.canonical_url == "http://example.org/other/y"


@pytest.mark.parametrize(
    ("meta", "header", "is_indexable", "is_followable"),
    [
        ("", "", True, True),
        ('<meta name="robots" content="NOINDEX">', "", False, True),
        ('<meta name="robots" content="index, nofollow">', "", True, False),
        ('<meta name="robots" content="none">', "", False, False),
        ('<meta name="recollect" content="noindex">', "", False, True),
        ('<meta name="otherbot" content="noindex">', "", True, True),
        ("", "noindex", False, True),
        ("", "noarchive, nofollow", True, False),
        ("", "otherbot: noindex", True, True),
        ("", "recollect: noindex, nofollow", False, False),
        ("", "otherbot: none, recollect: nofollow", True, False),
        ("", "unavailable_after: 2001-01-01", False, True),
        ("", "unavailable_after: 2901-01-01", True, True),
        ('<meta name="robots" content="unavailable_after: 2001-01-01">', "", False, True),
    ],
)
def test_robots_rules_of_a_page(meta: str, header: str, is_indexable: bool, is_followable: bool) -> None:
    page = read("<p>x", meta, robots_header=header)
    assert (page.is_indexable, page.is_followable) == (is_indexable, is_followable)


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="de-DE"><p>x', "de"),
        ('<html lang="EN_gb"><p>x', "en"),
        ('<html xml:lang="fr"><p>x', "fr"),
        ('<meta http-equiv="content-language" content="pt-BR"><p>x', "pt"),
        ('<html lang=""><p>Ce texte est écrit en français, sans que la page le dise nulle part.', "fr"),
        ("<p>Dieser Text ist auf Deutsch geschrieben, ohne dass die Seite es irgendwo sagt.", "de"),
        ("<p>x", None),
    ],
)
def test_language_is_told_or_recognised(html: str, language: str | None) -> None:
    assert extract(html, URL).language == language


def test_content_hash_covers_title_and_text_only() -> None:
    one = read("<p>the very same text</p><footer>12:00</footer>", "<title>T</title>")
    assert (
        one.content_hash
        == read("<div><p>the very same  text</p></div>", "<title>T</title><meta name=author content=x>").content_hash
    )
    assert one.content_hash != read("<p>the very same text</p>", "<title>U</title>").content_hash
    assert one.content_hash != read("<p>other</p>", "<title>T</title>").content_hash


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x00\x00",
        b"\xff\xfe",
        b"\xff" * 1000,
        b"<",
        b"<html",
        b"<!doctype html>",
        b"<div>" * 16_000,
        b"<a href=x>" * 5_000,
        b"<table><tr><td>" * 3000,
        b"<dl><dt id=a>x<dd>" * 3000,
        b"<p " + b"a=b " * 50_000,
        b"<h1>" * 5000,
        b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x",
        b"<i><b></i>" * 8_000,
        b"<p><b>" * 8_000,
        b"<div>" * 8_000 + b"</div>" * 8_000,
        b'<script type="application/ld+json">' + b"[" * 100_000,
        b'<a href="http://[::bad/">x</a><a href="http://\xff/">y</a><p>text',
        "<p>lone \ud800 surrogate".encode("utf-8", "surrogatepass"),
        b"<p>&#xD800;&#x110000;&#0;</p>",
    ],
)
def test_nothing_raises(body: bytes) -> None:
    page = extract(body, URL)
    for section in page.sections:
        section.text.encode()


def test_lone_surrogates_in_text_do_not_raise() -> None:
    assert "ok" in extract("<p>ok \ud800</p>", URL).sections[0].text


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("<>/=\"' &;#ablhpdtr1-!\n\ue000é"), max_size=120))
def test_any_soup_of_markup_gives_well_placed_sections(html: str) -> None:
    for config in (CrawlConfig(), CrawlConfig(exclude_selectors=(".x",))):
        page = extract(html, URL, config=config)
        whole = SECTION_SEPARATOR.join(section.text for section in page.sections)
        assert all(whole[s.start_char : s.end_char] == s.text and s.text for s in page.sections)


def test_text_of_a_whole_documentation_site_is_placed(public_data: Path) -> None:
    folder = public_data / "conformance" / "article_extraction" / "html"
    import gzip

    for file in sorted(folder.glob("*.html.gz"))[:60]:
        page = extract(gzip.decompress(file.read_bytes()), URL)
        whole = SECTION_SEPARATOR.join(section.text for section in page.sections)
        assert all(whole[s.start_char : s.end_char] == s.text for s in page.sections)
        assert len(whole) > 200


def test_several_marked_elements_are_the_content_and_nothing_between() -> None:
    body = (
        "<div data-pagefind-body><h2>One</h2><p>First part. <b data-pagefind-body>bold</b></p></div>"
        "<p>Not for search.</p><div data-pagefind-body><p>Second part.</p></div>"
    )
    assert text_of(body) == "First part. bold\n\nSecond part."


def test_facts_marked_for_elastic_are_kept() -> None:
    head = '<meta class="elastic" name="price" content="9.99"><meta name="other" content="x">'
    found = read('<p data-elastic-name="team">Sales</p><p>Text.</p>', head)
    assert found.metadata == {"price": "9.99", "team": "Sales"}


@pytest.mark.parametrize(
    "body",
    [
        '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": ['
        '{"@type": "ListItem", "position": 1, "name": "Docs"}, {"item": {"name": "Install"}}]}</script><p>x',
        '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement">'
        '<a><span itemprop="name">Docs</span></a></li><li><span itemprop="name">Install</span></li></ol><p>x',
    ],
)
def test_breadcrumbs_are_kept(body: str) -> None:
    assert read(body).metadata["breadcrumbs"] == "Docs > Install"


def test_headline_of_linked_data_names_a_page_without_title() -> None:
    assert (
        read('<script type="application/ld+json">{"headline": "The news"}</script><h1>Other</h1>').title == "The news"
    )


def test_what_is_inside_of_what_was_taken_out_is_not_taken_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    extract_tag = Tag.extract

    def extract_and_note(tag: Tag) -> Tag:
        taken.append(tag.name)
        return extract_tag(tag)

    monkeypatch.setattr(Tag, "extract", extract_and_note)
    nested = "<main><h1>Top</h1><p>Text before." + "<svg><p>" * 16_000
    extracted = extract(f"<!doctype html><html lang=en><title>Deep</title><body>{nested}", "http://a.example/")
    assert extracted.sections[0].text == "Text before."
    assert taken.count("svg") == 1


def test_only_the_first_part_of_a_page_that_nests_without_end_is_read_and_that_is_told() -> None:
    nested = "<div>" * 16_000 + "x" * MAX_BROKEN_CHARS
    extracted = extract(f"<html lang=en><body><p>Text before.{nested}", "http://a.example/")
    assert "nests elements without end" in extracted.notes[0]
    assert sum(len(section.text) for section in extracted.sections) < MAX_BROKEN_CHARS


@pytest.mark.parametrize(
    "frames",
    [
        '<frameset cols="20%,80%"><frame src="/nav.html"><frame src="page.html#top" name=main></frameset>',
        '<body><iframe src="/nav.html"></iframe><p>Text.</p><iframe src=page.html loading=lazy></iframe>',
        '<body><object data="/nav.html" type="text/html"></object><object data="page.html"></object>',
        '<frameset><frameset><frame src="/nav.html"></frameset><frame src="http://example.org/page.html"></frameset>',
    ],
)
def test_frames_of_the_same_site_lead_to_their_pages(frames: str) -> None:
    links = extract(f"<html><title>Manual</title>{frames}", "http://example.org/").links
    assert [link.url for link in links] == ["http://example.org/nav.html", "http://example.org/page.html"]


def test_frames_of_other_sites_are_no_links() -> None:
    page = (
        '<iframe src="https://video.example.com/embed/1"></iframe><iframe src="about:blank"></iframe><iframe></iframe>'
    )
    found = extract(page, "http://example.org/")
    assert (found.links, found.refused_links) == ((), ())


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h1>Call us: 555 1234</h1>", "Call us: 555 1234"),
        (
            "<main><h1>Gallery</h1><h2>Buttons</h2><p><img src=x.png></p><h2>Lists</h2></main>",
            "Gallery\n\nButtons\n\nLists",
        ),
    ],
)
def test_a_page_of_headings_alone_says_them(body: str, text: str) -> None:
    assert text_of(body) == text
