"""Every promise of ``rag.dialogue.memory.DialogueMemory``, in memory, in a file, in real Redis and Memcached."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from rag.dialogue.config import DialogueConfig
from rag.dialogue.local import LocalDialogue
from rag.dialogue.memcached import MemcachedDialogue
from rag.dialogue.memory import DialogueMemory
from rag.dialogue.redis import RedisDialogue
from rag.dialogue.turn import Turn
from rag.errors import DialogueUnavailable
from server.sharing.dialogue import FileDialogue
from tests.support.memcached import memcached_url
from tests.support.ports import free_ports
from tests.support.redis import redis_url

__all__ = ["memcached_url", "redis_url"]

Open = Callable[[DialogueConfig], DialogueMemory]


@pytest.fixture(params=["local", "file", pytest.param("redis", marks=pytest.mark.redis), "memcached"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    memories: list[DialogueMemory] = []
    kind = request.param
    url = "" if kind in ("local", "file") else request.getfixturevalue(f"{kind}_url")
    prefix = uuid4().hex

    def open_memory(config: DialogueConfig) -> DialogueMemory:
        made: DialogueMemory = LocalDialogue(config)
        if kind == "file":
            made = FileDialogue(tmp_path / f"{len(memories)}.sqlite", config)
        elif kind == "redis":
            made = RedisDialogue(replace(config, redis=url), prefix)
        elif kind == "memcached":
            made = MemcachedDialogue(replace(config, memcached=url), prefix)
        memories.append(made)
        return memories[-1]

    yield open_memory
    for memory in memories:
        memory.close()


def turn(number: int) -> Turn:
    return Turn(f"asked {number} „ß“", f"understood {number}", answered=number % 2 == 0)


def test_turns_come_back_oldest_first_and_the_newest_are_kept(opened: Open) -> None:
    memory = opened(DialogueConfig(max_turns=3))
    for number in range(5):
        memory.remember("a", turn(number))
    assert memory.turns("a") == (turn(2), turn(3), turn(4))


def test_sessions_do_not_see_each_other(opened: Open) -> None:
    memory = opened(DialogueConfig())
    memory.remember("a", turn(1))
    memory.remember("b", turn(2))
    assert (memory.turns("a"), memory.turns("b"), memory.turns("c")) == ((turn(1),), (turn(2),), ())


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(opened: Open) -> None:
    memory = opened(DialogueConfig())
    memory.remember("a", turn(1))
    memory.forget("a")
    memory.forget("a")
    assert memory.turns("a") == ()


def test_a_session_expires_after_its_last_turn(opened: Open) -> None:
    memory = opened(DialogueConfig(expiry_s=0.001))
    memory.remember("a", turn(1))
    assert _becomes_empty(memory, "a")
    lasting = opened(DialogueConfig(expiry_s=600))
    lasting.remember("b", turn(1))
    assert lasting.turns("b") == (turn(1),)


def _becomes_empty(memory: DialogueMemory, session: str) -> bool:
    waits = threading.Event()
    return any(not memory.turns(session) or waits.wait(0.02) for _ in range(500))


def test_facts_are_kept_by_name_and_dropped(opened: Open) -> None:
    memory = opened(DialogueConfig(max_facts=2))
    memory.remember("a", turn(1))
    for name, value in (("plan", "Free „ß“"), ("city", "Lyon"), ("plan", "Pro")):
        memory.keep_fact("a", name, value)
    assert dict(memory.facts("a")) == {"city": "Lyon", "plan": "Pro"}
    memory.keep_fact("a", "age", "7")
    assert dict(memory.facts("a")) == {"plan": "Pro", "age": "7"}
    assert dict(memory.facts("b")) == {}
    memory.drop_fact("a", "plan")
    memory.drop_fact("a", "unknown")
    assert dict(memory.facts("a")) == {"age": "7"}
    assert memory.turns("a") == (turn(1),)
    memory.forget("a")
    assert dict(memory.facts("a")) == {}


def test_many_threads_lose_no_turn(opened: Open) -> None:
    memory = opened(DialogueConfig(max_turns=200))
    threads = [threading.Thread(target=memory.remember, args=("a", turn(number))) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(memory.turns("a"), key=lambda one: int(one.understood.split()[1])) == [turn(n) for n in range(40)]


@pytest.mark.parametrize("kind", ["local", "file"])
def test_the_sessions_silent_longest_make_room(kind: str, tmp_path: Path) -> None:
    config = DialogueConfig(max_sessions=2)
    memory = LocalDialogue(config) if kind == "local" else FileDialogue(tmp_path / "dialogues.sqlite", config)
    for session in ("a", "b", "a", "c"):
        memory.remember(session, turn(0))
    assert (len(memory.turns("a")), memory.turns("b"), len(memory.turns("c"))) == (2, (), 1)
    memory.close()


def test_processes_share_a_file(tmp_path: Path) -> None:
    one, other = (FileDialogue(tmp_path / "dialogues.sqlite") for _ in range(2))
    one.remember("a", turn(0))
    other.remember("a", turn(1))
    one.keep_fact("a", "plan", "Pro")
    assert other.turns("a") == (turn(0), turn(1))
    assert other.facts("a") == {"plan": "Pro"}
    for memory in (one, other):
        memory.close()


def test_a_file_that_is_none_is_reported(tmp_path: Path) -> None:
    memory = FileDialogue(tmp_path)
    with pytest.raises(DialogueUnavailable, match="a file cannot be used"):
        memory.turns("a")


def test_a_server_that_is_not_there_is_reported() -> None:
    port = free_ports(1)[0]
    memories: dict[str, DialogueMemory] = {
        "redis": RedisDialogue(DialogueConfig(redis=f"redis://127.0.0.1:{port}/0")),
        "memcached": MemcachedDialogue(DialogueConfig(memcached=f"memcached://127.0.0.1:{port}")),
    }
    for name, memory in memories.items():
        with pytest.raises(DialogueUnavailable, match="does not answer") as refused:
            memory.turns("a")
        assert f"answer.dialogue.{name}" in refused.value.cure
        memory.close()


@pytest.mark.parametrize("wrong", [{"expiry_s": 0.0}, {"max_turns": 0}, {"max_facts": 0}, {"max_sessions": 0}])
def test_settings_that_keep_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        DialogueConfig(**wrong)  # type: ignore[arg-type]
