"""What follows from pushed documents is done once they are in, again where it failed, and never too often."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.document import Document, Head
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.sink import Sink
from server.pushing.lines import Pushed
from server.pushing.pushes import Pushes
from server.pushing.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "pushed.sqlite")


class Followed:
    """Pushes whose clock stands where the test sets it, and what followed from them."""

    def __init__(self, spool: Spool, data: Path) -> None:
        self.now_s = 0.0
        self.times = 0
        self.works = True
        self.pushes = Pushes(spool, lambda: self._sink(data), self._follow, 60.0, lambda: self.now_s)

    def push(self, key: str) -> None:
        self.pushes.spool.put(
            "push", [Pushed(1, key, Document(Head(key, f"https://x/{key}", key, content_hash=key), ()))]
        )
        assert self.pushes.take_in()

    def _follow(self) -> bool:
        self.times += 1
        return self.works

    @contextmanager
    def _sink(self, data: Path) -> Iterator[Sink]:
        store = EmbeddedStore(data / "index", writable=True)
        yield Indexer(store, HashingEncoder())
        store.close()


@pytest.fixture
def followed(spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Followed:
    monkeypatch.setattr("server.pushing.pushes.Pushes._work", lambda _: None)
    return Followed(spool, tmp_path)


def test_nothing_follows_where_nothing_came(followed: Followed) -> None:
    followed.pushes.follow_up()
    assert followed.times == 0


def test_what_follows_is_done_once_and_later_for_what_came_meanwhile(followed: Followed) -> None:
    followed.push("a")
    followed.pushes.follow_up()
    followed.push("b")
    followed.pushes.follow_up()
    assert followed.times == 1
    followed.now_s = 60.0
    followed.pushes.follow_up()
    followed.pushes.follow_up()
    assert followed.times == 2


def test_what_could_not_follow_is_tried_again(followed: Followed) -> None:
    followed.works = False
    followed.push("a")
    followed.pushes.follow_up()
    followed.works, followed.now_s = True, 60.0
    followed.pushes.follow_up()
    followed.now_s = 120.0
    followed.pushes.follow_up()
    assert followed.times == 2


def test_what_a_killed_server_left_undone_is_done_by_the_next(followed: Followed, tmp_path: Path) -> None:
    followed.push("a")
    following = Followed(followed.pushes.spool, tmp_path)
    following.pushes.follow_up()
    assert following.times == 1
