"""The rules of ``rank.steer`` in a config file: read, compared, and written with everything else left as it was."""

from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from ranker.steering import BoostConfig, PinConfig, SteerConfig, SynonymConfig
from server.errors import ConfigError
from server.settings.edit import Unusual
from server.settings.edit_lists import with_list
from server.settings.typed import build

Rule = SynonymConfig | PinConfig | BoostConfig
KINDS: dict[str, type[Rule]] = {"synonyms": SynonymConfig, "pins": PinConfig, "boosts": BoostConfig}


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as it stands in a file: what is as usual is left out."""
    values = {field.name: getattr(rule, field.name) for field in fields(rule)}
    usual = {field.name: field.default for field in fields(rule) if field.default is not MISSING}
    return {name: _plain(value) for name, value in values.items() if name not in usual or value != usual[name]}


def rules_json(rules: SteerConfig) -> dict[str, Any]:
    """All rules; kinds of which there are none are left out."""
    found: dict[str, Any] = {kind: [rule_json(rule) for rule in getattr(rules, kind)] for kind in KINDS}
    found["stop_words"] = list(rules.stop_words)
    return {kind: of for kind, of in found.items() if of}


def write_rules(file: Path, rules: SteerConfig) -> None:
    """Make the file's rules these; comments and the order of everything else stay.

    Raises ConfigError where the file cannot be read, is one of Elastic's, or is too unusual to be edited safely.
    """
    try:
        text = file.read_text("utf-8") if file.exists() else ""
        edited = with_rules(text, rules, str(file))
    except (yaml.YAMLError, Unusual, UnicodeDecodeError) as error:
        wanted = yaml.safe_dump({"rank": {"steer": rules_json(rules)}}, default_flow_style=True, width=10_000).strip()
        raise ConfigError(f"{file} cannot be edited without harm to it", f"Write into it yourself: {wanted}") from error
    if edited != text:
        file.write_text(edited, "utf-8")


def with_rules(text: str, rules: SteerConfig, place: str = "the file") -> str:
    """The YAML ``text`` with these rules. Raises Unusual."""
    # A kind that is new comes before those that are there, so the last is written first.
    text = with_list(text, "rank.steer.stop_words", list(rules.stop_words))
    for kind, made in reversed(KINDS.items()):
        items = [rule_json(rule) for rule in getattr(rules, kind)]
        text = with_list(text, f"rank.steer.{kind}", items, partial(_normal, made, place))
    return text


def _normal(kind: type[Rule], place: str, item: Any) -> Any:
    """An item of the file in the form of ``rule_json``; one that is wrong is like none."""
    try:
        return rule_json(build(kind, item, place))
    except ConfigError:
        return None


def _plain(value: object) -> object:
    """As a person would write it: lists, and whole numbers without a point."""
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
