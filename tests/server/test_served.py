"""Answers are remembered while the index is the same, for those who may see the same."""

from collections.abc import Iterator
from pathlib import Path
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
from tests.support.searches import noted

ASKED = {"q": "What does the badger eat?"}


def document(number: int, text: str, access: tuple[str, ...] = ()) -> Document:
    head = Head(f"{number:032x}", f"https://a.example/{number}", "Badger food", f"{text}", "a.example", access=access)
    return Document(head, (Section(text, end_char=len(text)),))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(
        data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"), serve=ServeConfig(public=True)
    )
    with Installation(config, is_writing=True) as opened:
        opened.indexer().index(
            [document(1, "The badger eats earthworms."), document(2, "The badger eats x.", ("staff",))]
        )
        yield opened


@pytest.fixture
def searches(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was really searched."""
    return noted(installation.ranker(), monkeypatch)


def shown(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("answer", "short", "citations", "blocks", "refused")}


def test_a_question_asked_again_is_answered_from_memory(installation: Installation, searches: list[str]) -> None:
    with TestClient(create_app(installation)) as client:
        first = client.get("/api/v1/answer", params=ASKED).json()
        assert shown(client.get("/api/v1/answer", params=ASKED).json()) == shown(first)
        stream = client.get("/api/v1/answer", params=ASKED, headers={"Accept": "text/event-stream"}).text
        assert [line for line in stream.splitlines() if line.startswith("event: ")][-1] == "event: done"
        assert len(searches) == 1
        client.get("/api/v1/answer", params={**ASKED, "site": "a.example"})
        assert len(searches) == 2


def test_a_change_of_the_index_forgets_it(installation: Installation, searches: list[str]) -> None:
    with TestClient(create_app(installation)) as client:
        assert client.get("/api/v1/answer", params=ASKED).json()["hits"]
        installation.indexer().delete([f"{1:032x}"])
        assert client.get("/api/v1/answer", params=ASKED).json()["hits"] == []
        assert len(searches) == 2


def test_nobody_gets_the_answer_of_who_sees_more(installation: Installation, searches: list[str]) -> None:
    _, secret = key_file(installation.config).create("one", [Scope.ANSWER], groups=["staff"])
    with TestClient(create_app(installation)) as client:
        staff = client.get("/api/v1/answer", params=ASKED, headers={"X-API-Key": secret}).json()
        assert len(staff["hits"]) == 2
        assert len(client.get("/api/v1/answer", params=ASKED).json()["hits"]) == 1
        assert len(searches) == 2


def test_none_is_kept_where_none_is_wanted(installation: Installation) -> None:
    from dataclasses import replace

    config = replace(installation.config, serve=ServeConfig(public=True, kept_answers=0))
    with Installation(config) as opened, TestClient(create_app(opened)) as client:
        for _ in range(2):
            client.get("/api/v1/answer", params=ASKED)
        assert "recollect_answer_cache_lookups_total{" not in client.get("/metrics").text
    with pytest.raises(ValueError, match="kept_answers"):
        ServeConfig(kept_answers=-1)


def test_what_was_done_is_counted(installation: Installation) -> None:
    _, secret = key_file(installation.config).create("one", list(Scope))
    headers = {"X-API-Key": secret}
    with TestClient(create_app(installation)) as client:
        for _ in range(3):
            client.get("/api/v1/answer", params=ASKED, headers=headers)
        client.get("/api/v1/answer?q=Who+is+zzyzx?", headers=headers)
        client.get("/api/v1/search?q=badger", headers=headers)
        client.post("/api/v1/documents", json=[{"id": "a", "text": "x"}, {"id": "b"}], headers=headers)
        client.post("/api/v1/documents", json=[{"id": "b"}], headers=headers)
        found = client.get("/metrics", headers=headers).text
    for line in (
        'recollect_answer_cache_lookups_total{result="hit"} 2.0',
        'recollect_answers_total{outcome="answered"} 1.0',
        'recollect_answers_total{outcome="refused"} 1.0',
        'recollect_search_stage_duration_seconds_count{stage="understand"} 3.0',
        "recollect_pushed_documents_total 1.0",
        "recollect_bulk_rejections_total 2.0",
        "recollect_index_documents",
        'recollect_queue_depth{queue="pushed"}',
        'recollect_queue_oldest_task_age_seconds{queue="pushed"}',
    ):
        assert line in found
