"""Words that the index does not hold, and what they are taken for: pure functions over what the index says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.asking.asked import Form
from indexer.asking.exact import folded, is_word
from indexer.asking.spelling import MIN_COMPOUND_PART_CHARS, MIN_INNER_PART_CHARS, Pattern, edits_allowed
from indexer.asking.stems import is_stopword
from ranker.understanding.compounds import (
    compounded,
    compounds_of_first_part,
    compounds_of_singular,
    first_part,
    parts_of_compound,
    singulars,
    with_umlauts,
)
from ranker.understanding.elisions import apart
from ranker.understanding.english import is_english
from ranker.understanding.forms import JOINED_WEIGHT, apart_or_together, bare
from ranker.understanding.known import Known, passages, stands
from ranker.understanding.slips import is_another_part, is_slip

COMPLETED_WEIGHT = 0.3
"""What a completed word counts: less than the same letters as a whole word, so that whole words come first."""

COMPOUND_WEIGHT = 0.5
UMLAUT_WEIGHT = 0.9
MAX_COMPLETIONS = 12
MAX_CHECKED_WORDS = 32
"""The words of a longer text are taken as they are."""

MAX_SUBJECT_WORDS = 4
"""Of so many words a query may be nothing but a name; with more it is a sentence."""

POLITE = frozenset(("please", "thanks", "thank", "hello", "bitte", "danke", "merci"))
"""Said to whoever answers, not looked for."""

RARE_PASSAGES = 2
COMMONER = 20
"""A word of at most so many passages may be meant for another that is so many times as common."""

_PARTED = re.compile(r"[a-z]{2,}(?:[._][a-z]{2,})+")
_HUMPED = re.compile(r"[A-Z]+[a-z]+[A-Z]+[a-z]*")
_CAPITALS_FIRST = re.compile(r"[^\W\d_a-z]*[^\W\d_A-Z]+|[a-z][A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """``text`` is what was typed with likelier words; it was searched for where ``is_applied``, else only offered."""

    text: str
    is_applied: bool


def plain_words(words: Sequence[str]) -> list[str]:
    """The words that may be mistyped, as the index's vocabulary writes them: letters alone, no identifiers."""
    found = [part for word in words[:MAX_CHECKED_WORDS] for part in _parts(bare(word))]
    return list(dict.fromkeys(folded(word) for word in found if _is_plain(word)))


def name_parts(word: str) -> list[str]:
    """The words of a name parted by dots or underscores (``django.core.mail``, ``work_mem``), or one with a capital
    inside (``JavaScript``), lower case.

    None of other words, of names that begin small and have a capital inside (``getName``), of constants
    (``SQLITE_BUSY``) and of what has digits.
    """
    name = bare(word)
    if _PARTED.fullmatch(name):
        return re.split(r"[._]", name)
    return [folded(name)] if _HUMPED.fullmatch(name) and not _is_plain(name) else []


def first_patterns(words: Sequence[str], *, is_unfinished: bool) -> list[Pattern]:
    """What to ask of the index about every word."""
    patterns = [Pattern("holds", word) for word in words]
    patterns += [Pattern("compound", word) for word in words if len(word) >= MIN_COMPOUND_PART_CHARS]
    patterns += [Pattern("compound", stem) for word in words if (stem := first_part(word))]
    return patterns + ([Pattern("begins", words[-1])] if is_unfinished and words else [])


def second_patterns(words: Sequence[str], known: Known) -> list[Pattern]:
    """What to ask besides: of absent words what they may stand for, of rare ones what may be meant."""
    patterns: list[Pattern] = []
    for word in words:
        if known.get(Pattern("compound", word)) or known.get(Pattern("begins", word)):
            continue
        if any(compounds_of_first_part(word, known)):
            continue
        count = passages(known, word)
        if count == 0:
            patterns += [Pattern("holds", split) for split in apart_or_together(word)]
            patterns.append(Pattern("begins", word))
            if umlauts := with_umlauts(word):
                patterns += [Pattern("holds", umlauts), Pattern("compound", umlauts)]
            patterns += [Pattern("compound", one) for one in singulars(word)]
            patterns += [Pattern("parts", parts) for parts in parts_of_compound(word)]
            if len(word) >= MIN_INNER_PART_CHARS:
                patterns.append(Pattern("inner", word))
        if count <= RARE_PASSAGES and edits_allowed(word):
            patterns.append(Pattern("near", word))
    return patterns


def replacements(words: Sequence[str], known: Known) -> tuple[dict[str, str], dict[str, str]]:
    """(applied, offered): absent words with the nearest of the index, and rare ones with a far commoner neighbour.

    English words are never taken for others, and one of another part is only offered. Of several words some must be
    known as they are: else what may be meant is only offered. Where more are absent than known, the query is about
    something else.
    """
    applied: dict[str, str] = {}
    offered: dict[str, str] = {}
    for word in words:
        near = known.get(Pattern("near", word), ())
        if not near or is_english(word) or apart(word):
            continue
        likely = [s for s in near if is_slip(word, s.word, is_sentence=len(words) > MAX_SUBJECT_WORDS)]
        count = passages(known, word)
        if likely and _is_absent(word, known):
            applied[word] = likely[0].word
        elif likely and count > 0 and likely[0].passages >= COMMONER * count:
            offered[word] = likely[0].word
        elif is_another_part(word, near[0].word) and _is_absent(word, known):
            offered[word] = near[0].word
    return _supported(words, known, applied, offered)


def _supported(
    words: Sequence[str], known: Known, applied: dict[str, str], offered: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    telling = [word for word in words if not is_stopword(word) and word not in POLITE] or words
    found = [word for word in telling if not _is_absent(word, known)]
    left = [word for word in telling if _is_absent(word, known) and word not in applied]
    if len(left) > len(found):
        return {}, offered
    return (applied, offered) if found or len(telling) == 1 else ({}, offered | applied)


def _is_absent(word: str, known: Known) -> bool:
    """Whether the index has a word neither in some inflection nor in two parts."""
    if passages(known, word) or stands(known, word) or known.get(Pattern("inner", word)) or compounded(word, known):
        return False
    if any(compounds_of_singular(word, known)):
        return False
    umlauts = with_umlauts(word)
    if passages(known, umlauts) or known.get(Pattern("compound", umlauts)):
        return False
    return not any(passages(known, split) for split in apart_or_together(word))


def vocabulary_forms(words: Sequence[str], known: Known, applied: Mapping[str, str]) -> list[Form]:
    """Words of the index that stand for one that was typed: completions, compounds, and the halves of an absent one."""
    found: list[Form] = []
    for word in words:
        if word in applied:
            continue
        if passages(known, word) == 0 and stands(known, word):
            found.append(Form(word, 1.0, is_exact=True))
        completed = known.get(Pattern("begins", word), ())[:MAX_COMPLETIONS]
        found += [Form(s.word, COMPLETED_WEIGHT) for s in completed if s.word != word]
        found += [Form(s.word, COMPOUND_WEIGHT) for s in known.get(Pattern("compound", word), ())]
        found += [Form(s.word, COMPOUND_WEIGHT) for s in compounds_of_first_part(word, known)]
        found += [Form(s.word, COMPOUND_WEIGHT) for s in compounds_of_singular(word, known)]
        found += [Form(s.word, COMPOUND_WEIGHT) for s in known.get(Pattern("inner", word), ())]
        if umlauts := with_umlauts(word):
            found += [Form(umlauts, UMLAUT_WEIGHT)] if passages(known, umlauts) else []
            found += [Form(s.word, COMPOUND_WEIGHT) for s in known.get(Pattern("compound", umlauts), ())]
        found += [Form(split, JOINED_WEIGHT / 2) for split in apart_or_together(word) if passages(known, split)]
    return found


def rewritten(text: str, replaced: Mapping[str, str]) -> str:
    """The text with some of its words replaced, everything else as typed."""

    def one(match: re.Match[str]) -> str:
        return replaced.get(folded(match.group()), match.group())

    return re.sub(r"[^\W\d_]+", one, text) if replaced else text


def _is_plain(word: str) -> bool:
    """Letters alone, and no hump within: ``journal``, ``VACUUM`` and ``SQLite`` but not ``getName``.

    One at the second letter may come from swapped ones, ``jOurnal`` for Journal.
    """
    if not is_word(folded(word)):
        return False
    return word.isupper() or bool(_CAPITALS_FIRST.fullmatch(word))


def _parts(word: str) -> list[str]:
    """The words of a hyphenated one; any other as it is."""
    parts = word.split("-")
    return parts if all(part.isalpha() for part in parts) else [word]
