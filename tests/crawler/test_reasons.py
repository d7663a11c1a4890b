"""Every reason that the crawler's source can record has words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import crawler
from crawler.reasons import REASONS, words_of

SOURCES = sorted(Path(crawler.__file__).parent.glob("*.py"))
SECOND_OF = {"FetchError", "UnreadableDocument", "Refusal"}
OUTCOMES = {"fetched", "not_modified", "failed", "skipped", "retry", "gone"}
DECIDING = {"refusal", "_refusal", "_left_out", "_trap"}
"""Functions whose result is a reason."""


def constants(node: ast.AST | None) -> Iterator[str]:
    """The strings a value may be, both ways of a condition."""
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def of_call(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in SECOND_OF:
        for argument in call.args[: 1 if name == "Refusal" else 2]:
            yield from constants(argument)
    elif name in ("end", "note"):
        for argument in call.args[1:4]:
            yield from constants(argument)
    elif name in ("_refuse", "CrawlEvent"):
        yield from constants(call.args[-1])


def of_assignment(node: ast.Assign) -> Iterator[str]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=True))
        else:
            pairs = [(target, node.value)]
        for name, value in pairs:
            if isinstance(name, ast.Name) and name.id in ("reason", "refusal"):
                yield from constants(value)
            if isinstance(name, ast.Subscript) and getattr(name.value, "attr", "") in ("skipped", "failed"):
                yield from constants(name.slice)


def recorded(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from of_call(node)
        elif isinstance(node, ast.Assign):
            yield from of_assignment(node)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if "reason" in constants(key):
                    yield from constants(value)
        elif isinstance(node, ast.FunctionDef) and node.name in DECIDING:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return):
                    yield from constants(inner.value)


def is_reason(text: str) -> bool:
    return text.replace("_", "").isalpha() and text.islower() and text not in OUTCOMES


def reasons_of(path: Path) -> set[str]:
    return set(filter(is_reason, recorded(ast.parse(path.read_text("utf-8")))))


KNOWN_TO_BE_FOUND = {
    "visit.py": {"robots", "redirect_loop", "bad_redirect", "too_many_redirects", "too_deep"},
    "visit_read.py": {"noindex", "canonical", "empty", "duplicate", "near_duplicate", "same_content"},
    "visit_links.py": {"nofollow", "too_deep", "scheme", "bad_url"},
    "scope.py": {"other_site", "excluded", "rule", "trap", "not_a_page"},
    "fetch_error.py": {"address", "too_large", "proxy", "tls", "dns", "timeout", "bad_http"},
    "documents_pool.py": {"timeout", "crashed"},
    "documents_worker.py": {"damaged", "memory", "missing_extra"},
    "documents_zip.py": {"bomb"},
    "crawl.py": {"max_seconds", "max_pages", "max_pages_per_site"},
}


@pytest.mark.parametrize("name", sorted(KNOWN_TO_BE_FOUND))
def test_reasons_are_read_from_the_source(name: str) -> None:
    path = next(path for path in SOURCES if path.name == name)
    assert reasons_of(path) >= KNOWN_TO_BE_FOUND[name]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_reason_has_words(path: Path) -> None:
    assert {reason for reason in reasons_of(path) if not words_of(reason)} == set()


def test_words_differ() -> None:
    assert len(set(REASONS.values())) == len(REASONS)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("http_401", "credentials"),
        ("http_403", "closed"),
        ("http_502", "502 Bad Gateway"),
        ("http_799", "answered 799"),
    ],
)
def test_statuses_have_words(reason: str, told: str) -> None:
    assert told in words_of(reason)


def test_what_is_no_reason_has_no_words() -> None:
    assert words_of("") == ""
    assert words_of("http_later") == ""
