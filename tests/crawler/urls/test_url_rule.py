"""The examples of Elastic's documentation of crawl rules, and the order of rules."""

import pickle

import pytest

from crawler.urls.url_rule import Kind, PathPattern, UrlRule, deciding_index


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
def test_patterns_fit_paths(path: str, kind: Kind, pattern: str, fits: bool) -> None:
    assert PathPattern(kind, pattern).matches(f"https://example.org{path}") is fits


def test_the_first_rule_that_matches_decides() -> None:
    rules = (UrlRule("allow", "begins", "/blog/keep"), UrlRule("deny", "begins", "/blog"))
    assert deciding_index(rules, "/blog/keep/1") == 0
    assert deciding_index(rules, "/blog/1") == 1
    assert deciding_index(rules, "/") is None
    assert str(rules[1]) == "deny begins /blog"


def test_a_bad_pattern_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="'prefix' is not one of begins"):
        UrlRule("deny", "prefix", "/a")  # type: ignore[arg-type]  # what a config file may say
    with pytest.raises(ValueError, match="not a regular expression"):
        PathPattern("regex", "(")


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?=(a+)+)b", r"(?!x).*.*.*y"])
def test_an_expression_that_could_take_very_long_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="very long"):
        PathPattern("regex", pattern)


@pytest.mark.timeout(20)
def test_nested_repetitions_take_linear_time() -> None:
    assert not PathPattern("regex", "/(a+)+$").matches("https://example.org/" + "a" * 2000 + "!")


def test_an_expression_may_look_ahead() -> None:
    rule = PathPattern("regex", "^/(?!en/)")
    assert rule.matches("https://example.org/de/")
    assert not rule.matches("https://example.org/en/")


def test_rules_can_be_sent_to_another_process() -> None:
    rule = UrlRule("deny", "regex", "/a+")
    assert pickle.loads(pickle.dumps(rule)) == rule
