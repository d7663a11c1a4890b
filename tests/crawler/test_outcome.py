"""What an outcome and a reason say, and that each of them keeps the spelling that is stored."""

import json
import pickle

import pytest

from crawler.outcome import Outcome, Reason


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.NONE])
def test_every_reason_has_words_of_its_own(reason: Reason) -> None:
    assert reason.words
    assert [other for other in Reason if other.words == reason.words] == [reason]


def test_names_and_stored_words_are_the_same() -> None:
    words = {member.name: member.value for kind in (Outcome, Reason) for member in kind if member is not Reason.NONE}
    assert {name.lower(): value for name, value in words.items()} == {value: value for value in words.values()}


@pytest.mark.parametrize(
    ("status", "name", "is_retried"),
    [
        (401, "credentials", False),
        (403, "closed", False),
        (404, "does not exist", False),
        (429, "too often", True),
        (502, "502 Bad Gateway", True),
        (799, "answered 799", True),
    ],
)
def test_a_status_is_a_reason(status: int, name: str, is_retried: bool) -> None:
    reason = Reason.of_status(status)
    assert reason == f"http_{status}"
    assert name in reason.words
    assert reason.is_retried is is_retried
    assert reason.outcome is Outcome.FAILED


def test_a_reason_for_a_status_is_one_member_wherever_it_comes_from() -> None:
    reason = Reason.of_status(418)
    assert Reason("http_418") is reason
    assert Reason.stored("http_418") is reason
    assert pickle.loads(pickle.dumps(reason)) is reason
    assert json.loads(json.dumps({reason: Outcome.FAILED})) == {"http_418": "failed"}


@pytest.mark.parametrize("word", ["http_", "http_later", "http_-1", "http_²", "a word of tomorrow"])
def test_a_word_that_is_not_known_is_told_apart(word: str) -> None:
    with pytest.raises(ValueError, match="not a valid Reason"):
        Reason(word)
    assert Reason.stored(word) is Reason.UNKNOWN


def test_no_reason_is_false_and_says_nothing() -> None:
    assert Reason.stored("") is Reason.NONE
    assert not Reason.NONE
    assert Reason.NONE.words == ""


def test_what_a_folded_url_is_when_nothing_changed() -> None:
    folded = {reason for reason in Reason if reason.outcome_unchanged is not Outcome.SKIPPED}
    assert folded == {Reason.REDIRECT, Reason.CANONICAL, Reason.DUPLICATE, Reason.NEAR_DUPLICATE}
    assert all(reason.outcome_unchanged == reason for reason in folded)


def test_a_limit_of_ours_is_no_failure_of_the_site_and_keeps_what_was_indexed() -> None:
    assert {reason for reason in Reason if reason.keeps_index} == {Reason.TOO_LARGE, Reason.ADDRESS}
    assert {reason for reason in Reason if reason.outcome is Outcome.SKIPPED} == {
        Reason.TOO_LARGE,
        Reason.ADDRESS,
        Reason.CONTENT_TYPE,
    }


def test_outcomes_tell_pages_from_copies_and_from_losses() -> None:
    assert {outcome for outcome in Outcome if outcome.is_page} == {Outcome.FETCHED, Outcome.NOT_MODIFIED}
    assert {outcome for outcome in Outcome if outcome.is_copy} == {Outcome.DUPLICATE, Outcome.NEAR_DUPLICATE}
    assert {outcome for outcome in Outcome if outcome.is_failure} == {Outcome.FAILED, Outcome.RETRY, Outcome.GONE}
    assert Outcome.SKIPPED.is_remembered
    assert not Outcome.SKIPPED.is_failure
    assert {outcome for outcome in Outcome if not outcome.shortens_queue} == {Outcome.SKIPPED, Outcome.RETRY}
