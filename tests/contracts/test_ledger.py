"""Both memories of runs keep the same promises: in a SQLite file and in a real Redis."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from indexer.errors import StoreUnavailable
from server.ledger.record import Ledger, Record, Timing
from server.ledger.redis import RedisLedger
from server.ledger.sqlite import SqliteLedger
from tests.support.redis import redis_url
from tests.support.until import until

__all__ = ["redis_url"]

EXPIRY_S = 3.0
"""Of holders that are to be given up: long enough for a busy machine to show a sign of life within."""
ROOT = Path(__file__).parents[2]
Open = Callable[[], Ledger]


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same memory again and again, as several processes would."""
    ledgers: list[Ledger] = []
    prefix, url = uuid4().hex, ""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")

    def open_ledger() -> Ledger:
        ledgers.append(RedisLedger(url, prefix) if url else SqliteLedger(tmp_path / "data" / "schedule.sqlite"))
        return ledgers[-1]

    yield open_ledger
    for ledger in ledgers:
        ledger.close()


def test_what_is_put_is_there_for_others(opened: Open) -> None:
    record = Record("docs", run_id="1", served_s=12.5, counts={"fetched": 3}, wake_after_s=60.0)
    assert opened().put(record, Record("docs"))
    other = opened()
    assert other.record("docs") == record
    assert other.record("blog") == Record("blog")


@pytest.mark.parametrize("timing", [Timing(("0 3 * * *", "@daily")), Timing((), is_paused=True), Timing(None, True)])
def test_what_is_decided_about_a_site_holds_for_others_and_ends_no_run(opened: Open, timing: Timing) -> None:
    here, there, seen = opened(), opened(), Record("docs", run_id="1")
    assert there.timing("docs") == Timing()
    assert here.put(seen, Record("docs"))
    here.decide("docs", Timing(("@hourly",)))
    here.decide("docs", timing)
    assert there.timing("docs") == timing
    assert there.timing("blog") == Timing()
    assert there.put(replace(seen, served_s=1.0), seen)


def test_of_two_who_saw_the_same_one_may_put(opened: Open) -> None:
    here, there, seen = opened(), opened(), Record("docs")
    assert here.put(replace(seen, run_id="here"), seen)
    assert not there.put(replace(seen, run_id="there"), seen)
    assert there.record("docs").run_id == "here"


def test_of_many_who_put_at_once_one_may(opened: Open) -> None:
    ledgers = [opened() for _ in range(8)]
    begin = threading.Barrier(len(ledgers))
    won: list[int] = []

    def put(number: int) -> None:
        begin.wait()
        if ledgers[number].put(Record("docs", run_id=str(number)), Record("docs")):
            won.append(number)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(len(ledgers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [str(number) for number in won] == [opened().record("docs").run_id]


def test_a_site_is_held_by_one_at_a_time(opened: Open) -> None:
    here, there = opened(), opened()
    with here.hold("docs") as hold:
        assert hold is not None
        assert there.is_held("docs")
        assert not there.is_held("Docs")
        with there.hold("docs") as refused, there.hold("blog") as other:
            assert refused is None
            assert other is not None
    assert not there.is_held("docs")
    with there.hold("docs") as hold:
        assert hold is not None


def test_an_error_in_the_block_is_the_blocks_own_and_frees_the_site(opened: Open) -> None:
    ledger = opened()
    with pytest.raises(OSError, match="of the block"), ledger.hold("docs"):
        raise OSError("of the block")
    assert not ledger.is_held("docs")


@pytest.mark.redis
def test_a_holder_that_lives_puts_the_expiry_off(redis_url: str) -> None:
    prefix = uuid4().hex
    with closing(RedisLedger(redis_url, prefix, expiry_s=2 * EXPIRY_S)) as ledger, ledger.hold("docs") as hold:
        left_ms: list[int] = [ledger._redis.pttl(f"{prefix}:lock:docs")]

        def is_put_off() -> bool:
            left_ms.append(ledger._redis.pttl(f"{prefix}:lock:docs"))
            return left_ms[-1] > left_ms[-2]

        until(is_put_off)
        assert ledger.is_held("docs")
        assert hold is not None
        assert not hold.is_lost()


HOLDER = """
import sys, time
from server.ledger.redis import RedisLedger
from server.ledger.sqlite import SqliteLedger
from pathlib import Path
kind, place, prefix, expiry_s = sys.argv[1:]
ledger = RedisLedger(place, prefix, expiry_s=float(expiry_s)) if kind == "redis" else SqliteLedger(Path(place))
with ledger.hold("docs"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def test_a_killed_holder_loses_its_site(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    prefix, path = uuid4().hex, tmp_path / "schedule.sqlite"
    place = request.getfixturevalue("redis_url") if kind == "redis" else str(path)
    ledger: Ledger = RedisLedger(place, prefix, expiry_s=EXPIRY_S) if kind == "redis" else SqliteLedger(path)
    command = [sys.executable, "-c", HOLDER, kind, place, prefix, str(EXPIRY_S)]
    with closing(ledger), subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert ledger.is_held("docs")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: not ledger.is_held("docs"))


@pytest.mark.redis
def test_a_hold_that_another_has_taken_is_lost(redis_url: str) -> None:
    prefix = uuid4().hex
    with closing(RedisLedger(redis_url, prefix, expiry_s=EXPIRY_S)) as ledger, ledger.hold("docs") as hold:
        assert hold is not None
        ledger._redis.set(f"{prefix}:lock:docs", "another's", px=600_000)
        until(hold.is_lost)
    with closing(RedisLedger(redis_url, prefix)) as ledger:
        assert ledger.is_held("docs"), "the other's lock was given back"


def test_a_redis_that_does_not_answer_is_named_without_its_password() -> None:
    ledger = RedisLedger("redis://:secret@127.0.0.1:9/0", "x")
    with closing(ledger), pytest.raises(StoreUnavailable) as caught:
        ledger.record("docs")
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match=r"schedule\.sqlite"):
        SqliteLedger(tmp_path / "file" / "schedule.sqlite")
