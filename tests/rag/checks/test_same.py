"""When two texts say the same."""

import pytest

from rag.checks.same import is_copy, says_the_same


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Streaming is supported in the desktop client.", "Streaming is not supported in the desktop client."),
        ("Streaming is supported in the desktop client.", "Streaming is unsupported in the desktop client."),
        ("The token is valid for 10 minutes.", "The token is valid for 45 minutes."),
        ("The red key opens the outer door of the lab.", "The green key opens the outer door of the lab."),
        ("Install the agent on Windows hosts.", "Install the agent on Linux hosts."),
        ("The worker sends jobs to the queue.", "The queue sends jobs to the worker."),
        ("Version 3 keeps the cache on disk.", "Version 4 keeps the cache on disk."),
        ("You can delete at least 5 rows.", "You can delete at most 5 rows."),
        ("It starts with --quiet on boot.", "It starts with --verbose on boot."),
    ],
)
def test_other_facts_are_not_the_same(a: str, b: str) -> None:
    assert not says_the_same(a, b)
    assert not says_the_same(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The token is valid for 10 minutes.", "The token is valid for ten minutes."),
        ("The token is valid.", "The token is valid for 10 minutes."),
        ("Dictionaries keep insertion order", "A dictionary keeps the insertion order."),
        ("", ""),
    ],
)
def test_the_same_facts_are(a: str, b: str) -> None:
    assert says_the_same(a, b)
    assert says_the_same(b, a)


def test_a_copy_with_another_number_is_none() -> None:
    text = "To restore a backup, stop the server, copy the folder into place and start the server. It takes 10 minutes."
    assert is_copy(text, text.replace("folder", "directory"))
    assert not is_copy(text, text.replace("10", "45"))
    assert not is_copy(text, text.replace("stop the server", "do not stop the server"))
