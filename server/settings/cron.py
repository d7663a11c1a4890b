"""When a site is due, by cron patterns in a time zone: pure functions."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

ADAPTIVE = "adaptive"
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
"""The nicknames of crontab(5); ``@reboot`` has no meaning here."""

EXAMPLES = 'Write it as "0 3 * * *" (minute, hour, day, month, weekday), "@daily" or "adaptive"'
_EPOCH = datetime(2000, 1, 1)


def check_patterns(patterns: Sequence[str]) -> None:
    """Raise ValueError, with what is wrong and an example, unless every pattern names moments that come."""
    if ADAPTIVE in patterns and len(patterns) > 1:
        raise ValueError("schedule is adaptive or has patterns, not both")
    for pattern in patterns:
        if pattern == ADAPTIVE:
            continue
        try:
            if len(_five_fields(pattern).split()) != 5:
                raise CronSimError("Wrong number of fields")
            next(CronSim(_five_fields(pattern), _EPOCH))
        # CronSim asserts what it takes for granted, and compares what cannot be: "MON#1/2", "1,MON#1/2".
        except (CronSimError, AssertionError, TypeError, ValueError, StopIteration) as error:
            why = str(error).lower() if isinstance(error, CronSimError) else "no such moment comes"
            raise ValueError(f"schedule {pattern!r}: {why}. {EXAMPLES}") from error


def zone_named(name: str) -> tzinfo:
    """The time zone of this name; ValueError with an example where there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise _unknown_zone(name) from error
    except KeyError as error:
        raise _unknown_zone(name) from error


def _unknown_zone(name: str) -> ValueError:
    return ValueError(f"time_zone {name!r} is unknown. Write it as Europe/Berlin or UTC")


def next_run_s(patterns: Sequence[str], after_s: float, zone: tzinfo) -> float:
    """The first moment of any pattern later than ``after_s`` (both in seconds since 1970).

    As cron does it, a moment that a clock change leaves out comes right after the change, and one that it repeats comes
    once; patterns with a ``*`` in minute or hour follow the clock instead.
    """
    return min(_next_run_s(_five_fields(pattern), after_s, zone) for pattern in patterns)


def _next_run_s(pattern: str, after_s: float, zone: tzinfo) -> float:
    # In a repeated hour CronSim counts from its first pass, which may lie before.
    moments = (moment.timestamp() for moment in CronSim(pattern, datetime.fromtimestamp(after_s, zone)))
    return next(moment_s for moment_s in moments if moment_s > after_s)


def _five_fields(pattern: str) -> str:
    return NICKNAMES.get(pattern.strip().lower(), pattern)
