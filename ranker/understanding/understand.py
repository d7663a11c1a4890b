"""From what was typed to what is meant, asking the index once, and once more where a word is rare or absent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.asking.asked import Asked, Form
from indexer.asking.spelling import Pattern, Spelling
from indexer.store import Filters, Store
from ranker.steering import SteerConfig
from ranker.understanding.compounds import compounded
from ranker.understanding.correct import (
    Correction,
    first_patterns,
    name_parts,
    plain_words,
    replacements,
    rewritten,
    second_patterns,
    vocabulary_forms,
)
from ranker.understanding.elisions import unelided
from ranker.understanding.forms import WHOLE_WEIGHT, forms, wholes
from ranker.understanding.known import passages
from ranker.understanding.typed import Typed, typed

NOWHERE = "\0"
"""A site that no document has, where two restrictions allow none together."""

MAX_FORMS = 32
"""A query has a limited number of clauses (8,192 in a small Elasticsearch), and a form is one in each language."""

MAX_WORDS_WITH_FORMS = 16

MIN_NAME_PART_CHARS = 5
"""In a name a shorter part is as often a name of its own."""


@dataclass(frozen=True, slots=True)
class Understood:
    """``text`` is what is meant, for encoder, scorer and snippet, without operators; ``asked`` is for the store.

    ``filters`` are those given, narrowed by the operators typed. ``correction`` is None where every word is known.
    """

    text: str
    asked: Asked
    filters: Filters
    correction: Correction | None = None

    @property
    def is_restricted(self) -> bool:
        """Whether a hit must hold something, so that nearness in meaning alone is not enough."""
        return bool(self.asked.phrases or self.asked.excluded or self.asked.titled)


def understand(
    text: str,
    filters: Filters,
    store: Store,
    steer: SteerConfig = SteerConfig(),
    *,
    is_unfinished: bool = False,
    corrects: bool = True,
    excludes: bool = True,
) -> Understood:
    """What ``text`` means in this index. ``is_unfinished``: the last word is still being typed.

    Without ``corrects`` an unknown word is looked for as it is. Unless it ``excludes``, no dash leaves anything out.
    """
    said = typed(text, excludes=excludes)
    narrowed = _narrowed(filters, said)
    steer = steer.within(narrowed.site, narrowed.language)
    wanted = steer.without_stop_words(said.words)
    words = [w for w in plain_words(wanted) if not steer.knows(w)] if corrects or is_unfinished else []
    is_unfinished = is_unfinished and _ends_in_word(text, words)
    known = _ask(store, first_patterns(words, is_unfinished=is_unfinished), narrowed)
    if corrects:
        known |= _ask(store, second_patterns(words, known), narrowed)
    applied, offered = replacements(words, known) if corrects else ({}, {})
    if corrects:
        applied |= _names([word for word in wanted if not steer.knows(word.lower())], store, narrowed)
    if len(words) > 1 and len(offered) == len(words):
        together = Pattern("holds", " ".join(offered[word] for word in words))
        if _ask(store, [together], narrowed)[together]:
            applied, offered = offered, {}
    meant = [rewritten(word, applied) for word in wanted]
    short = meant if len(meant) <= MAX_WORDS_WITH_FORMS else []
    places = (Form(path, WHOLE_WEIGHT, is_exact=True) for path in said.places)
    parts = [compounded(word, known) for word in words if word not in applied]
    asked = Asked(
        " ".join((*map(unelided, meant), *filter(None, parts), *said.phrases, *said.titled)),
        said.phrases,
        _distinct((*places, *vocabulary_forms(words, known, applied), *steer.forms(meant), *forms(short))),
        _distinct(tuple(wholes(short))),
        said.excluded,
        said.titled,
    )
    correction = None
    if applied or offered:
        correction = Correction(rewritten(text, applied or offered), bool(applied))
    return Understood(rewritten(said.text, applied), asked, narrowed, correction)


def _ask(store: Store, patterns: Sequence[Pattern], filters: Filters) -> dict[Pattern, list[Spelling]]:
    return dict(zip(patterns, store.spellings(patterns, filters), strict=True)) if patterns else {}


def _names(words: Sequence[str], store: Store, filters: Filters) -> dict[str, str]:
    """What is mistyped in names that the index lacks, of those that it has with one letter otherwise."""
    names = {name: parts for name in words[:MAX_WORDS_WITH_FORMS] if (parts := name_parts(name))}
    parts = list(dict.fromkeys(part for found in names.values() for part in found))
    known = _ask(store, [Pattern("holds", part) for part in parts], filters)
    absent = [part for part in parts if len(part) >= MIN_NAME_PART_CHARS and not passages(known, part)]
    known |= _ask(store, [Pattern("near", part) for part in absent], filters)
    applied, _ = replacements(parts, known)
    meant = {
        name: Pattern("holds", " ".join(applied.get(part, part) for part in found)) for name, found in names.items()
    }
    there = _ask(store, [*dict.fromkeys(meant.values())], filters) if applied else {}
    return {
        part: applied[part]
        for name, found in names.items()
        if passages(there, meant[name].text)
        for part in found
        if part in applied
    }


def _ends_in_word(text: str, words: Sequence[str]) -> bool:
    """Whether the cursor stands at the end of a plain word."""
    return bool(words) and text[-1:].isalpha()


def _distinct(found: Sequence[Form]) -> tuple[Form, ...]:
    """Each text once, with its first weight."""
    return tuple({(form.text.lower(), form.is_exact, form.language): form for form in reversed(found)}.values())[::-1][
        :MAX_FORMS
    ]


def _narrowed(filters: Filters, said: Typed) -> Filters:
    """The filters and the restrictions typed, all of which must hold."""
    site, path = filters.site, filters.path
    if said.sites:
        wanted = tuple(name.lower() for name in said.sites)
        site = wanted if not site else tuple(name for name in wanted if name in {s.lower() for s in site}) or (NOWHERE,)
    if said.paths:
        wanted = tuple("/" + name.strip("/") for name in said.paths)
        path = wanted if not path else _deeper(path, wanted)
    return replace(filters, site=site, path=path)


def _deeper(given: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """The prefixes that lie under one of each."""
    pairs = [("/" + one.strip("/"), other) for one in given for other in wanted]
    both = [max(pair, key=len) for pair in pairs if _under(*pair) or _under(*reversed(pair))]
    return tuple(dict.fromkeys(both)) or (f"/{NOWHERE}",)


def _under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")
