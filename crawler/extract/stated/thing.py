"""A thing of schema.org's vocabulary, however a page writes it down."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Thing:
    """``kinds`` and the names of ``properties`` are local names (``Product``, ``openingHours``), as written.

    Things may lead to each other in a circle.
    """

    kinds: tuple[str, ...] = ()
    properties: list[tuple[str, "str | Thing"]] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """The first text of the first of these properties that has one; else empty."""
        return next((found for name in names for found in self.texts(name)), "")

    def texts(self, name: str) -> list[str]:
        """All texts of a property, in order."""
        return [value for key, value in self.properties if key == name and isinstance(value, str)]

    def things(self, name: str) -> list["Thing"]:
        """All things that a property leads to, in order."""
        return [value for key, value in self.properties if key == name and isinstance(value, Thing)]


def local_name(term: str) -> str:
    """``https://schema.org/Product`` and ``schema:Product`` as ``Product``."""
    return term.strip().rstrip("/#").replace("#", "/").rpartition("/")[2].rpartition(":")[2]
