"""Names of programs as a question says them: ``readFileSync`` is to "read a file synchronously". Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from indexer.asking.exact import camel_parts
from indexer.asking.stems import is_stopword, stem
from ranker.words import term_set

MIN_PREFIX_CHARS = 3
"""``dir`` and ``sync`` are short for longer words; two letters may be short for anything."""

MIN_CUT_CHARS = 2
"""So many letters a short form leaves away, else it is another word: ``use`` is not short for ``user``."""

MIN_INITIALS = 3
MAX_UNSAID = 1 / 3
"""A part of which a greater share of letters is left over is not said: ``is`` of ``isclose`` is no more."""

MAX_OTHER_WORDS = 2
"""``class collections.Counter``, ``LimitRequestBody Directive``: a label with more words beside its name is prose."""

MIN_SAID = 0.6
"""A name that says less of a question is that of something else."""

MAX_PART_CHARS = 40
MAX_REMEMBERED = 4_096

_SHORT = {
    "rm": "remove delete erase",
    "del": "delete remove",
    "unlink": "delete remove",
    "mk": "make create",
    "cp": "copy",
    "mv": "move rename",
    "ls": "list",
    "ch": "change",
    "len": "length",
    "cmd": "command",
    "msg": "message",
    "src": "source",
    "tmp": "temporary",
    "pwd": "password",
    "passwd": "password",
}
"""Short forms that are no beginnings of their words."""

_NAME = r"-{0,2}[A-Za-z_$][\w$]*(?:(?:[./-]|::)[A-Za-z_$][\w$]*)*"
_LABEL = re.compile(
    rf"^[^\w$-]*(?:[\w*&]+\s+){{0,{MAX_OTHER_WORDS}}}?\**(?P<name>{_NAME})>?(?P<call>\s?[(\[])?"
    rf"(?(call)|(?:\s+\w+){{0,1}}\W*$)"
)
_IN_TEXT = re.compile(rf"(?<![\w.$-])(?P<name>{_NAME})(?P<call>\()?")
_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[^\W\d_]+")

Pieces = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The ``terms`` of a question that a name says, and how many of the name's own parts the question does not say.

    A part of which a few letters are not said counts as far as those go.
    """

    terms: frozenset[str]
    unsaid: float


NOTHING = Said(frozenset(), 0.0)


def share_said(question: str, label: str) -> float:
    """How much the name that a label gives and the question say the same, in [0, 1] (Jaccard of parts and terms)."""
    said = said_by_label(question, label)
    return len(said.terms) / (len(term_set(question)) + said.unsaid) if said.terms else 0.0


def said_by_label(question: str, label: str) -> Said:
    """What a heading, a term or the head of a row says as a name; nothing where it is prose."""
    name = name_of(label)
    return _said(question, name) if name else NOTHING


def terms_said_in(question: str, text: str) -> frozenset[str]:
    """The terms said by names that stand in a text, of names that say nothing besides."""
    names = {match["name"] for match in _IN_TEXT.finditer(text) if match["call"] or _is_name(match["name"])}
    found = (_said(question, name) for name in names)
    return frozenset(term for said in found if said.unsaid <= MAX_UNSAID for term in said.terms)


@lru_cache(MAX_REMEMBERED)
def name_of(label: str) -> str:
    """The name that a label gives: ``fs.readFileSync`` of ``fs.readFileSync(path[, options])``; empty for prose."""
    found = _LABEL.match(label)
    return found["name"] if found and (found["call"] or _is_name(found["name"])) else ""


def parts_of(name: str) -> list[str]:
    """``read_file``, ``readFile`` and ``read-file`` -> read, file."""
    return [part for run in _PART.findall(name) for part in (camel_parts(run) or [run])]


def _is_name(text: str) -> bool:
    """No word of prose: it has humps, an underline, a point within or a dash before it."""
    return text.startswith("-") or "_" in text or "." in text or "::" in text or bool(camel_parts(text))


@lru_cache(MAX_REMEMBERED)
def _said(question: str, name: str) -> Said:
    """What stands before the last point names where it belongs: it may say words, and need not."""
    *places, own = re.split(r"[./]+|::", name)
    pieces = _pieces(question)
    found = [_covered(part.lower(), pieces) for part in parts_of(own)]
    around = [_covered(part.lower(), pieces) for place in places for part in parts_of(place)]
    terms = frozenset(term for said in (*found, *around) for term in said.terms)
    return Said(terms, sum(said.unsaid for said in found))


@lru_cache(64)
def _pieces(question: str) -> Pieces:
    """What a name may be made of that the question's words stand for, with their terms."""
    asked = _WORD.findall(question)
    names = {word.lower() for word in asked if camel_parts(word)}
    words = [word.lower() for word in asked if len(word) > 1]
    telling = [word for word in words if not is_stopword(word)]
    found: dict[str, frozenset[str]] = {}
    for word in words:
        term = frozenset([stem(word)]) if word in telling else frozenset[str]()
        if word in names:
            found[word] = term
            continue
        beginnings = (word[:end] for end in range(MIN_PREFIX_CHARS, len(word) - MIN_CUT_CHARS + 1))
        shorts = (short for short, meant in _SHORT.items() if stem(word) in map(stem, meant.split()))
        for form in (word, stem(word), *beginnings, *shorts):
            found[form] = found.get(form, frozenset()) | term
    for first in range(len(telling)):
        for last in range(first + MIN_INITIALS, len(telling) + 1):
            found["".join(word[0] for word in telling[first:last])] = frozenset(map(stem, telling[first:last]))
    return tuple(found.items())


def _covered(part: str, pieces: Pieces) -> Said:
    """The part laid out with pieces so that the fewest letters are left: ``getcwd`` is get + current working directory.

    What is very short stands only at the beginning, as in ``rmdir``, for within a word it is there by chance.
    """
    if len(part) > MAX_PART_CHARS:
        return Said(frozenset(), 1.0)
    best: list[tuple[int, frozenset[str]]] = [(0, frozenset())]
    for end in range(1, len(part) + 1):
        left, terms = best[end - 1]
        options = [(left + 1, terms)]
        for piece, said in pieces:
            start = end - len(piece)
            if start < 0 or not part.endswith(piece, start, end) or (len(piece) < MIN_PREFIX_CHARS and start):
                continue
            options.append((best[start][0], best[start][1] | said))
        best.append(min(options, key=lambda option: (option[0], -len(option[1]))))
    left, terms = best[-1]
    if is_stopword(part):
        return Said(terms, 0.0)
    return Said(terms, left / len(part)) if left <= MAX_UNSAID * len(part) else Said(frozenset(), 1.0)
