"""When a site is crawled: by the settings, by patterns of its own, or not until somebody wants it."""

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from server.admin.form import Posted
from server.admin.guard import PREFIX, At, Change, Someone
from server.admin.render import page, see
from server.errors import BadInput
from server.ledger.record import Timing
from server.schedule import control
from server.settings.config import Config
from server.settings.cron import ADAPTIVE, next_run_s, zone_named

SHOWN_MOMENTS = 5
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/timing")
def get_timing(desk: At, session: Someone, site: str = "", saved: str = "") -> Response:
    """The form of one site, and its next moments."""
    config = desk.backend.config
    timing = control.decided(config, site)
    settings = next(one for one in config.all_sites() if one.name == site).schedule
    holds = settings if timing.schedule is None else timing.schedule
    variables = {
        "site": site,
        "timing": timing,
        "settings": settings,
        "holds": holds,
        "zone": config.scheduler.time_zone,
        "moments": moments(config, holds),
        "is_kept": bool(config.broker) or control.is_kept(config),
        "saved": "It holds from now on." if saved else "",
    }
    return page("timing", session, variables)


@router.post("/timing")
def post_timing(desk: At, change: Change) -> Response:
    """Decide it."""
    name, timing = change.form.one("site"), timing_in(change.form)
    before = control.decide(desk.backend.config, name, timing)
    if before != timing:
        desk.audit.note(change.who, f"change the schedule of {name}", told(before), told(timing))
    return see(f"{PREFIX}/timing?saved=1&site={name}")


def timing_in(form: Posted) -> Timing:
    """What a form says. Raises BadInput."""
    is_paused, kind = bool(form.one("paused")), form.one("kind")
    if kind == "settings":
        return Timing(None, is_paused)
    if kind == "never":
        return Timing((), is_paused)
    patterns = tuple(line.strip() for line in form.one("patterns").splitlines() if line.strip())
    if kind != "own" or not patterns:
        raise BadInput("No moment is named", "Write a pattern such as 0 3 * * *, or choose another way")
    return Timing(patterns, is_paused)


def told(timing: Timing) -> dict[str, object]:
    """As the audit log tells it."""
    schedule = "as in the settings" if timing.schedule is None else list(timing.schedule) or "never by itself"
    return {"schedule": schedule, "paused": timing.is_paused}


def moments(config: Config, patterns: tuple[str, ...]) -> list[str]:
    """The next moments that patterns name, in the schedule's time zone."""
    if not patterns or patterns == (ADAPTIVE,):
        return []
    zone = zone_named(config.scheduler.time_zone)
    found = [next_run_s(patterns, datetime.now(zone).timestamp(), zone)]
    while len(found) < SHOWN_MOMENTS:
        found.append(next_run_s(patterns, found[-1], zone))
    return [datetime.fromtimestamp(moment_s, zone).strftime("%a %Y-%m-%d %H:%M") for moment_s in found]
