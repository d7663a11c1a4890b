"""Questions to Elasticsearch as plain dictionaries: pure functions, no client."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from indexer.asking.asked import Asked, Form
from indexer.asking.exact import exact_text
from indexer.document import Vectors
from indexer.elasticsearch.analysis import CHARACTERS, CONTENT
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.mapping import KEY_SEPARATOR, PASSAGE, SOURCE_FOR_HITS, seconds_of
from indexer.keywords import clauses, facet_keyword
from indexer.languages import ANALYSERS, CJK, normal_form
from indexer.storable import storable
from indexer.store import Filters, Sort

TITLE_BOOST = 0.25
HEADING_BOOST = 0.1
FUNCTION_WORD_BOOST = 0.3
"""How much a match in the title or a heading adds to the same match in the words, and how much a function word counts.

The values of the embedded store, tuned there on nfcorpus dev, squad11 train and medquad train.
"""

CJK_CHARACTER_BOOST = 0.3
"""How much a single character counts beside the pairs that a CJK query is cut into; tuned on drcd dev."""

MAX_QUERY_WORDS = 80
"""A longer query is searched by its longest words, which tend to be its rarest."""

MAX_RESULTS = 10_000
"""Elasticsearch's own limits: index.max_result_window, and num_candidates of a vector search."""

MAX_PREFIX_CHARS = 400
"""A regular expression has at most 1,000 characters (index.max_regex_length), two for one that must be escaped."""

MAX_UNWANTED = 10_000
"""Documents that an excluded word may leave out; a commoner word leaves out the others as they come."""

MAX_SUGGESTION_BUCKETS = 1000
MAX_FACET_VALUES = 10_000
MIN_NEIGHBOURS = 100
TIES = 32
EXACT_UP_TO = 40_000
"""Documents are counted exactly, or nearly so, up to here: the largest precision_threshold there is."""

Body = dict[str, Any]

_CJK_CHAR = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_CJK_CHAR}]{{1,2}}|[^\\W{_CJK_CHAR}]+|[^\\w\\s]")
_REGEX_SPECIAL = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


def lexical_search(asked: Asked, k: int, filters: Filters, sort: Sort, unwanted: Sequence[str] = ()) -> Body:
    """The best ``k`` passages by words, and the number of their documents under ``aggregations.documents``.

    ``unwanted`` are the documents (doc_ids) that hold an excluded word.
    """
    first: Body = {"_score": "desc"}
    if sort != "relevance":
        first = {"modified": {"order": "desc" if sort == "newest" else "asc", "missing": "_last"}}
    return {
        "query": matching(asked, filters, unwanted, is_scored=sort == "relevance"),
        "size": min(k, MAX_RESULTS),
        "sort": [first, {"passage_id": "asc"}],
        "_source": SOURCE_FOR_HITS,
        "track_total_hits": False,
        "aggregations": {"documents": distinct_documents()},
    }


def dense_search(vector: Vectors, k: int, filters: Filters, config: ElasticsearchConfig) -> Body:
    """The ``k`` nearest passages, and a few more so that those which tie with the last can be put in order."""
    wanted = min(k + TIES, MAX_RESULTS)
    knn: Body = {
        "field": "vector",
        "query_vector": vector.tolist(),
        "k": wanted,
        "num_candidates": min(max(MIN_NEIGHBOURS, round(wanted * config.vector_oversample)), MAX_RESULTS),
        "filter": conditions(filters),
    }
    if config.rescore_oversample and config.vector_index not in ("hnsw", "flat"):
        knn["rescore_vector"] = {"oversample": config.rescore_oversample}
    return {"knn": knn, "size": wanted, "_source": SOURCE_FOR_HITS, "track_total_hits": False}


def matching(asked: Asked, filters: Filters, unwanted: Sequence[str] = (), *, is_scored: bool = True) -> Body:
    """A query over passages. Scores are 0 where nothing was typed or nobody asks for them."""
    allowed = conditions(filters)
    hidden: Body = {"must_not": [{"terms": {"doc_id": list(unwanted)}}]} if unwanted else {}
    if asked.is_empty:
        return {"bool": {"filter": allowed} | hidden}
    words = _each_language(asked)
    if is_scored:
        return {
            "bool": {
                "must": words,
                "filter": allowed,
                "should": [_form("exact", f) for f in asked.wholes if f.is_exact],
            }
            | hidden
        }
    return {"bool": {"filter": [words, *allowed]} | hidden}


def excluded_search(asked: Asked) -> Body:
    """The documents that hold an excluded word or phrase, as buckets of ``documents``."""
    should: list[Body] = []
    for text in asked.excluded:
        if text.isalnum():
            should += [
                {"match": {f"words.{name}": {"query": normal_form(text), "operator": "and"}}} for name in ANALYSERS
            ]
        else:
            should.append({"match_phrase": {"exact": exact_text(text)}})
    documents: Body = {"terms": {"field": "doc_id", "size": MAX_UNWANTED, "shard_size": MAX_UNWANTED}}
    return {
        "query": {"bool": {"filter": [{"bool": {"should": should, "minimum_should_match": 1}}]}},
        "size": 0,
        "track_total_hits": False,
        "aggregations": {"documents": documents},
    }


def conditions(filters: Filters) -> list[Body]:
    """What a passage must meet to be shown."""
    found: list[Body] = [{"term": {"kind": PASSAGE}}]
    found += [{"terms": {clause.field: [storable(value) for value in clause.values]}} for clause in clauses(filters)]
    between = {}
    if filters.modified_from is not None:
        between["gte"] = seconds_of(filters.modified_from)
    if filters.modified_before is not None:
        between["lt"] = seconds_of(filters.modified_before)
    if between:
        found.append({"range": {"modified": between}})
    return found


def facet_search(
    asked: Asked, fields: Sequence[str], filters: Filters, size: int, unwanted: Sequence[str] = ()
) -> Body:
    """Per field its commonest values, counted by documents; ``facet_values`` reads the answer."""
    aggregations: Body = {}
    for number, name in enumerate(fields):
        field, prefix = facet_keyword(name)
        if len(prefix) > MAX_PREFIX_CHARS:
            continue
        terms: Body = {
            "field": field,
            "size": min(size, MAX_FACET_VALUES),
            "shard_size": MAX_FACET_VALUES,
            "order": [{"documents": "desc"}, {"_key": "asc"}],
        }
        if prefix:
            terms["include"] = starting_with(storable(prefix))
        # Numbered, since an aggregation's name may not hold every character that a metadata key may.
        aggregations[f"facet{number}"] = {"terms": terms, "aggregations": {"documents": distinct_documents()}}
    return {
        "query": matching(asked, filters, unwanted, is_scored=False),
        "size": 0,
        "track_total_hits": False,
        "aggregations": aggregations,
    }


def facet_values(answer: Body, fields: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Field -> (value, number of documents), commonest first, ties A to Z."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, name in enumerate(fields):
        _, prefix = facet_keyword(name)
        buckets = answer["aggregations"].get(f"facet{number}", {"buckets": ()})["buckets"]
        values = [(str(b["key"]).removeprefix(storable(prefix)), int(b["documents"]["value"])) for b in buckets]
        found[name] = sorted(values, key=lambda pair: (-pair[1], pair[0]))
    return found


def suggestion_search(prefix: str, filters: Filters) -> Body:
    """Suggestion keys that begin with a lower-case prefix, each with the number of documents that have it."""
    typed = storable(prefix)
    return {
        "query": {
            "bool": {"filter": [{"term": {"is_record": True}}, {"prefix": {"suggest": typed}}, *conditions(filters)]}
        },
        "size": 0,
        "track_total_hits": False,
        "aggregations": {
            "keys": {
                "terms": {
                    "field": "suggest",
                    "include": starting_with(typed),
                    "size": MAX_SUGGESTION_BUCKETS,
                    "shard_size": MAX_SUGGESTION_BUCKETS * 2,
                }
            }
        },
    }


def suggested_texts(answer: Body) -> list[str]:
    """The texts behind the keys: commonest first, then A to Z."""
    counts: dict[str, int] = {}
    for bucket in answer["aggregations"]["keys"]["buckets"]:
        text = bucket["key"].partition(KEY_SEPARATOR)[2]
        counts[text] = max(counts.get(text, 0), bucket["doc_count"])
    return sorted(counts, key=lambda text: (-counts[text], text))


def distinct_documents() -> Body:
    """How many documents the matching passages belong to."""
    return {"cardinality": {"field": "doc_id", "precision_threshold": EXACT_UP_TO}}


def _each_language(asked: Asked) -> Body:
    """Passages that hold what is asked, each as its own language's analyser has read it."""
    must: list[Body] = [{"match_phrase": {"exact": exact_text(phrase)}} for phrase in _within_limit(asked.phrases)]
    for text in asked.titled:
        titles = [f"title.{name}" for name in ANALYSERS]
        must.append({"multi_match": {"query": normal_form(text), "fields": titles, "operator": "and"}})
    inflected = replace(
        asked,
        words=normal_form(_shortened(asked.words)),
        forms=tuple(form for form in asked.forms if not form.is_exact),
        wholes=tuple(form for form in asked.wholes if not form.is_exact),
    )
    by_language = {name: tuple(form for form in inflected.forms if form.is_for(name)) for name in ANALYSERS}
    has_words = _has_letters(inflected.words)
    should = [
        _in_language(name, replace(inflected, forms=forms)) for name, forms in by_language.items() if forms or has_words
    ]
    should += [_form("exact", form) for form in asked.forms if form.is_exact]
    either: Body = {"should": should, "minimum_should_match": 1} if should else {}
    return {"bool": {"filter": must} | either}


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _in_language(analyser: str, asked: Asked) -> Body:
    """Passages that this analyser has read.

    One content word must match; where there are function words alone, one of those. All the words of the first clause
    also stand in the second, so that together they count 1 for a content word and less for a function word.
    """
    field, text = f"words.{analyser}", asked.words
    content = {
        "query": text,
        "analyzer": analyser + CONTENT,
        "boost": 1 - FUNCTION_WORD_BOOST,
        "zero_terms_query": "all",
    }
    title_and_heading = {"query": text, "analyzer": analyser + CONTENT}
    should = [
        {"match": {f"title.{analyser}": title_and_heading | {"boost": TITLE_BOOST}}},
        {"match": {f"heading.{analyser}": title_and_heading | {"boost": HEADING_BOOST}}},
        *(_form(field, form) for form in asked.wholes),
    ]
    if analyser == CJK:
        should.append({"match": {field: {"query": text, "analyzer": CHARACTERS, "boost": CJK_CHARACTER_BOOST}}})
    words: Body = {
        "bool": {
            "must": [
                {"match": {field: content}},
                {"match": {field: {"query": text, "boost": FUNCTION_WORD_BOOST}}},
            ],
            "should": should,
        }
    }
    if not asked.forms:
        return words
    matching = [words] if _has_letters(text) else []
    matching += [_form(field, form) for form in asked.forms]
    return {"bool": {"should": matching, "minimum_should_match": 1}}


def _form(field: str, form: Form) -> Body:
    """Words side by side; an exact form stands in ``exact``, whatever the ``field``."""
    if form.is_exact:
        return {"match_phrase": {"exact": {"query": exact_text(form.text), "boost": form.weight}}}
    return {"match_phrase": {field: {"query": normal_form(form.text), "boost": form.weight}}}


def _shortened(text: str) -> str:
    """At most ``MAX_QUERY_WORDS`` words, since a query has a limited number of clauses (8,192 in a small heap)."""
    words = _WORD.findall(text)
    if len(words) <= MAX_QUERY_WORDS:
        return text
    distinct = dict.fromkeys(word.lower() for word in words if word[0].isalnum())
    kept = set(sorted(distinct, key=len, reverse=True)[:MAX_QUERY_WORDS])
    return " ".join(word for word in distinct if word in kept)


def _within_limit(phrases: Sequence[str]) -> Iterator[str]:
    """The first ``MAX_QUERY_WORDS`` words of the phrases."""
    left = MAX_QUERY_WORDS
    for phrase in phrases:
        words = list(_WORD.finditer(phrase))
        if len(words) > left:
            yield phrase[: words[left].start()]
            return
        yield phrase
        left -= len(words)


def starting_with(prefix: str) -> str:
    """A Lucene regular expression."""
    return _REGEX_SPECIAL.sub(r"\\\g<0>", prefix) + ".*"
