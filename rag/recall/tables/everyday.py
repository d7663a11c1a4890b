"""Everyday English for columns that most tables have: "how heavy" asks for a weight, "cheapest" for the least price."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rag.recall.tables.plan import Operation


class _Sense(NamedTuple):
    """What is called so is asked for by ``words``; ``most`` and ``least`` name the rows at its ends."""

    called: tuple[str, ...]
    words: tuple[str, ...]
    most: tuple[str, ...] = ()
    least: tuple[str, ...] = ()


_SENSES = (
    _Sense(
        ("price", "cost"),
        ("price", "cost", "how much is", "how much are", "how expensive"),
        ("most expensive", "priciest", "dearest"),
        ("least expensive", "cheapest"),
    ),
    _Sense(("weight", "mass"), ("weight", "weigh", "how heavy"), ("heaviest",), ("lightest",)),
    _Sense(("height",), ("how tall", "how high"), ("tallest", "highest"), ("shortest", "lowest")),
    _Sense(("length",), ("how long",), ("longest",), ("shortest",)),
    _Sense(("width",), ("how wide",), ("widest", "broadest"), ("narrowest",)),
    _Sense(("depth",), ("how deep",), ("deepest",), ("shallowest",)),
    _Sense(("age",), ("how old",), ("oldest",), ("youngest",)),
    _Sense(("speed",), ("how fast",), ("fastest", "quickest"), ("slowest",)),
    _Sense(("maker", "manufacturer"), ("makes", "made", "manufactures", "manufactured")),
    _Sense(("author", "writer"), ("wrote", "written", "writes")),
    _Sense(("designer",), ("designed", "designs")),
    _Sense(("director",), ("directed", "directs")),
    _Sense(("founder",), ("founded",)),
    _Sense(("owner",), ("owns", "owned")),
    _Sense(("publisher",), ("published", "publishes")),
    _Sense(("producer",), ("produced", "produces")),
)


def everyday_words(called: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(words, column) for columns by what each is ``called`` (column -> its own words, without a unit)."""
    for sense, column in _told(called):
        yield from ((words, column) for words in sense.words)


def everyday_extremes(called: Mapping[str, str]) -> dict[str, tuple[Operation, str]]:
    """Superlatives -> which end of which column they ask for."""
    found: dict[str, tuple[Operation, str]] = {}
    for sense, column in _told(called):
        for operation, words in ((Operation.HIGHEST, sense.most), (Operation.LOWEST, sense.least)):
            for one in words:
                # "The shortest" is none of two columns: then a person says which.
                found[one] = (operation, "" if one in found else column)
    return {word: extreme for word, extreme in found.items() if extreme[1]}


def _told(called: Mapping[str, str]) -> Iterator[tuple[_Sense, str]]:
    """Senses that exactly one column has."""
    for sense in _SENSES:
        columns = [column for column, words in called.items() if words in sense.called]
        if len(columns) == 1:
            yield sense, columns[0]
