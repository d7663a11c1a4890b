"""Other ways to write what was typed, told by its own characters alone: pure functions.

Every form is looked for in the index as words side by side, so that one which nobody writes finds nothing and does no
harm.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from indexer.asking.asked import Form
from indexer.asking.exact import camel_parts, exact_tokens, folded, is_word
from indexer.asking.stems import is_stopword
from ranker.understanding.dates import dates
from ranker.understanding.elisions import apart, unelided
from ranker.understanding.english import is_english
from ranker.understanding.numerals import decimals, hexadecimals, numbers_within, thousands, versions
from ranker.understanding.scripts import in_other_kana, transcribed
from ranker.understanding.variants import other_number, variants

JOINED_WEIGHT = 0.7
"""What another spelling counts beside the one typed."""

CODE_WEIGHT = 2.0
"""What a code written in another way counts: as much as its parts and their standing together, ``E4012`` for E-4012."""

PLURAL_WEIGHT = VARIANT_WEIGHT = 0.9
WHOLE_WEIGHT = 1.0
"""What an identifier, a version or a code adds as a whole to what its parts count."""

MAX_SPLIT_WORDS = 3
"""Only words of short queries are parted at every letter: in a sentence some part would always stand somewhere."""

MAX_JOINED_WORDS = 4
"""In longer queries other words tell what is meant, and a rare form of one (``criterion``) would count for more."""

MAX_SIGN_WORDS = 3
"""A single sign among more words is punctuation, not what is looked for."""

MAX_OPERATOR_WORDS = 2
"""Of so few words several signs are an operator, ``?.`` or ``??``."""

MAX_CODE_PARTS = 4
MAX_WHOLE_QUERY_WORDS = 5
MIN_SPLIT_CHARS, MAX_SPLIT_CHARS = 4, 14
MAX_ABSENT_SPLIT_CHARS = 24
MAX_ABBREVIATION_CHARS = 4
MAX_JOINED_CHARS = 20
MIN_PART_CHARS = 2
MAX_PARTS = 6

_EDGES = "\"'`´’‘.,;:!?¿¡…()[]{}"
_WORDS_OF_ONE_LETTER = frozenset("aiouy")
"""Words in some language, which may stand before any other; but ``email`` is e-mail and ``xray`` x-ray."""

MIN_IRISH_CHARS = 6
"""So long a word may be a name with O', ``obrien``."""

_PLURALS = (
    *(("ao", "oes"), ("acion", "aciones"), ("ucion", "uciones")),
    *((f"{vowel}z", f"{vowel}ces") for vowel in "aeiou"),
)
_SHORT_PLURAL = re.compile("[a-z]{2,3}[aeo]s")
_POINTED = re.compile(r"\.[^\W\d_]")
_BEFORE_POINT = "\"'`´’‘([{"
_APOSTROPHE = re.compile("['’]")
_SPOKEN = re.compile(
    r"\b(?:(?P<name>[a-z]) ?(?P<sign>sharp|plus ?plus)|dot ?(?P<rest>net))\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[^\W_]+(?:(?:_[^\W_]+)+|(?:-[^\W_]+)+)")
_MARKS_CHANGED = str.maketrans("_-", "-_")

_NO_WHOLE = re.compile("['’]|^-.*-$")
_WORDED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_](?:\.[^\W\d_])+")
"""Hyphenated words and abbreviations (``e.g``): in a sentence words among others, no name of a thing."""


def bare(word: str) -> str:
    """A word without the punctuation of its sentence; what is punctuation alone stays.

    So does the first point of a name, one before a letter: ``.NET``, ``.htaccess``.
    """
    inner = word.strip(_EDGES)
    is_pointed = _POINTED.match(word.lstrip(_BEFORE_POINT)) is not None
    return f".{inner}" if is_pointed else inner or word


def forms(words: Sequence[str]) -> Iterator[Form]:
    """What finds the same things as some of the words: joined, parted, and signs as they stand."""
    found = [bare(word) for word in words if not _is_punctuation(word, len(words))]
    for word in found:
        yield from _of_token(word)
        yield from _plurals(word)
        yield from _with_apostrophe(word)
        yield from (Form(other, VARIANT_WEIGHT) for other in (*decimals(word), *thousands(word)))
        yield from (Form(other, CODE_WEIGHT, is_exact=True) for other in (*hexadecimals(word), *versions(word)))
        yield from (Form(other, VARIANT_WEIGHT, is_exact=True) for other in numbers_within(word))
        yield from (Form(other, WHOLE_WEIGHT) for other in dates(word))
        yield from (Form(other, VARIANT_WEIGHT) for other in (*in_other_kana(word), *transcribed(word)))
        yield from (Form(other, VARIANT_WEIGHT) for other in variants(word.lower()))
    if len(found) <= MAX_JOINED_WORDS:
        numbers = (number for word in found if (number := other_number(word.lower())))
        # As it stands: the stem of indices is that of indicate.
        yield from (Form(number, VARIANT_WEIGHT, is_exact=True) for number in numbers)
        together = [(one, other) for one, other in pairwise(found) if _belong_together(one, other)]
        yield from (
            Form(one + other, CODE_WEIGHT if one.isdigit() or other.isdigit() else JOINED_WEIGHT)
            for one, other in together
        )
    yield from (Form(other, WHOLE_WEIGHT, is_exact=True) for other in _said(found))
    if len(found) <= MAX_SPLIT_WORDS:
        yield from (Form(other, JOINED_WEIGHT, is_exact=True) for word in found for other in _other_marks(word))
        yield from (Form(split, JOINED_WEIGHT / 2) for word in found for split in splits(word))


def wholes(words: Sequence[str]) -> Iterator[Form]:
    """What counts for more when it stands together: each token of several parts, and a short query as a whole."""
    found = [bare(word) for word in words]
    for word in found:
        tokens = exact_tokens(word)
        is_several = 1 < len(tokens) <= MAX_PARTS and not _NO_WHOLE.search(word)
        is_version = len(tokens) == 1 and "." in tokens[0][1:]
        is_word = len(found) > MAX_WHOLE_QUERY_WORDS and _WORDED.fullmatch(word)
        if (is_several or is_version) and not is_word:
            yield Form(word, WHOLE_WEIGHT, is_exact=True)
    if 1 < len(found) <= MAX_WHOLE_QUERY_WORDS:
        yield Form(" ".join(found), WHOLE_WEIGHT)


def splits(word: str, max_chars: int = MAX_SPLIT_CHARS) -> Iterator[str]:
    """A word parted in two at each place: ``wifi`` -> wi fi."""
    if is_word(word.lower()) and word.isascii() and MIN_SPLIT_CHARS <= len(word) <= max_chars:
        is_irish = word[0] in "oO" and len(word) >= MIN_IRISH_CHARS
        first = 1 if is_irish or word[0].lower() not in _WORDS_OF_ONE_LETTER else MIN_PART_CHARS
        for at in range(first, len(word) - MIN_PART_CHARS + 1):
            yield f"{word[:at]} {word[at:]}"


def _other_marks(word: str) -> Iterator[str]:
    """A name with its other mark between words: ``dry_run`` is the option --dry-run."""
    if _MARKED.fullmatch(word):
        yield word.translate(_MARKS_CHANGED)


def _said(words: Sequence[str]) -> Iterator[str]:
    """Names with signs that were typed as they are spoken: ``c sharp`` is C#, ``c plus plus`` C++, ``dotnet`` .NET."""
    for match in _SPOKEN.finditer(" ".join(words)):
        name, sign = match["name"], match["sign"]
        yield f".{match['rest']}" if match["rest"] else f"{name}#" if sign == "sharp" else f"{name}++"


def apart_or_together(word: str) -> Iterator[str]:
    """What a word that the index lacks may stand as: in two parts, or with a point or a stroke after its letters.

    ``foreignkeys`` is foreign keys, ``usa`` U.S.A., ``phd`` Ph.D.
    """
    if not (word.isascii() and word.isalpha()) or is_stopword(word):
        return
    if len(word) <= MAX_ABBREVIATION_CHARS:
        yield " ".join(word)
        yield from (f"{word[:-1]} {word[-1]}",) if len(word) > MIN_PART_CHARS else ()
    yield from splits(word, MAX_ABSENT_SPLIT_CHARS)


def _belong_together(one: str, other: str) -> bool:
    """Whether two words may be one: ``log in``, a number with its unit, or letters with their number, ``S 21``."""
    if one.isascii() and one.isalpha() and other.isdigit():
        return (
            len(one) <= MAX_ABBREVIATION_CHARS
            and len(other) <= MAX_ABBREVIATION_CHARS
            and (len(one) < MIN_PART_CHARS or not is_stopword(one))
        )
    if not (other.isascii() and other.isalpha()) or len(one + other) > MAX_JOINED_CHARS:
        return False
    return one.isdigit() or (one.isascii() and one.isalpha() and min(len(one), len(other)) >= MIN_PART_CHARS)


def _is_punctuation(word: str, words: int) -> bool:
    """Whether a piece is none but marks of a sentence, which nobody looks for."""
    if any(character.isalnum() for character in word) or (len(word) > 1 and words <= MAX_OPERATOR_WORDS):
        return False
    return not word.strip(_EDGES) or (len(word) == 1 and words > MAX_SIGN_WORDS)


def _plurals(word: str) -> Iterator[Form]:
    """Portuguese and Spanish plurals that stemmers leave: devoluções is of devolução, lápices of lápiz, años of año."""
    plain = folded(word)
    if is_english(plain) or is_stopword(plain):
        return
    for one, many in _PLURALS:
        if plain.endswith(many):
            yield Form(plain.removesuffix(many) + one, PLURAL_WEIGHT)
        elif plain.endswith(one):
            yield Form(plain.removesuffix(one) + many, PLURAL_WEIGHT)
    if _SHORT_PLURAL.fullmatch(plain):
        yield Form(plain[:-1], PLURAL_WEIGHT)


def _with_apostrophe(word: str) -> Iterator[Form]:
    """The two sides of an apostrophe as they stand, or of one that was left out: ``l'été``, ``dont``."""
    if unelided(word) != word:
        yield Form(word, WHOLE_WEIGHT)
    if parted := apart(word.lower()):
        yield Form(parted, VARIANT_WEIGHT)


def _parted(tokens: Sequence[str]) -> Iterator[str]:
    """A code parted at some of the places where letters meet digits: ``A17B`` is A17-B, too."""
    if len(tokens) > MAX_CODE_PARTS or not any(token[0].isdigit() for token in tokens):
        return
    places = range(1, len(tokens))
    for cuts in (chosen for size in places[:-1] for chosen in combinations(places, size)):
        edges = (0, *cuts, len(tokens))
        yield " ".join("".join(tokens[start:end]) for start, end in pairwise(edges))


def _of_token(word: str) -> Iterator[Form]:
    tokens = exact_tokens(word)
    if parts := camel_parts(word):
        yield Form(" ".join(parts), JOINED_WEIGHT / len(parts))
    if not any(token.isalnum() for token in tokens):
        if tokens:
            yield Form(word, WHOLE_WEIGHT, is_exact=True)
        return
    alone = [token for token in tokens if token.isalnum()]
    if not 1 < len(alone) <= MAX_PARTS or _APOSTROPHE.search(word):
        return
    if any(character.isalpha() for character in word):
        joined = "".join(alone)
        if joined != word.lower():
            is_code = any(token[0].isdigit() for token in alone)
            yield Form(joined, CODE_WEIGHT if is_code else JOINED_WEIGHT)
        if len(alone) == len(tokens):
            yield Form(" ".join(alone), CODE_WEIGHT / len(alone))
            yield from (Form(other, CODE_WEIGHT / len(alone)) for other in _parted(alone))
