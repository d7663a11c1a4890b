"""From a question to a way through a graph: a thing it names, and one or two steps from there. Pure but for look-ups.

Every word must be explained by the thing, by a step or by being a mere filler; else something else is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.sources.graph.graph import Graph
from rag.recall.asked import MAX_SPAN_WORDS, Asked
from rag.recall.graph.relations import About, Relations, Step

MAX_STEPS = 2
MAX_ENTITIES = 8
"""So many things of one name are looked at."""
_NOTHING = frozenset(
    (
        "word",
        "term",
        "thing",
        "things",
        "concept",
        "entity",
        "noun",
        "verb",
        "adjective",
        "adverb",
        "sense",
        "expression",
    )
)
_ARTICLES = frozenset(("the", "a", "an"))


@dataclass(frozen=True, slots=True)
class Way:
    """From ``entities``, all of one name, by ``steps`` in this order.

    ``is_active``: the first of them stands before the name as a verb does. ``is_frayed``: the name begins with an
    article or ends with what makes it a genitive. ``classes``: what it arrives at is of one of them, if any.
    """

    name: str
    entities: tuple[str, ...]
    steps: tuple[Step, ...]
    score: float
    is_active: bool = False
    is_frayed: bool = False
    classes: tuple[str, ...] = ()


def ways(asked: Asked, graph: Graph, relations: Relations) -> list[Way]:
    """The ways that explain every word of the question, the surest first."""
    if not asked.words:
        return []
    found = [way for start, end in asked.spans() for way in _through(asked, graph, relations, start, end)]
    return sorted(found, key=lambda way: (-way.score, way.is_frayed, -len(way.name)))


def _through(asked: Asked, graph: Graph, relations: Relations, start: int, end: int) -> Iterator[Way]:
    if all(word.is_filler for word in asked.words[start:end]) and end - start < 3:
        return
    others = [(at, at_end, step) for at, at_end, step in _steps(asked, relations, start, end)]
    covered = {i for at, at_end, _ in others for i in range(at, at_end)} | set(range(start, end))
    classes = _classes(asked, relations, covered) if others else ()
    if len(others) > MAX_STEPS or any(
        not word.is_filler and word.name not in _NOTHING for i, word in enumerate(asked.words) if i not in covered
    ):
        return
    entities = _named(asked, graph, start, end)
    if not entities:
        return
    # The steps go outwards from the thing: "the part of the kind of X", and "X's kind's part".
    ordered = sorted(others, key=lambda step: start - step[1] if step[1] <= start else step[0] - end)
    name = asked.raw(start, end)
    is_frayed = asked.words[start].name in _ARTICLES or asked.words[end - 1].name == "s"
    if not ordered:
        # An FAQ's question is the name of its answer.
        is_question = end - start == len(asked.words) and graph.label(entities[0]).endswith("?")
        yield Way(name, entities, (), 0.85 if is_question else 0.5, is_frayed=is_frayed)
        return
    nearest = ordered[0]
    is_active = nearest[1] <= start and _names_between(asked, nearest[1], start) <= _ARTICLES
    steps = tuple(step for _, _, step in ordered)
    yield Way(name, entities, steps, _score(steps), is_active, is_frayed, classes)


def _score(steps: tuple[Step, ...]) -> float:
    """What a word means may as well stand on a page; a relation is told by a graph alone."""
    if steps == (About.DESCRIPTION,):
        return 0.85
    return 0.95 if len(steps) == 1 else 0.94


def _classes(asked: Asked, relations: Relations, covered: set[int]) -> tuple[str, ...]:
    """The classes that the first words left name; the words are covered then."""
    for at, at_end in asked.spans(MAX_SPAN_WORDS):
        place = set(range(at, at_end))
        if not place & covered and (found := relations.classes(asked.stems(at, at_end))):
            covered |= place
            return found
    return ()


def _names_between(asked: Asked, start: int, end: int) -> set[str]:
    return {word.name for word in asked.words[start:end]}


def _named(asked: Asked, graph: Graph, start: int, end: int) -> tuple[str, ...]:
    """The things of this name, as it stands or in the singular."""
    name = asked.name(start, end)
    return tuple(
        next((found for form in (name, *_singular(name)) if (found := graph.likeliest(form, MAX_ENTITIES))), ())
    )


def _singular(name: str) -> Iterator[str]:
    """``cherries``, ``boxes`` and ``dogs`` as one of them."""
    if name.endswith("ies"):
        yield f"{name[:-3]}y"
    if name.endswith("es"):
        yield name[:-2]
    if name.endswith("s") and not name.endswith("ss"):
        yield name[:-1]


def _steps(asked: Asked, relations: Relations, start: int, end: int) -> list[tuple[int, int, Step]]:
    """The longest words for relations outside ``[start:end]`` that do not overlap."""
    chosen: list[tuple[int, int, Step]] = []
    taken = set(range(start, end))
    for at, at_end in asked.spans(MAX_SPAN_WORDS):
        place = set(range(at, at_end))
        step = None if place & taken else relations.get(asked.stems(at, at_end))
        if step is not None:
            taken |= place
            chosen.append((at, at_end, step))
    return chosen
