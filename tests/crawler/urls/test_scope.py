"""What belongs to a crawl, and which setting says so."""

import pytest

from crawler.config import CrawlConfig
from crawler.outcome import Reason
from crawler.urls.scope import Refusal, Scope
from crawler.urls.url_rule import UrlRule

SITE = "https://example.org"
CONFIG = CrawlConfig(
    include=("/docs/*", "/blog/*"),
    exclude=("*/print/*",),
    rules=(
        UrlRule("allow", "begins", "/blog/keep"),
        UrlRule("deny", "begins", "/blog"),
        UrlRule("deny", "regex", r".*/\d{4}$"),
    ),
    max_url_chars=60,
    max_path_segments=4,
    max_query_parameters=2,
)


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("https://other.example/", "other_site", "https://other.example is not among the sites of the crawl"),
        (f"{SITE}/docs/print/a", "excluded", "exclude[0] */print/*"),
        (f"{SITE}/shop", "not_included", "none of include: /docs/*, /blog/*"),
        (f"{SITE}/blog/old", "rule", "rules[1] deny begins /blog"),
        (f"{SITE}/docs/2020", "rule", r"rules[2] deny regex .*/\d{4}$"),
        (f"{SITE}/docs/{'x' * 60}", "url_too_long", "85 characters, more than max_url_chars=60"),
        (f"{SITE}/docs/a/b/c/d", "too_many_segments", "5 path segments, more than max_path_segments=4"),
        (f"{SITE}/docs/?a=1&b=2&c=3", "too_many_parameters", "3 parameters, more than max_query_parameters=2"),
        (f"{SITE}/docs/a.zip", "not_a_page", "its path ends like a file that is no page: /docs/a.zip"),
    ],
)
def test_a_refusal_names_the_setting_that_decided(url: str, reason: str, detail: str) -> None:
    scope = Scope(CONFIG, [SITE])
    assert scope.refusal(url) == reason
    explained = scope.explain(url)
    assert explained is not None
    assert explained.reason == reason
    assert explained.detail.startswith(detail)


@pytest.mark.parametrize("path", ["/docs/", "/docs/a?x=1", "/blog/keep/me"])
def test_what_no_rule_denies_belongs_to_the_crawl(path: str) -> None:
    scope = Scope(CONFIG, [SITE])
    assert scope.refusal(SITE + path) is None
    assert scope.explain(SITE + path) is None


def test_rules_look_at_the_path_alone() -> None:
    scope = Scope(CONFIG, [SITE])
    assert scope.refusal(f"{SITE}/docs/a?from=/2020") is None
    assert scope.explain(f"{SITE}/docs/2020?x=1") == Refusal(Reason.RULE, r"rules[2] deny regex .*/\d{4}$")


def test_the_rule_that_lets_a_url_in_can_be_asked_for() -> None:
    scope = Scope(CONFIG, [SITE])
    assert scope.deciding_rule(f"{SITE}/blog/keep/me") == "rules[0] allow begins /blog/keep"
    assert scope.deciding_rule(f"{SITE}/docs/") is None


def test_a_site_that_joins_the_crawl_is_let_in() -> None:
    scope = Scope(CrawlConfig(), [SITE])
    assert scope.refusal("https://www.example.org/a") == "other_site"
    scope.origins.add("https://www.example.org")
    assert scope.refusal("https://www.example.org/a") is None
