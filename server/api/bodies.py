"""What programs send to the HTTP API: query parameters and JSON bodies, and the Query they become."""

from typing import Annotated

from fastapi import Query as Parameter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from indexer.store import Filters
from ranker.config import RankConfig
from ranker.query import Query
from server.doors.asker import Asker
from server.request import MODES, SORTS, make_filters, make_query, parse_metadata

Values = Annotated[list[str] | None, Parameter()]

# For the OpenAPI document; what is refused, and in which words, is said where a query is checked.
PAGE: JsonDict = {"minimum": 1}
SIZE: JsonDict = {"minimum": 0, "maximum": RankConfig().max_page_size}
SORT: JsonDict = {"enum": list(SORTS)}
MODE: JsonDict = {"enum": [*MODES, None]}

Session = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z0-9_-]{8,128})?$",
        description="Names a conversation, so that follow-ups are understood; make it hard to guess",
    ),
]


class FilterBody(BaseModel):
    """Values inside one field are alternatives; fields are combined with AND."""

    model_config = ConfigDict(extra="forbid")

    site: list[str] = []
    path: list[str] = Field(default=[], description="Path prefixes by whole segments")
    language: list[str] = []
    source: list[str] = []
    metadata: dict[str, list[str]] = {}
    modified_from: str | None = Field(default=None, alias="from", description="ISO 8601, inclusive")
    modified_before: str | None = Field(default=None, alias="before", description="ISO 8601, exclusive")

    def filters(self, asker: Asker) -> Filters:
        """As the packages want them, for this asker. Raises BadQuery, Forbidden."""
        return asker.narrowed(make_filters(**self.model_dump()))


class SearchBody(BaseModel):
    """A search."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "open a file", "filters": {"site": ["a.example"]}}]}
    )

    query: str = ""
    page: int = Field(default=1, json_schema_extra=PAGE)
    size: int = Field(default=10, json_schema_extra=SIZE)
    sort: str = Field(default="relevance", json_schema_extra=SORT)
    facets: list[str] = Field(default=[], description="site, path, language, source or metadata.KEY")
    mode: str | None = Field(default=None, json_schema_extra=MODE)
    unfinished: bool = Field(default=False, description="The last word is still being typed")
    corrects: bool = Field(default=True, description="False: words that the index lacks are taken as they are")
    steered: bool = Field(default=True, description="False: synonyms, pins and boosts of the settings do not count")
    collapse: bool = Field(default=True, description="False: pages that say the same are results of their own")
    filters: FilterBody = FilterBody()

    def as_query(self, asker: Asker) -> Query:
        """Raises BadQuery naming the value that is none of the known ones, Forbidden."""
        return make_query(
            self.query,
            self.filters.filters(asker),
            page=self.page,
            size=self.size,
            sort=self.sort,
            facets=self.facets,
            mode=self.mode,
            is_unfinished=self.unfinished,
            corrects=self.corrects,
            is_steered=self.steered,
            collapses=self.collapse,
        )


class AnswerBody(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"question": "How do I open a file?"}]})

    question: str
    session: Session = ""
    filters: FilterBody = FilterBody()


async def filter_parameters(
    site: Values = None,
    path: Values = None,
    language: Values = None,
    source: Values = None,
    meta: Annotated[list[str] | None, Parameter(description="KEY=VALUE")] = None,
    modified_from: Annotated[str | None, Parameter(alias="from", description="ISO 8601, inclusive")] = None,
    modified_before: Annotated[str | None, Parameter(alias="before", description="ISO 8601, exclusive")] = None,
) -> FilterBody:
    """The filters of a URL: every parameter may occur several times."""
    values = {
        "site": site or [],
        "path": path or [],
        "language": language or [],
        "source": source or [],
        "metadata": {key: list(found) for key, found in parse_metadata(meta or []).items()},
        "from": modified_from,
        "before": modified_before,
    }
    return FilterBody.model_validate(values)
