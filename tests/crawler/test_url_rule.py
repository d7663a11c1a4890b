"""The examples of Elastic's documentation of crawl rules, and the order of rules."""

import re

import pytest

from crawler.url_rule import PathPattern, UrlRule, deciding_rule


@pytest.mark.parametrize(
    ("path", "kind", "pattern", "fits"),
    [
        ("/foo/bar", "begins", "/foo", True),
        ("/foo/bar", "begins", "/*oo", True),
        ("/bar/foo", "begins", "/foo", False),
        ("/foo/bar", "begins", "foo", False),
        ("/blog/posts/hello-world", "ends", "world", True),
        ("/blog/posts/hello-world", "ends", "hello-*", True),
        ("/blog/world-hello", "ends", "world", False),
        ("/blog/world-hello", "ends", "*world", False),
        ("/fruits/bananas", "contains", "banana", True),
        ("/fruits/apples", "contains", "banana", False),
        ("/2020", "regex", r"\/[0-9]{3,5}", True),
        ("/20", "regex", r"\/[0-9]{3,5}", False),
        ("/2020", "regex", "[0-9]{3,5}", False),
        ("/a.b", "contains", ".", True),
        ("/ab", "contains", ".", False),
        ("", "begins", "/", True),
        ("/shop?page=blog", "contains", "blog", False),
    ],
)
def test_patterns_fit_paths(path: str, kind: str, pattern: str, fits: bool) -> None:
    assert PathPattern(kind, pattern).matches(f"https://example.org{path}") is fits


def test_the_first_rule_that_matches_decides() -> None:
    rules = (
        UrlRule(True, PathPattern("begins", "/blog/keep")),
        UrlRule(False, PathPattern("begins", "/blog")),
    )
    assert deciding_rule(rules, "https://example.org/blog/keep/1") is rules[0]
    assert deciding_rule(rules, "https://example.org/blog/1") is rules[1]
    assert deciding_rule(rules, "https://example.org/") is None
    assert str(rules[1]) == "deny begins /blog"


def test_a_bad_pattern_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="'prefix' is not one of begins"):
        PathPattern("prefix", "/a")
    with pytest.raises(re.error):
        PathPattern("regex", "(")
