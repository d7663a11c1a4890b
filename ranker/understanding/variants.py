"""British and American spellings of one word, and its other number: a pure function.

What nobody writes finds nothing and does no harm.
"""

import re
from collections.abc import Iterator

_OUR = (
    "arbour ardour armour behaviour candour clamour colour demeanour endeavour favour favourite flavour glamour "
    "harbour honour humour labour neighbour neighbourhood odour parlour rancour rigour rumour saviour savour splendour "
    "tumour valour vapour vigour"
)
_PAIRS = {word: word.replace("our", "or", 1) for word in _OUR.split()} | {
    "aluminium": "aluminum",
    "analogue": "analog",
    "calibre": "caliber",
    "catalogue": "catalog",
    "centre": "center",
    "defence": "defense",
    "dialogue": "dialog",
    "fibre": "fiber",
    "grey": "gray",
    "judgement": "judgment",
    "licence": "license",
    "litre": "liter",
    "manoeuvre": "maneuver",
    "metre": "meter",
    "mould": "mold",
    "offence": "offense",
    "paediatric": "pediatric",
    "plough": "plow",
    "pretence": "pretense",
    "programme": "program",
    "sceptical": "skeptical",
    "theatre": "theater",
    "tyre": "tire",
}
_IRREGULAR = (
    "analysis analyses, appendix appendices, axis axes, bacterium bacteria, basis bases, child children, codex "
    "codices, crisis crises, criterion criteria, curriculum curricula, diagnosis diagnoses, foot feet, goose "
    "geese, half halves, hypothesis hypotheses, index indices, knife knives, leaf leaves, life lives, loaf "
    "loaves, man men, matrix matrices, mouse mice, ox oxen, person people, phenomenon phenomena, self selves, "
    "shelf shelves, stimulus stimuli, synthesis syntheses, thesis theses, thief thieves, tooth teeth, vertex "
    "vertices, wife wives, wolf wolves, woman women"
)
"""Singular and plural where a stemmer sees two words."""

_NUMBERS = [(pair.split()[0], pair.split()[1]) for pair in _IRREGULAR.split(", ")]
_OTHER_NUMBER = dict(_NUMBERS) | {many: one for one, many in _NUMBERS}

_OTHER = _PAIRS | {american: british for british, american in _PAIRS.items()}
_ENDING_IN_L = (
    "cancel channel counsel dial duel equal fuel initial jewel label level libel marvel model panel pencil quarrel "
    "signal snorkel spiral total travel tunnel"
)
_DOUBLING = frozenset(_ENDING_IN_L.split())
_ENDING = re.compile(r"(s|es|ed|d|ing|er|ers|ful|less|able|y|ly)?")
_ISE = re.compile(
    r"(?P<stem>[a-z]{4,}|[a-z]*al|anal|paral|catal|hydrol)(?P<vowel>[iy])(?P<sign>[sz])(?P<end>e[drs]?|ers|ing|ations?|able)"
)
_DOUBLED = re.compile(r"(?P<stem>[a-z]+?l)(?P<again>l?)(?P<end>ed|ing|er|ers)")


def other_number(word: str) -> str:
    """Of a lower-case word that a stemmer does not lead to it, ``mice`` -> mouse; empty for others."""
    return _OTHER_NUMBER.get(word, "")


def variants(word: str) -> Iterator[str]:
    """Others of a lower-case word: ``colours`` -> colors, ``customized`` -> customised."""
    for size in range(len(word), 2, -1):
        if (other := _OTHER.get(word[:size])) and _ENDING.fullmatch(word[size:]):
            yield other + word[size:]
            break
    if match := _ISE.fullmatch(word):
        yield f"{match['stem']}{match['vowel']}{'z' if match['sign'] == 's' else 's'}{match['end']}"
    if (match := _DOUBLED.fullmatch(word)) and match["stem"] in _DOUBLING:
        yield f"{match['stem']}{'' if match['again'] else 'l'}{match['end']}"
