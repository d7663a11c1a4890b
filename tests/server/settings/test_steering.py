"""Rules of ``rank.steer`` in a config file."""

from pathlib import Path

import pytest

from ranker.steering import BoostConfig, PinConfig, SteerConfig, SynonymConfig
from server.errors import ConfigError
from server.settings.config import load
from server.settings.steering import rules_json, with_rules, write_rules

RULES = SteerConfig(
    (SynonymConfig(("car", "auto"), ("vehicle",)),),
    ("the", "off"),
    (PinConfig(("price", "costs"), ("https://a.example/",)),),
    (BoostConfig(2.0, site="a.example"), BoostConfig(0.5, half_life_days=30.0)),
)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    write_rules(file, RULES)
    assert load(file, environ={}).rank.steer == RULES
    write_rules(file, SteerConfig())
    assert load(file, environ={}).rank.steer == SteerConfig()


def test_new_kinds_stand_in_the_order_of_the_settings() -> None:
    text = with_rules("", RULES)
    places = [text.index(f"    {kind}:") for kind in ("synonyms", "pins", "boosts", "stop_words")]
    assert places == sorted(places)
    assert "times: 2," in text


def test_a_rule_written_otherwise_keeps_its_text() -> None:
    text = "rank:\n  steer:\n    stop_words: [the, 'off']\n    boosts:\n      - {site: a.example, times: 2}  # ours\n"
    rules = SteerConfig(stop_words=("the", "off"), boosts=RULES.boosts[:1])
    assert with_rules(text, rules) == text


def test_defaults_are_left_out_of_what_is_told() -> None:
    assert rules_json(RULES)["boosts"] == [{"times": 2, "site": "a.example"}, {"times": 0.5, "half_life_days": 30}]
    assert rules_json(SteerConfig()) == {}


def test_a_file_that_cannot_be_edited_is_named_with_what_to_write(tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text("rank: fast\n", "utf-8")
    with pytest.raises(ConfigError, match=r"recollect\.yml cannot be edited without harm.*stop_words"):
        write_rules(file, RULES)
    assert file.read_text("utf-8") == "rank: fast\n"
