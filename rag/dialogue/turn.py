"""One turn of a conversation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """``asked`` is what a person typed, ``understood`` the same as a question that stands by itself.

    ``answered`` is whether an answer was given.
    """

    asked: str
    understood: str
    answered: bool = True
