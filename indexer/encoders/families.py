"""What families of models were trained with, told by a model's name: many do not declare it. Pure."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

Pooling = Literal["mean", "cls", "max", "lasttoken"]
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)
DEFAULT_MAX_TOKENS = 512
"""What BERT-like models were pretrained with."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a model was trained to read its texts; vectors made otherwise are worth less."""

    pooling: Pooling
    max_tokens: int
    query_prefix: str
    passage_prefix: str


BGE_INSTRUCTION = "Represent this sentence for searching relevant passages: "
FAMILIES: tuple[tuple[re.Pattern[str], Habits], ...] = (
    (re.compile(r"(multilingual-)?e5-(?!.*instruct)"), Habits("mean", DEFAULT_MAX_TOKENS, "query: ", "passage: ")),
    (re.compile(r"bge-.*-en(-v1\.5)?$"), Habits("cls", DEFAULT_MAX_TOKENS, BGE_INSTRUCTION, "")),
    (re.compile(r"gte-.*-v1\.5$"), Habits("cls", DEFAULT_MAX_TOKENS, "", "")),
)
"""By a model's name what its model card asks for, since many such models do not declare it."""

COMMON = Habits("mean", DEFAULT_MAX_TOKENS, "", "")


def family_of(model: str) -> Habits:
    """Habits of the family that a model's name, or its folder's, belongs to."""
    name = model.rstrip("/").split("/")[-1].lower()
    return next((habits for pattern, habits in FAMILIES if pattern.match(name)), COMMON)


def served_prefixes(model: str) -> tuple[str, str]:
    """(before queries, before passages) of a model that a server knows by this name; most put none before themselves.

    The encoders of another Recollect do: their names say so (``e5-small-v2:mean:512:query: :passage: ``).
    """
    habits = family_of(model)
    is_done = any(prefix and prefix in model for prefix in (habits.query_prefix, habits.passage_prefix))
    return ("", "") if is_done else (habits.query_prefix, habits.passage_prefix)
