"""The OpenAPI document says what the API takes and gives: requests made from it get no answer that it does not name."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from crawler.page import Section
from indexer.document import Document, Head
from server.api.access import Needs
from server.app import ROUTERS, create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from server.settings.doors import LimitsConfig
from tests.support.need import missing

try:
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
except ImportError:
    missing("schemathesis", "pip install 'recollect[test]'")

EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    config = Config(
        data=tmp_path_factory.mktemp("openapi"),
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        # Texts may be as long as their schemas say.
        serve=ServeConfig(public=True, limits=LimitsConfig(max_body_bytes=100_000_000)),
    )
    text = "The badger eats earthworms. It digs long setts."
    head = Head("1" * 32, "https://a.example/badger", "Badger food", "h", site="a.example")
    with Installation(config, is_writing=True) as opened:
        opened.indexer().index([Document(head, (Section(text, ("Food",), "food", end_char=len(text)),))])
        yield opened


@pytest.fixture(scope="module")
def headers(installation: Installation) -> dict[str, str]:
    _, secret = key_file(installation.config).create("all", list(Scope))
    return {"X-API-Key": secret}


@pytest.fixture(scope="module")
def api(installation: Installation) -> Any:
    app = create_app(installation)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


BEYOND_SCHEMAS: dict[Any, dict[str, str]] = {
    positive_data_acceptance: {
        "GET /api/v1/search": "a page ends within rank.max_documents, facets and dates are of forms of their own",
        "POST /api/v1/search": "as above",
        "GET /api/v1/suggest": "dates, and metadata as KEY=VALUE",
        "GET /api/v1/answer": "a question has words",
        "POST /api/v1/answer": "as above",
        "POST /api/v1/documents": "a document has one content, and words",
        "PUT /api/v1/documents": "as above",
        "PUT /api/v1/rules": "there is no config file, and rules have forms of their own",
        "POST /api/v1/rules/preview": "a synonym has words, a pin pages, a language is a code",
        "POST /v1/embeddings": "numbers are OpenAI's tokens, which are another model's",
    },
    negative_data_rejection: {
        "POST /api/v1/rules/preview": "as in a config file, a value by itself is a list of one, too",
        "GET /api/v1/search": "in a query string one value is a list, too",
        "GET /api/v1/suggest": "as above",
        "GET /api/v1/answer": "as above",
    },
}
"""What is refused or taken although a schema would have it otherwise, and why no schema can say so."""


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_the_document_names(api: Any, headers: dict[str, str], mode: GenerationMode) -> None:
    check = positive_data_acceptance if mode is GenerationMode.POSITIVE else negative_data_rejection
    for found in api.get_all_operations():
        operation = found.ok()
        left_out = [check] if operation.label in BEYOND_SCHEMAS[check] else []
        # A route that takes nothing can be sent nothing wrong.
        with suppress(Unsatisfiable):
            check_answers(operation, headers, mode, left_out)


def check_answers(operation: Any, headers: dict[str, str], mode: GenerationMode, left_out: list[Any]) -> None:
    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=left_out)

    each()


def test_requests_that_follow_from_others_get_such_answers_too(api: Any, headers: dict[str, str]) -> None:
    class Flow(api.as_state_machine()):  # type: ignore[misc]  # made from the document
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            case.validate_response(response, excluded_checks=list(BEYOND_SCHEMAS))

    Flow.run(settings=settings(EXAMPLES, stateful_step_count=5))


def test_every_route_tells_its_answer_its_errors_and_its_door(installation: Installation) -> None:
    document = create_app(installation).openapi()
    assert {"bearer", "key"} == set(document["components"]["securitySchemes"])
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if not route.include_in_schema:
                continue
            needs = [one.call for one in route.dependant.dependencies if isinstance(one.call, Needs)]
            for method in route.methods or ():
                operation = document["paths"][route.path_format][method.lower()]
                done = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
                assert done, route.path
                for answer in done:
                    for kind, content in answer.get("content", {}).items():
                        assert content.get("schema") or kind in ("text/event-stream", "text/plain"), (route.path, kind)
                assert "422" not in operation["responses"]
                assert ("401" in operation["responses"]) == bool(needs) == ("security" in operation), route.path
                if needs:
                    assert f"`{needs[0].scope}`" in operation["description"]
