"""Every promise of ``indexer.sources.source.Source``, on real databases, graphs and key-value stores."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from indexer.document import Document
from indexer.sources.config import SourceConfig
from indexer.sources.errors import SourceUnavailable
from indexer.sources.graph.source import GraphSource
from indexer.sources.key_value import KeyValueSource
from indexer.sources.source import BadRecord, Source
from indexer.sources.sql import SqlSource
from tests.support.memcached import memcached_url
from tests.support.ports import free_ports
from tests.support.postgres import postgres_database, postgres_url
from tests.support.redis import redis_url
from tests.support.sparql import endpoint

__all__ = ["memcached_url", "postgres_database", "postgres_url", "redis_url"]

_prefixes = itertools.count()
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@dataclass(frozen=True)
class Kept:
    """A source with a way to change what it holds: ``put`` a name under a key, ``drop`` a key, or ``spoil`` one."""

    source: Source
    put: Callable[[str, str], None]
    drop: Callable[[str], None]
    gone: Callable[[], Source]


def sql(url: str) -> Iterator[Kept]:
    from sqlalchemy import create_engine, text

    engine = create_engine(url)

    def run(statement: str, **values: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement), values)

    def put(key: str, name: str) -> None:
        run("DELETE FROM entry WHERE id = :id", id=key)
        run("INSERT INTO entry VALUES (:id, :name)", id=key, name=name)

    run("CREATE TABLE entry (id VARCHAR(50) PRIMARY KEY, name TEXT)")
    config = SourceConfig(name="kept", url=url, table="entry", key=("id",))
    source = SqlSource(config)
    far = f"postgresql+psycopg://a:b@127.0.0.1:{free_ports(1)[0]}/x"
    yield Kept(
        source,
        put,
        lambda key: run("DELETE FROM entry WHERE id = :id", id=key),
        lambda: SqlSource(SourceConfig(name="kept", url=far, table="entry", key=("id",))),
    )
    source.close()
    engine.dispose()


def key_value(url: str) -> Iterator[Kept]:
    prefix = f"test{next(_prefixes)}[*]:"
    keys = tuple("abcdefghi") if url.startswith("memcached") else ()
    config = SourceConfig(name="kept", kind="key-value", url=url, prefix=prefix, keys=keys, hidden=("key",))
    client: Any
    waits = {"noreply": False} if keys else {}
    if keys:
        from pymemcache.client.base import Client

        client = Client(url.removeprefix("memcached://"))
    else:
        import redis

        client = redis.Redis.from_url(url)
        client.set("another", "of somebody else")
    port = free_ports(1)[0]
    far = f"{url.partition(':')[0]}://127.0.0.1:{port}"
    yield Kept(
        KeyValueSource(config),
        lambda key, name: client.set(prefix + key, json.dumps({"name": name}), **waits),
        lambda key: client.delete(prefix + key, **waits),
        lambda: KeyValueSource(SourceConfig(name="kept", kind="key-value", url=far, keys=keys)),
    )
    client.close()


def key_value_file(folder: Path) -> Iterator[Kept]:
    path = folder / "kept.json"
    held: dict[str, dict[str, str]] = {}

    def put(key: str, name: str) -> None:
        held[key] = {"name": name}
        path.write_text(json.dumps(held))

    def drop(key: str) -> None:
        del held[key]
        path.write_text(json.dumps(held))

    path.write_text("{}")
    config = SourceConfig(name="kept", kind="key-value", url=f"file:{path}", hidden=("key",))
    far = replace(config, url=f"file:{folder / 'nowhere.json'}")
    yield Kept(KeyValueSource(config), put, drop, lambda: KeyValueSource(far))


def graph_files(folder: Path) -> Iterator[Kept]:
    files = folder / "rdf"
    files.mkdir()
    config = SourceConfig(name="kept", kind="graph", url=str(files))

    def put(key: str, name: str) -> None:
        (files / f"{key}.ttl").write_text(f'<http://x/{key}> <{LABEL}> "{name}" .')

    yield Kept(
        GraphSource(config, folder / "graph"),
        put,
        lambda key: (files / f"{key}.ttl").unlink(),
        lambda: GraphSource(replace(config, url=str(folder / "nowhere.ttl"))),
    )


def graph_endpoint(folder: Path) -> Iterator[Kept]:
    from pyoxigraph import Literal, NamedNode, Quad, Store

    store = Store()

    def drop(key: str) -> None:
        for quad in list(store.quads_for_pattern(NamedNode(f"http://x/{key}"), None, None)):
            store.remove(quad)

    def put(key: str, name: str) -> None:
        drop(key)
        store.add(Quad(NamedNode(f"http://x/{key}"), NamedNode(LABEL), Literal(name)))

    with endpoint(store) as url:
        config = SourceConfig(name="kept", kind="graph", url=url)
        far = replace(config, url=f"http://127.0.0.1:{free_ports(1)[0]}/query")
        yield Kept(GraphSource(config, folder / "graph"), put, drop, lambda: GraphSource(far))


@pytest.fixture(
    params=[
        "sqlite",
        "postgresql",
        pytest.param("redis", marks=pytest.mark.redis),
        "memcached",
        "json",
        "rdf",
        "sparql",
    ],
)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "sqlite":
        yield from sql(f"sqlite:///{tmp_path / 'kept.db'}")
    elif request.param == "json":
        yield from key_value_file(tmp_path)
    elif request.param == "rdf":
        yield from graph_files(tmp_path)
    elif request.param == "sparql":
        yield from graph_endpoint(tmp_path)
    elif request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
        yield from sql(url.replace("postgresql://", "postgresql+psycopg://", 1))
    else:
        yield from key_value(request.getfixturevalue(f"{request.param}_url"))


def read(source: Source) -> dict[str, Document]:
    with source.reading() as reading:
        found = list(reading.records(None))
    assert not [one for one in found if isinstance(one, BadRecord)]
    return {one.head.doc_id: one for one in found if isinstance(one, Document)}


def test_records_are_documents_of_the_source(kept: Kept) -> None:
    kept.put("a", "Alpha")
    kept.put("b", "Beta")
    documents = read(kept.source).values()
    assert sorted(document.head.title for document in documents) == ["Alpha", "Beta"]
    assert {document.head.source for document in documents} == {kept.source.name}
    assert all("name: " in document.text for document in documents)


def test_a_record_keeps_its_id_and_its_hash_tells_a_change(kept: Kept) -> None:
    kept.put("a", "Alpha")
    (before,) = read(kept.source).values()
    (same,) = read(kept.source).values()
    assert same == before
    kept.put("a", "Omega")
    (after,) = read(kept.source).values()
    assert (after.head.doc_id, after.head.url) == (before.head.doc_id, before.head.url)
    assert after.head.content_hash != before.head.content_hash


def test_the_ids_tell_what_is_gone(kept: Kept) -> None:
    kept.put("a", "Alpha")
    kept.put("b", "Beta")
    there = read(kept.source)
    kept.drop("a")
    with kept.source.reading() as reading:
        left = set(reading.doc_ids())
    assert {there[doc_id].head.title for doc_id in left} == {"Beta"}


def test_a_place_that_is_not_there_is_reported(kept: Kept) -> None:
    with pytest.raises(SourceUnavailable, match=r"source kept: .*does not answer"), kept.gone().reading() as reading:
        list(reading.records(None))


def test_an_empty_source_has_nothing(kept: Kept) -> None:
    assert read(kept.source) == {}
    with kept.source.reading() as reading:
        assert list(reading.doc_ids()) == []
