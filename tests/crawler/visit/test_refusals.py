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
