"""Several workers share one crawl: processes of their own, a real PostgreSQL, a real site."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.errors import FrontierError
from crawler.frontier.minhash import sketch
from crawler.frontier.postgres import PostgresFrontier
from crawler.frontier.seam import Discovery, State, Visit
from crawler.outcome import Reason
from tests.support.many_pages import write_pages
from tests.support.site import Request, Site
from tests.support.until import until

ROOT = Path(__file__).parents[3]
PAGES = 120
DELAY_S = 0.04
HOST = "http://example.org"

WORKER = """
import sys
from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.frontier.postgres import PostgresFrontier
url, seed, stored, lease_s = sys.argv[1:]
config = CrawlConfig(use_sitemaps=False, delay_s=0.04, lease_s=float(lease_s), user_agent="worker" + stored[-1])
crawler = Crawler(config, PostgresFrontier(url))
with open(stored, "a", buffering=1) as log:
    for item in crawler.crawl([seed]):
        log.write(item.url + "\\n")
        crawler.acknowledge([item])
"""

Start = Callable[[str, float], "subprocess.Popen[bytes]"]


@pytest.fixture
def many(tmp_path: Path, serve: Callable[[Path], Site]) -> Site:
    """Pages that the first one lists, so that there is work for two at any time."""
    folder = write_pages(tmp_path / "many", PAGES)
    links = "".join(f'<li><a href="/page-{number}.html">{number}</a>' for number in range(1, PAGES))
    (folder / "index.html").write_text(f"<!doctype html><title>All</title><main><p>All pages<ul>{links}</ul></main>")
    return serve(folder)


@pytest.fixture
def start(postgres_database: str, many: Site, tmp_path: Path) -> Iterator[Start]:
    """Start a worker of this name, which writes down what it stored."""
    with ExitStack() as running:

        def begin(name: str, lease_s: float = 60.0) -> "subprocess.Popen[bytes]":
            command = [
                sys.executable,
                "-c",
                WORKER,
                postgres_database,
                many.at("/"),
                str(tmp_path / name),
                str(lease_s),
            ]
            process = running.enter_context(subprocess.Popen(command, cwd=ROOT))
            running.callback(process.kill)
            return process

        yield begin


def pages_asked(site: Site) -> list[Request]:
    return [request for request in site.requests if request.path != "/robots.txt"]


def stored(folder: Path, *names: str) -> list[str]:
    return [url for name in names for url in (folder / name).read_text().split()]


def test_two_workers_fetch_every_page_once_and_keep_the_pace_together(many: Site, start: Start, tmp_path: Path) -> None:
    workers = [start("1", 60.0), start("2", 60.0)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    asked = pages_asked(many)
    assert Counter(request.path for request in asked).most_common(1)[0][1] == 1
    assert len(asked) == PAGES
    assert sorted(stored(tmp_path, "1", "2")) == sorted(many.at(request.path) for request in asked)
    # Each worker for itself would take half the time; a busy server may note the first requests late.
    times = sorted(request.at_s for request in asked)
    assert times[-1] - times[0] >= 0.6 * DELAY_S * (PAGES - 1)


def test_pages_of_a_killed_worker_go_to_the_other(many: Site, start: Start, tmp_path: Path) -> None:
    killed, other = start("1", 10.0), start("2", 10.0)
    until(lambda: {"worker1", "worker2"} <= {request.headers["user-agent"] for request in pages_asked(many)[20:]})
    killed.kill()
    assert other.wait(60) == 0
    asked = Counter(request.path for request in pages_asked(many))
    assert len(asked) == PAGES
    # Repeated is at most what the killed one had in flight or had not acknowledged.
    assert asked.total() - PAGES <= CrawlConfig().concurrency_per_host
    assert set(stored(tmp_path, "1", "2")) == {many.at(path) for path in asked}


def test_late_worker_joins_the_round_and_the_last_one_closes_it(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as first, closing(PostgresFrontier(postgres_database)) as late:
        assert not first.begin([f"{HOST}/"], "v1")
        first.add([Discovery(f"{HOST}/a", 1)])
        held = first.next(HOST, 1, 60.0)
        assert late.begin([f"{HOST}/"], "v1")
        assert [lease.url for lease in late.next(HOST, 9, 60.0)] == [f"{HOST}/a"]
        late.record(Visit(f"{HOST}/a", State.DONE, Reason.EMPTY))
        assert late.due_in_s(HOST), "the other worker may still find something"
        late.finish()
        first.record(Visit(held[0].url, State.DONE, Reason.EMPTY))
        assert first.begin([f"{HOST}/"], "v1"), "one worker is still in the round"
        assert first.due_in_s(HOST) is None
        first.finish()
        assert not late.begin([f"{HOST}/"], "v1")


def test_page_that_a_dead_worker_did_not_store_is_read_anew_in_the_same_round(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as alive:
        with closing(PostgresFrontier(postgres_database)) as dead:
            dead.begin([f"{HOST}/"], "v1")
            alive.begin([f"{HOST}/"], "v1")
            dead.next(HOST, 1, 60.0)
            dead.record(Visit(f"{HOST}/", State.FETCHED, Reason.PAGE, 200, '"e"', content_hash="h"))
            assert alive.due_in_s(HOST) is None
        assert alive.due_in_s(HOST) == 0.0
        lease = alive.next(HOST, 1, 60.0)[0]
        assert (lease.url, lease.etag, lease.content_hash) == (f"{HOST}/", None, None)


def test_same_content_is_handed_out_by_one_worker_only(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as one, closing(PostgresFrontier(postgres_database)) as other:
        one.begin([f"{HOST}/"], "v1")
        other.begin([f"{HOST}/"], "v1")
        one.add([Discovery(f"{HOST}/a", 1)])
        one.next(HOST, 1, 60.0)
        other.next(HOST, 1, 60.0)
        assert one.claim("same", f"{HOST}/") is None
        assert other.claim("same", f"{HOST}/a") == f"{HOST}/"


def test_host_that_asks_for_time_is_left_alone_by_all(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as one, closing(PostgresFrontier(postgres_database)) as other:
        assert one.reserve(HOST, 0.0).wait_s == 0
        one.slow_down(HOST, 2.0, 60.0)
        turn = other.reserve(HOST, 0.5)
        assert 50 < turn.wait_s <= 60
        assert turn.delay_s == 2.0
        assert other.reserve("http://elsewhere.example", 0.0).wait_s == 0


def test_only_one_of_two_workers_gets_the_turn(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as one, closing(PostgresFrontier(postgres_database)) as other:
        assert one.reserve(HOST, 5.0).wait_s == 0
        assert 4 < other.reserve(HOST, 5.0).wait_s <= 5


def test_redirect_of_a_seed_met_by_one_worker_widens_the_crawl_of_the_other(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as one, closing(PostgresFrontier(postgres_database)) as other:
        one.begin([f"{HOST}/"], "v1")
        other.begin([f"{HOST}/"], "v1")
        one.next(HOST, 1, 60.0)
        one.record(
            Visit(f"{HOST}/", State.DONE, Reason.REDIRECT), [Discovery("https://www.example.org/", 0, f"{HOST}/")]
        )
        assert other.origins() == (HOST, "https://www.example.org")
        assert other.due_in_s("https://www.example.org") == 0.0


def test_memory_is_not_forgotten_while_another_worker_is_crawling(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as one, closing(PostgresFrontier(postgres_database)) as other:
        one.begin([f"{HOST}/"], "v1")
        other.forget()
        assert one.history(f"{HOST}/") is not None
        one.finish()
        other.forget()
        assert one.history(f"{HOST}/") is None


def test_rebuilt_memory_takes_the_place_of_the_present_one(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database, "old")) as old:
        old.begin([f"{HOST}/old"], "v1")
    new = PostgresFrontier(postgres_database, "new")
    new.begin([f"{HOST}/new"], "v1")
    new.take_place_of("old")
    with closing(PostgresFrontier(postgres_database, "old")) as present:
        assert present.history(f"{HOST}/new") is not None
        assert present.history(f"{HOST}/old") is None


def test_tables_of_an_older_version_are_carried_over(postgres_database: str) -> None:
    import psycopg

    PostgresFrontier(postgres_database).close()
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute("DROP TABLE recollect.sketch, recollect.sketch_band, recollect.outlinks")
        connection.execute("UPDATE recollect.version SET number = 3")
    with closing(PostgresFrontier(postgres_database)) as frontier:
        assert frontier.claim_near(f"{HOST}/a", "Bees", sketch("Bees fly")) is None
    with closing(PostgresFrontier(postgres_database)) as again:
        assert again.claim_near(f"{HOST}/b", "Bees", sketch("Bees fly")) == f"{HOST}/a"


def test_workers_that_read_near_duplicates_at_once_keep_one_of_them(postgres_database: str) -> None:
    owners: list[str | None] = []
    start = threading.Barrier(4)

    def fold(name: int) -> None:
        with closing(PostgresFrontier(postgres_database)) as frontier:
            start.wait()
            for page in range(10):
                text = " ".join(f"page{page}word{number}" for number in range(200))
                owners.append(frontier.claim_near(f"{HOST}/{page}/{name}", "Bees", sketch(f"{text} of {name}")))

    workers = [threading.Thread(target=fold, args=(name,)) for name in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert owners.count(None) == 10
    assert len(owners) == 40


def test_validator_that_is_no_text_is_left_out(postgres_database: str) -> None:
    with closing(PostgresFrontier(postgres_database)) as frontier:
        frontier.begin([f"{HOST}/"], "v1")
        frontier.record(Visit(f"{HOST}/", State.DONE, Reason.EMPTY, 200, etag='"\udce4"', last_modified="never"))
        known = frontier.history(f"{HOST}/")
    assert known is not None
    assert (known.etag, known.last_modified) == (None, "never")


def test_server_that_is_down_is_one_clear_line_without_the_password() -> None:
    with pytest.raises(FrontierError, match=r"docs on 127\.0\.0\.1:9 cannot be reached") as caught:
        PostgresFrontier("postgresql://me:secret@127.0.0.1:9/docs")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "Start PostgreSQL" in caught.value.cure


def test_wrong_password_is_one_clear_line(postgres_database: str) -> None:
    with pytest.raises(FrontierError, match="password authentication failed") as caught:
        PostgresFrontier(postgres_database.replace("p%40ss", "wrong"))
    assert "wrong" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_setting_that_is_no_url_is_told_without_repeating_it() -> None:
    with pytest.raises(FrontierError, match="postgresql://user:password@host") as caught:
        PostgresFrontier("mysql:/me:secret@host docs")
    assert "secret" not in str(caught.value)


def test_connection_that_is_lost_is_one_clear_line(postgres_database: str) -> None:
    import psycopg

    with closing(PostgresFrontier(postgres_database)) as frontier:
        with psycopg.connect(postgres_database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(FrontierError, match="cannot be used") as caught:
            frontier.counts()
        assert "\n" not in str(caught.value)
