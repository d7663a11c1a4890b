"""Keys are read once, and every change of another process counts at once."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.errors import StoreUnavailable
from server.doors.key import Key
from server.doors.keys import KeyFile
from server.doors.known import KnownKeys
from server.doors.scope import Scope

ORIGIN = "https://a.example"
REVOKE = """
import sys
from pathlib import Path
from server.doors.key import Key
from server.doors.keys import KeyFile
assert KeyFile(Path(sys.argv[1])).revoke(sys.argv[2])
"""


class CountedFile(KeyFile):
    """Counts how often all keys are read."""

    reads = 0

    def all(self) -> list[Key]:
        self.reads += 1
        return super().all()


@pytest.fixture
def file(tmp_path: Path) -> CountedFile:
    return CountedFile(tmp_path / "keys.sqlite")


@pytest.fixture
def known(file: CountedFile) -> Iterator[KnownKeys]:
    opened = KnownKeys(file)
    yield opened
    opened.close()


def test_keys_are_read_when_they_change_and_not_else(file: CountedFile, known: KnownKeys) -> None:
    assert known.is_empty()
    assert known.get("none") is None
    for number in range(1, 4):
        key, _ = file.create(f"{number}", [Scope.SEARCH], origins=[f"{ORIGIN}:{number}"])
        for _ in range(3):
            assert known.get(key.key_id) == key
            assert known.is_origin_of_one(f"{ORIGIN}:{number}", datetime.now(UTC))
            assert not known.is_origin_of_one(ORIGIN, datetime.now(UTC))
        assert file.reads == number
    assert not known.is_empty()


def test_what_another_process_revokes_opens_nothing_more(file: CountedFile, known: KnownKeys) -> None:
    key, _ = file.create("one", [Scope.SEARCH], origins=[ORIGIN])
    assert known.is_origin_of_one(ORIGIN, datetime.now(UTC))
    subprocess.run([sys.executable, "-c", REVOKE, file.path, key.key_id], check=True)
    found = known.get(key.key_id)
    assert found is not None
    assert found.revoked_at is not None
    assert not known.is_origin_of_one(ORIGIN, datetime.now(UTC))


def test_an_origin_is_that_of_usable_keys_alone(file: CountedFile, known: KnownKeys) -> None:
    ends = datetime.now(UTC) + timedelta(days=1)
    file.create("one", [Scope.SEARCH], origins=[ORIGIN], expires_at=ends)
    assert known.is_origin_of_one(ORIGIN, ends - timedelta(seconds=1))
    assert not known.is_origin_of_one(ORIGIN, ends)
    file.create("two", [Scope.SEARCH], origins=[ORIGIN])
    assert known.is_origin_of_one(ORIGIN, ends)


def test_another_file_in_its_place_is_read_anew(file: CountedFile, known: KnownKeys, tmp_path: Path) -> None:
    old, _ = file.create("old", [Scope.SEARCH])
    assert known.get(old.key_id) is not None
    file.path.unlink()
    assert known.is_empty()
    other = KeyFile(tmp_path / "other.sqlite")
    new, _ = other.create("new", [Scope.SEARCH])
    other.path.rename(file.path)
    assert known.get(old.key_id) is None
    assert known.get(new.key_id) == new


def test_a_file_that_is_none_is_told_of(file: CountedFile, known: KnownKeys) -> None:
    file.path.write_bytes(b"no database at all, however long it may be" * 30)
    with pytest.raises(StoreUnavailable, match="keys"):
        known.is_empty()
