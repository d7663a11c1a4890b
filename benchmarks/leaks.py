"""Random documents, groups, askers and questions over every path that tells of documents: how many leaks are there?

``python -m benchmarks.leaks --asked 10000 --json`` makes an index of documents each of which holds words that nothing
else does, asks for them by every path with every key, and counts the answers with a word that their asker may not see.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
ROUNDS = 10
"""Questions asked of each set of documents."""


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
    """A server over random documents, and those who ask it."""

    client: TestClient
    documents: list[Written]
    askers: list[Someone]
    rng: random.Random


@dataclass
class Tally:
    """``asked`` answers were looked through; ``leaks`` say which path told whom what."""

    asked: int = 0
    leaks: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


@contextmanager
def world(folder: Path, seed: int) -> Iterator[World]:
    """A new one, of its own for each seed."""
    rng = random.Random(seed)
    documents = [written(number, rng) for number in range(DOCUMENTS)]
    config = Config(
        data=folder,
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


def misspelt(word: str, rng: random.Random) -> str:
    """The word with two letters changed for each other: what corrects it must not tell that it is there."""
    at = rng.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


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
        (
            "POST",
            "/1/indexes/*/queries",
            {"json": {"requests": [{"query": query, "facets": ["*"]}]}},
        ),
        ("POST", "/api/as/v1/engines/pages/search.json", {"json": {"query": query}}),
        ("POST", "/search-ui/search", {"json": {"state": {"searchTerm": query}, "queryConfig": {"facets": {}}}}),
        ("POST", "/search-ui/autocomplete", {"json": {"state": {"searchTerm": aim.secrets[0][:5]}, "queryConfig": {}}}),
        ("GET", "/api/v1/search", {"params": {"q": misspelt(aim.secrets[0], world.rng)}}),
        ("GET", "/api/v1/search", {"params": {"q": words, "collapse": "false", "unfinished": "true"}}),
        ("GET", f"/documents/{head.doc_id}", {}),
        ("GET", "/", {"params": {**shared, "answer": "1"}}),
        ("GET", "/", {"params": {}}),
        ("GET", "/health", {}),
    ]


def ask_once(world: World, tally: Tally) -> None:
    """One question by every path, by every asker."""
    for method, path, options in requests(world):
        sent = path + json.dumps(options)
        for asker in world.askers:
            headers = {**options.get("headers", {}), **asker.headers}
            answer = world.client.request(method, path, **{**options, "headers": headers})
            tally.asked += 1
            tally.statuses[answer.status_code] += 1
            for one in world.documents:
                if not one.is_for(asker.groups, asker.sites):
                    # What the asker said itself is repeated to it.
                    told = [word for word in one.secrets if word in answer.text and word not in sent]
                    if told:
                        tally.leaks.append(f"{method} {path} {options} told {told} to {asker.groups} {asker.sites}")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description="Looks for leaks of restricted documents.")
    parser.add_argument("--asked", type=int, default=10_000, help="how many answers to look through at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    tally, seed, began = Tally(), chosen.seed, time.perf_counter()
    while tally.asked < chosen.asked:
        with TemporaryDirectory() as folder, world(Path(folder), seed) as opened:
            for _ in range(ROUNDS):
                ask_once(opened, tally)
        seed += 1
    report = {
        "answers": tally.asked,
        "leaks": len(tally.leaks),
        "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
        "documents": DOCUMENTS * (seed - chosen.seed),
        "seconds": round(time.perf_counter() - began, 1),
    }
    if chosen.json:
        print(json.dumps(report))
    else:
        print(f"{report['leaks']} leaks in {tally.asked:,} answers, {report['statuses']}, {report['seconds']} s")
    for leak in tally.leaks[:10]:
        print(leak)
    raise SystemExit(bool(tally.leaks))


if __name__ == "__main__":
    main()
