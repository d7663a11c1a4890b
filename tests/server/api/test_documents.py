"""Pushed documents: found without a crawl, replaced, taken out of everything, and never lost."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head, doc_id_of
from indexer.facts.keep import READ_FILE
from indexer.facts.read_pages import read_pages
from rag.config import AnswerConfig
from rag.recall.config import RecallLimits
from server.app import create_app
from server.assemble import key_file, open_store
from server.crawling import rebuilding
from server.doors.scope import Scope
from server.installation import Installation
from server.page_facts import read_facts
from server.places import facts_path, pushed_path
from server.pushing.drain import AlsoPushed, drain
from server.pushing.spool import Spool
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from server.settings.doors import LimitsConfig

PATH = "/api/v1/documents"
OTTER = {"id": "otter", "title": "The otter", "text": "The otter eats crayfish in the river."}
HERON = {"id": "heron", "title": "The heron", "text": "The heron stands in the shallows."}


@dataclass
class Served:
    """A server whose pushes are taken in when the test says so."""

    client: TestClient
    installation: Installation
    config: Config

    def key(self, *scopes: Scope, **held: Any) -> dict[str, str]:
        _, secret = key_file(self.config).create("key", scopes, **held)
        return {"Authorization": f"Bearer {secret}"}

    def push(self, *documents: object, headers: dict[str, str], method: str = "POST", query: str = "") -> Any:
        lines = "\n".join(document if isinstance(document, str) else json.dumps(document) for document in documents)
        headers = {**headers, "Content-Type": "application/x-ndjson"}
        return self.client.request(method, PATH + query, content=lines, headers=headers)

    def settle(self) -> None:
        """Everything that waits is done when this returns."""
        assert self.installation.pushes().take_in()

    def titles(self, query: str) -> list[str]:
        found = self.client.get("/api/v1/search", params={"q": query, "mode": "lexical"}).json()
        return [hit["title"] for hit in found.get("hits", [])]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    # Tests take in what waits themselves, so that none depends on when a thread comes to it.
    monkeypatch.setattr("server.pushing.pushes.Pushes._work", lambda _: None)
    config = Config(
        data=tmp_path,
        answer=AnswerConfig(recall=RecallLimits(refresh_s=1e-9)),
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        serve=ServeConfig(public=True, limits=LimitsConfig(max_push_bytes=2000)),
    )
    with (
        Installation(config) as installation,
        TestClient(create_app(installation), raise_server_exceptions=False) as client,
    ):
        yield Served(client, installation, config)


def test_a_pushed_document_needs_no_crawl(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    pushed = served.push(OTTER, HERON, headers=headers)
    assert pushed.status_code == 202
    job = pushed.json()
    assert (job["state"], job["documents"], job["waiting"], job["refused"]) == ("waiting", 2, 2, 0)
    served.settle()
    done = served.client.get(f"/api/v1/jobs/{job['job']}", headers=headers).json()
    assert (done["state"], done["documents"], done["waiting"], done["failed"]) == ("done", 2, 0, [])
    assert served.titles("crayfish") == ["The otter"]
    hit = served.client.get("/api/v1/search?mode=lexical&q=crayfish").json()["hits"][0]
    assert hit["source"] == "push"
    assert "crayfish" in served.client.get(hit["url"]).text


def test_a_thread_takes_in_what_comes(tmp_path: Path) -> None:
    config = Config(data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"))
    _, secret = key_file(config).create("key", [Scope.PUSH, Scope.SEARCH])
    headers = {"X-API-Key": secret}
    with Installation(config) as installation, TestClient(create_app(installation)) as client:
        job = client.post(PATH, json=OTTER, headers=headers).json()["job"]
        while client.get(f"/api/v1/jobs/{job}?wait_s=30", headers=headers).json()["state"] != "done":
            # On a slow machine.
            continue
        assert client.get("/api/v1/search?mode=lexical&q=crayfish", headers=headers).json()["total"] == 1


def test_facts_follow_what_is_pushed_and_deleted(served: Served) -> None:
    def held() -> list[tuple[str, str]]:
        served.settle()
        served.installation.pushes().follow_up()
        with read_pages(facts_path(served.config) / READ_FILE) as pages:
            return [(row.subject, row.value) for row in pages.rows()]

    headers = served.key(Scope.PUSH)
    served.push(OTTER, headers=headers)
    assert not facts_path(served.config).exists()
    served.settle()
    with closing(open_store(served.config, is_writing=False)) as store:
        read_facts(served.config, store)
    founded = {"id": "works", "title": "Works", "text": "The Kettle Works was founded in {}."}
    served.push({**founded, "text": "The Kettle Works was founded in 1991."}, headers=headers)
    assert held() == [("Kettle Works", "1991")]
    served.push({**founded, "text": "The Kettle Works was founded in 1987."}, headers=headers)
    assert held() == [("Kettle Works", "1987")]
    served.client.request("DELETE", PATH + "/works", headers=headers)
    assert held() == []


def test_a_bad_line_is_told_and_takes_no_other_with_it(served: Served) -> None:
    lines = [OTTER, "", "{broken", {"id": "a", "text": "x", "acess": ["staff"]}, HERON, [1], {"id": "b"}]
    answer = served.push(*lines, headers=served.key(Scope.PUSH)).json()
    assert (answer["documents"], answer["refused"]) == (2, 4)
    assert [(bad["line"], bad["id"]) for bad in answer["errors"]] == [(3, ""), (4, "a"), (6, ""), (7, "b")]
    assert "Did you mean 'access'" in answer["errors"][1]["cure"]
    assert all(bad["what"] and bad["cure"] for bad in answer["errors"])


@pytest.mark.parametrize("body", [OTTER, [OTTER], {"documents": [OTTER]}])
def test_json_is_a_document_or_a_list_of_them(served: Served, body: object) -> None:
    answer = served.client.post(PATH, json=body, headers=served.key(Scope.PUSH))
    assert (answer.status_code, answer.json()["documents"]) == (202, 1)


@pytest.mark.parametrize(
    ("content", "sent", "status"),
    [
        (b"{", {"Content-Type": "application/json"}, 400),
        (b"", {"Content-Type": "application/json"}, 400),
        (b"[]", {"Content-Type": "application/json"}, 400),
        (b'{"id": "a"}', {"Content-Type": "application/x-ndjson"}, 400),
        (b"x", {"Content-Type": "text/csv"}, 415),
        (b"x", {}, 415),
        (b"x", {"Content-Type": "application/json", "Content-Encoding": "br"}, 415),
        (b"no gzip", {"Content-Type": "application/json", "Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[1]")[:-4], {"Content-Type": "application/json", "Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[" + b" " * 1_000_000), {"Content-Type": "application/json", "Content-Encoding": "gzip"}, 413),
        (b"x" * 2001, {"Content-Type": "application/json"}, 413),
    ],
)
def test_what_cannot_be_read_is_refused(served: Served, content: bytes, sent: dict[str, str], status: int) -> None:
    answer = served.client.post(PATH, content=content, headers={**served.key(Scope.PUSH), **sent})
    assert answer.status_code == status
    assert answer.json()["error"]["what"]
    assert not Spool(pushed_path(served.config)).exists()


def test_a_body_may_come_as_gzip(served: Served) -> None:
    headers = {**served.key(Scope.PUSH), "Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = served.client.post(PATH, content=gzip.compress(json.dumps(OTTER).encode()), headers=headers)
    assert answer.status_code == 202


def test_the_same_id_replaces_and_the_last_of_a_push_counts(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    served.push(OTTER, headers=headers)
    served.settle()
    served.push({**OTTER, "text": "It eats frogs."}, {**OTTER, "text": "It eats eels."}, headers=headers)
    served.settle()
    assert served.titles("crayfish") == []
    assert served.titles("eels") == ["The otter"]


def test_a_change_while_it_is_indexed_is_not_forgotten(served: Served) -> None:
    headers, spool = served.key(Scope.PUSH), Spool(pushed_path(served.config))
    served.push(OTTER, headers=headers)
    rows = spool.todo(10)
    served.push({**OTTER, "text": "It eats eels."}, headers=headers)
    spool.done(rows, {})
    assert spool.waiting() == 1


def test_what_is_deleted_is_in_nothing_any_more(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    served.push(OTTER, HERON, {**OTTER, "id": "http/slashes", "url": "https://a.example/a?b=c"}, headers=headers)
    served.settle()
    for path in ("otter", "http/slashes", "nothing"):
        answer = served.client.delete(f"{PATH}/{path}", headers=headers)
        assert answer.status_code == 202
        assert answer.json()["unknown"] == (["nothing"] if path == "nothing" else [])
    served.settle()
    assert served.titles("crayfish") == []
    assert served.client.get("/api/v1/suggest?q=ott").json()["suggestions"] == []
    assert served.client.get("/api/v1/answer?q=What+does+the+otter+eat").json()["citations"] == []
    facets = served.client.get("/api/v1/search?q=&facet=source").json()["facets"]
    assert facets == {"source": [{"value": "push", "count": 1}]}
    assert served.client.get("/health").json()["parts"]["store"]["documents"] == 1
    assert [one["id"] for one in served.client.get(PATH, headers=headers).json()["documents"]] == ["heron"]


def test_many_are_deleted_at_once(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    served.push(OTTER, HERON, headers=headers)
    served.settle()
    answer = served.client.post(f"{PATH}/delete", json={"ids": ["otter", "heron", "tern"]}, headers=headers)
    assert (answer.json()["documents"], answer.json()["unknown"]) == (2, ["tern"])
    served.settle()
    assert served.client.get("/api/v1/search?q=").json()["total"] == 0
    assert served.client.post(f"{PATH}/delete", json={"ids": []}, headers=headers).status_code == 400


def test_put_is_all_that_the_source_holds(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    served.push(OTTER, HERON, headers=headers, query="?source=docs")
    served.push({**OTTER, "id": "other"}, headers=headers, query="?source=shop")
    served.settle()
    broken = served.push(HERON, "{", headers=headers, method="PUT", query="?source=docs")
    assert broken.status_code == 400
    assert "Line 2" in broken.json()["error"]["what"]
    assert served.push(HERON, headers=headers, method="PUT", query="?source=docs").status_code == 202
    served.settle()
    listed = served.client.get(f"{PATH}?source=docs", headers=headers).json()["documents"]
    assert [(one["id"], one["state"]) for one in listed] == [("heron", "indexed")]
    assert served.client.get("/api/v1/search?mode=lexical&q=otter&source=shop").json()["total"] == 1
    assert served.client.get("/api/v1/search?mode=lexical&q=otter&source=docs").json()["total"] == 0


def test_documents_are_listed_page_by_page(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    served.push(*({"id": f"{number:02d}", "text": "x"} for number in range(5)), headers=headers)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = served.client.get(PATH, params={"size": 2, "after": after}, headers=headers).json()
        seen += [one["id"] for one in page["documents"]]
        after = page["next"]
    assert seen == ["00", "01", "02", "03", "04"]


def test_a_key_pushes_into_its_own_source_and_sites_alone(served: Served) -> None:
    docs = served.key(Scope.PUSH, sources=["docs"])
    assert served.push(OTTER, headers=docs).json()["source"] == "docs"
    shop = served.key(Scope.PUSH, sources=["shop"])
    job = served.push(OTTER, headers=docs).json()["job"]
    for method, path in (("GET", PATH), ("DELETE", f"{PATH}/otter")):
        answer = served.client.request(method, path, params={"source": "docs"}, headers=shop)
        assert answer.status_code == 403, path
    assert served.client.get(f"/api/v1/jobs/{job}", headers=shop).status_code == 404
    assert served.push(OTTER, headers=shop, query="?source=docs").status_code == 403
    on_a = served.key(Scope.PUSH, sites=["a.example"])
    page = {"id": "p", "text": "x", "url": "https://a.example/p"}
    answer = served.push(page, {**page, "url": "https://b.example/p"}, headers=on_a).json()
    assert (answer["documents"], answer["refused"]) == (1, 1)
    on_b = served.key(Scope.PUSH, sites=["b.example"])
    taken = served.push({**page, "url": "https://b.example/p"}, headers=on_b)
    assert taken.status_code == 400
    assert "taken by another site" in taken.json()["error"]["what"]
    assert served.client.delete(f"{PATH}/p", headers=on_b).json()["unknown"] == ["p"]
    assert served.client.get(PATH, headers=on_b).json()["documents"] == []
    assert served.push(headers=on_b, method="PUT").json()["documents"] == 0
    assert served.push(page, headers=served.key(Scope.PUSH), query="?source=web").status_code == 400


def test_crawled_and_pushed_documents_of_one_url_do_not_touch_each_other(served: Served) -> None:
    url = "https://a.example/otter"
    served.push({"url": url, "title": "Pushed", "text": "The otter."}, headers=served.key(Scope.PUSH))
    served.settle()
    text = "The otter of the crawl."
    crawled = Document(Head(doc_id_of(url), url, "Crawled", "h", "a.example"), (Section(text, end_char=len(text)),))
    with Installation(served.config, is_writing=True) as writing:
        writing.indexer().index([crawled])
        assert sorted(served.titles("otter")) == ["Crawled", "Pushed"]
        writing.indexer().delete([doc_id_of(url)])
    assert served.titles("otter") == ["Pushed"]
    served.client.delete(f"{PATH}/{url}", headers=served.key(Scope.PUSH))
    served.settle()
    assert served.titles("otter") == []


def test_access_lists_hold_for_pushed_documents(served: Served) -> None:
    served.push({**OTTER, "access": ["staff"]}, headers=served.key(Scope.PUSH))
    served.settle()
    assert served.titles("crayfish") == []
    staff = served.key(Scope.SEARCH, groups=["staff"])
    assert served.client.get("/api/v1/search?mode=lexical&q=crayfish", headers=staff).json()["total"] == 1


def test_what_is_pushed_while_a_crawl_writes_goes_in_with_it(served: Served) -> None:
    served.push(OTTER, headers=served.key(Scope.PUSH))
    spool = Spool(pushed_path(served.config))
    with Installation(served.config, is_writing=True) as writing:
        AlsoPushed(writing.indexer(), spool).index([])
    assert spool.waiting() == 0
    assert served.titles("crayfish") == ["The otter"]


def test_what_was_pushed_is_in_an_index_made_anew(served: Served) -> None:
    served.push(OTTER, headers=served.key(Scope.PUSH))
    served.settle()
    with Installation(served.config, is_writing=True) as writing, rebuilding(writing):
        pass
    assert served.titles("crayfish") == ["The otter"]
    served.settle()
    assert served.client.get("/api/v1/search?q=").json()["total"] == 1


def test_while_another_process_writes_the_job_says_so(served: Served) -> None:
    headers = served.key(Scope.PUSH)
    job = f"/api/v1/jobs/{served.push(OTTER, headers=headers).json()['job']}"
    with closing(open_store(served.config, is_writing=True)):
        assert not served.installation.pushes().take_in()
        told = served.client.get(job, headers=headers).json()
        assert (told["state"], "is writing to the index" in told["problem"]) == ("waiting", True)
    served.settle()
    told = served.client.get(job, headers=headers).json()
    assert (told["state"], told["problem"]) == ("done", "")


def test_a_document_that_no_store_takes_keeps_no_other_waiting(served: Served) -> None:
    from indexer.errors import StoreRefused
    from indexer.sink import IndexReport

    class Picky:
        """Refuses whole batches with an otter in them, as a store does."""

        def index(self, documents: Any) -> IndexReport:
            if any("otter" in document.head.title for document in documents):
                raise StoreRefused("no otters")
            return IndexReport(indexed=len(documents))

        def delete(self, doc_ids: Any) -> int:
            return len(doc_ids)

    headers = served.key(Scope.PUSH)
    job = served.push(OTTER, HERON, headers=headers).json()["job"]
    drain(Spool(pushed_path(served.config)), Picky())
    told = served.client.get(f"/api/v1/jobs/{job}", headers=headers).json()
    assert (told["state"], told["failed"]) == ("done", [{"id": "otter", "what": "no otters"}])


def test_a_local_server_takes_no_push_without_a_key(served: Served) -> None:
    config = replace(served.config, serve=ServeConfig())
    with Installation(config) as installation, TestClient(create_app(installation)) as client:
        assert client.post(PATH, json=OTTER).status_code == 401
