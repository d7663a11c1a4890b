"""Synonyms, stop words, pins and boosts: tried out on a query, both orders side by side, then saved."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from crawler.errors import RecollectError
from ranker.steering import BoostConfig, PinConfig, SteerConfig, SynonymConfig
from server.admin.desk import Desk
from server.admin.entry.sessions import Session
from server.admin.form import Posted
from server.admin.guard import PREFIX, At, Change, Someone
from server.admin.pages.explain import query_of
from server.admin.render import page, see
from server.admin.rules.compare import placed
from server.admin.rules.save import save_rules, version_of
from server.errors import BadInput
from server.opening import opened_results

SYNONYM_FIELDS = ("words", "means", "language", "site")
PIN_FIELDS = ("queries", "first", "hidden", "language", "site")
BOOST_FIELDS = ("times", "site", "path", "language", "source", "metadata", "half_life_days")
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/steering")
def get_steering(desk: At, session: Someone, q: str = "", saved: str = "") -> Response:
    """The rules as they are."""
    rules = desk.backend.config.rank.steer
    return steering_page(desk, session, rules, q=q, saved="The rules are saved, and in use." if saved else "")


@router.post("/steering/preview")
def post_preview(desk: At, session: Someone, change: Change) -> Response:
    """The form as it was sent, and what it would change; it may be saved from there."""
    q = change.form.one("q")
    rules = rules_of(change.form)
    variables: dict[str, Any] = {"q": q, "is_preview": True}
    if q:
        try:
            query = query_of(q)
            now = opened_results(desk.backend.ranker().search(query), "").hits
            then = opened_results(desk.backend.ranker_by(rules).search(query), "").hits
            variables |= {"now": now, "then": then, "placed": placed(now, then)}
        except RecollectError as error:
            variables["problem"] = str(error)
    return steering_page(desk, session, rules, **variables)


@router.post("/steering/save")
def post_save(desk: At, change: Change) -> Response:
    """Write the rules into the config file, and search by them."""
    save_rules(desk, change.who, rules_of(change.form), change.form.one("version"))
    return see(f"{PREFIX}/steering?saved=1")


def steering_page(desk: Desk, session: Session, rules: SteerConfig, **more: Any) -> Response:
    """The form with these rules in it."""
    file = desk.config_file
    variables = {
        "rules": rules,
        "file": file,
        "version": version_of(file) if file else "",
        "is_preview": False,
        "problem": "",
        "q": "",
    }
    return page("steering", session, variables | more)


def rules_of(form: Posted) -> SteerConfig:
    """The rules in a form; rows that say nothing are left out. Raises BadInput naming the row."""

    def rows(kind: str, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
        columns = [form.all(f"{kind}_{name}") for name in names]
        if len({len(column) for column in columns}) > 1:
            raise BadInput("The form is not whole", "Load the page again")
        return zip(*columns, strict=True)

    synonyms = [
        _made("synonyms", place, partial(SynonymConfig, _listed(words), _listed(means), language, site))
        for place, (words, means, language, site) in enumerate(rows("synonym", SYNONYM_FIELDS), start=1)
        if words or means
    ]
    pins = [
        _made("pins", place, partial(PinConfig, _lines(queries), _lines(first), _lines(hidden), language, site))
        for place, (queries, first, hidden, language, site) in enumerate(rows("pin", PIN_FIELDS), start=1)
        if queries or first or hidden
    ]
    boosts = [
        _made("boosts", place, partial(_boost, row))
        for place, row in enumerate(rows("boost", BOOST_FIELDS), start=1)
        if any(row)
    ]
    return SteerConfig(tuple(synonyms), _listed(form.one("stop_words")), tuple(pins), tuple(boosts))


def _boost(row: Sequence[str]) -> BoostConfig:
    times, site, path, language, source, metadata, half_life = row
    half_life_days = _number(half_life, "half-life") if half_life else None
    return BoostConfig(_number(times, "times"), site, path, language, source, metadata, half_life_days)


def _number(text: str, name: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise ValueError(f"{name} is {text!r}, expected a number") from error


def _made(kind: str, place: int, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except ValueError as error:
        raise BadInput(f"{kind}, row {place}: {error}", "Go back and mend it") from error


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split(",") if (word := part.strip()))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.splitlines() if (word := line.strip()))
