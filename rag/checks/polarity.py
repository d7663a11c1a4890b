"""Whether a claim says yes where its evidence says no: negation and opposites. Pure functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from indexer.asking.stems import stem
from rag.checks.clauses import Clause, clause, clauses, nearest
from rag.checks.mismatch import Fact, Mismatch
from ranker.training.opposites import OPPOSITES

_OF_SOFTWARE = """
allow deny,block,disallow,refuse | allows denies,blocks,disallows,refuses | allowed denied,blocked,disallowed,refused
permit forbid,prohibit,deny | permits forbids,prohibits,denies | enable disable | enables disables | enabled disabled
on off | accepts rejects,refuses | grant revoke,deny | granted revoked,denied | add remove | adds removes
added removed | insert delete | install uninstall | lock unlock | mutable immutable | synchronous asynchronous
encrypted plaintext,unencrypted | stateful stateless | ascending descending | push pull | upload download
import export | keep discard,drop,delete | keeps discards,drops,deletes | kept discarded,dropped,deleted
preserve discard | preserves discards | free paid | ordered unordered | sorted unsorted | signed unsigned
succeeds fails | pass fail | passes fails | requires forbids | include omit | includes omits | included omitted
supported deprecated | read write | reads writes | encode decode | compress decompress | mount unmount
faster slower | cheaper dearer | upgrade downgrade | forwards backwards | client server | online offline
"""
_ENGLISH = re.compile(
    r"(?P<verb>\b(?:not(?! (?:only|just|merely)\b[^.;]*\bbut\b| necessarily\b)|never|cannot|neither|nor|unable to"
    r"|fails? to|refuses? to|(?:do|does|did|is|are|was|were|has|have|had|ca|could|wo|would|should|must)n['’]t)\b)"
    r"|(?P<noun>\b(?:no(?! longer\b| matter\b| more than\b| fewer than\b| less than\b| later than\b)|without|lacks?"
    r"|lacking|none of|non)\b-?)|(?P<past>\bno longer\b)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:nicht|kein\w*|nie(?:mals)?|ohne|ne|n['’]|pas|jamais|sans|aucune?|nunca|jamás|sin|non|mai|senza|niet|geen|nooit"
    r"|inte|aldrig|ikke|não|nem|sem|nie|bez|нет|не|ни|без)\b|n['’](?=\w)|[不没沒未無无非]|ない|ません|않|없|못|\b(?:لا|لم|لن|ليس|غير)\b",
    re.IGNORECASE,
)
_ENDS_SCOPE = re.compile(r"[,;:.()]|\b(?:but|because|if|unless|although|and then|when|until|so that)\b", re.IGNORECASE)
_MODIFIERS = (
    "yet fully currently always automatically directly even ever usually normally simply really actually longer"
    " necessarily generally explicitly officially natively strictly properly correctly immediately"
)
_ADVERBS = frozenset(_MODIFIERS.split())
_IN_TIME = frozenset({"before", "after", "since", "until", "within", "during"})
"""Opposites that may say the same about other ends of a span."""

_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "mis", "de")
MIN_ROOT_CHARS = 4
"""What is left without a prefix must be so long to be taken for the word without it."""

ALIKE = 0.15
"""Clauses that share nearly as many words with the claim as the nearest one may speak for it, too."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Stems that a clause negates, those that it says plainly, and those of which it is not clear."""

    denied: frozenset[str]
    said: frozenset[str]
    unclear: frozenset[str]


def negation_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Where the clauses of the evidence that are nearest to the claim's say the opposite, and none of them agrees."""
    given = clauses(evidence, language)
    compare = _opposed if language in (None, "en") else _opposed_elsewhere
    found = []
    for part in clauses(claim, language):
        near = nearest(part, given, ALIKE)
        against = [(other, word) for other in near if (word := compare(part, other, language))]
        if near and len(against) == len(near):
            other, word = against[0]
            found.append(Mismatch(Fact.NEGATION, word, other.text))
    return found


def turns_around(question: str, sentence: str) -> bool:
    """Whether an English sentence says plainly what the question denies: what is found is not what "is not found"."""
    return bool(signs(question).denied & signs(sentence).said)


def _opposed_elsewhere(claim: Clause, evidence: Clause, language: str | None) -> str:
    """In other languages than English one side is negated and the other is not."""
    return claim.text if bool(_ELSEWHERE.search(claim.text)) != bool(_ELSEWHERE.search(evidence.text)) else ""


def _opposed(claim: Clause, evidence: Clause, language: str | None) -> str:
    """The claim's word that the evidence turns around, empty where there is none."""
    return next(_opposites_between(claim, evidence), "")


def _opposites_between(claim: Clause, evidence: Clause) -> Iterator[str]:
    ours, theirs = signs(claim.text), signs(evidence.text)
    unclear = ours.unclear | theirs.unclear
    for word in claim.words:
        root = word.stem
        if root in unclear:
            continue
        denied = root in ours.denied
        is_turned = root in (theirs.said if denied else theirs.denied)
        if is_turned or (root not in evidence.stems and _has_opposite(root, denied, claim, evidence)):
            yield claim.text[word.start : word.end]


def _has_opposite(root: str, denied: bool, claim: Clause, evidence: Clause) -> bool:
    """Whether the evidence has the opposite of a word that it lacks, both or neither of them negated."""
    all_given = {word.stem for word in evidence.words}
    all_claimed = {word.stem for word in claim.words}
    if root in all_given:
        return False
    for other in opposites(root):
        if other in all_given and other not in all_claimed:
            return denied == (other in signs(evidence.text).denied)
    return False


def opposites(root: str) -> Iterator[str]:
    """Stems that say the opposite of one: by the table, and with its prefix of negation taken off or put on."""
    yield from _table().get(root, ())
    for prefix in _PREFIXES:
        if root.startswith(prefix) and len(root) - len(prefix) >= MIN_ROOT_CHARS:
            yield stem(root[len(prefix) :].lstrip("-"))
        if len(root) >= MIN_ROOT_CHARS:
            yield prefix + root


@lru_cache(maxsize=4_096)
def signs(text: str) -> Signs:
    """What an English clause denies and what it says plainly."""
    whole = clause(text)
    denied: set[str] = set()
    unclear: set[str] = set()
    for match in _ENGLISH.finditer(text):
        stop = _ENDS_SCOPE.search(text, match.end())
        until = stop.start() if stop else len(text)
        scope = [w for w in whole.words if match.end() <= w.start < until and not w.is_stopword]
        strict = [w.stem for w in scope if text[w.start : w.end].casefold() not in _ADVERBS][:1]
        denied.update(strict)
        unclear.update(w.stem for w in scope if w.stem not in strict)
        if match["noun"]:
            before = [w.stem for w in whole.words if w.end <= match.start() and not w.is_stopword]
            unclear.update(before[-1:])
    said = {w.stem for w in whole.words if not w.is_stopword} - denied - unclear
    return Signs(frozenset(denied), frozenset(said), frozenset(unclear - denied))


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Stem -> stems of its opposites."""
    found: dict[str, set[str]] = {}
    pairs = [(word, other) for word, others in OPPOSITES.items() for other in others]
    for pair in re.split(r"[|\n]", _OF_SOFTWARE):
        word, _, others = pair.strip().partition(" ")
        pairs += [both for other in filter(None, others.split(",")) for both in ((word, other), (other, word))]
    for word, other in pairs:
        if stem(word) != stem(other) and word not in _IN_TIME:
            found.setdefault(stem(word), set()).add(stem(other))
    return {word: tuple(sorted(others)) for word, others in found.items()}
