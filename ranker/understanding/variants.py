"""British and American spellings of one word: a pure function. What nobody writes finds nothing and does no harm."""

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


def variants(word: str) -> Iterator[str]:
    """The other spellings of a lower-case word: ``colours`` -> colors, ``customized`` -> customised."""
    for size in range(len(word), 2, -1):
        if (other := _OTHER.get(word[:size])) and _ENDING.fullmatch(word[size:]):
            yield other + word[size:]
            break
    if match := _ISE.fullmatch(word):
        yield f"{match['stem']}{match['vowel']}{'z' if match['sign'] == 's' else 's'}{match['end']}"
    if (match := _DOUBLED.fullmatch(word)) and match["stem"] in _DOUBLING:
        yield f"{match['stem']}{'' if match['again'] else 'l'}{match['end']}"
