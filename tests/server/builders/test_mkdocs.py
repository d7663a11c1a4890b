"""The MkDocs plugin by itself; whole builds are searched in tests/browser."""

import pytest

from server.builders.mkdocs import with_box
from server.builders.push import BuiltPage, push
from server.errors import BadInput
from tests.support.ports import free_ports

PAGE = "<html><head><title>T</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('<nav class="md-header__inner"><a>T</a></nav><nav>x</nav>', "<a>T</a><box></box>\n</nav><nav>x</nav>"),
        ('<ul class="nav navbar-nav ms-md-auto"><li>N</li></ul>', "<li>N</li><li><box></box></li>\n</ul>"),
        ("<p>Another theme</p>", "<p>Another theme</p><box></box>\n</body>"),
    ],
)
def test_the_box_goes_where_the_theme_has_its_own(body: str, shown: str) -> None:
    page = with_box(PAGE.format(body), "<script></script>", "<box></box>")
    assert shown in page
    assert "<script></script>\n</head>" in page


def test_what_is_no_page_stays_as_it_is() -> None:
    assert with_box("<p>part of a page</p>", "<script></script>", "<box></box>") == "<p>part of a page</p>"


def test_a_server_that_is_not_there_is_told_by_its_address() -> None:
    server = f"http://127.0.0.1:{free_ports(1)[0]}"
    pages = [BuiltPage("https://docs.example.com/", "T", "<p>text</p>")]
    with pytest.raises(BadInput, match=f"{server}/api/v1/documents cannot be reached"):
        push(server, "key", "docs", pages, is_all=True)


def test_nothing_is_sent_where_nothing_was_built() -> None:
    assert push("http://127.0.0.1:1", "key", "docs", [], is_all=True) == 0


def test_titles_cannot_end_the_head_of_what_is_pushed() -> None:
    record = BuiltPage("https://docs.example.com/", "</title><b>", "<p>text</p>", 'en"').record()
    assert "<title>&lt;/title&gt;&lt;b&gt;</title>" in record["html"]
    assert '<html lang="en&quot;">' in record["html"]
