"""What a claim has otherwise than its evidence."""

from dataclasses import dataclass
from enum import Enum


class Fact(Enum):
    """A kind of fact that must be the same in a claim and in its evidence; the value is what a person reads."""

    NUMBER = "another number"
    UNIT = "another unit"
    VERSION = "another version"
    DATE = "another date"
    NAME = "another name"
    NEGATION = "the opposite"
    COMPARISON = "the other side of a limit"
    CONDITION = "another condition"
    QUANTIFIER = "more than is said"
    ROLE = "the roles are swapped"
    ADDED = "something that is not said"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """``claim`` are the claim's words; ``evidence`` those that stand against them, empty where there are none."""

    fact: Fact
    claim: str
    evidence: str = ""

    def __str__(self) -> str:
        against = f", not {self.evidence!r}" if self.evidence else ""
        return f"{self.fact.value}: {self.claim!r}{against}"
