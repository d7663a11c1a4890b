"""What workers share: limits, and how much is under way."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ranker.steering import SteerConfig
from server.app import create_app
from server.doors.limits import LocalLimiter
from server.errors import NotReloaded
from server.installation import Installation
from server.settings.choices import ServeConfig
from server.settings.config import load
from server.settings.doors import LimitsConfig
from server.sharing.limits import SharedLimiter
from server.sharing.message import Word
from server.sharing.shared import Shared
from server.sharing.tally import Counted, LocalTally, SharedTally
from tests.server.workers.conftest import indexed


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def refuses(word: Word, content: object) -> tuple[str, str]:
    return f"{word} is refused", "mend it"


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[TestClient]]:
    """Two workers of one server, in this process."""
    indexed(tmp_path)
    serve = ServeConfig(limits=LimitsConfig(per_minute=10), require_api_key=True, api_keys={"one": ()})
    config = replace(load(tmp_path / "recollect.yml", environ={}), serve=serve)
    with ExitStack() as stack:
        clients = []
        for slot in range(2):
            installation = stack.enter_context(Installation(config, shared=Shared(tmp_path, slot, refuses)))
            clients.append(stack.enter_context(TestClient(create_app(installation), headers={"X-API-Key": "one"})))
        yield clients


def test_a_limit_is_not_multiplied_by_the_workers(workers: list[TestClient]) -> None:
    statuses = [workers[number % 2].get("/api/v1/search?q=tern").status_code for number in range(40)]
    assert statuses[:10] == [200] * 10
    # While the test runs, one more comes in every six seconds.
    assert statuses.count(429) > 10


def test_a_conversation_goes_on_in_any_worker(workers: list[TestClient]) -> None:
    asked = {"q": "How do I install it on Linux?", "session": "s" * 20}
    assert workers[0].get("/api/v1/answer", params=asked).status_code == 200
    again = workers[1].get("/api/v1/answer", params={"q": "and on Windows?", "session": "s" * 20}).json()
    assert again["understood"] == "How do I install it on Windows?"


def test_what_the_supervisor_refuses_is_told(tmp_path: Path) -> None:
    indexed(tmp_path)
    config = load(tmp_path / "recollect.yml", environ={})
    with Installation(config, shared=Shared(tmp_path, 0, refuses)) as installation:
        with pytest.raises(NotReloaded, match="reload is refused"):
            installation.reload()
        rules = SteerConfig(stop_words=("of",))
        installation.steer(rules)
        assert installation.config.rank.steer == rules
    with Installation(config) as alone, pytest.raises(NotReloaded, match="serves alone"):
        alone.reload()


def test_a_shared_limit_is_that_of_one_process(tmp_path: Path) -> None:
    clock = Clock()
    alone = LocalLimiter(clock)
    workers = [SharedLimiter(tmp_path / "limits.sqlite", clock) for _ in range(3)]
    for step in range(60):
        clock.now += step % 7
        assert workers[step % 3].take("a", 6) == alone.take("a", 6)
    assert workers[0].take("b", 6) == 0
    for worker in workers:
        worker.close()


def test_a_worker_whose_file_is_gone_counts_for_itself(tmp_path: Path) -> None:
    limiter = SharedLimiter(tmp_path / "no folder" / "limits.sqlite", Clock())
    assert [limiter.take("a", 2) > 0 for _ in range(3)] == [False, False, True]


def test_workers_see_what_is_under_way_in_all(tmp_path: Path) -> None:
    first, second = (SharedTally(tmp_path / "tally", slot) for slot in (0, 5))
    first.add(Counted.REQUESTS, 2)
    second.add(Counted.REQUESTS, 3)
    second.add(Counted.PUSHES, 1)
    assert [one.total(Counted.REQUESTS) for one in (first, second)] == [5, 5]
    assert first.total(Counted.PUSHES) == 1
    second.add(Counted.REQUESTS, -1)
    assert first.total(Counted.REQUESTS) == 4
    second.clear()
    assert (first.total(Counted.REQUESTS), first.total(Counted.PUSHES)) == (2, 0)
    for one in (first, second):
        one.close()


def test_a_process_alone_counts_the_same_way() -> None:
    tally = LocalTally()
    tally.add(Counted.PUSHES, 2)
    tally.add(Counted.PUSHES, -1)
    assert (tally.total(Counted.PUSHES), tally.total(Counted.REQUESTS)) == (1, 0)
