"""Of a page of its own and a page that holds it among all others, which comes first? A pure function."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ranker.hit import Hit
from ranker.naming.navigation import is_title, names_of_heading, names_of_title


def specific_first(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits in their order, but a page before one that has its sections as a chapter of its title.

    So a manual's chapters come before the manual on one page, whatever the scores of the sections that both have,
    unless ``text`` is what the latter is called. Scores still never rise from one hit to the next.
    """
    places: dict[str, list[int]] = {}
    for at, hit in enumerate(hits):
        for heading in dict.fromkeys(p.heading_path[-1] for p in (hit.passage, *hit.more) if p.heading_path):
            places.setdefault(heading, []).append(at)
    order = [place for at, hit in enumerate(hits) for place in (*_owners(text, at, hit, hits, places), at)]
    return _falling(hits, list(dict.fromkeys(order)))


def _owners(text: str, at: int, hit: Hit, hits: Sequence[Hit], places: dict[str, list[int]]) -> Iterator[int]:
    """The later hits with this section that are called as a chapter is that it stands in, the deepest first."""
    path = hit.passage.heading_path
    alike = [place for place in places[path[-1]] if place > at] if path else []
    if alike and not is_title(text, hit.passage.head.title):
        whole = _depth(hit, path)
        depths = {place: _depth(hits[place], path) for place in alike}
        deeper = [place for place in alike if depths[place] > whole]
        yield from sorted(deeper, key=lambda place: -depths[place])


def _depth(hit: Hit, path: Sequence[str]) -> int:
    """How deep in these headings a page's title stands; 0 where it is none of them."""
    called = names_of_title(hit.passage.head.title)
    return max((depth for depth, heading in enumerate(path, 1) if called & names_of_heading(heading)), default=0)


def _falling(hits: Sequence[Hit], order: Sequence[int]) -> list[Hit]:
    """The hits of these places, each with no less than the best that follows it."""
    score = 0.0
    found: list[Hit] = []
    for place in reversed(order):
        score = max(score, hits[place].score)
        found.append(hits[place] if hits[place].score == score else replace(hits[place], score=score))
    return found[::-1]
