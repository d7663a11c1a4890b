"""Plain values (from YAML or a variable) to frozen dataclasses, with errors that name the key: pure functions."""

import difflib
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from server.errors import ConfigError

T = TypeVar("T")


def build(kind: type[T], raw: object, place: str, prefix: str = "") -> T:
    """An instance of the dataclass ``kind`` from a mapping; absent keys keep their defaults.

    ``place`` names the file for errors; ``prefix`` is the dotted key so far.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, Mapping):
        raise _wrong(place, prefix or "the file", raw, "a mapping of settings")
    hints = get_type_hints(kind)
    known = {f.name: hints[f.name] for f in fields(kind)}  # type: ignore[arg-type]  # every caller passes a dataclass
    values: dict[str, Any] = {}
    for key, value in raw.items():
        dotted = f"{prefix}.{key}" if prefix else str(key)
        if key not in known:
            _raise_kept(value)
            raise ConfigError(f"{place}: unknown key {dotted!r}", nearest(str(key), known, prefix), dotted)
        values[str(key)] = convert(known[key], value, place, dotted)
    for f in fields(kind):  # type: ignore[arg-type]  # as above
        if f.name not in values and f.default is MISSING and f.default_factory is MISSING:
            raise ConfigError(
                f"{place}: {prefix or 'the file'} has no {f.name}", f"Add {f.name}: {describe(known[f.name])}", prefix
            )
    try:
        return kind(**values)
    except ValueError as error:
        # A package's own check of its values; it names the field.
        raise ConfigError(f"{place}: {prefix or 'settings'}: {error}", key=prefix) from error


def convert(hint: Any, value: object, place: str, key: str) -> Any:
    """``value`` as the annotated type ``hint``, or ConfigError; whole numbers pass as float, nothing else is bent.

    A ``value`` that is a ConfigError, put there by the reader that could not read it, is raised.
    """
    _raise_kept(value)
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value, place, key)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _convert_choice(args, hint, value, place, key)
    if origin in (Union, types.UnionType):
        return _convert_union(args, hint, value, place, key)
    if origin in (tuple, Sequence):
        return _convert_list(args, hint, value, place, key)
    if origin is not None:
        return _convert_mapping(args, hint, value, place, key)
    return _convert_scalar(hint, value, place, key)


def _raise_kept(value: object) -> None:
    if isinstance(value, ConfigError):
        raise value


def _convert_scalar(hint: Any, value: object, place: str, key: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is Path and isinstance(value, str):
        return Path(value)
    # True is an int in Python, but nobody who writes `true` means 1.
    if isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    raise _wrong(place, key, value, describe(hint))


def _convert_choice(args: tuple[Any, ...], hint: Any, value: object, place: str, key: str) -> Any:
    # YAML 1.1 takes a plain ``off`` or ``on`` for false or true (https://yaml.org/type/bool.html).
    word = {False: "off", True: "on"}[value] if isinstance(value, bool) else value
    if word in args:
        return word
    raise _wrong(place, key, value, describe(hint), nearest(value, args, "") if isinstance(value, str) else "")


def _convert_mapping(args: tuple[Any, ...], hint: Any, value: object, place: str, key: str) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(place, key, value, describe(hint))
    return {convert(args[0], k, place, key): convert(args[1], v, place, f"{key}.{k}") for k, v in value.items()}


def _convert_union(args: tuple[Any, ...], hint: Any, value: object, place: str, key: str) -> Any:
    if value is None and type(None) in args:
        return None
    for arg in args:
        if arg is type(None):
            continue
        try:
            return convert(arg, value, place, key)
        except ConfigError:
            continue
    raise _wrong(place, key, value, describe(hint))


def _convert_list(args: tuple[Any, ...], hint: Any, value: object, place: str, key: str) -> tuple[Any, ...]:
    # One value where a list is expected is a list of one: `seeds: https://example.com/`.
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple):
        raise _wrong(place, key, value, describe(hint))
    if len(args) == 2 and args[1] is not Ellipsis:
        if len(values) != len(args):
            raise _wrong(place, key, value, describe(hint))
        return tuple(convert(arg, v, place, f"{key}[{i}]") for i, (arg, v) in enumerate(zip(args, values, strict=True)))
    return tuple(convert(args[0], v, place, f"{key}[{i}]") for i, v in enumerate(values))


def describe(hint: Any) -> str:
    """The annotated type in a person's words: ``a whole number``, ``a list of text``, ``one of a, b``."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(str(arg) for arg in args)
    if origin in (Union, types.UnionType):
        return " or ".join("empty" if arg is type(None) else describe(arg) for arg in args)
    if origin in (tuple, Sequence):
        return "a list of " + describe(args[0]).removeprefix("a ")
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"a mapping from {describe(args[0])} to {describe(args[1])}"
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false", Path: "a path"}
    return names.get(hint, getattr(hint, "__name__", str(hint)))


def nearest(word: str, known: Sequence[str] | Mapping[str, object], prefix: str) -> str:
    """A cure that names the most similar known word, or all of them if none is similar."""
    names = [str(name) for name in known]
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {f'{prefix}.{close[0]}' if prefix else close[0]!r}?"
    return "Known here: " + ", ".join(sorted(names))


def _wrong(place: str, key: str, value: object, expected: str, cure: str = "") -> ConfigError:
    return ConfigError(f"{place}: {key} is {_shown(key, value)}, expected {expected}", cure, key)


def _shown(key: str, value: object) -> str:
    text = "***" if is_secret(key) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def is_secret(key: str) -> bool:
    """Whether a dotted key names something that must not be printed."""
    if "login_fields" in key:
        return True
    last = key.rpartition(".")[2].partition("[")[0].lower()
    return last.endswith(("api_key", "api_keys", "password", "secret", "token", "authorization", "cookie"))
