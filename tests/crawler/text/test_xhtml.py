"""Pages sent as XML, by the rules of XML."""

import pytest

from crawler.documents.content_type import content_type_of
from crawler.extract.any import extract_any
from crawler.text.xhtml import as_html

XHTML = "application/xhtml+xml"
HEAD = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Hours</title>{}</head><body>{}</body></html>'
TEXT = "<h1>Hours</h1><p>We open at nine.</p>"


def text_of(page: str, content_type: str = XHTML) -> str:
    return extract_any(page.encode(), content_type, "http://example.org/").text


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ('<script src="a.js"/>', ""),
        ("<style/>", ""),
        ("", '<iframe src="map.html"/>'),
        ("", "<textarea/>"),
        ("", "<noscript/>"),
        ("", '<a id="top"/><div/>'),
        ("", "<select/><canvas/>"),
        ("<title/>", ""),
    ],
)
def test_elements_that_close_themselves_swallow_nothing(head: str, before: str) -> None:
    assert text_of(HEAD.format(head, before + TEXT)) == "We open at nine."


def test_markup_in_cdata_is_text_and_entities_of_the_document_type_are_known() -> None:
    page = HEAD.format("", "<p>a &lt;b&gt; <![CDATA[<i>c</i> &nbsp;]]> caf&eacute;&nbsp;&mdash; d</p>")
    assert text_of(page) == "a <b> <i>c</i> &nbsp; café — d"


def test_prefixed_names_are_those_of_their_namespace() -> None:
    page = '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:h1>A</h:h1><h:p>We open.</h:p></h:body></h:html>'
    assert text_of(page) == "We open."


def test_script_keeps_its_signs_out_of_the_page() -> None:
    page = HEAD.format("", "<script>if (a &lt; b) { document.write('x') }</script>" + TEXT)
    assert text_of(page) == "We open at nine."


@pytest.mark.parametrize(
    "broken", ["<p>We open at nine.<br></p>", "<p>We open at nine.", "<p>We &nosuch; open at nine.</p>"]
)
def test_what_is_not_well_formed_is_read_as_html(broken: str) -> None:
    assert "open at nine." in text_of(HEAD.format("", broken))


def test_entities_are_not_expanded_and_files_not_read() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    assert "haha" not in as_html(bomb + HEAD.format("", "<p>x &b; &f; y</p>"))


def test_html_stays_html() -> None:
    assert text_of(HEAD.format("<script/>", TEXT), "text/html") == ""


def test_xml_that_says_it_is_xhtml_is_a_page() -> None:
    page = HEAD.format('<script src="a.js"/>', TEXT).encode()
    assert content_type_of(page, "application/xml", "/a") == XHTML
    assert content_type_of(b'<?xml version="1.0"?>' + page, "text/xml", "/a.xml") == XHTML
    assert content_type_of(b"<?xml version='1.0'?><rss><channel/></rss>", "text/xml", "/feed.xml") is None
