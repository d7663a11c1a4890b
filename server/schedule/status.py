"""Where each site's crawls stand, as a document and in words."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, tzinfo
from typing import Any

from server.assemble import schedule_ledger
from server.ledger.record import Record, Timing
from server.places import has_schedule
from server.schedule.plan import Clock, due_s, timed
from server.settings.config import Config
from server.settings.cron import zone_named
from server.settings.sites import SiteConfig

Json = dict[str, Any]


def schedule_status(config: Config, clock: Clock) -> list[Json]:
    """One entry for each site; times are ISO 8601 in the schedule's time zone. Raises StoreUnavailable."""
    sites, now_s = config.all_sites(), clock()
    if not sites or not has_schedule(config):
        return [_site_status(config, site, Record(site.name), Timing(), now_s, is_running=False) for site in sites]
    with closing(schedule_ledger(config)) as ledger:
        return [
            _site_status(
                config,
                site,
                ledger.record(site.name),
                ledger.timing(site.name),
                now_s,
                is_running=ledger.is_held(site.name),
            )
            for site in sites
        ]


def _site_status(
    config: Config, site: SiteConfig, record: Record, timing: Timing, now_s: float, *, is_running: bool
) -> Json:
    zone = zone_named(config.scheduler.time_zone)
    next_s = None if record.run_id else due_s(site, record, now_s, config.scheduler, timing)
    return {
        "name": site.name,
        "seeds": list(site.seeds),
        "schedule": list(timed(site, timing).schedule),
        "paused": timing.is_paused,
        "priority": site.priority,
        "state": "running" if is_running else "waiting" if record.run_id else "idle",
        "started": _iso(record.started_s, zone),
        "finished": _iso(record.finished_s, zone),
        "outcome": record.outcome or None,
        "detail": record.detail,
        "counts": dict(record.running if record.run_id else record.counts),
        "next": _iso(max(next_s, now_s), zone) if next_s is not None else None,
    }


def _iso(moment_s: float, zone: tzinfo) -> str | None:
    return datetime.fromtimestamp(moment_s, zone).isoformat(timespec="seconds") if moment_s else None


def print_status(sites: list[Json], echo: Callable[[str], None]) -> None:
    """Three lines for each site, four where its last run left something undone."""
    for site in sites:
        for line in site_lines(site):
            echo(line)


def site_lines(site: Json) -> list[str]:
    """One site of ``schedule_status`` in words."""
    lines = [f"{site['name']}  {', '.join(site['schedule']) or 'no schedule'}  (priority {site['priority']})"]
    if site["paused"]:
        lines[0] += "  paused"
    last = f"{site['outcome']} {site['finished']}" if site["outcome"] else "never"
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in site["counts"].items() if count)
    if site["state"] == "idle":
        lines.append(f"  last  {last}" + (f": {counts}" if counts else ""))
    else:
        lines.append(f"  last  {last}")
        since = f"{site['state']} since {site['started'] or 'just now'}"
        lines.append(f"  now   {since}" + (f": {counts}" if counts else ""))
    if site["detail"]:
        lines.append(f"        {site['detail']}")
    if site["state"] == "idle":
        lines.append(f"  next  {site['next'] or 'when it is asked for: recollect schedule --now ' + site['name']}")
    return lines
