"""Cron patterns in a time zone: what is refused, and what a change of the clocks does."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.settings.cron import NICKNAMES, check_patterns, next_run_s, zone_named

BERLIN = ZoneInfo("Europe/Berlin")


def runs(pattern: str, start: datetime, count: int) -> list[str]:
    """The next runs as Berlin's clocks show them, each found from the one before."""
    found, after_s = [], start.timestamp()
    for _ in range(count):
        after_s = next_run_s([pattern], after_s, BERLIN)
        found.append(datetime.fromtimestamp(after_s, BERLIN).strftime("%d %H:%M %Z"))
    return found


def test_a_night_without_half_past_two_has_its_run_right_after_the_change() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    assert runs("30 2 * * *", start, 3) == ["29 03:00 CEST", "30 02:30 CEST", "31 02:30 CEST"]


def test_a_night_with_two_half_past_twos_has_one_run() -> None:
    start = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    assert runs("30 2 * * *", start, 3) == ["25 02:30 CEST", "26 02:30 CET", "27 02:30 CET"]


def test_half_past_two_is_not_repeated_from_within_the_repeated_hour() -> None:
    within = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    assert runs("30 2 * * *", within, 1) == ["26 02:30 CET"]


def test_an_hourly_run_follows_the_clock_through_both_changes() -> None:
    spring = runs("0 * * * *", datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN), 3)
    assert spring == ["29 01:00 CET", "29 03:00 CEST", "29 04:00 CEST"]
    autumn = runs("0 * * * *", datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN), 3)
    assert autumn == ["25 02:00 CEST", "25 02:00 CET", "25 03:00 CET"]


def test_every_day_of_two_years_has_one_run_at_half_past_two() -> None:
    after_s = datetime(2026, 1, 1, tzinfo=BERLIN).timestamp()
    days = []
    for _ in range(730):
        after_s = next_run_s(["30 2 * * *"], after_s, BERLIN)
        days.append(datetime.fromtimestamp(after_s, BERLIN).date().toordinal())
    assert days == list(range(days[0], days[0] + 730))


def test_the_time_zone_decides_when_three_o_clock_is() -> None:
    noon_s = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()
    assert next_run_s(["0 3 * * *"], noon_s, BERLIN) == datetime(2026, 7, 2, 1, tzinfo=UTC).timestamp()
    assert next_run_s(["0 3 * * *"], noon_s, zone_named("UTC")) == datetime(2026, 7, 2, 3, tzinfo=UTC).timestamp()


def test_of_several_patterns_the_next_counts() -> None:
    noon_s = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()
    assert next_run_s(["0 3 * * *", "0 18 * * *"], noon_s, zone_named("UTC")) == noon_s + 6 * 3600


@pytest.mark.parametrize("pattern", ["0 3 * * *", "*/15 8-18 * * MON-FRI", "0 0 L * *", "adaptive", *NICKNAMES])
def test_good_patterns_are_taken(pattern: str) -> None:
    check_patterns([pattern])


@pytest.mark.parametrize(
    "pattern",
    ["", "daily", "@reboot", "0 3 * *", "0 0 3 * * *", "60 3 * * *", "0 24 * * *", "0 0 31 2 *", "0 0 * * MON#1/2"],
)
def test_a_bad_pattern_is_refused_with_an_example(pattern: str) -> None:
    with pytest.raises(ValueError, match=r'Write it as "0 3 \* \* \*"'):
        check_patterns([pattern])


@given(st.lists(st.text("0123456789*/,-#LWMONSUJAN", max_size=8), min_size=5, max_size=5))
def test_any_text_is_a_pattern_with_a_next_run_or_refused(fields: list[str]) -> None:
    pattern = " ".join(fields)
    try:
        check_patterns([pattern])
    except ValueError:
        return
    now_s = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()
    assert next_run_s([pattern], now_s, BERLIN) > now_s


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "/etc/passwd", "../UTC"])
def test_an_unknown_time_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        zone_named(name)
