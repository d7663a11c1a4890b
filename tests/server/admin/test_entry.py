"""Accounts, sessions, attempts to sign in, and the audit log."""

from collections.abc import Callable
from pathlib import Path

import pytest

from server.admin.entry import passwords
from server.admin.entry.accounts import MAX_FAILURES_OF_ADDRESS, MAX_FAILURES_OF_NAME, WINDOW_S, Accounts
from server.admin.entry.audit import Audit
from server.admin.entry.database import AdminFile
from server.admin.entry.sessions import IDLE_S, LONGEST_S, Sessions
from server.errors import BadInput, TooMany

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"


class Clock:
    """A time that tests set."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little, for tests that need many."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> AdminFile:
    return AdminFile(tmp_path / "data" / "admin.sqlite")


@pytest.fixture
def accounts(file: AdminFile, clock: Clock) -> Accounts:
    made = Accounts(file, clock)
    made.create("ann", PASSWORD)
    return made


@pytest.fixture
def sessions(file: AdminFile, clock: Clock) -> Sessions:
    return Sessions(file, clock)


def test_name_and_password_belong_together(accounts: Accounts) -> None:
    assert accounts.is_known("ann", PASSWORD, HERE)
    assert not accounts.is_known("ann", PASSWORD + " ", HERE)
    assert not accounts.is_known("ANN", PASSWORD, HERE)
    assert not accounts.is_known("bob", PASSWORD, HERE)
    assert not accounts.is_known("", "", HERE)


def test_passwords_are_kept_as_argon2id_and_nobody_else_can_read_the_file(accounts: Accounts, tmp_path: Path) -> None:
    kept = tmp_path / "data" / "admin.sqlite"
    assert b"$argon2id$" in kept.read_bytes()
    assert PASSWORD.encode() not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0


def test_an_unknown_name_costs_the_same_work(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher, extract_parameters

    done = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, known: str, password: str) -> bool:
        done.append(extract_parameters(known))
        return verify(self, known, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    accounts.is_known("ann", "wrong password", HERE)
    accounts.is_known("nobody", "wrong password", HERE)
    known, unknown = done
    assert known == unknown


@pytest.mark.usefixtures("quick_hashes")
def test_whoever_fails_too_often_waits(accounts: Accounts, clock: Clock) -> None:
    for _ in range(MAX_FAILURES_OF_ADDRESS):
        assert not accounts.is_known("ann", "wrong", HERE)
    clock.now += 60
    with pytest.raises(TooMany) as refused:
        accounts.is_known("ann", PASSWORD, HERE)
    assert refused.value.wait_s == WINDOW_S - 60
    assert accounts.is_known("ann", PASSWORD, "192.0.2.2")
    clock.now += WINDOW_S
    assert accounts.is_known("ann", PASSWORD, HERE)


@pytest.mark.usefixtures("quick_hashes")
def test_one_name_cannot_be_tried_from_everywhere(accounts: Accounts) -> None:
    for number in range(MAX_FAILURES_OF_NAME):
        accounts.is_known("ann", "wrong", f"192.0.2.{number}")
    with pytest.raises(TooMany):
        accounts.is_known("ann", PASSWORD, "198.51.100.1")


@pytest.mark.usefixtures("quick_hashes")
def test_success_counts_as_no_failure(accounts: Accounts) -> None:
    assert all(accounts.is_known("ann", PASSWORD, HERE) for _ in range(MAX_FAILURES_OF_ADDRESS + 1))


@pytest.mark.parametrize("name", ["", "a b", "-ann", "a" * 65, "ann\n", "<b>"])
def test_a_name_is_of_plain_signs(name: str, accounts: Accounts) -> None:
    with pytest.raises(BadInput):
        accounts.create(name, PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "a" * (passwords.MIN_CHARS - 1), "a" * (passwords.MAX_CHARS + 1)])
def test_a_password_is_long(password: str, accounts: Accounts) -> None:
    with pytest.raises(BadInput, match="characters"):
        accounts.create("bob", password)


def test_an_account_is_made_once(accounts: Accounts) -> None:
    with pytest.raises(BadInput, match="already"):
        accounts.create("ann", "another password")
    assert accounts.is_known("ann", PASSWORD, HERE)


@pytest.mark.parametrize(
    "change",
    [lambda accounts: accounts.change_password("ann", "a new password"), lambda accounts: accounts.remove("ann")],
)
def test_a_changed_or_removed_account_is_signed_out(
    change: Callable[[Accounts], None], accounts: Accounts, sessions: Sessions
) -> None:
    secret = sessions.begin("ann")
    assert sessions.find(secret)
    change(accounts)
    assert sessions.find(secret) is None
    assert not accounts.is_known("ann", PASSWORD, HERE)


def test_what_is_no_account_cannot_be_changed(accounts: Accounts) -> None:
    with pytest.raises(BadInput, match="no account"):
        accounts.change_password("bob", PASSWORD)
    with pytest.raises(BadInput, match="no account"):
        accounts.remove("bob")


def test_a_session_goes_on_while_it_is_used_and_not_for_ever(
    accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    secret, begun = sessions.begin("ann"), clock.now
    while clock.now + IDLE_S / 2 < begun + LONGEST_S:
        clock.now += IDLE_S / 2
        assert sessions.find(secret)
    clock.now = begun + LONGEST_S + 1
    assert sessions.find(secret) is None


def test_a_session_that_is_not_used_is_over(accounts: Accounts, sessions: Sessions, clock: Clock) -> None:
    secret = sessions.begin("ann")
    clock.now += IDLE_S + 1
    assert sessions.find(secret) is None


def test_a_session_that_was_ended_is_over_and_others_are_not(accounts: Accounts, sessions: Sessions) -> None:
    one, other = sessions.begin("ann"), sessions.begin("ann")
    sessions.end(one)
    assert sessions.find(one) is None
    assert sessions.find(other)


@pytest.mark.parametrize("secret", ["", "guessed", "\ud800", "' OR 1=1 --"])
def test_what_is_no_secret_is_no_session(secret: str, accounts: Accounts, sessions: Sessions) -> None:
    sessions.begin("ann")
    assert sessions.find(secret) is None


def test_neither_secret_nor_hash_of_one_session_is_anothers(
    accounts: Accounts, sessions: Sessions, tmp_path: Path
) -> None:
    secret = sessions.begin("ann")
    assert secret.encode() not in (tmp_path / "data" / "admin.sqlite").read_bytes()
    first, second = sessions.find(secret), sessions.find(sessions.begin("ann"))
    assert first and second
    assert first.token != second.token
    assert first.sent(first.token)
    assert not first.sent(second.token)
    assert not first.sent("")
    assert not first.sent("\ud800")


def test_changes_are_told_newest_first(file: AdminFile, clock: Clock) -> None:
    audit = Audit(file, clock)
    audit.note("ann", "first", None, {"a": [1]})
    clock.now += 10
    audit.note("bob", "second", {"a": [1]})
    second, first = audit.changes()
    assert (second.who, second.what, second.before, second.after) == ("bob", "second", {"a": [1]}, None)
    assert (first.who, first.after) == ("ann", {"a": [1]})
    assert [one.what for one in audit.changes(1)] == ["second"]
    assert [one.what for one in audit.changes(since=second.at)] == ["second"]


def test_a_file_that_was_never_written_reads_as_empty(file: AdminFile, tmp_path: Path) -> None:
    assert (Accounts(file).all(), Audit(file).changes(), Sessions(file).find("x")) == ([], [], None)
    assert not list(tmp_path.iterdir())
