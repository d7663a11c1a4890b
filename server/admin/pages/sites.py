"""Sites: how their crawls stand, starting and stopping them, and what became of a URL."""

import time

from fastapi import APIRouter
from starlette.responses import Response

from crawler.errors import RecollectError
from crawler.outcome import Reason
from crawler.visit.refusals import Refusals
from server.admin.guard import PREFIX, At, Change, Someone
from server.admin.render import page, see
from server.crawl_memory import crawl_counts
from server.places import refusals_path
from server.probe.history import explained
from server.schedule import control
from server.schedule.status import schedule_status

SHOWN = 100
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/")
def get_sites(desk: At, session: Someone, saved: str = "") -> Response:
    """Every site with its crawl; the script asks for this page again while one is under way."""
    config = desk.backend.config
    sites = schedule_status(config, time.time)
    variables = {
        "sites": sites,
        "is_live": any(site["state"] != "idle" for site in sites),
        "counts": crawl_counts(config),
        "saved": {"started": "The crawl begins.", "stopped": "The crawl ends at its next page."}.get(saved, ""),
    }
    return page("sites", session, variables)


@router.post("/sites/start")
def post_start(desk: At, change: Change) -> Response:
    """Crawl a site now."""
    name = change.form.one("site")
    control.start(desk.backend.config, name)
    desk.audit.note(change.who, f"start the crawl of {name}")
    return see(f"{PREFIX}/?saved=started")


@router.post("/sites/stop")
def post_stop(desk: At, change: Change) -> Response:
    """End its crawl."""
    name = change.form.one("site")
    control.stop(desk.backend.config, name, change.who)
    desk.audit.note(change.who, f"stop the crawl of {name}")
    return see(f"{PREFIX}/?saved=stopped")


@router.get("/why")
def get_why(desk: At, session: Someone, url: str = "") -> Response:
    """What became of a URL, and what decided."""
    known, problem = None, ""
    try:
        known = explained(desk.backend.config, url.strip()) if url.strip() else None
    except RecollectError as error:
        problem = str(error)
    return page("why", session, {"url": url, "known": known, "problem": problem})


@router.get("/refused")
def get_refused(desk: At, session: Someone, reason: str = "") -> Response:
    """What crawls left out last, and the pages that could not be indexed."""
    refusals = Refusals(refusals_path(desk.backend.config))
    counts = refusals.counts()
    wanted = next((known for known in counts if known == reason), None)
    found = refusals.last(SHOWN, wanted)
    variables = {"counts": counts, "reason": wanted or "", "found": found, "set_aside": Reason.SET_ASIDE}
    return page("refused", session, variables)
