"""Everything that is wrong in settings, at once: each value is checked alone, each section when it is whole."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from server.errors import ConfigError
from server.settings.typed import build, convert


def mistakes(hint: Any, value: object, place: str, key: str = "") -> list[ConfigError]:
    """Why ``value`` is no ``hint`` (a dataclass or another annotated type); empty where ``convert`` would take it."""
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return _section(hint, value, place, key)
    args = get_args(hint)
    if get_origin(hint) in (tuple, Sequence) and args[-1] is Ellipsis and isinstance(value, list | tuple):
        return [error for i, item in enumerate(value) for error in mistakes(args[0], item, place, f"{key}[{i}]")]
    try:
        convert(hint, value, place, key)
    except ConfigError as error:
        return [error]
    return []


def _section(kind: type, raw: Mapping[str, Any], place: str, prefix: str) -> list[ConfigError]:
    hints = get_type_hints(kind)
    known = {f.name: hints[f.name] for f in fields(kind)}
    found: list[ConfigError] = []
    right: dict[str, Any] = {}
    for name, value in raw.items():
        dotted = f"{prefix}.{name}" if prefix else str(name)
        if name in known:
            wrong = mistakes(known[name], value, place, dotted)
        else:
            wrong = _errors_of(kind, {name: value}, place, prefix)
        found += wrong
        if not wrong:
            right[str(name)] = value
    return found + _disagreements(kind, right, known.keys() - right.keys() & set(map(str, raw)), place, prefix)


def _disagreements(kind: type, right: Mapping[str, Any], wrong: set[str], place: str, prefix: str) -> list[ConfigError]:
    """What fields that are right in themselves do not agree on, one error after another.

    The fields that an error names are left out before the rest is looked at again; what is then said of a field that
    is left out, or that is wrong already, says nothing: a default stands in for it.
    """
    left, out, found = dict(right), set(wrong), []
    while errors := _errors_of(kind, left, place, prefix):
        words = set(re.findall(r"\w+", str(errors[0].__cause__ or errors[0].what.rpartition("has no ")[2])))
        if not words & out:
            found.append(errors[0])
        named = words & left.keys()
        if not named:
            break
        out |= named
        left = {name: value for name, value in left.items() if name not in named}
    return found


def _errors_of(kind: type, raw: Mapping[str, Any], place: str, prefix: str) -> list[ConfigError]:
    try:
        build(kind, raw, place, prefix)
    except ConfigError as error:
        return [error]
    return []
