"""A table of facts: things and their properties."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from server.errors import BadInput


@dataclass(frozen=True, slots=True)
class Facts:
    """``rows`` hold for each thing its value of every property; ``noun`` is what a thing is called."""

    noun: str
    properties: tuple[str, ...]
    rows: dict[str, dict[str, str]]

    @property
    def is_texts(self) -> bool:
        """Whether each thing has one value alone: the text of a section, the answer to a question."""
        return len(self.properties) == 1

    def page(self, thing: str) -> str:
        """What a page says of a thing."""
        told = [(name, value) for name, value in self.rows[thing].items() if value]
        return "\n".join(value if self.is_texts else f"The {name} of {thing} is {value}." for name, value in told)

    def changed(self, thing: str, name: str, value: str) -> "Facts":
        """The same facts but one."""
        return replace(self, rows={**self.rows, thing: {**self.rows[thing], name: value}})


def read_facts(path: Path) -> Facts:
    """A file of tab-separated values: a header, a row a thing, the thing's name first. Raises BadInput."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = list(csv.reader(lines, delimiter="\t"))
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read as facts: {error}", "Give a header and a row for each thing") from error
    if len(header) < 2 or not rows or any(len(row) != len(header) or not row[0] for row in rows):
        raise BadInput(f"{path} is no table of facts", "Give tab-separated rows: the thing, then its properties")
    return Facts(header[0], tuple(header[1:]), {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows})
