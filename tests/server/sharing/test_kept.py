"""Answers that several processes keep for each other."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from rag.events import Chunk, Done, Sources
from server.app import create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from server.sharing.answers import FileAnswers, KeptAnswers, RedisAnswers
from server.sharing.kept import Kept, from_json, to_json
from server.sharing.message import Word
from server.sharing.shared import Shared
from tests.support.ports import free_ports
from tests.support.redis import redis_url
from tests.support.searches import noted

__all__ = ["redis_url"]
ASKED = {"q": "What does the badger eat?"}
Open = Callable[[int], KeptAnswers]


@pytest.fixture(params=["file", pytest.param("redis", marks=pytest.mark.redis)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Memories of one place, each as another process opens it."""
    with ExitStack() as stack:
        prefix = uuid4().hex

        def open_answers(size: int) -> KeptAnswers:
            if request.param == "redis":
                redis = RedisAnswers(request.getfixturevalue("redis_url"), prefix, size)
                stack.callback(redis.close)
                return redis
            file = FileAnswers(tmp_path / "answers.sqlite", size)
            stack.callback(file.close)
            return file

        yield open_answers


def test_what_one_keeps_another_knows(opened: Open) -> None:
    first, second = opened(10), opened(10)
    assert second.get("a") is None
    first.put("a", b"\x00 one")
    first.put("a", b"\x00 two")
    assert second.get("a") == b"\x00 two"


def test_the_oldest_of_too_many_is_forgotten(opened: Open) -> None:
    answers = opened(2)
    for name in "abac":
        answers.put(name, name.encode())
    assert [answers.get(name) for name in "abc"] == [b"a", None, b"c"]


def test_a_memory_that_is_away_costs_no_answer(tmp_path: Path) -> None:
    file = FileAnswers(tmp_path / "no folder" / "answers.sqlite", 2)
    redis = RedisAnswers(f"redis://127.0.0.1:{free_ports(1)[0]}", "test", 2)
    for answers in (file, redis):
        answers.put("a", b"one")
        assert answers.get("a") is None
        answers.close()


def document(number: int, text: str, access: tuple[str, ...] = ()) -> Document:
    head = Head(f"{number:032x}", f"https://a.example/{number}", "Badger food", text, "a.example", access=access)
    return Document(head, (Section(text, end_char=len(text)),))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    made = Config(
        data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"), serve=ServeConfig(public=True)
    )
    with Installation(made, is_writing=True) as writing:
        writing.indexer().index(
            [document(1, "The badger eats earthworms."), document(2, "The badger eats honey.", ("staff",))]
        )
    return made


def refuses(word: Word, content: object) -> tuple[str, str]:
    return "no", "no"


Ask = Callable[..., tuple[dict[str, Any], bool]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asks a worker made for it; returns the answer, and whether it was known."""
    (tmp_path / "shared").mkdir()

    def asked(config: Config, secret: str = "") -> tuple[dict[str, Any], bool]:
        shared = Shared(tmp_path / "shared", 0, refuses)
        with (
            Installation(config, shared=shared) as worker,
            TestClient(create_app(worker), headers={"X-API-Key": secret} if secret else {}) as client,
        ):
            seen = noted(worker.answering_ranker(), monkeypatch)
            answer: dict[str, Any] = client.get("/api/v1/answer", params=ASKED).json()
            return answer, not seen

    return asked


def test_workers_answer_from_what_another_answered(config: Config, ask: Ask) -> None:
    first, was_known = ask(config)
    assert not was_known
    again, was_known = ask(config)
    assert was_known
    assert again == first


def test_other_settings_answer_anew(config: Config, ask: Ask) -> None:
    ask(config)
    other = replace(config, answer=replace(config.answer, size=1))
    assert not ask(other)[1]
    assert ask(other)[1]


def test_a_changed_index_is_asked_anew(config: Config, ask: Ask) -> None:
    ask(config)
    with Installation(config, is_writing=True) as writing:
        writing.indexer().delete([f"{1:032x}"])
    answer, was_known = ask(config)
    assert not was_known
    assert answer["hits"] == []


def test_a_worker_gives_nobody_what_another_gave_to_who_sees_more(config: Config, ask: Ask) -> None:
    _, secret = key_file(config).create("one", [Scope.ANSWER], groups=["staff"])
    assert len(ask(config, secret)[0]["hits"]) == 2
    answer, was_known = ask(config)
    assert not was_known
    assert len(answer["hits"]) == 1
    assert "honey" not in str(answer)
    assert ask(config, secret)[1]


def test_events_come_back_as_they_were(config: Config) -> None:
    with Installation(config) as installation:
        events = tuple(installation.responder().stream(ASKED["q"]))
    form = to_json(events)
    assert form is not None
    back = from_json(form)
    assert back is not None
    assert [type(one) for one in back] == [type(one) for one in events]
    assert {Sources, Chunk, Done} <= {type(one) for one in back}
    assert to_json(back) == form


@pytest.mark.parametrize("form", [b"", b"{}", b'[{"name": 1}]', b'[{"name": "search"', b"\xff"])
def test_what_is_no_answer_is_none(form: bytes) -> None:
    assert from_json(form) is None


def test_an_answer_that_cannot_be_written_is_kept_here(tmp_path: Path) -> None:
    answers = FileAnswers(tmp_path / "answers.sqlite", 2)
    kept = Kept(2, answers)
    events = (Chunk("half a sign: \ud800", ()),)
    kept.put("a", events)
    assert kept.get("a") == events
    assert Kept(2, answers).get("a") is None
    answers.close()
