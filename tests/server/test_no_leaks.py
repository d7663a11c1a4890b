"""Random documents, groups, askers and questions over every path: nothing restricted shows to who may not see it."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.app import create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config

GROUPS = ("staff", "board", "sales", "a,b", "*", "")
WORDS = ("badger", "heron", "otter", "tern", "weasel", "marten")
SITES = ("one.example", "two.example")
DOCUMENTS = 60
QUESTIONS = 25


@dataclass(frozen=True)
class Written:
    """A document, and the words that stand in it alone."""

    document: Document
    secrets: tuple[str, ...]

    def is_for(self, groups: tuple[str, ...] | None, sites: tuple[str, ...]) -> bool:
        head = self.document.head
        # The group * stands for everybody.
        may_see = not head.access or bool(set(head.access) & {"*", *(groups or ())})
        return may_see and (not sites or head.site in sites)


@dataclass(frozen=True)
class Someone:
    """A caller, and what its key says of it."""

    headers: dict[str, str]
    groups: tuple[str, ...] | None
    sites: tuple[str, ...]


def written(number: int, rng: random.Random) -> Written:
    """Every text of a document holds words that nothing else does, so that a leak names itself."""
    own = [f"zq{number:03d}{part}" for part in ("title", "text", "head", "path", "meta", "desc")]
    title, text, heading, path, meta, description = own
    subject = rng.choice(WORDS)
    head = Head(
        f"{number:032x}",
        f"https://{SITES[number % 2]}/{path}/page.html",
        f"The {subject} {title}",
        f"h{number}",
        site=SITES[number % 2],
        path=f"/{path}/page.html",
        source=f"src{meta}",
        description=description,
        metadata={"team": meta},
        access=tuple(rng.sample(GROUPS[:5], rng.randint(0, 3))),
    )
    said = f"The {subject} of {text} eats {rng.choice(WORDS)} and sleeps in {text}. It weighs {number} pounds."
    return Written(
        Document(head, (Section(said, (f"Life of the {subject}", heading), heading, 0, len(said)),)), tuple(own)
    )


@dataclass(frozen=True)
class World:
    client: TestClient
    documents: list[Written]
    askers: list[Someone]
    rng: random.Random


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    rng = random.Random(request.param)
    documents = [written(number, rng) for number in range(DOCUMENTS)]
    config = Config(
        data=tmp_path_factory.mktemp("leaks"),
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        serve=ServeConfig(public=True, facets=("site", "path", "source", "metadata.team")),
    )
    keys = key_file(config)
    askers = [Someone({}, None, ())]
    for _ in range(8):
        groups = tuple(rng.sample(GROUPS, rng.randint(0, 2)))
        sites = tuple(rng.sample(SITES, rng.randint(0, 1)))
        _, secret = keys.create("one", [Scope.SEARCH, Scope.ANSWER, Scope.METRICS], groups=groups, sites=sites)
        askers.append(Someone({"Authorization": f"Bearer {secret}"}, groups, sites))
    with Installation(config, is_writing=True) as installation:
        installation.indexer().index([one.document for one in documents])
        with TestClient(create_app(installation)) as client:
            yield World(client, documents, askers, rng)


def call(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """A call of an MCP tool, as JSON-RPC."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    accept = "application/json, text/event-stream"
    return {"json": body, "headers": {"Accept": accept, "MCP-Protocol-Version": "2025-06-18"}}


def requests(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    """One question by every path, aimed at a document of which the asker may know nothing."""
    aim = world.rng.choice(world.documents)
    head = aim.document.head
    words = world.rng.choice(
        [aim.secrets[0], aim.secrets[1], world.rng.choice(WORDS), f"What does {aim.secrets[1]} eat?", ""]
    )
    query = world.rng.choice([words, f'"{words}"', head.title, f"the {words} {aim.secrets[2]}"])
    facets = ["site", "path", "language", "source", "metadata.team"]
    narrow = world.rng.choice(
        [{}, {"path": f"/{aim.secrets[3]}"}, {"meta": f"team={aim.secrets[4]}"}, {"site": head.site}]
    )
    shared: dict[str, Any] = {"q": query, **narrow}
    mode = world.rng.choice(["lexical", "dense", "hybrid", "rerank"])
    chat = {"model": "recollect", "messages": [{"role": "user", "content": query.strip('"') or "badger"}]}
    return [
        ("GET", "/api/v1/search", {"params": {**shared, "facet": facets, "mode": mode, "size": 50}}),
        ("GET", "/api/v1/search", {"params": {"q": "", "facet": facets, "size": 50, "sort": "newest"}}),
        ("POST", "/api/v1/search", {"json": {"query": query, "facets": facets}}),
        ("GET", "/api/v1/suggest", {"params": {**shared, "q": aim.secrets[0][:5]}}),
        ("GET", "/opensearch/suggest", {"params": {"q": aim.secrets[2]}}),
        ("GET", "/api/v1/answer", {"params": {**shared, "q": query.strip('"') or "badger"}}),
        (
            "GET",
            "/api/v1/answer",
            {"params": {"q": query.strip('"') or "badger"}, "headers": {"Accept": "text/event-stream"}},
        ),
        ("POST", "/v1/chat/completions", {"json": chat}),
        ("POST", "/v1/chat/completions", {"json": {**chat, "stream": True}}),
        ("POST", "/mcp", call("search", {"query": query, "size": 20})),
        ("POST", "/mcp", call("fetch", {"id": head.doc_id})),
        ("POST", "/mcp", call("ask", {"question": query or "badger"})),
        ("GET", "/", {"params": {**shared, "answer": "1"}}),
        ("GET", "/", {"params": {}}),
        ("GET", "/health", {}),
    ]


@pytest.mark.parametrize("round_", range(QUESTIONS))
def test_nothing_restricted_shows(world: World, round_: int) -> None:
    for method, path, options in requests(world):
        sent = json.dumps(options)
        for asker in world.askers:
            headers = {**options.get("headers", {}), **asker.headers}
            answer = world.client.request(method, path, **{**options, "headers": headers})
            assert answer.status_code in (200, 403), answer.text
            for one in world.documents:
                if not one.is_for(asker.groups, asker.sites):
                    # What the asker said itself is repeated to it.
                    leaked = [word for word in one.secrets if word in answer.text and word not in sent]
                    assert not leaked, (path, options, asker.groups, asker.sites, one.document.head.access)


def test_counts_are_those_of_what_each_may_see(world: World) -> None:
    for asker in world.askers:
        seen = sum(one.is_for(asker.groups, asker.sites) for one in world.documents)
        health = world.client.get("/health", headers=asker.headers).json()
        assert health["parts"]["store"]["documents"] == seen
        found = world.client.get("/api/v1/search?q=&size=100&facet=site", headers=asker.headers).json()
        assert found["total"] == seen
        assert sum(value["count"] for value in found["facets"]["site"]) == seen
        assert f"{seen} page" in world.client.get("/", headers=asker.headers).text
