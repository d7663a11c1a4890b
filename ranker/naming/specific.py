"""Of a page of its own and a page that holds it among all others, which comes first? A pure function."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ranker.hit import Hit
from ranker.naming.navigation import is_title, names_of_heading, names_of_title

MAX_PLACE = 20
"""Further below a page that holds all is in nobody's way."""


def specific_first(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits in their order, but a page before one that has its sections as a chapter of its title.

    So a manual's chapters come before the manual on one page, whatever the scores of the sections that both have,
    unless ``text`` is what the latter is called. Scores still never rise from one hit to the next.
    """
    first = (hit.passage.heading_path for hit in hits[:MAX_PLACE])
    sections: dict[str, list[int]] = {path[-1]: [] for path in first if path}
    for at, hit in enumerate(hits):
        for heading in {p.heading_path[-1] for p in (hit.passage, *hit.more) if p.heading_path}:
            if heading in sections:
                sections[heading].append(at)
    before: dict[int, list[int]] = {}
    for heading, places in sections.items():
        if len({hits[place].passage.head.title for place in places}) > 1:
            before |= _owners(text, heading, places, hits)
    if not any(before.values()):
        return list(hits)
    order = [place for at in range(len(hits)) for place in (*before.get(at, ()), at)]
    return _falling(hits, list(dict.fromkeys(order)))


def _owners(text: str, heading: str, places: Sequence[int], hits: Sequence[Hit]) -> dict[int, list[int]]:
    """The hits that are found by this section: before each the later ones that have it, too, and are called as a
    chapter is that it stands in there, the deepest first.
    """
    titles = {place: hits[place].passage.head.title for place in places}
    called: dict[str, list[int]] = {}
    for place, title in titles.items():
        for name in names_of_title(title):
            called.setdefault(name, []).append(place)
    found: dict[int, list[int]] = {}
    for at in places:
        path = hits[at].passage.heading_path if at < MAX_PLACE else ()
        if path and path[-1] == heading and not is_title(text, titles[at]):
            found[at] = [place for place in _deepest_first(path, titles[at], called) if place > at]
    return found


def _deepest_first(path: Sequence[str], title: str, called: Mapping[str, Sequence[int]]) -> Iterator[int]:
    """What is called as one of the headings below the one that the page itself is called."""
    own = names_of_title(title)
    for heading in reversed(path):
        names = names_of_heading(heading)
        if own & names:
            return
        yield from sorted({place for name in names for place in called.get(name, ())})


def _falling(hits: Sequence[Hit], order: Sequence[int]) -> list[Hit]:
    """The hits of these places, each with no less than the best that follows it."""
    score = 0.0
    found: list[Hit] = []
    for place in reversed(order):
        score = max(score, hits[place].score)
        found.append(hits[place] if hits[place].score == score else replace(hits[place], score=score))
    return found[::-1]
