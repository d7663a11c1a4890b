"""Which words of a query do many passages hold? Told by sets, without a look at each of their words."""

from collections import defaultdict
from collections.abc import Sequence, Set
from threading import Lock

from ranker.words import has_cjk, plain_words, stem

REMEMBERED_WORDS = 100_000

_lock = Lock()


class Sought:
    """Stems of a query, looked for in passages of one language."""

    def __init__(self, stems: Sequence[str], language: str | None) -> None:
        self._known = _known(language)
        self._forms = [self._known.forms(stem) for stem in stems]
        # Pairs of CJK characters stand in the text as they are; its words are single ones.
        self._pairs = {i: stem for i, stem in enumerate(stems) if has_cjk(stem)}

    def held_by(self, text: str) -> tuple[list[bool], int]:
        """(for each stem whether a word of the text has it, the number of words of the text)."""
        found = plain_words(text)
        distinct = set(found)
        self._known.learn(distinct)
        held = [not forms.isdisjoint(distinct) for forms in self._forms]
        for i, pair in self._pairs.items():
            held[i] = held[i] or pair in text
        return held, len(found)


class _Known:
    """Stem -> the words of one language seen so far that have it. Words only come, so that a set of them stays true."""

    def __init__(self, language: str | None) -> None:
        self._language = language
        self._seen: set[str] = set()
        self._forms: defaultdict[str, set[str]] = defaultdict(set)

    def learn(self, words: Set[str]) -> None:
        """Know these words from now on."""
        if new := words - self._seen:
            with _lock:
                for word in new:
                    self._forms[stem(word, self._language)].add(word)
                self._seen |= new

    def forms(self, of: str) -> Set[str]:
        """The words with this stem, also those that come later."""
        with _lock:
            return self._forms[of]

    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self._seen) >= REMEMBERED_WORDS


_known_of: dict[str | None, _Known] = {}


def _known(language: str | None) -> _Known:
    """What is known of a language; too much of it is left to those who have it in their hands."""
    found = _known_of.get(language)
    if found is None or found.is_full():
        found = _known_of[language] = _Known(language)
    return found
