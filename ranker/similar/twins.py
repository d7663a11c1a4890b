"""Results that say what an earlier one says already: a pure function."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache

from indexer.asking.exact import exact_tokens
from indexer.document import Head, Passage
from ranker.hit import Hit
from ranker.similar.same import says_the_same

MAX_COMPARED = 8
"""With so many pages of one title a page is compared: the pages of one mould are many, and none is like another."""

_FORM_WORDS = """
print printable printer friendly version copy mobile amp pdf html text archived mirror cached druckversion
druckansicht drucken imprimer imprimable imprimir afdrukken
"""
_FORMS = frozenset(_FORM_WORDS.split())
"""Words of a title that name the form of a page and nothing that it says."""


@dataclass(frozen=True, slots=True)
class Twins:
    """``others``: doc_id of a page -> the passages of pages that say the same and are shown under it.

    ``surplus``: the heads of those pages by their doc_ids.
    """

    others: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)
    surplus: Mapping[str, Head] = field(default_factory=dict)

    def gathered(self, hits: Iterable[Hit]) -> list[Hit]:
        """The hits without the surplus ones, which are found under those that they are like."""
        if not self.surplus:
            return list(hits)
        kept = (hit for hit in hits if hit.passage.head.doc_id not in self.surplus)
        return [replace(hit, similar=self.others.get(hit.passage.head.doc_id, ())) for hit in kept]


def twins(passages: Iterable[Passage], alone: Set[str] = frozenset()) -> Twins:
    """Which of these passages, one a document and the best first, say what an earlier one says.

    They are of one title, under the same headings, in one language. Documents ``alone`` (doc_ids) have a place of their
    own whatever they say.
    """
    by_name: dict[tuple[str, ...], list[Passage]] = {}
    others: dict[str, list[Passage]] = {}
    surplus: dict[str, Head] = {}
    for passage in passages:
        head = passage.head
        earlier = by_name.setdefault(_name(head.title), [])
        first = None
        if head.doc_id not in alone:
            first = next((one for one in earlier[:MAX_COMPARED] if _are_alike(one, passage)), None)
        if first is None:
            earlier.append(passage)
        else:
            others.setdefault(first.head.doc_id, []).append(passage)
            surplus[head.doc_id] = head
    return Twins({doc_id: tuple(found) for doc_id, found in others.items()}, surplus)


def _are_alike(one: Passage, other: Passage) -> bool:
    languages = {one.head.language, other.head.language} - {None}
    if len(languages) > 1 or _headings(one) != _headings(other):
        return False
    return says_the_same(one.text, other.text)


def _headings(passage: Passage) -> Sequence[tuple[str, ...]]:
    title = _name(passage.head.title)
    return [name for heading in passage.heading_path if (name := _name(heading)) != title]


@lru_cache(maxsize=20_000)
def _name(title: str) -> tuple[str, ...]:
    """The words and numbers of a title in order, without those that name the form of the page."""
    tokens = [token for token in exact_tokens(title) if token[0].isalnum()]
    return tuple(token for token in tokens if token not in _FORMS) or tuple(tokens)
