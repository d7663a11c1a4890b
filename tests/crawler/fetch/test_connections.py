"""Proxies over real sockets, and what the guard still refuses behind them."""

import asyncio
from typing import Any

import pytest

from crawler.config import CrawlConfig
from crawler.errors import FetchError
from crawler.fetch.connections import spared
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.response import Response
from tests.support.proxy import Proxy, proxies
from tests.support.site import Site

__all__ = ["proxies"]


def fetch(url: str, own: str = "", **settings: Any) -> Response:
    async def once() -> Response:
        config = CrawlConfig(timeout_s=5.0, **settings)
        async with Fetcher(config, Guard.for_urls([own or url])) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(once())


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_requests_go_through_the_proxy_which_resolves_names(site: Site, proxies: list[Proxy], kind: str) -> None:
    proxy = Proxy(kind, "ann:s3cret")
    proxies.append(proxy)
    response = fetch(f"http://site.test:{site.port}/faq.html", proxy=proxy.url("ann:s3cret"))
    assert response.status == 200
    assert f"site.test:{site.port}" in proxy.asked[0]
    assert len(site.requests) == 1


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_wrong_password_of_the_proxy_is_told_without_it(site: Site, proxies: list[Proxy], kind: str) -> None:
    proxy = Proxy(kind, "ann:s3cret")
    proxies.append(proxy)
    url = f"http://site.test:{site.port}/"
    if kind == "http":
        assert fetch(url, proxy=proxy.url("ann:wr0ng")).status == 407
    else:
        with pytest.raises(FetchError) as caught:
            fetch(url, proxy=proxy.url("ann:wr0ng"))
        assert caught.value.reason == "proxy"
        assert "crawl.proxy" in caught.value.cure
        assert "wr0ng" not in str(caught.value)
    assert site.requests == []


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_unreachable_proxy_is_named_as_the_cause(kind: str) -> None:
    gone = Proxy(kind)
    gone.close()
    with pytest.raises(FetchError) as caught:
        fetch("http://site.test/", proxy=gone.url("ann:s3cret"))
    assert caught.value.reason == "proxy"
    assert "s3cret" not in str(caught.value)


def test_tls_goes_through_a_tunnel(serve_tls: str, proxies: list[Proxy]) -> None:
    proxy = Proxy("http")
    proxies.append(proxy)
    with pytest.raises(FetchError) as caught:
        fetch(serve_tls, proxy=proxy.url())
    # The certificate was seen, so the tunnel stood.
    assert caught.value.reason == "tls"
    assert proxy.asked[0].startswith("CONNECT 127.0.0.1:")


@pytest.mark.parametrize("kind", ["http", "socks5"])
@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://169.254.169.254/", "http://localhost:{port}/", "http://[::1]/"]
)
def test_private_targets_are_refused_before_the_proxy_hears_of_them(
    site: Site, proxies: list[Proxy], kind: str, target: str
) -> None:
    proxy = Proxy(kind)
    proxies.append(proxy)
    with pytest.raises(FetchError) as caught:
        fetch(target.format(port=site.port), own="http://example.org/", proxy=proxy.url())
    assert caught.value.reason == "address"
    assert proxy.asked == []


def test_proxy_itself_is_no_page(proxies: list[Proxy]) -> None:
    proxy = Proxy("http")
    proxies.append(proxy)
    with pytest.raises(FetchError) as caught:
        fetch(f"http://127.0.0.1:{proxy.port}/", own="http://example.org/", proxy=proxy.url())
    assert caught.value.reason == "address"


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_hosts_of_no_proxy_are_asked_directly_and_judged(site: Site, proxies: list[Proxy], kind: str) -> None:
    proxy = Proxy(kind)
    proxies.append(proxy)
    assert fetch(site.at("/"), proxy=proxy.url(), no_proxy=("127.0.0.0/8",)).status == 200
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("host", "pattern", "is_spared"),
    [
        ("example.org", "example.org", True),
        ("docs.example.org", "example.org", True),
        ("docs.example.org", ".example.org", True),
        ("docs.example.org", "*.Example.org", True),
        ("badexample.org", "example.org", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("anything", "*", True),
        ("anything", "", False),
    ],
)
def test_no_proxy_patterns(host: str, pattern: str, is_spared: bool) -> None:
    assert spared(host, pattern) is is_spared


def test_wrong_proxy_url_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="socks5") as caught:
        CrawlConfig(proxy="ftp://ann:s3cret@proxy.example")
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(CrawlConfig(proxy="http://ann:s3cret@proxy.example"))
