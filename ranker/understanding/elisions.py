"""Letters that an apostrophe joins to a word, or that were typed without it: pure functions."""

import re

_ELIDED = re.compile(
    r"(?<![\w'’])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|nell|dall|sull|all|un)['’](?=\w{2})", re.IGNORECASE
)
_CONTRACTED = re.compile(r"(?<=\w)['’](?:[tdm]|re|ve|ll)(?!\w)", re.IGNORECASE)

_NEGATED = "are ca could did do does has have had is must need should was were wo would"
_CONTRACTIONS = {f"{word}nt": f"{word}n t" for word in _NEGATED.split()} | {
    f"{word}{end}": f"{word} {end}"
    for word, ends in (
        ("i", ("m", "ve")),
        ("you", ("re", "ve", "ll")),
        ("they", ("re", "ve", "ll")),
        ("we", ("ve",)),
        ("that", ("s", "ll")),
        ("what", ("s",)),
        ("where", ("s",)),
        ("there", ("s",)),
        ("who", ("s",)),
    )
    for end in ends
}


def unelided(word: str) -> str:
    """The word without articles and pronouns before it and short verbs after it: ``l'été`` -> été, ``don't`` -> don.

    A letter by itself is rare, and would find pages of other subjects. The English genitive stays: it is frequent.
    """
    return _CONTRACTED.sub("", _ELIDED.sub("", word))


def apart(word: str) -> str:
    """A lower-case contraction typed without its apostrophe, as the words of texts are: ``dont`` -> don t."""
    return _CONTRACTIONS.get(word, "")
