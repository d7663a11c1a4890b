"""Questions to Elasticsearch for words like one that was typed, and their answers: pure functions, no client."""

from collections.abc import Mapping
from typing import Any

from indexer.asking.spelling import (
    INFLECTIONS,
    MAX_LISTED,
    MIN_COMPOUND_PART_CHARS,
    Pattern,
    Spelling,
    commonest,
    edits_allowed,
    ends_kept,
    is_compound,
    nearest,
)
from indexer.elasticsearch.query import Body, conditions, starting_with
from indexer.languages import ANALYSERS, normal_form
from indexer.store import Filters

MAX_EXPANSIONS = 200
"""How many words of the index a fuzzy query may stand for."""


COUNTED = ("holds", "parts")
"""Of these only the number of passages is asked."""


def spelling_search(pattern: Pattern, filters: Filters) -> Body:
    """One search for one pattern; only passages that hold a fitting word are looked at."""
    text = pattern.text
    words: Body = {}
    if pattern.likeness == "holds":
        fitting: list[Body] = [_holding(text)]
    elif pattern.likeness == "parts":
        fitting = [*map(_holding, text.split()), {"exists": {"field": "backwards"}}]
    elif pattern.likeness == "begins":
        fitting = [{"prefix": {"surface": text}}]
        words = {"words": _words("surface", starting_with(text))}
    elif pattern.likeness == "near":
        fuzzy = {"value": text, "fuzziness": edits_allowed(text), "max_expansions": MAX_EXPANSIONS}
        fitting = [{"fuzzy": {"surface": fuzzy}}]
        starts, end = ends_kept(text)
        words = {"words": _words("surface", "|".join((*map(starting_with, starts), f".*{end}")))}
    elif pattern.likeness == "inner":
        fitting = [{"regexp": {"surface": _inner(text)}}, {"exists": {"field": "backwards"}}]
        words = {"words": _words("surface", _inner(text))}
    else:
        ends = [(text + ending)[::-1] for ending in INFLECTIONS]
        either = [{"prefix": {"surface": text}}, *({"prefix": {"backwards": end}} for end in ends)]
        # Only passages of languages with compounds have anything backwards.
        fitting = [{"bool": {"should": either, "minimum_should_match": 1}}, {"exists": {"field": "backwards"}}]
        words = {
            "words": _words("surface", starting_with(text)),
            "backwards": _words("backwards", "|".join(starting_with(end) for end in ends)),
        }
    return {
        "query": {"bool": {"filter": [*fitting, *conditions(filters)]}},
        "size": 0,
        "track_total_hits": pattern.likeness in COUNTED,
        **({"aggregations": words} if words else {}),
    }


def spellings_of(answer: Mapping[str, Any], pattern: Pattern) -> list[Spelling]:
    """The words of an answer to ``spelling_search``."""
    if pattern.likeness in COUNTED:
        count = answer["hits"]["total"]["value"]
        return [Spelling(pattern.text, count)] if count else []
    found = {
        word: Spelling(word, bucket["doc_count"])
        for name, aggregation in answer["aggregations"].items()
        for bucket in aggregation["buckets"]
        if (word := bucket["key"][::-1] if name == "backwards" else bucket["key"])
    }
    if pattern.likeness == "near":
        return nearest(pattern.text, found.values())
    if pattern.likeness == "compound":
        return commonest(s for s in found.values() if is_compound(s.word, pattern.text))
    return commonest(found.values())


def _holding(text: str) -> Body:
    """Passages that hold the text in some inflection."""
    phrases = [{"match_phrase": {f"words.{name}": normal_form(text)}} for name in ANALYSERS]
    return {"bool": {"should": phrases, "minimum_should_match": 1}}


def _inner(text: str) -> str:
    """The expression of words that hold ``text`` between other parts."""
    part = f".{{{MIN_COMPOUND_PART_CHARS},}}"
    return f"{part}{text}{part}"


def _words(field: str, regex: str) -> Body:
    return {"terms": {"field": field, "include": regex, "size": MAX_LISTED, "shard_size": MAX_LISTED}}
