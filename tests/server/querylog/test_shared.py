"""Past queries among suggestions: only what several people without rights of their own asked and found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from indexer.store import Filters
from ranker.hit import Results
from ranker.understanding.correct import Correction
from server.app import create_app
from server.assemble import key_file
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.installation import Installation
from server.querylog.file import QueryFile
from server.querylog.log import DAY_S, QueryLog
from server.querylog.shared import FRESH_S
from server.settings.choices import EncoderConfig, QueryLogMode, ScorerConfig, ServeConfig
from server.settings.config import Config

EVERYWHERE = Filters()
NOON = 20_000 * DAY_S + DAY_S // 2
PAGES = {
    "Badger food": "The badger eats earthworms and digs for them at night.",
    "Badger setts": "A sett has many entrances.",
    "Badger cubs": "Cubs are born in February.",
    "Merger with Acme": "The merger with Acme is planned for May.",
}
RESTRICTED = "Merger with Acme"
Suggested = Callable[..., list[str]]


class Clock:
    """The time, as a test says."""

    now = float(NOON)

    def __call__(self) -> float:
        return self.now


def asker(number: int, groups: tuple[str, ...] | None = None) -> Asker:
    return Asker(frozenset(), groups, payer=f"192.0.2.{number}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[QueryLog]:
    opened = QueryLog(QueryFile(tmp_path / "queries.sqlite"), "counts", 90, clock, shared_by=3)
    yield opened
    opened.close()


def ask(log: QueryLog, query: str, askers: int, filters: Filters = EVERYWHERE, total: int = 3) -> None:
    for number in range(askers):
        log.record_search(Results(query, (), total), asker(number), filters)
    log.flush()


def known(log: QueryLog) -> list[str]:
    return [one.query for one in log.shared.known()]


def test_what_enough_people_asked_is_known_the_commonest_first(log: QueryLog) -> None:
    ask(log, "badger food", 6)
    ask(log, "Badger  setts", 8)
    ask(log, "badger cubs", 1)
    ask(log, "badger cubs", 1)
    ask(log, "badger cubs", 1)
    assert known(log) == ["Badger setts", "badger food"]


def test_nothing_is_kept_of_what_some_people_alone_may_ask_or_that_found_nothing(log: QueryLog) -> None:
    for number in range(8):
        found = Results("merger", (), 3)
        log.record_search(found, asker(number, ("board",)), EVERYWHERE)
        log.record_search(found, Asker(frozenset()), EVERYWHERE)
        log.record_search(found, asker(number), EVERYWHERE, is_unfinished=True)
        log.record_search(
            Results("bagder", (), 3, correction=Correction("badger", is_applied=True)), asker(number), EVERYWHERE
        )
        log.record_search(Results("x" * 101, (), 3), asker(number), EVERYWHERE)
    ask(log, "otter", 8, total=0)
    assert log.file.select("SELECT * FROM shared") == []


@pytest.mark.parametrize(("mode", "shared_by"), [("off", 3), ("counts", 0), ("full", 0)])
def test_nothing_is_kept_unless_it_is_wanted(mode: QueryLogMode, shared_by: int, tmp_path: Path, clock: Clock) -> None:
    log = QueryLog(QueryFile(tmp_path / "queries.sqlite"), mode, 90, clock, shared_by=shared_by)
    ask(log, "badger", 8)
    assert known(log) == []
    assert log.file.select("SELECT * FROM shared") == []
    log.close()


def test_no_address_is_written(log: QueryLog, tmp_path: Path) -> None:
    ask(log, "badger", 8)
    log.close()
    assert b"192.0.2." not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_what_people_of_one_site_asked_is_for_those_of_that_site(log: QueryLog) -> None:
    ask(log, "badger", 8, Filters(site=("a.example",)))
    there = log.shared.beginning("bad", Filters(site=("a.example",), language=("en",)))
    assert list(there) == ["badger"]
    assert list(log.shared.beginning("bad", EVERYWHERE)) == []
    assert list(log.shared.beginning("bad", Filters(site=("b.example",)))) == []


@pytest.mark.parametrize("typed", ["bad", "FOO", "badger  fo", "badger food"])
def test_each_word_of_a_query_suggests_it(typed: str, log: QueryLog) -> None:
    ask(log, "Badger food", 8)
    assert list(log.shared.beginning(typed, EVERYWHERE)) == ["Badger food"]
    assert list(log.shared.beginning("adger", EVERYWHERE)) == []


def test_what_was_asked_since_is_known_a_minute_later(log: QueryLog, clock: Clock) -> None:
    ask(log, "badger", 8)
    before = log.shared.version()
    ask(log, "otter", 8)
    assert (known(log), log.shared.version()) == (["badger"], before)
    clock.now += FRESH_S
    assert known(log) == ["badger", "otter"]
    assert log.shared.version() != before


def test_what_nobody_asks_any_more_is_forgotten(log: QueryLog, clock: Clock) -> None:
    ask(log, "badger", 8)
    clock.now += 91 * DAY_S
    assert known(log) == []
    ask(log, "otter", 1)
    assert log.file.select("SELECT query FROM shared") == [("otter",)]


@pytest.mark.parametrize("number", [-1, 1])
def test_one_asker_is_not_enough(number: int) -> None:
    with pytest.raises(ValueError, match="suggested_after_askers"):
        ServeConfig(suggested_after_askers=number)


def test_without_a_log_nothing_can_be_suggested() -> None:
    with pytest.raises(ValueError, match="query_log is off"):
        ServeConfig(suggested_after_askers=3, query_log="off")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    serve = ServeConfig(public=True, suggested_after_askers=3)
    config = Config(data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"), serve=serve)
    with Installation(config, is_writing=True) as opened:
        for number, (title, text) in enumerate(PAGES.items()):
            access = ("board",) if title == RESTRICTED else ()
            head = Head(f"{number}", f"https://a.example/{number}", title, "h", site="a.example", access=access)
            opened.indexer().index([Document(head, (Section(text, end_char=len(text)),))])
        yield opened


def search(installation: Installation, query: str, headers: dict[str, str] | None = None, askers: int = 8) -> None:
    app = create_app(installation)
    for number in range(askers):
        client = TestClient(app, client=(f"192.0.2.{number}", 1))
        assert client.get("/api/v1/search", params={"q": query}, headers=headers).status_code == 200
    installation.query_log().flush()


@pytest.fixture
def suggested(installation: Installation) -> Suggested:
    def suggest(typed: str, size: int = 8, headers: dict[str, str] | None = None) -> list[str]:
        with TestClient(create_app(installation)) as client:
            found: list[str] = client.get("/api/v1/suggest", params={"q": typed, "size": size}, headers=headers).json()[
                "suggestions"
            ]
            return found

    return suggest


@pytest.fixture
def board(installation: Installation) -> dict[str, str]:
    """The headers of those who may see the restricted page."""
    _, secret = key_file(installation.config).create("board", [Scope.SEARCH], groups=["board"])
    return {"X-API-Key": secret}


def test_past_queries_come_after_titles_and_have_some_places(installation: Installation, suggested: Suggested) -> None:
    for query in ("badger earthworms", "badgers at night", "badger food"):
        search(installation, query)
    titles = ["Badger cubs", "Badger food", "Badger setts"]
    assert suggested("badg") == [*titles, "badger earthworms", "badgers at night"]
    assert suggested("badg", size=3) == [*titles[:2], "badger earthworms"]
    assert suggested("badg", size=2) == titles[:2]
    assert suggested("earth") == ["badger earthworms"]


def test_a_query_of_those_who_see_more_never_shows(
    installation: Installation, suggested: Suggested, board: dict[str, str]
) -> None:
    search(installation, "merger planned for may", board)
    assert suggested("merger") == []
    assert suggested("merger", headers=board) == [RESTRICTED]


def test_a_query_shows_only_where_it_finds_something(installation: Installation, suggested: Suggested) -> None:
    search(installation, "earthworms")
    assert suggested("earthw") == ["earthworms"]
    installation.indexer().delete(["0"])
    assert suggested("earthw") == []


def test_a_held_answer_is_not_current_once_more_is_asked(installation: Installation) -> None:
    with TestClient(create_app(installation)) as client:
        nothing = client.get("/api/v1/suggest?q=earthw").headers["etag"]
    search(installation, "earthworms")
    with Installation(installation.config) as other, TestClient(create_app(other)) as client:
        found = client.get("/api/v1/suggest?q=earthw", headers={"If-None-Match": nothing})
    assert found.json()["suggestions"] == ["earthworms"]


def test_a_log_that_cannot_be_read_fails_no_suggestion(installation: Installation, suggested: Suggested) -> None:
    (installation.config.data / "queries.sqlite").write_bytes(b"this is no database, " * 200)
    assert "Badger food" in suggested("badg")
