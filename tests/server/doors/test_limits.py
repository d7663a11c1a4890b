"""One formula, in this process and in Redis."""

from collections.abc import Iterator

import pytest

from server.doors.limits import MAX_NAMES, Limiter, LocalLimiter, RedisLimiter, next_arrival
from tests.support.ports import free_ports
from tests.support.redis import redis_url

__all__ = ["redis_url"]


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
def limiter(request: pytest.FixtureRequest) -> Iterator[Limiter]:
    if request.param == "local":
        yield LocalLimiter()
        return
    opened = RedisLimiter(request.getfixturevalue("redis_url"), f"test:{request.node.name}")
    yield opened
    opened.close()


def test_a_minutes_worth_comes_in_at_once_and_then_no_more(limiter: Limiter) -> None:
    assert [limiter.take("a", 5) for _ in range(5)] == [0.0] * 5
    assert 0 < limiter.take("a", 5) <= 12
    assert limiter.take("b", 5) == 0.0


def test_what_is_refused_is_not_counted() -> None:
    now, due, waits = 100.0, 0.0, []
    for _ in range(4):
        wait, due = next_arrival(due, now, 2)
        waits.append(wait)
    assert waits == [0.0, 0.0, 30.0, 30.0]
    assert next_arrival(due, now + 30.0, 2)[0] == 0.0


def test_callers_long_gone_are_forgotten() -> None:
    limiter = LocalLimiter(lambda: 0.0)
    assert limiter.take("first", 1) == 0.0
    for number in range(MAX_NAMES):
        limiter.take(str(number), 1)
    assert limiter.take("first", 1) == 0.0
    assert limiter.take(str(MAX_NAMES - 1), 1) > 0.0


def test_without_redis_each_process_counts_for_itself() -> None:
    limiter = RedisLimiter(f"redis://127.0.0.1:{free_ports(1)[0]}", "test")
    assert limiter.take("a", 1) == 0.0
    assert limiter.take("a", 1) > 0.0
    limiter.close()
