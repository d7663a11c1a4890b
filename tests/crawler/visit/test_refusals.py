"""What was left out is remembered with its reason."""

from pathlib import Path

import pytest

from crawler.errors import FrontierError
from crawler.outcome import Outcome, Reason
from crawler.report import CrawlEvent
from crawler.visit.refusals import Refusals


def test_a_refusal_outlives_its_process_and_the_last_reason_counts(tmp_path: Path) -> None:
    path = tmp_path / "new" / "refused.sqlite"
    refusals = Refusals(path)
    assert refusals.find("https://example.org/a") is None
    assert not path.exists()
    refusals.note(
        CrawlEvent("https://example.org/a", Outcome.SKIPPED, Reason.NOFOLLOW, referrer="https://example.org/")
    )
    refusals.note(CrawlEvent("https://example.org/a", Outcome.FAILED, Reason.TIMEOUT, detail="did not answer"))
    refusals.note(CrawlEvent("https://example.org/b", Outcome.FETCHED))
    refusals.flush()
    again = Refusals(path)
    found = again.find("https://example.org/a")
    assert found is not None
    assert (found.reason, found.detail, found.referrer) == ("timeout", "did not answer", None)
    assert again.find("https://example.org/b") is None


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "refused.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(FrontierError, match="memory of refused URLs"):
        Refusals(tmp_path / "refused.sqlite").find("https://example.org/")


def test_what_cannot_be_written_waits_for_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("in the way")
    refusals = Refusals(folder / "refused.sqlite")
    refusals.note(CrawlEvent("https://example.org/a", Outcome.SKIPPED, Reason.NOFOLLOW))
    with pytest.raises(FrontierError, match="memory of refused URLs"):
        refusals.flush()
    folder.unlink()
    refusals.flush()
    assert Refusals(folder / "refused.sqlite").find("https://example.org/a") is not None


def test_text_that_is_none_is_remembered_as_far_as_it_goes(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path / "refused.sqlite")
    refusals.note(CrawlEvent("https://example.org/a", Outcome.FAILED, Reason.BAD_HTTP, detail="says caf\udce9"))
    found = refusals.find("https://example.org/a")
    assert found is not None
    assert found.detail == "says caf?"


def test_the_last_ones_are_listed_and_counted_by_reason(tmp_path: Path) -> None:
    memory = Refusals(tmp_path / "refused.sqlite")
    assert (memory.last(5), memory.counts()) == ([], {})
    for number in range(3):
        memory.note(CrawlEvent(f"https://a.example/{number}", Outcome.SKIPPED, Reason.TOO_LARGE))
    memory.note(CrawlEvent("https://a.example/broken", Outcome.FAILED, Reason.SET_ASIDE, detail="no text"))
    memory.flush()
    assert memory.counts() == {Reason.TOO_LARGE: 3, Reason.SET_ASIDE: 1}
    assert [one.url for one in memory.last(2)] == ["https://a.example/broken", "https://a.example/2"]
    assert [one.detail for one in memory.last(5, Reason.SET_ASIDE)] == ["no text"]
