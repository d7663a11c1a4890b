"""The test server itself: what other tests rely on."""

import urllib.error
import urllib.request

import pytest

from tests.support.site import INDEXABLE, Reply, Site, serve, site

__all__ = ["serve", "site"]


def get(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_every_indexable_page_is_served_with_its_own_address(site: Site) -> None:
    for path in INDEXABLE:
        status, body = get(site.at(path))
        assert status == 200
        assert b"site.test" not in body


def test_unchanged_file_answers_304_to_its_etag(site: Site) -> None:
    with urllib.request.urlopen(site.at("/faq.html")) as answer:
        etag = answer.headers["ETag"]
    assert get(site.at("/faq.html"), **{"If-None-Match": etag}) == (304, b"")
    site.write("/faq.html", "<p>changed")
    assert get(site.at("/faq.html"), **{"If-None-Match": etag}) == (200, b"<p>changed")


def test_hooks_win_over_files_until_restored(site: Site) -> None:
    site.respond("/faq.html", Reply(503, b"busy", {"Retry-After": "1"}))
    assert get(site.at("/faq.html")) == (503, b"busy")
    site.restore("/faq.html")
    assert get(site.at("/faq.html"))[0] == 200


def test_fault_hands_out_the_raw_socket(site: Site) -> None:
    site.fault("/faq.html", lambda request, connection: connection.sendall(b"HTTP/1.1 299 Odd\r\n\r\nraw"))
    assert get(site.at("/faq.html")) == (299, b"raw")


def test_redirect_leads_to_the_new_page(site: Site) -> None:
    assert b"Install Tern" in get(site.at("/old-install.html"))[1]


def test_closed_site_refuses_connections(site: Site) -> None:
    other = Site(site.folder)
    other.close()
    with pytest.raises(urllib.error.URLError):
        get(other.at("/"))
