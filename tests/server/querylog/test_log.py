"""Writing the query log: what is kept in which mode, that nothing waits for it, and that several may write."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.store import Filters
from rag.answer import Answer
from rag.events import Done, Event, Phase
from ranker.degradation import Degradation, Part
from ranker.hit import Results
from server.doors.asker import Asker
from server.errors import BadInput
from server.querylog import log as module
from server.querylog.file import QueryFile
from server.querylog.log import DAY_S, QueryLog
from server.querylog.record import Judgement
from server.settings.choices import QueryLogMode, ServeConfig

NOON = 20_000 * DAY_S + DAY_S // 2
SOMEBODY = Asker(frozenset(), key_id="0123456789ab", payer="192.0.2.7")
EVERYWHERE = Filters()
Make = Callable[..., QueryLog]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made = []

    def one(mode: QueryLogMode = "counts", days: int = 90, now: float = NOON) -> QueryLog:
        made.append(QueryLog(QueryFile(tmp_path / "queries.sqlite"), mode, days, lambda: now))
        return made[-1]

    yield one
    for opened in made:
        opened.close()


def found(query: str = "badger", total: int = 3) -> Results:
    broken = (Degradation(Part.ENCODER, "it is away"), Degradation(Part.BUDGET, "too slow"))
    return Results(query, (), total, stages={"encode": 1.25, "candidates": 2.0}, degraded=broken, took_ms=4.0)


def entered(opened: QueryLog, columns: str = "*") -> list[tuple[object, ...]]:
    opened.flush()
    return opened.file.select(f"SELECT {columns} FROM entered ORDER BY rowid")


def test_counts_keep_the_day_and_nothing_of_who_asked(make: Make) -> None:
    opened = make()
    opened.record_search(found(), SOMEBODY, Filters(site=("a.example",)))
    same = ("badger", "badger", 3, 4.0)
    rest = ('{"encode": 1.2, "candidates": 2.0}', 0, '["encoder"]', "a.example", "")
    assert entered(opened) == [(20_000 * DAY_S, "search", *same, *rest)]


def test_full_keeps_the_second_and_the_key_but_no_address(make: Make, tmp_path: Path) -> None:
    opened = make("full")
    opened.record_search(found(), SOMEBODY, EVERYWHERE)
    assert entered(opened, "at_s, key_id") == [(NOON, "0123456789ab")]
    opened.close()
    assert all(b"192.0.2.7" not in path.read_bytes() for path in tmp_path.iterdir())


def test_off_makes_no_file(make: Make, tmp_path: Path) -> None:
    opened = make("off")
    opened.record_search(found(), SOMEBODY, EVERYWHERE)
    opened.record_click("badger", "https://a.example/", 1)
    opened.record_feedback("badger", "", is_useful=True)
    opened.flush()
    assert not list(tmp_path.iterdir())
    assert opened.file.select("SELECT * FROM entered") == []


def test_answers_refusals_suggestions_clicks_and_feedback(make: Make) -> None:
    opened = make()
    opened.record_answer(
        Answer("why?", "", (), (), refused=True, stages={"search": 2.0, "choose": 3.0}), SOMEBODY, EVERYWHERE
    )
    opened.record_search(found("badg"), SOMEBODY, EVERYWHERE, is_unfinished=True)
    opened.record_suggestions("bad", 2, SOMEBODY, EVERYWHERE)
    opened.record_suggestions("  ", 2, SOMEBODY, EVERYWHERE)
    opened.record_click("badger", "https://a.example/", 2, site="a.example")
    opened.record_feedback("why?", "https://a.example/", is_useful=False)
    expected = [("answer", "why?", 0, 5.0, 1), ("suggest", "badg", 3, 4.0, 0), ("suggest", "bad", 2, 0.0, 0)]
    assert entered(opened, "kind, query, total, took_ms, is_refused") == expected
    clicks = opened.file.select("SELECT query, url, position, site FROM click")
    assert clicks == [("badger", "https://a.example/", 2, "a.example")]
    assert opened.file.select("SELECT query, is_useful FROM feedback") == [("why?", 0)]


def test_a_streamed_answer_is_recorded_once_and_passes_unchanged(make: Make) -> None:
    opened = make()
    events: list[Event] = [Phase("search"), Done(Answer("why?", "So.", (), ()))]
    assert list(opened.recorded(iter(events), SOMEBODY, EVERYWHERE)) == events
    assert entered(opened, "kind, query") == [("answer", "why?")]


def test_leaving_a_streamed_answer_stops_the_work_and_records_nothing(make: Make) -> None:
    opened, ended = make(), []

    def work() -> Iterator[Event]:
        try:
            yield Phase("search")
            yield Done(Answer("why?", "So.", (), ()))
        finally:
            ended.append(True)

    stream = opened.recorded(work(), SOMEBODY, EVERYWHERE)
    next(stream)
    stream.close()  # type: ignore[attr-defined]  # it is a generator
    assert ended == [True]
    assert entered(opened) == []


@pytest.mark.parametrize("query", ["a\nb", "a\r\n\x00\x1b[31m\x1b b", "a\ud800b", "\u2028a  b"])
def test_a_query_is_one_line_of_text(query: str, make: Make) -> None:
    opened = make()
    opened.record_search(found(query), SOMEBODY, EVERYWHERE)
    ((kept,),) = entered(opened, "query")
    assert isinstance(kept, str)
    assert kept.isprintable()


def test_what_is_longer_than_a_query_is_cut_and_numbers_have_an_end(make: Make) -> None:
    opened = make()
    opened.record_search(found("a" * 100_000), SOMEBODY, EVERYWHERE)
    opened.record_click("a", "https://a.example/" + "b" * 100_000, 10**30)
    assert entered(opened, "length(query)") == [(500,)]
    assert opened.file.select("SELECT length(url), position FROM click") == [(2_000, module.MAX_POSITION)]


def test_old_lines_are_forgotten_and_judgements_are_not(make: Make, tmp_path: Path) -> None:
    early = make(days=10, now=NOON)
    early.record_search(found("old"), SOMEBODY, EVERYWHERE)
    early.record_click("old", "https://a.example/", 1)
    early.record_judgement("old", "https://a.example/", 3)
    early.close()
    late = make(days=10, now=NOON + 11 * DAY_S)
    late.record_search(found("new"), SOMEBODY, EVERYWHERE)
    assert entered(late, "query") == [("new",)]
    assert late.file.select("SELECT * FROM click") == []
    assert late.file.judgements() == [Judgement("old", "https://a.example/", 3)]


def test_only_so_many_rows_are_kept(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.querylog.file.MAX_ROWS", 3)
    opened = make()
    for number in range(5):
        opened.record_search(found(str(number)), SOMEBODY, EVERYWHERE)
    opened.flush()
    opened.file.prune(0)
    assert entered(opened, "query") == [("2",), ("3",), ("4",)]


def test_what_cannot_be_written_is_counted_and_told_once(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "queries.sqlite").write_bytes(b"this is no database, " * 200)
    opened = make()
    for _ in range(2):
        opened.record_search(found(), SOMEBODY, EVERYWHERE)
        opened.flush()
    assert opened.dropped == 2
    assert len([line for line in caplog.records if "not written down" in line.message]) == 1


def test_more_than_can_wait_is_dropped_and_nobody_waits(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    opened = make()
    monkeypatch.setattr(opened, "_is_writing", lambda: True)
    for _ in range(5):
        opened.record_search(found(), SOMEBODY, EVERYWHERE)
    assert opened.dropped == 3


def test_what_waits_is_written_when_it_closes_and_it_may_go_on(make: Make) -> None:
    opened = make()
    opened.record_search(found("first"), SOMEBODY, EVERYWHERE)
    opened.close()
    opened.close()
    assert opened.file.select("SELECT query FROM entered") == [("first",)]
    opened.record_search(found("second"), SOMEBODY, EVERYWHERE)
    assert entered(opened, "query") == [("first",), ("second",)]


def test_only_its_owner_can_read_it(make: Make, tmp_path: Path) -> None:
    opened = make()
    opened.record_search(found(), SOMEBODY, EVERYWHERE)
    opened.flush()
    assert (tmp_path / "queries.sqlite").stat().st_mode & 0o077 == 0


WRITER = """
import sys
from pathlib import Path
from server.querylog.file import QueryFile
from server.querylog.log import QueryLog
log = QueryLog(QueryFile(Path(sys.argv[1])), "counts", 90)
for number in range(200):
    log.record_click(sys.argv[2], "https://a.example/", number)
    log.flush() if number % 50 == 0 else None
log.close()
print(log.dropped)
"""


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "queries.sqlite"
    command = (sys.executable, "-c", WRITER, path)
    writers = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in ("one", "two", "three")
    ]
    assert [writer.communicate()[0].strip() for writer in writers] == ["0"] * 3
    with sqlite3.connect(path) as db:
        counts = db.execute("SELECT query, COUNT(*) FROM click GROUP BY query ORDER BY query").fetchall()
    db.close()
    assert counts == [("one", 200), ("three", 200), ("two", 200)]


def test_a_judgement_takes_the_place_of_an_earlier_one(make: Make) -> None:
    opened = make("off")
    opened.record_judgement("Badger", "https://a.example/", 1, "ann")
    opened.record_judgement("badger ", "https://a.example/", 3, "bob")
    opened.record_judgement("badger", "https://b.example/", 0)
    assert opened.file.judgements("BADGER") == [
        Judgement("badger", "https://a.example/", 3, "bob"),
        Judgement("badger", "https://b.example/", 0),
    ]
    assert opened.file.unjudge("badger", "https://a.example/")
    assert not opened.file.unjudge("badger", "https://a.example/")
    assert len(opened.file.judgements()) == 1


@pytest.mark.parametrize(("query", "url", "relevance"), [("", "u", 1), ("q", " ", 1), ("q", "u", 4), ("q", "u", -1)])
def test_a_judgement_of_nothing_is_refused(query: str, url: str, relevance: int, make: Make) -> None:
    with pytest.raises(BadInput):
        make().record_judgement(query, url, relevance)


def test_days_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="query_log_days"):
        ServeConfig(query_log_days=0)
