"""Which runs are given out, by a clock that the tests set."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from server.ledger.record import Timing
from server.ledger.sqlite import SqliteLedger
from server.schedule.plan import Plan, Run
from server.settings.sites import SchedulerConfig, SiteConfig

DAY_S = 24 * 3600.0
HOUR_S = 3600.0


class Clock:
    """Stands still until it is set."""

    def __init__(self, moment: datetime) -> None:
        self.now_s = moment.timestamp()

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 7, 1, 12, tzinfo=UTC))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "schedule.sqlite")
    yield opened
    opened.close()


def site(name: str = "docs", schedule: str = "0 3 * * *", priority: int = 5) -> SiteConfig:
    return SiteConfig(name, (f"https://{name}.example.com/",), (schedule,) if schedule else (), priority)


def plan(ledger: SqliteLedger, clock: Clock, *sites: SiteConfig, **settings: object) -> Plan:
    return Plan(sites or [site()], ledger, SchedulerConfig(**settings), clock)  # type: ignore[arg-type]


def finish(ledger: SqliteLedger, clock: Clock, run: Run, wake_after_s: float | None = None) -> None:
    seen = ledger.record(run.site)
    assert seen.run_id == run.run_id
    ended = replace(seen, run_id="", served_s=clock(), finished_s=clock(), outcome="done", wake_after_s=wake_after_s)
    assert ledger.put(ended, seen)


def crawl_due(ledger: SqliteLedger, clock: Clock, asked: Plan) -> list[str]:
    runs = asked.take_due()
    for run in runs:
        finish(ledger, clock, run)
    return [run.site for run in runs]


def test_a_site_never_crawled_is_due_at_once_and_then_by_its_pattern(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock)
    assert asked.next_s() == 0
    assert crawl_due(ledger, clock, asked) == ["docs"]
    assert asked.next_s() == 15 * HOUR_S
    clock.now_s += 15 * HOUR_S - 1
    assert crawl_due(ledger, clock, asked) == []
    clock.now_s += 1
    assert crawl_due(ledger, clock, asked) == ["docs"]
    assert crawl_due(ledger, clock, asked) == []


def test_a_site_without_a_schedule_is_never_due(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock, site(schedule=""))
    assert (asked.take_due(), asked.next_s()) == ([], None)


def test_runs_missed_while_the_machine_was_off_are_one_run(ledger: SqliteLedger, clock: Clock, tmp_path: Path) -> None:
    crawl_due(ledger, clock, plan(ledger, clock, site(schedule="@hourly")))
    clock.now_s += 30 * DAY_S + 600
    restarted = plan(ledger, clock, site(schedule="@hourly"))
    assert crawl_due(ledger, clock, restarted) == ["docs"]
    assert crawl_due(ledger, clock, restarted) == []
    assert restarted.next_s() == 3000


def test_two_schedulers_give_out_a_run_once(ledger: SqliteLedger, clock: Clock, tmp_path: Path) -> None:
    other = SqliteLedger(tmp_path / "schedule.sqlite")
    assert len(plan(ledger, clock).take_due() + plan(other, clock).take_due()) == 1
    other.close()


def test_a_site_under_way_is_not_begun_again_and_what_falls_due_meanwhile_is_left_out(
    ledger: SqliteLedger, clock: Clock
) -> None:
    asked = plan(ledger, clock, site(schedule="@hourly"))
    (run,) = asked.take_due()
    clock.now_s += 2.5 * HOUR_S
    assert asked.take_due() == []
    assert asked.take("docs") is None
    finish(ledger, clock, run)
    assert asked.take_due() == []
    assert asked.next_s() == HOUR_S / 2


def test_a_clock_set_back_a_little_repeats_nothing(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock)
    clock.now_s += 15 * HOUR_S
    crawl_due(ledger, clock, asked)
    clock.now_s -= 30
    assert crawl_due(ledger, clock, asked) == []
    clock.now_s += 60
    assert crawl_due(ledger, clock, asked) == []
    assert asked.next_s() == DAY_S - 30


def test_a_clock_that_was_years_ahead_puts_nothing_off_for_years(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock, site(), site("wiki", "adaptive"))
    clock.now_s += 3650 * DAY_S
    for run in asked.take_due():
        finish(ledger, clock, run, wake_after_s=2 * HOUR_S if run.site == "wiki" else None)
    clock.now_s -= 3650 * DAY_S
    assert asked.take_due() == []
    assert asked.next_s() == 2 * HOUR_S
    assert plan(ledger, clock).next_s() == 15 * HOUR_S


def test_an_adaptive_site_wakes_when_its_rest_is_over(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock, site(schedule="adaptive"))
    (run,) = asked.take_due()
    finish(ledger, clock, run, wake_after_s=1800.0)
    clock.now_s += 1799
    assert asked.take_due() == []
    clock.now_s += 1
    assert len(asked.take_due()) == 1


def test_a_run_put_off_comes_before_its_pattern(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock)
    (run,) = asked.take_due()
    finish(ledger, clock, run, wake_after_s=300.0)
    assert asked.next_s() == 300


def test_the_highest_priority_begins(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock, site("a", priority=2), site("b", priority=9), site("c"))
    assert [run.site for run in asked.take_due()] == ["b", "c", "a"]


def test_a_run_that_could_not_be_handed_over_is_due_again(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock)
    (run,) = asked.take_due()
    asked.give_back(run)
    (again,) = asked.take_due()
    assert again.run_id != run.run_id


def test_a_run_lost_for_long_is_begun_again_but_not_while_somebody_works_on_it(
    ledger: SqliteLedger, clock: Clock
) -> None:
    asked = plan(ledger, clock, lost_after_s=HOUR_S)
    (run,) = asked.take_due()
    assert asked.unfinished() == [run]
    clock.now_s += DAY_S
    with ledger.hold("docs"):
        assert asked.take_due() == []
        assert asked.unfinished() == []
    assert asked.next_s() == 0
    (again,) = asked.take_due()
    assert again.run_id != run.run_id


def test_a_run_whose_worker_was_killed_is_begun_again_as_soon_as_nobody_holds_the_site(
    ledger: SqliteLedger, clock: Clock
) -> None:
    asked = plan(ledger, clock)
    (run,) = asked.take_due()
    seen = ledger.record("docs")
    with ledger.hold("docs"):
        ledger.put(replace(seen, is_working=True, running={"fetched": 7}), seen)
        assert asked.take_due() == []
    (again,) = asked.take_due()
    assert again.run_id != run.run_id
    assert ledger.record("docs").running == {"fetched": 7}


@pytest.mark.parametrize(("start", "expected"), [((2026, 3, 27), 4), ((2026, 10, 23), 4)])
def test_a_scheduler_that_looks_every_minute_runs_once_a_night_through_a_change_of_clocks(
    ledger: SqliteLedger, start: tuple[int, int, int], expected: int
) -> None:
    clock = Clock(datetime(*start, 12, tzinfo=ZoneInfo("Europe/Berlin")))
    asked = plan(ledger, clock, site(schedule="30 2 * * *"), time_zone="Europe/Berlin")
    crawl_due(ledger, clock, asked)
    begun = []
    for _ in range(expected * 24 * 6):
        clock.now_s += 600
        if crawl_due(ledger, clock, asked):
            begun.append(datetime.fromtimestamp(clock.now_s, ZoneInfo("Europe/Berlin")).day)
    assert begun == [start[2] + day for day in range(1, expected + 1)]


def test_what_is_decided_meanwhile_holds_at_once(ledger: SqliteLedger, clock: Clock) -> None:
    asked = plan(ledger, clock)
    assert crawl_due(ledger, clock, asked) == ["docs"]
    ledger.decide("docs", Timing(("0 13 * * *",)))
    assert asked.next_s() == HOUR_S
    ledger.decide("docs", Timing(()))
    assert asked.next_s() is None
    ledger.decide("docs", Timing())
    assert asked.next_s() == 15 * HOUR_S


def test_a_paused_site_is_crawled_for_whoever_wants_it_alone(ledger: SqliteLedger, clock: Clock) -> None:
    ledger.decide("docs", Timing(is_paused=True))
    asked = plan(ledger, clock)
    clock.now_s += 7 * DAY_S
    assert asked.next_s() is None
    assert crawl_due(ledger, clock, asked) == []
    seen = ledger.record("docs")
    # An adaptive site rests, and a run that could not begin is tried again: neither is a wish.
    assert ledger.put(replace(seen, wake_after_s=5.0), seen)
    clock.now_s += 10
    assert crawl_due(ledger, clock, asked) == []
    seen = ledger.record("docs")
    assert ledger.put(replace(seen, wake_after_s=0.0), seen)
    assert crawl_due(ledger, clock, asked) == ["docs"]
    ledger.decide("docs", Timing())
    clock.now_s += DAY_S
    assert crawl_due(ledger, clock, asked) == ["docs"]
