"""Parameters without end are cut; those that tell pages apart are not."""

from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from crawler.outcome import Reason
from crawler.urls.combinations import EXPLOSION, LARGEST_PATH, Combinations
from tests.crawler.test_crawl import Recorder, html
from tests.support.site import Reply, Request, Site, serve, site

__all__ = ["serve", "site"]

SHOP = "http://a.example/shop"


def nothing(prefix: str, limit: int) -> list[str]:
    return []


def reasons(combinations: Combinations, urls: list[str]) -> list[str | None]:
    return [refused[0] if (refused := combinations.refusal(url)) else None for url in urls]


def test_first_order_of_parameters_stands_for_all() -> None:
    pairs = ("size=l", "color=red", "brand=x")
    urls = [f"{SHOP}?{'&'.join(order)}" for order in permutations(pairs)]
    combinations = Combinations(nothing, None)
    assert reasons(combinations, urls) == [None, *["permuted"] * 5]
    assert reasons(combinations, urls) == [None, *["permuted"] * 5]
    refused = combinations.refusal(urls[1])
    assert refused is not None
    assert urls[0] in refused[1]


def test_order_of_values_of_one_parameter_may_mean_something() -> None:
    assert reasons(Combinations(nothing, None), [f"{SHOP}?sort=a&sort=b", f"{SHOP}?sort=b&sort=a"]) == [None, None]


def test_exploding_combinations_are_cut_at_the_limit() -> None:
    urls = [
        f"{SHOP}?" + "&".join(f"f{i}={value}" for i, value in enumerate(values)) for values in product("abcd", repeat=5)
    ]
    told = reasons(Combinations(nothing, 300), urls)
    assert told == [None] * 300 + ["combinations"] * (4**5 - 300)


def test_limit_is_no_lower_than_values_are_worth() -> None:
    urls = [f"{SHOP}?a={a}&b={b}" for a in range(30) for b in range(30)]
    # After 15 values of the one and 30 of the other: 450 URLs for 45 values.
    assert reasons(Combinations(nothing, 5), urls).index("combinations") == 450
    assert set(reasons(Combinations(nothing, None), urls)) == {None}


@pytest.mark.parametrize("count", [3000, LARGEST_PATH + 10])
def test_numbers_that_tell_pages_apart_are_no_explosion(count: int) -> None:
    urls = [f"http://a.example/topic?forum={number % 7}&topic={number}" for number in range(count)]
    assert set(reasons(Combinations(nothing, 100), urls)) == {None}


def test_what_earlier_crawls_met_counts() -> None:
    known = [f"{SHOP}?a={a}&b={b}" for a in range(4) for b in range(30)]
    asked: list[str] = []

    def look(prefix: str, limit: int) -> list[str]:
        asked.append(prefix)
        return known[:limit]

    combinations = Combinations(look, 50)
    assert reasons(combinations, [known[0], f"{SHOP}?b=0&a=0", f"{SHOP}?a=x&b=1"]) == [None, "permuted", None]
    assert asked == [f"{SHOP}?"]


def test_crawl_of_a_shop_with_filters_ends(site: Site, tmp_path: Path) -> None:
    filters = {"color": "rgb", "size": "sml", "brand": "xyz", "sort": "pn", "stock": "yn"}

    def shop(request: Request) -> Reply:
        query = request.path.partition("?")[2]
        chosen = dict(pair.split("=") for pair in query.split("&")) if query else {}
        links = []
        for name, values in filters.items():
            for value in values:
                further = [*((key, other) for key, other in chosen.items() if key != name), (name, value)]
                links.append("?" + "&".join(f"{key}={other}" for key, other in further))
        listed = "".join(f"<p><a href='/shop{link}'>{link}</a>" for link in links)
        return html(f"<h1>Shop</h1><p>Things that are {sorted(chosen.items())}.{listed}")

    site.respond("/shop", shop)
    settings: dict[str, Any] = {"use_sitemaps": False, "near_duplicates": False, "max_combinations": 60}
    crawled = Recorder(tmp_path / "frontier.db").crawl(site.at("/shop"), **settings)
    combined = {request.path for request in site.requests if "&" in request.path}
    assert 60 <= len(combined) <= EXPLOSION * sum(map(len, filters.values()))
    assert crawled.report.skipped["permuted"] > 100
    assert crawled.report.skipped["combinations"] > 100
    details = {event.reason: event.detail for event in crawled.events if event.outcome == "skipped"}
    assert "crawl.max_combinations=60" in details[Reason.COMBINATIONS]
