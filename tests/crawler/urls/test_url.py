"""URLs: the web platform's own cases, those of RFC 3986, and what a crawler adds."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BadUrl
from crawler.urls.url import canonicalise, join, origin_of, resolve


def wpt_cases(folder: Path) -> list[dict[str, Any]]:
    cases = json.loads((folder / "conformance/url_wpt/urltestdata.json").read_text())
    return [case for case in cases if isinstance(case, dict)]


def is_web(case: dict[str, Any]) -> bool:
    return str(case.get("href", "")).startswith(("http://", "https://"))


def test_every_web_address_of_the_platform_tests_resolves_as_in_a_browser(public_data: Path) -> None:
    cases = [case for case in wpt_cases(public_data) if is_web(case)]
    assert len(cases) > 240
    wrong = []
    for case in cases:
        got = join(case["base"] or "about:blank", case["input"])
        if got != case["href"]:
            wrong.append((case["input"], case["base"], got, case["href"]))
    assert wrong == []


def test_what_fails_in_a_browser_or_is_no_web_address_is_not_followed(public_data: Path) -> None:
    cases = [case for case in wpt_cases(public_data) if not is_web(case)]
    followed = [case["input"] for case in cases if join(case["base"] or "about:blank", case["input"]) is not None]
    assert followed == []


def wpt_file(folder: Path, name: str) -> list[dict[str, Any]]:
    cases = json.loads((folder / "conformance/url_wpt" / name).read_text())
    return [case for case in cases if isinstance(case, dict)]


@pytest.mark.parametrize(
    ("name", "count"), [("toascii.json", 87), ("IdnaTestV2.json", 2670), ("IdnaTestV2-removed.json", 20)]
)
def test_hosts_are_written_in_ascii_or_refused_as_in_a_browser(public_data: Path, name: str, count: int) -> None:
    # No host at all is no case of a host: what follows the slashes is one.
    cases = [case for case in wpt_file(public_data, name) if case["input"]]
    assert len(cases) == count
    for case in cases:
        expected = None if case["output"] is None else f"https://{case['output']}/x"
        assert join("about:blank", f"https://{case['input']}/x") == expected, case


@pytest.mark.parametrize(("name", "count"), [("ada_extra_urltestdata.json", 28), ("ada_long_urltestdata.json", 1)])
def test_further_addresses_resolve_as_in_a_browser(public_data: Path, name: str, count: int) -> None:
    cases = wpt_file(public_data, name)
    assert len(cases) == count
    for case in cases:
        expected = case.get("href") if is_web(case) else None
        assert join(case.get("base") or "about:blank", case["input"]) == expected, case


def test_queries_are_escaped_as_in_a_browser_that_reads_utf_8(public_data: Path) -> None:
    cases = wpt_file(public_data, "percent-encoding.json")
    assert len(cases) > 5
    for case in cases:
        escaped = f"https://example.com/?{case['output']['utf-8']}"
        assert join("about:blank", f"https://example.com/?{case['input']}") == escaped


@pytest.mark.xfail(reason="browsers replace halves of surrogate pairs, which no byte of a page decodes to", strict=True)
def test_halves_of_surrogate_pairs_are_replaced(public_data: Path) -> None:
    for case in wpt_file(public_data, "urltestdata-javascript-only.json"):
        assert join("about:blank", case["input"]) == case["href"]


@pytest.mark.xfail(reason="browsers leave the length of a name to the look-up, and so do we", strict=True)
def test_names_that_are_too_long_for_the_dns_are_refused(public_data: Path) -> None:
    for case in wpt_file(public_data, "verifydnslength_tests.json"):
        assert (join("about:blank", case["input"]) is None) is case["failure"]


def rfc_cases(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "conformance/url_rfc/cases.json").read_text()))


def test_relative_references_of_rfc_3986_resolve(public_data: Path) -> None:
    cases = rfc_cases(public_data)
    for group in ("rfc3986_normal", "rfc3986_abnormal_strict"):
        for reference, target in cases[group].items():
            if not target.startswith("http://") or reference in ("http:g",):
                continue
            got = join(cases["rfc3986_base"], reference)
            # The standard of browsers gives a host without a path the path "/".
            assert got == (target + "/" if target == "http://g" else target), reference


@pytest.mark.xfail(reason="browsers read http:g as a relative reference, RFC 3986 as an absolute one", strict=True)
def test_scheme_without_slashes_is_absolute(public_data: Path) -> None:
    cases = rfc_cases(public_data)
    assert join(cases["rfc3986_base"], "http:g") == cases["rfc3986_abnormal_strict"]["http:g"]


def test_equivalent_pairs_of_rfc_3986_have_one_spelling(public_data: Path) -> None:
    checked = 0
    for one, other in rfc_cases(public_data)["rfc3986_equivalent_pairs"]:
        if one.lower().startswith("http"):
            assert canonicalise(one) == canonicalise(other)
            checked += 1
    assert checked >= 4


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443/x", "https://example.org/x"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("http://example.org/a/./b/../c", "http://example.org/a/c"),
        ("http://example.org/a#part", "http://example.org/a"),
        ("http://example.org/?", "http://example.org/"),
        ("http://example.org/%7euser/%c3%a9", "http://example.org/~user/%C3%A9"),
        ("http://example.org/é", "http://example.org/%C3%A9"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://user:secret@example.org/", "http://example.org/"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/?b=2&a=1", "http://example.org/?b=2&a=1"),
        ("http://example.org/?q=x&utm_source=mail&UTM_Campaign=y&fbclid=1", "http://example.org/?q=x"),
        ("http://example.org/?gclid=1", "http://example.org/"),
        ("http://example.org/cart;jsessionid=0A1B?x=1", "http://example.org/cart?x=1"),
        ("http://example.org/?PHPSESSID=12&page=2", "http://example.org/?page=2"),
        ("http://example.org/?page=2&&", "http://example.org/?page=2"),
        ("http://example.org/a%2Fb", "http://example.org/a%2Fb"),
        ("http://[::1]:80/", "http://[::1]/"),
    ],
)
def test_one_spelling(written: str, spelling: str) -> None:
    assert canonicalise(written) == spelling


@pytest.mark.parametrize(
    "text",
    ["", "example.org", "//example.org/", "ftp://example.org/", "http://", "mailto:a@b.c", "http://a b/", "\ud800"],
)
def test_what_is_no_web_address_is_named(text: str) -> None:
    with pytest.raises(BadUrl, match="Give a URL that starts with"):
        canonicalise(text)


@pytest.mark.parametrize(
    "href", ["javascript:void(0)", "mailto:a@b.c", "data:text/html,x", "tel:+1", "file:///etc/passwd"]
)
def test_links_to_other_schemes_are_not_followed(href: str) -> None:
    assert resolve("http://example.org/", href) is None


def test_credentials_in_a_link_are_dropped() -> None:
    assert resolve("http://example.org/", "http://me:pw@example.org/x") == "http://example.org/x"


def test_origin_names_scheme_host_and_port() -> None:
    assert origin_of("https://example.org:8443/a/b?c") == "https://example.org:8443"
    assert origin_of("http://[::1]/") == "http://[::1]"


@pytest.mark.parametrize(
    ("path", "spelling"),
    [("%%3325", "%%3325"), ("%3%34", "%3%34"), ("%%61%33", "%%613"), ("%2541%41", "%2541A"), ("%C3%a9%41", "%C3%A9A")],
)
def test_unpacking_an_escape_makes_no_other_one(path: str, spelling: str) -> None:
    assert canonicalise(f"http://example.org/{path}") == f"http://example.org/{spelling}"
    assert canonicalise(f"http://example.org/{spelling}") == f"http://example.org/{spelling}"


@given(st.text(max_size=60) | st.text("%0123456789abAB", max_size=12))
def test_any_text_resolves_to_nothing_or_to_a_stable_spelling(href: str) -> None:
    url = resolve("http://example.org/a/b?c", href)
    if url is not None:
        assert "#" not in url
        assert canonicalise(url) == url


PIECES = (
    "a",
    "b.html",
    "/",
    "//",
    "..",
    "./",
    ".",
    "?",
    "q=1",
    "&",
    ":",
    "http://",
    "https://",
    "x.example",
    "X.Example",
)
MORE_PIECES = (
    ":80",
    ":443",
    ":8080",
    "1.2",
    "0x7f.1",
    "xn--a",
    "é",
    "%41",
    "%2e",
    "%2E%2e",
    "'",
    "~",
    "@",
    "|",
    "^",
    " ",
    "\t",
)
BASES = ("http://a.example/x/y.html", "https://A.example:443/d/?q=/z/w", "http://u:p@h.example/a/b", "http://h.example")


@given(st.sampled_from(BASES), st.lists(st.sampled_from(PIECES + MORE_PIECES), max_size=6).map("".join))
def test_a_link_resolves_as_a_browser_joins_it(base: str, href: str) -> None:
    url = join(base, href)
    assert resolve(base, href, ()) == (None if url is None else canonicalise(url, ()))
