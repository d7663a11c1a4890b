"""Writing a setting into a config file that a person keeps."""

from pathlib import Path

import pytest
import yaml

from server.errors import ConfigError
from server.settings.config import load
from server.settings.edit import with_settings, write_settings

SETTINGS: dict[str, str | int | float] = {"rank.mode": "rerank", "rerank.passages": 20}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "rank:\n  mode: hybrid\n"),
        ("data: here  # mine\n", "data: here  # mine\n\nrank:\n  mode: hybrid\n"),
        (
            "rank:\n    # how many\n    more_passages: 3\n",
            "rank:\n    # how many\n    mode: hybrid\n    more_passages: 3\n",
        ),
        ("rank:\n  mode: lexical # fast\ndata: d\n", "rank:\n  mode: hybrid # fast\ndata: d\n"),
        ("rank: {min_score: 0.1}  # x\n", "rank: {mode: hybrid, min_score: 0.1}  # x\n"),
        ("rank: {}\n", "rank: {mode: hybrid}\n"),
        (
            "rank:\n  # min_score: 0\n\nserve:\n  port: 1\n",
            "rank:\n  mode: hybrid\n  # min_score: 0\n\nserve:\n  port: 1\n",
        ),
        ("store: https://u:${PASSWORD}@h/x\n", "store: https://u:${PASSWORD}@h/x\n\nrank:\n  mode: hybrid\n"),
    ],
)
def test_only_the_setting_changes(before: str, after: str) -> None:
    assert with_settings(before, {"rank.mode": "hybrid"}) == after


def test_a_file_made_by_init_can_be_read_afterwards(tmp_path: Path) -> None:
    from server.commands.init import TEMPLATE

    file = tmp_path / "recollect.yml"
    file.write_text(TEMPLATE.format(seeds="https://docs.example.com/"))
    write_settings(file, SETTINGS)
    config = load(file, environ={})
    assert (config.rank.mode, config.rerank.passages) == ("rerank", 20)
    assert set(TEMPLATE.format(seeds="https://docs.example.com/").splitlines()) <= set(file.read_text().splitlines())


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    write_settings(tmp_path / "new.yml", SETTINGS)
    assert yaml.safe_load((tmp_path / "new.yml").read_text()) == {
        "rank": {"mode": "rerank"},
        "rerank": {"passages": 20},
    }


@pytest.mark.parametrize(
    "text",
    [
        "- a list\n",
        "rank: [1]\n",
        "a: &x {mode: lexical}\nrank: *x\n",
        "rank: ~\n",
        "{data: here}\n",
        "rank: {mode: lexical\n",
        "domains:\n  - url: https://example.com\n",
    ],
)
def test_a_file_that_cannot_be_edited_safely_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"cannot be edited") as refused:
        write_settings(file, SETTINGS)
    assert "rank.mode: rerank" in refused.value.cure
    assert file.read_text() == text
