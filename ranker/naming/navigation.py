"""A query that is a page's title wants that page: a pure function."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from indexer.asking.exact import camel_parts, exact_text, exact_tokens
from indexer.document import Passage
from ranker.hit import Hit
from ranker.naming.defined import defines, is_identifier, names_in_term
from ranker.words import term_set, terms

MAX_NAMED = 3
"""A part of a title that more pages share is the name of their site or chapter, and names none of them."""

MIN_WORDED_TERMS, MAX_WORDED_TERMS = 2, 4
MAX_WORDED_PLACE = 10
"""A title that has all the words of so short a query puts its page first, where it is among so many anyway."""

REMEMBERED_TITLES = 20_000

_SQUEEZING = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}
"""What ``exact_tokens`` make of ASCII without points."""

_SIGNED = re.compile(r"(?<![^\W_])(?:[a-z]{1,2}#|[a-z]+\+\+)(?![\w+#])", re.IGNORECASE)
_SIGNS_AS_LETTERS = str.maketrans({"+": "p", "#": "\u01a8"})
"""A sign at the end of a short name tells it from others: C, C++ and C#. The first is cpp in addresses."""

MIN_JOINED_CHARS = 6
"""Shorter names stand within other words by chance."""

_SIGN = "[-!#$%&*+/<=>?@^|~:]"
_OPERATOR = re.compile(f"{_SIGN}+")
MAX_OPERATOR_QUERY_WORDS = 2

_INDEX_PAGES = ("index", "readme", "default")
_NUMBER = re.compile(
    r"^(?:(?i:chapter|appendix|part|section|kapitel|anhang|teil|abschnitt|chapitre|annexe|partie|cap[ií]tulo|hoofdstuk)\s+)?"
    r"(?:\d+\.|[A-Z]{1,4}\.)+\d*\s+"
)
_KIND = re.compile(
    r"\s+(?:attribute|class|clause|command|constant|directive|element|event|field|flag|function|keyword|macro|method|"
    r"module|operator|option|parameter|pragma|property|setting|statement|type|variable)$",
    re.IGNORECASE,
)
_KIND_BEFORE = re.compile(
    r"^(?:(?:abstract|async|built-in|class|static)\s+)*"
    r"(?:class|constant|event|exception|function|interface|macro|method|module|property|struct|type):\s*",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(r"(?:\(.*\)|\[.*\])$", re.DOTALL)
_SITE_SEPARATOR = re.compile(r"\s+[-–—|·•»]+\s+")
_SEPARATOR = re.compile(r"\s+[-–—|·•»:]+\s+|:\s+|\s*[–—|·•»]\s*")


def named_first(text: str, hits: Sequence[Hit], *, is_unfinished: bool = False) -> list[Hit]:
    """The hits whose title is ``text`` before all others, then those that are so called otherwise.

    Those are called so but for their site's name, or by the last part of their address where they hold the words, or by
    a heading or an entry of theirs; or they define an identifier, hold what is asked of a page of that address, or an
    operator by itself. Signs, accents and spaces of names do not count: ``sqlite busy`` is SQLITE_BUSY. A title that
    only lacks letters of its last word counts where the text is unfinished. Scores still never rise from one hit to the
    next.
    """
    wanted = _squeezed(text)
    if not wanted or not hits:
        return list(hits)
    likely = list(_likely(hits, wanted))
    whole = [hit for hit in likely if _is_called(hit.passage.head.title, wanted)]
    if is_unfinished:
        whole += filter(_by_beginning(text, wanted), likely)
    named = {hit.passage.head.doc_id: hit for hit in whole}
    for is_called, among in (
        (_by_title(wanted), likely),
        (_by_address(text, wanted), likely),
        (_by_heading(wanted), likely),
        (_by_term(text.strip()), hits),
        (_by_definition(text), hits),
        (_by_entry(text), hits),
    ):
        if is_called:
            called = [hit for hit in among if hit.passage.head.doc_id not in named and is_called(hit)]
            named |= {hit.passage.head.doc_id: hit for hit in called if len(called) <= MAX_NAMED}
    named |= {hit.passage.head.doc_id: hit for hit in _by_operator(text, hits) if hit.passage.head.doc_id not in named}
    if not named:
        named = {hit.passage.head.doc_id: hit for hit in _by_words_of_title(text, hits[:MAX_WORDED_PLACE])}
    top = hits[0].score
    rest = (hit for hit in hits if hit.passage.head.doc_id not in named)
    return [*(_opened(replace(hit, score=top), text.strip(), wanted) for hit in named.values()), *rest]


def _opened(hit: Hit, text: str, wanted: str) -> Hit:
    """The hit at its passage under that heading or with that term; else, where its page is so called, at the first
    that was found. What a page says at its end seldom tells what it is about.
    """
    found = (hit.passage, *hit.more)
    named = [p for p in found if _is_headed(p, wanted)] or [p for p in found if defines(p, text)]
    title = hit.passage.head.title
    if not named and _may_hold(title, wanted) and wanted in names_of_title(title):
        named = [min(found, key=lambda passage: passage.ordinal)]
    if not named or hit.passage in named:
        return hit
    return replace(hit, passage=named[0], more=tuple(passage for passage in found if passage is not named[0]))


def _by_words_of_title(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """Of the first hits those whose title has all the words of a short query, that with the fewest others first.

    The parts of one name are no such words: PATH names no page of NODE_PATH.
    """
    if _is_one_name(text):
        return []
    extra: list[tuple[int, Hit]] = []
    for hit in hits:
        wanted = term_set(text, hit.passage.head.language)
        if MIN_WORDED_TERMS <= len(wanted) <= MAX_WORDED_TERMS:
            told = {*terms(hit.passage.head.title, hit.passage.head.language)}
            extra += [(len(told) - len(wanted), hit)] if wanted <= told else []
    return [hit for _, hit in sorted(extra, key=lambda pair: pair[0])] if len(extra) <= MAX_NAMED else []


def _is_one_name(text: str) -> bool:
    name = text.strip()
    return not re.search(r"\s", name) and ("_" in name[1:-1] or (is_identifier(name) and "-" not in name))


def _by_title(wanted: str) -> Callable[[Hit], bool]:
    def is_called(hit: Hit) -> bool:
        title = hit.passage.head.title
        return _may_hold(title, wanted) and wanted in names_of_title(title)

    return is_called


def _by_address(text: str, wanted: str) -> Callable[[Hit], bool]:
    def is_called(hit: Hit) -> bool:
        is_named = _squeezed_slug(hit.passage.head.path) == wanted
        return is_named and (_holds(hit, text) or (len(wanted) >= MIN_JOINED_CHARS and _holds_joined(hit, wanted)))

    return is_called


def _by_heading(wanted: str) -> Callable[[Hit], bool]:
    return lambda hit: any(_is_headed(passage, wanted) for passage in (hit.passage, *hit.more))


def _is_headed(passage: Passage, wanted: str) -> bool:
    heading = passage.heading_path[-1] if passage.heading_path else ""
    return bool(heading) and _may_hold(heading, wanted) and wanted in names_of_heading(heading)


def _by_term(text: str) -> Callable[[Hit], bool] | None:
    """The entry of an option, a setting or the like in a list of them."""
    if not is_identifier(text):
        return None
    return lambda hit: any(defines(passage, text) for passage in (hit.passage, *hit.more))


def _by_beginning(text: str, wanted: str) -> Callable[[Hit], bool]:
    """A title that is the text but for letters of its last word."""
    typed = exact_tokens(text)

    def is_begun(hit: Hit) -> bool:
        title = hit.passage.head.title
        if not _may_hold(title, wanted):
            return False
        named = exact_tokens(title)
        return len(typed) == len(named) and typed[:-1] == named[:-1] and named[-1].startswith(typed[-1])

    return is_begun


def _by_definition(text: str) -> Callable[[Hit], bool] | None:
    """A line with nothing but types before an identifier and with parameters after it: ``int sqlite3_exec(``."""
    words = text.split()
    if not words or not (camel_parts(words[-1]) or "_" in words[-1].strip("_")):
        return None
    name = r"[ \t]+".join(re.escape(word.removesuffix("()")) for word in words)
    line = re.compile(
        rf"^[ \t]*(?:[\w*]+[ \t]+){{1,3}}\**{name}[ \t]*\((?!\))[^()]*(?:\)[ \t]*[;{{:]?)?$", re.MULTILINE
    )
    return lambda hit: any(line.search(passage.text) for passage in (hit.passage, *hit.more))


def _by_entry(text: str) -> Callable[[Hit], bool]:
    """A page that the first words call by its address and that holds the others: ``pragma journal_mode``."""
    words = text.split()
    entries = {_squeezed(" ".join(words[:n])): " ".join(words[n:]) for n in range(1, len(words))}

    def is_called(hit: Hit) -> bool:
        entry = entries.get(_squeezed_slug(hit.passage.head.path))
        return bool(entry) and _holds(hit, entry or "")

    return is_called


def _by_operator(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The first hits that have the operator of a short query by itself: ``>>`` is not ``#>>``."""
    words = text.split()
    operators = [word for word in words if _OPERATOR.fullmatch(word)]
    if len(operators) != 1 or len(words) > MAX_OPERATOR_QUERY_WORDS:
        return []
    alone = re.compile(rf"(?<!{_SIGN}){re.escape(operators[0])}(?!{_SIGN})")
    found = [hit for hit in hits if any(alone.search(p.text_to_encode) for p in (hit.passage, *hit.more))]
    return found[:MAX_NAMED] if len(found) < len(hits) else []


def _holds(hit: Hit, text: str) -> bool:
    """Whether a passage of the hit has the text as it stands."""
    phrase = f" {exact_text(text)} "
    return any(phrase in f" {exact_text(p.text_to_encode)} " for p in (hit.passage, *hit.more))


def _holds_joined(hit: Hit, wanted: str) -> bool:
    """Whether a passage has it with spaces or signs within: ``withoutrowid`` is WITHOUT ROWID."""
    texts = (exact_tokens(p.text_to_encode) for p in (hit.passage, *hit.more))
    return any(wanted in "".join(filter(str.isalnum, tokens)) for tokens in texts)


def _slug(path: str) -> str:
    """What a page's address calls it: the file without its ending, or the folder of an index page."""
    folder, _, file = path.rstrip("/").rpartition("/")
    stem = file.partition(".")[0]
    return stem if stem.lower() not in _INDEX_PAGES else folder.rstrip("/").rpartition("/")[2] or stem


@lru_cache(maxsize=REMEMBERED_TITLES)
def _squeezed_slug(path: str) -> str:
    return _squeezed(_slug(path))


def _likely(hits: Iterable[Hit], wanted: str) -> Iterator[Hit]:
    """The hits with a name long enough: their title, their address, or a heading of their passages."""
    size = len(wanted)
    for hit in hits:
        passage = hit.passage
        title, path = passage.head.title, passage.head.path
        # Written out: a call for each of two hundred hits takes longer than what it tells.
        is_long = len(title) >= size or not title.isascii() or _squeezed_slug(path) == wanted
        if is_long or any(p.heading_path and _may_hold(p.heading_path[-1], wanted) for p in (passage, *hit.more)):
            yield hit


def _is_called(name: str, wanted: str) -> bool:
    return _may_hold(name, wanted) and _squeezed(name) == wanted


def _may_hold(name: str, wanted: str) -> bool:
    """Whether a name is long enough; of most names nothing more need be looked at. Only ASCII never grows."""
    return len(name) >= len(wanted) or not name.isascii()


@lru_cache(maxsize=REMEMBERED_TITLES)
def _squeezed(text: str) -> str:
    if text.isascii() and "." not in text and not _SIGNED.search(text) and (squeezed := text.translate(_SQUEEZING)):
        return squeezed
    tokens = exact_tokens(_SIGNED.sub(lambda match: match.group().translate(_SIGNS_AS_LETTERS), text))
    return "".join(token for token in tokens if token.isalnum() or "." in token) or "".join(tokens)


@lru_cache(maxsize=REMEMBERED_TITLES)
def names_of_heading(heading: str) -> frozenset[str]:
    """What a heading calls its section, as it compares: without a number, what kind of thing it is, and parameters."""
    bare = _NUMBER.sub("", heading)
    named = _KIND_BEFORE.sub("", bare)
    found = {bare, named, *(_KIND.sub("", name) for name in (bare, named))}
    found |= {_PARAMETERS.sub("", name) for name in (bare, named)}
    found |= {name for name in names_in_term(named) if is_identifier(name)}
    return frozenset(map(_squeezed, found)) - {""}


def is_title(text: str, title: str) -> bool:
    """Whether a query is a title, but for its site's name."""
    return _squeezed(text) in names_of_title(title)


@lru_cache(maxsize=REMEMBERED_TITLES)
def names_of_title(title: str) -> frozenset[str]:
    """The first and the last part of a title: page and site in either order; ``open(2)`` is called ``open``, too.

    With a colon in the page's own part that is one as a whole, too: ``Modules: Packages | Site``.
    """
    parts = [splitter.split(title) for splitter in (_SEPARATOR, _SITE_SEPARATOR)]
    found = {one for pieces in parts for one in (pieces[0], pieces[-1])}
    return frozenset(_squeezed(piece) for piece in (*found, *(_PARAMETERS.sub("", piece) for piece in found))) - {""}
