"""Synonyms, stop words, pins and boosts: tried out on a query, both orders side by side, then saved."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from crawler.errors import RecollectError
from ranker.hit import Hit
from ranker.steering import BoostConfig, PinConfig, SteerConfig, SynonymConfig
from server.admin.desk import Desk
from server.admin.entry.sessions import Session
from server.admin.form import Posted
from server.admin.guard import PREFIX, At, Change, Someone
from server.admin.pages.explain import query_of
from server.admin.render import page, see
from server.errors import BadInput
from server.opening import opened_results
from server.settings.steering import rules_json, write_rules

SYNONYM_FIELDS = ("words", "means", "language", "site")
PIN_FIELDS = ("queries", "first", "hidden", "language", "site")
BOOST_FIELDS = ("times", "site", "path", "language", "source", "metadata", "half_life_days")
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Placed:
    """A document of either order: its place now, its place by the new rules, None where it is on no first page."""

    hit: Hit
    before: int | None
    after: int | None

    @property
    def moved(self) -> str:
        """Which way it goes."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        return "up" if self.after < self.before else "down" if self.after > self.before else "same"


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
    rules = rules_of(change.form)
    file = desk.config_file
    if file is None:
        raise BadInput("There is no config file to write to", "Make one with: recollect init")
    with desk.saving:
        before = desk.backend.config.rank.steer
        if change.form.one("version") != version_of(file):
            raise BadInput(f"{file.name} was changed meanwhile", "Load the page again, and make your change anew")
        write_rules(file, rules)
        desk.backend.steer(rules)
    if rules != before:
        desk.audit.note(change.who, "change rank.steer", rules_json(before), rules_json(rules))
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


def version_of(file: Path) -> str:
    """Changes with the file's content. Raises BadInput where it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "none"
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}", "Check its permissions") from error


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


def placed(now: Sequence[Hit], then: Sequence[Hit]) -> list[Placed]:
    """The documents in their new order, then those that leave the page."""
    before = {hit.passage.head.doc_id: place for place, hit in enumerate(now, start=1)}
    after = {hit.passage.head.doc_id: place for place, hit in enumerate(then, start=1)}
    stay = [Placed(hit, before.get(hit.passage.head.doc_id), place) for place, hit in enumerate(then, start=1)]
    leave = [Placed(hit, place, None) for place, hit in enumerate(now, start=1) if hit.passage.head.doc_id not in after]
    return [*stay, *leave]


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
