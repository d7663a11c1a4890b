"""recollect admin and recollect audit."""

import io
from pathlib import Path

import pytest

from server.admin.desk import admin_file
from server.admin.entry.accounts import Accounts
from server.admin.entry.audit import Audit
from server.settings.config import Config
from tests.server.conftest import Ran, Recollect

PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(admin_file(Config(data=tmp_path / "data")))


def told(recollect: Recollect, monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD) -> Ran:
    """A command that reads a password from standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return recollect("admin", *arguments, "--stdin", "--data", "data")


def test_accounts_are_made_listed_changed_and_removed(
    recollect: Recollect, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(recollect, monkeypatch, "create", "ann").status == 0
    assert accounts.is_known("ann", PASSWORD, "here")
    assert [one["name"] for one in recollect("admin", "list", "--data", "data", "--json").json["accounts"]] == ["ann"]
    assert recollect("admin", "list", "--data", "data").out.startswith("ann  since ")
    assert told(recollect, monkeypatch, "password", "ann", password="another password").status == 0
    assert accounts.is_known("ann", "another password", "here")
    assert recollect("admin", "remove", "ann", "--data", "data").status == 0
    assert "There is no account" in recollect("admin", "list", "--data", "data").err
    what = [one["what"] for one in recollect("audit", "--data", "data", "--json").json["changes"]]
    assert what == ["remove the account ann", "change the password of ann", "create the account ann"]


@pytest.mark.parametrize(("name", "password"), [("a b", PASSWORD), ("ann", "short"), ("ann", "")])
def test_what_is_wrong_makes_no_account(
    name: str, password: str, recollect: Recollect, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = told(recollect, monkeypatch, "create", name, password=password)
    assert (ran.status, accounts.all()) == (1, [])
    assert recollect("audit", "--data", "data", "--json").json == {"changes": []}


def test_a_password_never_stands_in_a_log_or_on_the_screen(
    recollect: Recollect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran = told(recollect, monkeypatch, "create", "ann")
    assert PASSWORD not in ran.out + ran.err
    assert all(PASSWORD.encode() not in path.read_bytes() for path in (tmp_path / "data").iterdir())


def test_changes_are_told_with_what_was_before_and_after(recollect: Recollect, tmp_path: Path) -> None:
    Audit(admin_file(Config(data=tmp_path / "data"))).note("ann", "change rank.steer", {"stop_words": ["a"]}, {})
    lines = recollect("audit", "--data", "data").out.splitlines()
    assert lines[0].endswith("ann: change rank.steer")
    assert lines[1:] == ['    before {"stop_words": ["a"]}', "    after  {}"]
    assert recollect("audit", "--data", "data", "--since", "2999-01-01").out == ""


def test_an_empty_log_says_so(recollect: Recollect) -> None:
    assert "Nothing was changed" in recollect("audit").err
