"""A table as people speak of it: what its rows are called, and which words name its columns. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from indexer.sources.config import SourceConfig
from indexer.sources.naming import words_of_identifier
from rag.recall.asked import stems_of
from rag.recall.tables.everyday import everyday_extremes, everyday_words
from rag.recall.tables.plan import Operation

_UNITS = """
years months weeks days hours minutes seconds ms s h min yr yrs
km m cm mm miles mi feet ft inches
kg g mg tons tonnes t lb lbs oz
l ml litres liters
eur euro euros usd dollars gbp pounds chf
percent pct watts w kw kwh volts v
bytes kb mb gb celsius
"""
UNITS = frozenset(_UNITS.split())
"""How the name of a column ends that tells its unit."""
MONEY = frozenset(("eur", "euro", "euros", "usd", "dollars", "gbp", "pounds", "chf"))
"""What a price is told in, though its column seldom says so."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be asked for; numbers and dates can be compared, numbers summed."""

    name: str
    is_number: bool = False
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class TableWords:
    """``names`` are the columns by which a person names a row, the best first; ``nouns`` and ``words`` are by stems."""

    columns: Mapping[str, Column]
    names: tuple[str, ...]
    nouns: frozenset[tuple[str, ...]]
    words: Mapping[tuple[str, ...], tuple[str, ...]]
    spoken: Mapping[str, str]
    noun: str
    extremes: Mapping[str, tuple[Operation, str]] = field(default_factory=dict)

    def told(self, column: str, value: str) -> tuple[str, str]:
        """What the column is called and the value, a unit with the latter: ``("warranty", "3 years")``."""
        unit, called = unit_of(self.columns[column]), self.spoken[column]
        is_own = bool(unit) and called == words_of_identifier(column)
        return (called.removesuffix(f" {unit}"), f"{value} {unit}") if is_own else (called, value)


def table_words(config: SourceConfig, columns: Iterable[Column]) -> TableWords:
    """The columns but the hidden ones, by their own words and by those that the configuration gives them."""
    hidden = {*config.hidden, config.access_field}
    shown = {column.name: column for column in columns if column.name not in hidden}
    words: dict[tuple[str, ...], list[str]] = {}
    spoken = {}
    for name in shown:
        given = config.recall.words.get(name, ())
        spoken[name] = given[0] if given else words_of_identifier(name)
        for text in dict.fromkeys((*given, words_of_identifier(name))):
            words.setdefault(stems_of(text), []).append(name)
    for text, name in _without_units(shown.values()):
        words.setdefault(stems_of(text), [name])
    called = {name: _bare(column) for name, column in shown.items()}
    for text, name in everyday_words(called):
        words.setdefault(stems_of(text), [name])
    nouns = config.recall.nouns or (words_of_identifier(config.table.rpartition(".")[2] or config.name),)
    return TableWords(
        columns=shown,
        names=tuple(name for name in config.recall.names or _likely_names(shown) if name in shown),
        nouns=frozenset(map(stems_of, nouns)),
        words={stems: tuple(found) for stems, found in words.items()},
        spoken=spoken,
        noun=nouns[0],
        extremes=everyday_extremes({name: bare for name, bare in called.items() if shown[name].is_number}),
    )


def unit_of(column: Column) -> str:
    """How the name of a column of numbers tells its unit; empty where it tells none."""
    *rest, last = words_of_identifier(column.name).split()
    return last if rest and column.is_number and last in UNITS else ""


def same_unit(one: str, other: str) -> bool:
    """Whether two words are one unit: ``year`` and ``years``."""
    return one.removesuffix("s") == other.removesuffix("s")


def _bare(column: Column) -> str:
    """The words of a column without its unit."""
    return words_of_identifier(column.name).removesuffix(f" {unit_of(column)}")


def _without_units(columns: Iterable[Column]) -> Iterator[tuple[str, str]]:
    """(``warranty``, ``warranty_years``): people leave out the unit, and may where only one column is called so."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if unit_of(column):
            found.setdefault(_bare(column), []).append(column.name)
    yield from ((text, names[0]) for text, names in found.items() if len(names) == 1)


def _likely_names(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Columns called a name or a title, else the first text."""
    named = tuple(name for name in columns if words_of_identifier(name).split()[-1] in ("name", "title", "label"))
    texts = (name for name, column in columns.items() if not column.is_number and not column.is_date)
    return named or tuple(texts)[:1]
