"""How soon a worker that died is begun anew."""

from server.workers.backoff import LONGEST_S, backoff_s


def test_the_first_is_replaced_at_once_and_the_next_ever_later() -> None:
    assert [backoff_s(deaths) for deaths in range(1, 6)] == [0.0, 0.5, 1.0, 2.0, 4.0]


def test_nobody_waits_for_ever() -> None:
    assert {backoff_s(deaths) for deaths in (9, 50, 10_000)} == {LONGEST_S}
