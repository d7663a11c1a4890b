"""/api/v1/rules: what steers searches, for programs; seen before it is saved."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from crawler.errors import RecollectError
from ranker.config import RankConfig
from ranker.steering import SteerConfig
from server.admin.desk import Desk
from server.admin.guard import At
from server.admin.rules.compare import Moved, Placed, placed
from server.admin.rules.save import save_rules, version_of
from server.api.access import Admin, Base, Served
from server.api.bodies import FilterBody
from server.api.parameters import known_parameters
from server.api.schemas.errors import ProblemSchema
from server.doors.asker import Asker
from server.errors import Forbidden
from server.opening import opened_results
from server.request import make_query
from server.settings.typed import build

SIZE = 10
EXAMPLE: JsonDict = {"pins": [{"queries": ["opening hours"], "first": ["https://example.com/visit"]}]}
router = APIRouter(prefix="/api/v1", tags=["rules"], dependencies=[Depends(known_parameters)])


def _read(sent: Any) -> SteerConfig:
    """The rules, held to what holds for those in a config file. Raises the error that names the one that is wrong."""
    try:
        return build(SteerConfig, sent, "rules")
    except RecollectError as error:
        raise PydanticCustomError("rules", "{what}", {"what": str(error).removeprefix("rules: ")}) from error


Rules = Annotated[SteerConfig, BeforeValidator(_read)]


class RulesBody(BaseModel):
    """All rules of `rank.steer`, in place of those there are."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"rules": EXAMPLE, "version": "5f1c..."}]}
    )

    rules: Rules
    version: str = Field(description="That of the rules which these are made from, as `GET` gives it")


class RulesSchema(BaseModel):
    """The rules that searches follow. `version` changes with the config file; empty where there is none."""

    rules: SteerConfig
    version: str


class PreviewBody(BaseModel):
    """Rules to try out on a query."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "opening hours", "rules": EXAMPLE}]}
    )

    query: str = Field(min_length=1)
    rules: Rules
    size: int = Field(default=SIZE, ge=1, le=RankConfig().max_page_size)
    filters: FilterBody = FilterBody()


class PlacedSchema(BaseModel):
    """A document with its places, from 1; null where it is not among the first `size`."""

    document_id: str
    url: str
    title: str
    before: int | None
    after: int | None
    moved: Moved


class PreviewSchema(BaseModel):
    """Both orders: the documents by the new rules, then those that are no longer among the first."""

    query: str
    placed: list[PlacedSchema]


CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemSchema, "description": "The config file was changed meanwhile"}
}


@router.get("/rules")
def get_rules(desk: At, asker: Admin) -> RulesSchema:
    """Synonyms, stop words, pinned and hidden pages, and boosts."""
    _check_all_sites(asker)
    return _rules(desk)


@router.put("/rules", responses=CONFLICT)
def put_rules(desk: At, asker: Admin, body: RulesBody) -> RulesSchema:
    """Write them into the config file, whose comments stay, and search by them from now on."""
    _check_all_sites(asker)
    save_rules(desk, f"key {asker.key_id}" if asker.key_id else "no key", body.rules, body.version)
    return _rules(desk)


@router.post("/rules/preview")
def post_preview(backend: Served, asker: Admin, base: Base, body: PreviewBody) -> PreviewSchema:
    """What these rules would change for a query; nothing is saved."""
    query = make_query(body.query, body.filters.filters(asker), size=body.size)
    now = opened_results(backend.ranker().search(query), base)
    then = opened_results(backend.ranker_by(body.rules).search(query), base)
    return PreviewSchema(query=body.query, placed=[_placed(one) for one in placed(now.hits, then.hits)])


def _rules(desk: Desk) -> RulesSchema:
    file = desk.config_file
    return RulesSchema(rules=desk.backend.config.rank.steer, version=version_of(file) if file else "")


def _check_all_sites(asker: Asker) -> None:
    if asker.sites:
        raise Forbidden("Rules hold for all sites, and this key is for some", "Use a key that is held to no site")


def _placed(one: Placed) -> PlacedSchema:
    head = one.hit.passage.head
    return PlacedSchema(
        document_id=head.doc_id, url=head.url, title=head.title, before=one.before, after=one.after, moved=one.moved
    )
