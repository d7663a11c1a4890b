"""Words of languages that write compounds as one word, and their umlauts: pure functions over what the index says."""

import re
from collections.abc import Iterator

from indexer.asking.spelling import MIN_COMPOUND_PART_CHARS, Pattern, Spelling
from ranker.understanding.english import is_english
from ranker.understanding.known import Known

_PLURAL_ENDINGS = ("en", "er", "e", "n", "s")
_TRANSCRIBED = re.compile("[aou]e|aa")


def compounded(word: str, known: Known) -> str:
    """The two words of a compound that the index lacks but has in one passage: of ``Schuhgröße``, Größe der Schuhe.

    Of several such pairs the commonest; empty without one.
    """
    found = [spelling for parts in parts_of_compound(word) for spelling in known.get(Pattern("parts", parts), ())]
    return max(found, key=lambda spelling: spelling.passages).word if found else ""


def parts_of_compound(word: str) -> Iterator[str]:
    """The two words that it may be made of, at each place; none of an English one."""
    for one in dict.fromkeys((word, with_umlauts(word))) if not is_english(word) else ():
        for at in range(MIN_COMPOUND_PART_CHARS, len(one) - MIN_COMPOUND_PART_CHARS + 1):
            yield f"{one[:at]} {one[at:]}"


def with_umlauts(word: str) -> str:
    """A word with its umlauts folded, where it may have been typed on a keyboard without: ``muell`` for Müll."""
    other = _TRANSCRIBED.sub(lambda match: match.group()[0], word)
    return other if other != word and ("aa" in word or not is_english(word)) else ""


def first_part(word: str) -> str:
    """What a word may be as the first part of a compound: ``Miete`` in Mietvertrag, ``kyrka`` in kyrkogård."""
    is_cut = len(word) > MIN_COMPOUND_PART_CHARS and word.endswith(("e", "a")) and not is_english(word)
    return word[:-1] if is_cut else ""


def compounds_of_first_part(word: str, known: Known) -> Iterator[Spelling]:
    """The compounds that begin with a word less its last letter and have another word after it."""
    stem = first_part(word)
    for found in known.get(Pattern("compound", stem), ()) if stem else ():
        rest = found.word.removeprefix(stem)
        if found.word.startswith(stem) and len(rest) >= MIN_COMPOUND_PART_CHARS and not rest.startswith(word[-1]):
            yield found


def singulars(word: str) -> list[str]:
    """What a word of a compounding language may be without its ending: ``Fristen`` is of Frist, and Kündigungsfrist."""
    if is_english(word):
        return []
    cut = [word.removesuffix(ending) for ending in _PLURAL_ENDINGS if word.endswith(ending)]
    return [one for one in cut if len(one) >= MIN_COMPOUND_PART_CHARS]


def compounds_of_singular(word: str, known: Known) -> Iterator[Spelling]:
    """The compounds whose last part a word is in another number."""
    for one in singulars(word):
        for found in known.get(Pattern("compound", one), ()):
            if not found.word.startswith(one):
                yield found
