"""What the Elasticsearch store promises beyond the contract: aliases, retries, refusals, whole documents, security."""

import base64
import hashlib
import os
import subprocess
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from indexer.document import Head
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.store import ElasticsearchStore
from indexer.errors import ManifestMismatch, StoreRefused, StoreUnavailable
from indexer.store import Filters, StoreCount
from tests.contracts.store_documents import DIM, MANIFEST, encoded, head_of, vector_of
from tests.support.elasticsearch import NotAvailable, home, running
from tests.support.elasticsearch_proxy import Answer, Proxy, proxy_to
from tests.support.need import missing

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def config(elasticsearch_url: str) -> ElasticsearchConfig:
    return ElasticsearchConfig(hosts=(elasticsearch_url,), index=f"recollect-test-{uuid.uuid4().hex}")


@pytest.fixture
def store(config: ElasticsearchConfig) -> Iterator[ElasticsearchStore]:
    store = ElasticsearchStore(config)
    store.check(MANIFEST)
    yield store
    store.drop()
    store.close()


@pytest.fixture
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url) as client:
        yield client


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    with proxy_to(elasticsearch_url) as proxy:
        yield proxy


@pytest.fixture
def behind(proxy: Proxy, store: ElasticsearchStore, config: ElasticsearchConfig) -> Iterator[ElasticsearchStore]:
    """The same index, seen through the proxy."""
    behind = ElasticsearchStore(replace(config, hosts=(proxy.url,), max_retries=0, retry_s=20))
    yield behind
    behind.close()


def titles(store: ElasticsearchStore) -> list[str]:
    return sorted(head.title for head in store.scan())


# -- the index ---------------------------------------------------------------------------------------------------------


def test_an_alias_stands_before_a_numbered_index(
    store: ElasticsearchStore, config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    assert list(client.indices.get_alias(name=config.index).body) == [f"{config.index}-000001"]


def test_many_may_make_the_index_at_once(config: ElasticsearchConfig) -> None:
    stores = [ElasticsearchStore(config) for _ in range(6)]
    errors: list[Exception] = []

    def make(one: ElasticsearchStore) -> None:
        try:
            one.check(MANIFEST)
        except Exception as error:  # noqa: BLE001 - looked at below
            errors.append(error)

    threads = [threading.Thread(target=make, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    stores[0].drop()
    for one in stores:
        one.close()


def test_a_rebuild_takes_the_place_of_the_index_at_its_end(
    store: ElasticsearchStore, config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    store.replace([encoded("a", "old fox", title="old")])
    other = replace(MANIFEST, encoder="other")
    with store.rebuild(other) as fresh:
        fresh.check(other)
        fresh.replace([encoded("b", "new fox", title="new")])
        assert titles(store) == ["old"]
    assert titles(store) == ["new"]
    assert store.manifest() == other
    assert list(client.indices.get(index=f"{config.index}-*").body) == [f"{config.index}-000002"]


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(
    store: ElasticsearchStore, config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    store.replace([encoded("a", "old fox", title="old")])
    with pytest.raises(ZeroDivisionError), store.rebuild(MANIFEST) as fresh:
        fresh.replace([encoded("b", "new fox", title="new")])
        raise ZeroDivisionError
    assert titles(store) == ["old"]
    assert list(client.indices.get(index=f"{config.index}-*").body) == [f"{config.index}-000001"]


def test_an_index_of_the_schema_before_is_refused_in_one_line_that_names_the_command(
    store: ElasticsearchStore, config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    store.replace([encoded("a", "old fox", title="old")])
    meta = client.indices.get_mapping(index=config.index).body[f"{config.index}-000001"]["mappings"]["_meta"]
    meta["recollect"]["schema"] -= 1
    client.indices.put_mapping(index=config.index, meta=meta)
    with pytest.raises(
        ManifestMismatch, match=r"made by an earlier version of Recollect \(schema 1, here 2\)"
    ) as refused:
        store.check(MANIFEST)
    assert "recollect crawl URL --rebuild" in refused.value.cure
    with store.rebuild(MANIFEST) as fresh:
        fresh.replace([encoded("b", "new fox", title="new")])
    store.check(MANIFEST)
    assert titles(store) == ["new"]


def test_an_index_of_somebody_else_is_left_alone(config: ElasticsearchConfig, client: Elasticsearch) -> None:
    client.indices.create(index=config.index)
    store = ElasticsearchStore(config)
    with pytest.raises(StoreRefused, match="not made by Recollect"):
        store.check(MANIFEST)
    store.close()
    client.indices.delete(index=config.index)


def test_an_absent_index_is_named_with_the_cure(config: ElasticsearchConfig) -> None:
    store = ElasticsearchStore(config)
    for read in (store.count, lambda: store.candidates("fox", None, 5), lambda: list(store.scan())):
        with pytest.raises(StoreRefused, match=f"{config.index} .*does not exist.*Index something first"):
            read()
    store.close()


# -- whole documents ---------------------------------------------------------------------------------------------------


def test_a_document_that_is_not_whole_has_no_content_hash(
    store: ElasticsearchStore, config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    documents = [encoded("a", "one", "two", "three"), encoded("b", "one", "two"), encoded("empty")]
    store.replace(documents)
    ids = [document.head.doc_id for document in documents]
    assert set(store.content_hashes(ids)) == set(ids)
    client.delete(index=config.index, id=f"{ids[0]}-00002", routing=ids[0], refresh=True)
    assert set(store.content_hashes(ids)) == set(ids[1:])
    store.replace([documents[0]])
    assert set(store.content_hashes(ids)) == set(ids)


def test_passages_left_by_a_writer_that_died_are_removed(
    store: ElasticsearchStore, config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    """They are not visible yet: that writer never came to show its batch."""
    doc_id = head_of("a").doc_id
    source = {"doc_id": doc_id, "passage_id": f"{doc_id}-00007", "kind": "passage", "access": ["*"]}
    client.index(index=config.index, id=f"{doc_id}-00007", routing=doc_id, document=source)
    store.replace([encoded("a", "one")])
    assert store.count() == StoreCount(1, 1)


def test_large_batches_travel_in_parts_but_documents_whole(
    proxy: Proxy, store: ElasticsearchStore, config: ElasticsearchConfig
) -> None:
    small = ElasticsearchStore(replace(config, hosts=(proxy.url,), max_bulk_bytes=30_000))
    documents = [encoded(str(n), *(f"passage {i} " + "x" * 2000 for i in range(4))) for n in range(6)]
    documents.append(encoded("large", *(f"passage {i} " + "x" * 2000 for i in range(30))))
    small.replace(documents)
    sizes = [size for _, path, size in proxy.requests if "_bulk" in path]
    assert len(sizes) == 4
    assert [size for size in sizes if size > 30_000] == sizes[-1:]
    assert small.count() == StoreCount(7, 54)
    small.close()


def test_a_document_the_index_cannot_hold_is_named_and_leaves_nothing_behind(store: ElasticsearchStore) -> None:
    good, bad = encoded("good", "a fox"), encoded("bad", "a fox", "a dog")
    store.replace([good, bad])
    wrong = replace(bad, vectors=np.vstack([np.ones((1, DIM + 1)), np.ones((1, DIM + 1))]).astype(np.float32))
    with pytest.raises(StoreRefused, match=bad.head.doc_id):
        store.replace([wrong, good])
    assert set(store.content_hashes([good.head.doc_id, bad.head.doc_id])) == {good.head.doc_id}
    assert store.count() == StoreCount(1, 1)


@pytest.mark.parametrize(
    "vectors", [np.zeros((0, DIM), np.float32), np.full((1, DIM), np.nan, np.float32)], ids=["missing", "not a number"]
)
def test_a_document_with_wrong_vectors_is_refused_before_anything_is_sent(
    store: ElasticsearchStore, vectors: np.ndarray
) -> None:
    store.replace([encoded("a", "old")])
    with pytest.raises(StoreRefused, match=head_of("a").doc_id):
        store.replace([encoded("b", "new"), replace(encoded("a", "new"), vectors=vectors)])
    assert [c.passage.text for c in store.candidates("", None, 5).lexical] == ["old"]


def test_a_passage_without_direction_is_found_by_words_alone(store: ElasticsearchStore) -> None:
    store.replace([encoded("a", "a fox", vectors=[np.zeros(DIM, np.float32)])])
    found = store.candidates("fox", vector_of("fox"), 5)
    assert (len(found.lexical), len(found.dense)) == (1, 0)


def test_a_value_too_long_to_filter_by_is_kept(store: ElasticsearchStore) -> None:
    store.replace([encoded("a", "a fox", metadata={"long": "é" * 20_000})])
    (candidate,) = store.candidates("fox", None, 5).lexical
    assert candidate.passage.head.metadata["long"] == "é" * 20_000


# -- a cluster in trouble ----------------------------------------------------------------------------------------------


def busy(times: int, path: str, status: int = 429) -> tuple[list[int], object]:
    """What a proxy's ``intercept`` does to be busy for the first requests to a path; the list counts them."""
    seen: list[int] = []

    def intercept(_: str, asked: str) -> Answer | None:
        if path not in asked or len(seen) >= times:
            return None
        seen.append(status)
        body = b'{"error":{"type":"es_rejected_execution_exception","reason":"queue is full"},"status":429}'
        return status, {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}, body

    return seen, intercept


@pytest.mark.parametrize("status", [429, 503])
def test_writing_waits_for_a_busy_cluster(proxy: Proxy, behind: ElasticsearchStore, status: int) -> None:
    seen, intercept = busy(2, "_bulk", status)
    proxy.intercept = intercept  # type: ignore[assignment]
    behind.replace([encoded("a", "a fox")])
    assert seen == [status, status]
    assert behind.count() == StoreCount(1, 1)


def test_writing_to_a_cluster_that_stays_busy_ends_in_an_error_worth_a_retry(
    proxy: Proxy, store: ElasticsearchStore, config: ElasticsearchConfig
) -> None:
    _, proxy.intercept = busy(99, "_bulk")  # type: ignore[assignment]
    hasty = ElasticsearchStore(replace(config, hosts=(proxy.url,), max_retries=0, retry_s=0.2))
    with pytest.raises(StoreUnavailable, match="queue is full"):
        hasty.replace([encoded("a", "a fox")])
    hasty.close()


def test_a_part_of_a_batch_that_is_refused_for_now_is_sent_again(proxy: Proxy, behind: ElasticsearchStore) -> None:
    answers = [
        b'{"errors":true,"took":1,"items":[{"index":{"_id":"x-00000","status":429,"error":{"type":"es_rejected_execution_'
        b'exception","reason":"queue is full"}}}]}'
    ]

    def intercept(_: str, path: str) -> Answer | None:
        if "_bulk" not in path or not answers:
            return None
        return 200, {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}, answers.pop()

    proxy.intercept = intercept
    behind.replace([encoded("a", "a fox")])
    assert behind.count() == StoreCount(1, 1)


def test_reading_is_tried_again(proxy: Proxy, store: ElasticsearchStore, config: ElasticsearchConfig) -> None:
    store.replace([encoded("a", "a fox")])
    seen, proxy.intercept = busy(2, "_msearch", 503)  # type: ignore[assignment]
    patient = ElasticsearchStore(replace(config, hosts=(proxy.url,), max_retries=3))
    assert len(patient.candidates("fox", None, 5).lexical) == 1
    assert len(seen) == 2
    patient.close()


def test_a_server_that_is_away_is_named(config: ElasticsearchConfig) -> None:
    away = ElasticsearchStore(replace(config, hosts=("http://127.0.0.1:9",), max_retries=0))
    for call in (away.manifest, away.count, lambda: away.candidates("fox", None, 5), lambda: away.delete(["a"])):
        with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9 does not answer"):
            call()
    away.close()


def test_a_server_that_is_something_else_is_refused(proxy: Proxy, config: ElasticsearchConfig) -> None:
    proxy.intercept = lambda method, path: (200, {"Content-Type": "application/json"}, b"{}")
    other = ElasticsearchStore(replace(config, hosts=(proxy.url,), max_retries=0))
    with pytest.raises(StoreRefused, match="not an Elasticsearch server"):
        other.count()
    other.close()


# -- asking ------------------------------------------------------------------------------------------------------------


def test_both_lists_come_in_one_round_trip_without_vectors(proxy: Proxy, behind: ElasticsearchStore) -> None:
    behind.replace([encoded("a", "a fox")])
    proxy.requests.clear()
    found = behind.candidates("fox", vector_of("fox"), 5)
    assert (len(found.lexical), len(found.dense)) == (1, 1)
    assert [path for _, path, _ in proxy.requests] == [path for _, path, _ in proxy.requests if "_msearch" in path]
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{i}" for i in range(1500)),
        "fox " * 2500,
        "数据库" * 1200,
        "🦊🐺🐻" * 800,
        '"a b" ' * 1600,
        '"' + "one two three " * 700 + '"',
        "a.b-c_d/" * 1200,
        "ไทย" * 1000,
    ],
    ids=["distinct", "repeated", "cjk", "emoji", "phrases", "one phrase", "punctuation", "unspaced"],
)
def test_a_long_query_fits_with_every_language_in_use(store: ElasticsearchStore, text: str) -> None:
    from indexer.languages import STEMMED

    codes = [*STEMMED, "zh", "vi"]
    words = " ".join(f"word{i}" for i in range(1500))
    store.replace([encoded(code, f"fox 数据库 {words}", title=words[:2000], language=code) for code in codes])
    store.candidates(text, vector_of(text), 5)
    store.facets(text, ["language"])


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("en", "Use os.path.join to build it", "join path"),
        ("en", "The runner's café", "cafes runners"),
        ("en", "To be or not to be", "to be or not to be"),
        ("en", "To be or not to be", '"not to be"'),
        ("de", "Die Häuser der Stadt", "haus"),
        ("fr", "l'économie de la région", "économies"),
        ("es", "las canciones", "canción"),
        ("zh", "我喜欢猫", "猫"),
        ("ja", "東京都に住んでいます", "東京"),
        ("ko", "데이터베이스를 검색합니다", "데이터"),
        ("ru", "красивые дома", "дом"),
        ("el", "οι άνθρωποι", "άνθρωπος"),
        ("vi", "cơ sở dữ liệu", "dữ liệu"),
        ("en", "ｆｕｌｌ width ﬁne", "full fine"),
    ],
)
def test_words_are_found_in_their_language(store: ElasticsearchStore, language: str, text: str, typed: str) -> None:
    store.replace([encoded("right", text, language=language), encoded("other", "Something else altogether")])
    assert [c.passage.text for c in store.candidates(typed, None, 5).lexical][:1] == [text]


# -- security ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Secured:
    url: str
    certificate: Path
    client: Elasticsearch

    def key(self, *privileges: str) -> str:
        """An API key with these privileges on docs and docs-*."""
        indices = [{"names": ["docs", "docs-*"], "privileges": list(privileges)}]
        answer = self.client.security.create_api_key(
            name="test", role_descriptors={"test": {"cluster": [], "indices": indices}}
        )
        return str(answer["encoded"])


SECURITY = """\
xpack.security.enabled: true
xpack.security.enrollment.enabled: false
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate: certificate.pem
xpack.security.http.ssl.key: key.pem
"""
PASSWORD = "a password: ü@/"


def pbkdf2(password: str) -> str:
    salt = os.urandom(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return "{PBKDF2}10000$" + "$".join(base64.b64encode(part).decode() for part in (salt, key))


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A server with TLS and one user, ``admin``."""
    try:
        server = home()
    except NotAvailable as error:
        missing(error.what, error.install)
    folder = tmp_path_factory.mktemp("secured")
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", names, "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    subprocess.run(make, check=True, capture_output=True)
    files = {name: (folder / name).read_text() for name in ("key.pem", "certificate.pem")}
    files |= {"users": f"admin:{pbkdf2(PASSWORD)}\n", "users_roles": "superuser:admin\n"}
    with running(server, SECURITY, files=files, scheme="https") as (url, _):
        certificate = folder / "certificate.pem"
        login = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        with Elasticsearch(url, basic_auth=login, ca_certs=str(certificate)) as client:
            yield Secured(url, certificate, client)


def secured_store(secured: Secured, **more: object) -> ElasticsearchStore:
    config = ElasticsearchConfig((secured.url,), "docs", ca_certs=str(secured.certificate), max_retries=0)
    return ElasticsearchStore(replace(config, **more))  # type: ignore[arg-type]  # fields of the config


def test_a_key_with_the_documented_privileges_can_do_everything(secured: Secured) -> None:
    store = secured_store(secured, api_key=secured.key("read", "write", "manage"))
    store.check(MANIFEST)
    store.replace([encoded("a", "a fox", access=("staff",))])
    with store.rebuild(MANIFEST) as fresh:
        fresh.replace([encoded("a", "a fox", access=("staff",)), encoded("b", "a dog")])
    assert store.delete([head_of("b").doc_id]) == 1
    reader = secured_store(secured, api_key=secured.key("read", "view_index_metadata"))
    assert reader.manifest() == MANIFEST
    assert len(reader.candidates("fox", vector_of("fox"), 5, Filters(groups=("staff",))).lexical) == 1
    assert reader.count().documents == len(list(reader.scan())) == 1
    assert reader.suggest("fox") == []
    assert reader.facets("fox", ["site"], Filters(groups=("staff",))) == {"site": [("example.com", 1)]}
    with pytest.raises(StoreRefused, match="lacks the privilege"):
        reader.replace([encoded("a", "a fox")])
    reader.close()
    store.drop()
    store.close()


def test_a_user_with_a_password_and_one_with_a_wrong_one(secured: Secured) -> None:
    store = secured_store(secured, username="admin", password=PASSWORD)
    assert store.manifest() is None
    store.close()
    wrong = secured_store(secured, username="admin", password="wrong")
    with pytest.raises(StoreRefused, match="does not accept these credentials") as caught:
        wrong.manifest()
    assert "wrong" not in str(caught.value)
    wrong.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(secured: Secured) -> None:
    store = secured_store(secured, ca_certs="", username="admin", password=PASSWORD)
    with pytest.raises(StoreRefused, match=r"certificate that is not trusted.*ca_certs"):
        store.manifest()
    store.close()


def test_a_missing_certificate_file_is_named(secured: Secured) -> None:
    with pytest.raises(StoreRefused, match=r"nowhere\.pem"):
        secured_store(secured, ca_certs="/nowhere.pem")


def test_heads_keep_everything(store: ElasticsearchStore) -> None:
    document = encoded("a", "a fox", metadata={"a.b": "c", "": "empty key"}, access=("x",), description="d")
    store.replace([document])
    heads: list[Head] = list(store.scan())
    assert heads == [document.head]
