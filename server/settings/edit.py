"""Writes single settings into a config file and leaves every other byte of it as it was: comments, order, quotes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from server.elastic.crawl_config import is_elastic
from server.errors import ConfigError

Scalar = str | int | float


def write_settings(file: Path, settings: Mapping[str, Scalar]) -> None:
    """Set dotted keys (``rank.mode``) in the file, which is made if it is not there.

    Raises ConfigError where the file cannot be read, is one of Elastic's, or is too unusual to be edited safely.
    """
    try:
        text = file.read_text("utf-8") if file.exists() else ""
        edited = with_settings(text, settings)
    except (yaml.YAMLError, Unusual, UnicodeDecodeError) as error:
        raise _by_hand(file, settings) from error
    file.write_text(edited, "utf-8")


def with_settings(text: str, settings: Mapping[str, Scalar]) -> str:
    """The YAML ``text`` with these dotted keys set."""
    before = loaded(text)
    if any(not isinstance(before.get(key.partition(".")[0]) or {}, dict) for key in settings):
        raise Unusual
    for key, value in settings.items():
        section, _, name = key.partition(".")
        text = _with(text, section, name, yaml.safe_dump(value).removesuffix("\n...\n").strip())
    if yaml.safe_load(text) != _merged(before, settings):
        raise Unusual
    return text


class Unusual(Exception):
    """A file whose settings cannot be set by changing a place in its text."""


def loaded(text: str) -> dict[str, Any]:
    """The settings of a file of ours. Raises Unusual for another file."""
    found = yaml.safe_load(text) or {}
    if not isinstance(found, dict) or is_elastic(found):
        raise Unusual
    return found


def _with(text: str, section: str, name: str, value: str) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found = entry(root, section)
    if found is None:
        return f"{text.rstrip()}\n\n{section}:\n  {name}: {value}\n".lstrip()
    key, node = found
    if not isinstance(node, yaml.MappingNode):
        # ``rank:`` and nothing but comments below it.
        return insert(text, key.end_mark.index + 1, f"\n  {name}: {value}")
    if old := entry(node, name):
        return text[: old[1].start_mark.index] + value + text[old[1].end_mark.index :]
    if node.flow_style:
        comma = ", " if node.value else ""
        return insert(text, node.start_mark.index + 1, f"{name}: {value}{comma}")
    first = node.value[0][0].start_mark
    return insert(text, first.index, f"{name}: {value}\n{' ' * first.column}")


def entry(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and the value of this name in a mapping."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == name), None)


def insert(text: str, place: int, new: str) -> str:
    """The text with ``new`` at a place."""
    return text[:place] + new + text[place:]


def _merged(before: dict[str, Any], settings: Mapping[str, Scalar]) -> dict[str, Any]:
    merged = {key: dict(value) if isinstance(value, dict) else value for key, value in before.items()}
    for key, value in settings.items():
        section, _, name = key.partition(".")
        merged[section] = (merged.get(section) or {}) | {name: value}
    return merged


def _by_hand(file: Path, settings: Mapping[str, Scalar]) -> ConfigError:
    wanted = ", ".join(f"{key}: {value}" for key, value in settings.items())
    return ConfigError(f"{file} cannot be edited without harm to it", f"Write into it yourself: {wanted}")
