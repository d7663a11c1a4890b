"""What the query log says, counted from lines that were written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.querylog.file import QueryFile
from server.querylog.record import Click, Entered, Feedback, Noted, RequestKind
from server.querylog.report import QueryList, counted, days, recent, stages
from server.querylog.table import csv_text

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
AT = int(FIRST.timestamp())
DAY = 86_400


def search(query: str, total: int = 5, ms: float = 10.0, at: int = AT, **more: object) -> Entered:
    return Entered(at, RequestKind.SEARCH, query, total, ms, {"encode": ms / 2, "rank": ms / 4}, **more)  # type: ignore[arg-type]  # as Entered has them


def answer(query: str, *, is_refused: bool = False, at: int = AT) -> Entered:
    return Entered(at, RequestKind.ANSWER, query, 3, 100.0, {"choose": 80.0}, is_refused=is_refused)


LINES: Sequence[Noted] = (
    search("Badger"),
    search("badger ", at=AT + DAY),
    search("badger", ms=40.0, at=AT + DAY),
    search("quokka", total=0, degraded=("encoder",)),
    search("quokka", total=0),
    search("otter", ms=900.0),
    Entered(AT, RequestKind.SUGGEST, "bad", 4, 0.0),
    answer("why badgers?"),
    answer("why not?", is_refused=True, at=AT + DAY),
    Click(AT, "BADGER", "https://a.example/", 1),
    Click(AT + DAY, "badger", "https://b.example/", 4),
    Click(AT + DAY, "badger", "https://b.example/", 0),
    Feedback(AT, "why badgers?", "", True),
    Feedback(AT, "why badgers?", "", True),
    Feedback(AT, "why badgers?", "", False),
)


@pytest.fixture
def file(tmp_path: Path) -> QueryFile:
    written = QueryFile(tmp_path / "queries.sqlite")
    written.add(LINES)
    return written


def queries(file: QueryFile, view: QueryList, since: datetime = FIRST) -> list[str]:
    return [one.query.casefold().strip() for one in counted(file, view, since)]


def test_the_commonest_are_counted_together_whatever_their_case(file: QueryFile) -> None:
    badger = counted(file, QueryList.TOP, FIRST)[0]
    assert (badger.searches, badger.clicks, badger.position, badger.click_share) == (3, 3, 2.5, 1.0)
    assert (badger.mean_ms, badger.max_ms) == (20.0, 40.0)
    assert (badger.first, badger.last) == (FIRST, datetime(2026, 3, 2, tzinfo=UTC))
    assert queries(file, QueryList.TOP) == ["badger", "quokka", "otter", "why badgers?", "why not?"]


def test_views(file: QueryFile) -> None:
    assert queries(file, QueryList.EMPTY) == ["quokka"]
    assert queries(file, QueryList.REFUSED) == ["why not?"]
    assert queries(file, QueryList.SLOW)[0] == "otter"
    assert queries(file, QueryList.LOW_CLICK) == ["badger"]


def test_what_is_seldom_clicked_comes_before_what_is_clicked(file: QueryFile) -> None:
    file.add([search("never") for _ in range(3)])
    assert queries(file, QueryList.LOW_CLICK) == ["never", "badger"]


def test_since_leaves_out_what_is_older(file: QueryFile) -> None:
    second = datetime(2026, 3, 2, tzinfo=UTC)
    assert queries(file, QueryList.TOP, second) == ["badger", "why not?"]
    assert counted(file, QueryList.TOP, second)[0].clicks == 2


def test_size_limits_the_list(file: QueryFile) -> None:
    assert len(counted(file, QueryList.TOP, FIRST, 2)) == 2


def test_feedback_belongs_to_its_query(file: QueryFile) -> None:
    (asked,) = [one for one in counted(file, QueryList.TOP, FIRST) if one.query == "why badgers?"]
    assert (asked.useful, asked.not_useful, asked.answers, asked.asked) == (2, 1, 1, 1)


def test_days_count_searches_answers_and_what_went_wrong(file: QueryFile) -> None:
    first, second = days(file, FIRST)
    assert (first.day, first.searches, first.answers, first.empty, first.refused) == (FIRST, 4, 1, 2, 0)
    assert (first.degraded, first.clicks) == (1, 1)
    assert (second.searches, second.answers, second.refused, second.clicks) == (2, 1, 1, 2)


def test_stages_are_means_by_kind(file: QueryFile) -> None:
    found = stages(file, FIRST)
    assert found["answer"] == {"choose": 80.0}
    assert list(found["search"]) == ["encode", "rank"]
    assert found["search"]["encode"] == pytest.approx((5 + 5 + 20 + 5 + 5 + 450) / 6)


def test_recent_requests_name_their_keys(file: QueryFile) -> None:
    file.add([search("last", key_id="abc", at=AT + DAY)])
    (one,) = recent(file, FIRST, {"abc": "website"}.__getitem__, size=1)
    assert (one.query, one.key_id, one.is_refused) == ("last", "website", False)


def test_a_log_that_was_never_written_is_empty(tmp_path: Path) -> None:
    nothing = QueryFile(tmp_path / "none.sqlite")
    assert [counted(nothing, view, FIRST) for view in QueryList] == [[]] * len(QueryList)
    assert (days(nothing, FIRST), stages(nothing, FIRST), nothing.judgements()) == ([], {}, [])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", '=cmd|" /C calc"!A0'])
def test_no_cell_is_a_formula(text: str) -> None:
    cell = csv_text(("query",), [(text,)]).split("\r\n")[1]
    assert cell.strip('"').startswith("'")


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert csv_text(("a", "b", "c"), [(-1, "x, y", None)]) == 'a,b,c\r\n-1,"x, y",\r\n'
