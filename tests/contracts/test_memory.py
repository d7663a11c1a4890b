"""Every promise of ``rag.recall.memory.Memory``, over real databases, graphs and key-value stores."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from indexer.sources.config import RecallConfig, SourceConfig
from indexer.sources.errors import SourceError
from indexer.sources.graph.source import GraphSource
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.entries.memory import EntryMemory
from rag.recall.graph.memory import GraphMemory
from rag.recall.memory import Memory
from rag.recall.tables.memory import TableMemory
from tests.support.memcached import memcached_url
from tests.support.ports import free_ports
from tests.support.postgres import postgres_database, postgres_url
from tests.support.redis import redis_url

__all__ = ["memcached_url", "postgres_database", "postgres_url", "redis_url"]

LIMITS = RecallLimits(timeout_s=5.0, refresh_s=0.001)
RDF = "http://www.w3.org/2000/01/rdf-schema#"


@dataclass(frozen=True)
class Kept:
    """A memory over a source; ``put`` sets the warranty of the kettle, for these groups, ``question`` asks for it."""

    memory: Memory
    put: Callable[[str, str], None]
    question: str
    gone: Callable[[], Memory]


def table(url: str) -> Iterator[Kept]:
    from sqlalchemy import create_engine, text

    engine = create_engine(url)

    def put(warranty: str, groups: str) -> None:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM product"))
            row = {"warranty": warranty, "groups": groups}
            connection.execute(text("INSERT INTO product VALUES ('k1', 'Kettle', :warranty, :groups)"), row)

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE product (id TEXT, name TEXT, warranty TEXT, seen_by TEXT)"))
    config = SourceConfig(name="kept", url=url, table="product", key=("id",), access_field="seen_by")
    far = f"postgresql+psycopg://a:b@127.0.0.1:{free_ports(1)[0]}/x"
    with closing(TableMemory(config, LIMITS)) as memory:
        yield Kept(
            memory,
            put,
            "What is the warranty of the kettle?",
            lambda: TableMemory(SourceConfig(name="kept", url=far, table="product", key=("id",)), LIMITS),
        )
    engine.dispose()


def entries(url: str) -> Iterator[Kept]:
    is_memcached = url.startswith("memcached")
    prefix, keys = "memory_test:", ("kettle",) if is_memcached else ()
    key, waits = f"{prefix}kettle", {"noreply": False} if is_memcached else {}
    client: Any
    if is_memcached:
        from pymemcache.client.base import Client

        client = Client(url.removeprefix("memcached://"))
    else:
        import redis

        client = redis.Redis.from_url(url)

    def put(warranty: str, groups: str) -> None:
        answer = f"The warranty is {warranty}."
        entry = {"question": "How long is the warranty?", "answer": answer, "seen_by": groups}
        client.set(key, json.dumps(entry), **waits)

    config = SourceConfig(name="kept", kind="key-value", url=url, prefix=prefix, keys=keys, access_field="seen_by")
    far = f"{url.partition(':')[0]}://127.0.0.1:{free_ports(1)[0]}"
    with closing(EntryMemory(config, LIMITS)) as memory:
        yield Kept(
            memory,
            put,
            "how long is the warranty",
            lambda: EntryMemory(SourceConfig(name="kept", kind="key-value", url=far, keys=keys), LIMITS),
        )
    client.delete(key, **waits)
    client.close()


def graph(folder: Path) -> Iterator[Kept]:
    file = folder / "graph.ttl"
    made: list[GraphMemory] = []

    def config(groups: str) -> SourceConfig:
        return SourceConfig(name="kept", kind="graph", url=str(file), access=tuple(filter(None, groups.split(","))))

    class Changing:
        """A graph has one access list for all of it, which is part of its configuration."""

        name, kind = "kept", GraphMemory.kind

        def recall(self, asked: Asked, groups: tuple[str, ...] | None) -> Any:
            return made[-1].recall(asked, groups)

        def close(self) -> None:
            made[-1].close()

    def put(warranty: str, groups: str) -> None:
        file.write_text(f'<http://x/k> <{RDF}label> "Kettle" ; <http://x/warranty> "{warranty}" .')
        with GraphSource(config(groups), folder / "graph").reading():
            made.append(GraphMemory(config(groups), folder / "graph", LIMITS))

    broken = folder / "broken" / "v1"
    broken.mkdir(parents=True)
    (broken.parent / "present").write_text("v1")
    yield Kept(
        Changing(), put, "What is the warranty of the kettle?", lambda: GraphMemory(config(""), broken.parent, LIMITS)
    )


@pytest.fixture(
    params=["sqlite", "postgresql", pytest.param("redis", marks=pytest.mark.redis), "memcached", "graph"],
)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    match request.param:
        case "sqlite":
            yield from table(f"sqlite:///{tmp_path / 'kept.db'}")
        case "postgresql":
            url = request.getfixturevalue("postgres_database")
            yield from table(url.replace("postgresql://", "postgresql+psycopg://", 1))
        case "graph":
            yield from graph(tmp_path)
        case _:
            yield from entries(request.getfixturevalue(f"{request.param}_url"))


def test_it_says_what_its_source_holds_now_and_quotes_it(kept: Kept) -> None:
    for warranty in ("two years", "five years"):
        kept.put(warranty, "")
        (found,) = kept.memory.recall(Asked(kept.question), None)
        assert warranty in found.text
        assert (found.memory, found.kind) == ("kept", kept.memory.kind)
        assert 0.9 <= found.score <= 1
        assert found.reason
        (evidence,) = found.statements[0].evidence
        assert warranty in evidence.quote
        assert evidence.passage.text[evidence.start :].startswith(evidence.quote)
        assert evidence.passage.head.url.startswith("record:kept/")


def test_what_an_asker_may_not_see_is_not_said(kept: Kept) -> None:
    kept.put("two years", "staff,board")
    assert kept.memory.recall(Asked(kept.question), None) == []
    assert kept.memory.recall(Asked(kept.question), ("guests",)) == []
    assert len(kept.memory.recall(Asked(kept.question), ("guests", "staff"))) == 1


@pytest.mark.parametrize(
    "question",
    [
        "How do I clean the filter of the kettle?",
        "",
        "?",
        "'; DROP TABLE product; --",
        "' OR 1=1 --",
        "long " * 5_000,
        "What is the warranty of the toaster?",
    ],
)
def test_a_question_about_something_else_gets_nothing(kept: Kept, question: str) -> None:
    kept.put("two years", "")
    assert kept.memory.recall(Asked(question), None) == []


def test_many_may_ask_at_once(kept: Kept) -> None:
    kept.put("two years", "")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept.memory.recall(Asked(kept.question), None)[0].text, range(32)))
    assert all("two years" in text for text in found)


def test_a_source_that_is_not_there_is_named(kept: Kept) -> None:
    with closing(kept.gone()) as memory, pytest.raises(SourceError, match="source kept: "):
        memory.recall(Asked(kept.question), None)


def test_words_of_the_configuration_are_understood(tmp_path: Path) -> None:
    from sqlalchemy import create_engine, text

    url = f"sqlite:///{tmp_path / 'x.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE product (id TEXT, name TEXT, w TEXT)"))
        connection.execute(text("INSERT INTO product VALUES ('1', 'Kettle', 'two years')"))
    engine.dispose()
    words = RecallConfig(words={"w": ("warranty",)})
    config = SourceConfig(name="x", url=url, table="product", key=("id",), recall=words)
    with closing(TableMemory(config)) as memory:
        (found,) = memory.recall(Asked("What warranty does the kettle have?"), None)
    assert found.text == "The warranty of Kettle is two years."
