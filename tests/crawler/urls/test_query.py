"""Queries of links in the encoding of their page, as browsers ask."""

import pytest

from crawler.extract.any import extract_any
from crawler.urls.query import in_codec


@pytest.mark.parametrize(
    ("href", "codec", "asked"),
    [
        ("/s?q=Привет", "cp1251", "/s?q=%CF%F0%E8%E2%E5%F2"),
        ("/s?q=café&p=1#né", "cp1252", "/s?q=caf%E9&p=1#né"),
        ("/s?q=東京", "cp932", "/s?q=%93%8C%8B%9E"),
        ("/s?q=中", "gb18030", "/s?q=%D6%D0"),
        ("/s?q=5€中", "cp1252", "/s?q=5%80%26%2320013%3B"),
        ("/weg/grün?q=a", "cp1252", "/weg/grün?q=a"),
        ("/s?q=grün", "utf-16-le", "/s?q=grün"),
    ],
)
def test_query_is_spelled_in_the_codec_of_its_page(href: str, codec: str, asked: str) -> None:
    assert in_codec(href, codec) == asked


@pytest.mark.parametrize(
    ("codec", "charset", "url"),
    [
        ("cp1251", "windows-1251", "http://e.org/%D0%BF?q=%EF"),
        ("koi8-r", "koi8-r", "http://e.org/%D0%BF?q=%D0"),
        ("utf-8", "utf-8", "http://e.org/%D0%BF?q=%D0%BF"),
    ],
)
def test_links_of_a_page_are_asked_for_as_browsers_do(codec: str, charset: str, url: str) -> None:
    page = '<p>Слова и ссылки <a href="/п?q=п">там</a>'.encode(codec)
    assert [link.url for link in extract_any(page, "text/html", "http://e.org/", charset=charset).links] == [url]
