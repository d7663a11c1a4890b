"""What Elasticsearch holds: one document per passage, found by its words, its vector and its document's keywords.

The first passage of a document also is its record: it says how many passages make the document complete, and carries
what is counted once per document. A document without passages has a record alone, of kind ``empty``.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from crawler.block_values import blocks_from_values, blocks_to_values
from indexer.asking.exact import exact_tokens, parts_text, vocabulary_words
from indexer.asking.spelling import COMPOUNDING
from indexer.document import EncodedDocument, Head, Passage
from indexer.elasticsearch.analysis import STORED, analysis
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.keywords import keywords, suggestions
from indexer.languages import ANALYSERS, analyser_of, normal_form
from indexer.manifest import Manifest
from indexer.wire import head_from_dict, head_to_dict

PASSAGE, EMPTY = "passage", "empty"
KEY_SEPARATOR = "\x01"
"""Between a suggestion's key and its text; sorts before every printable character."""

VECTOR_DIGITS = 9
MAX_ID_BYTES = 512
MAX_KEYWORD_CHARS = 8191
"""A keyword has at most 32,766 bytes, four for a character; a longer value is kept but cannot be filtered by."""

_KEYWORD = {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARS}
_ID = {"type": "keyword"}
_KEYWORD_FIELDS = ("site", "path", "top", "language", "source", "metadata", "access")
SOURCE_FOR_HITS = {"includes": ["body", "head", "place", "version", "ordinal"]}


def index_settings(config: ElasticsearchConfig) -> dict[str, Any]:
    """Settings of a new backing index.

    Nothing becomes visible by itself (``refresh_interval``): a writer shows its batch when all of it is there.
    """
    replicas = {"auto_expand_replicas": "0-1"} if config.replicas is None else {"number_of_replicas": config.replicas}
    return {
        "number_of_shards": config.shards,
        **replicas,
        "refresh_interval": "-1",
        "similarity": {"default": {"type": "BM25", "k1": config.bm25_k1, "b": config.bm25_b}},
        "analysis": analysis(),
    }


def index_mappings(config: ElasticsearchConfig, manifest: Manifest, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings of a new backing index; ``meta`` is kept in it.

    ``words.ANALYSER`` is what a passage is found by: its title, headings and body. ``title`` and ``heading`` are there
    besides to add to a score, and ``body`` only holds the text, in the form in which words are looked for; where that
    differs from the text, ``place.text`` holds the text itself. ``exact`` is the same as it stands, ``surface`` its
    words, ``backwards`` those of languages with compounds from their last letter, and ``parts`` the parts of words with
    humps.
    """
    fields: dict[str, dict[str, Any]] = {"words": {}, "title": {}, "heading": {}, "body": {}, "parts": {}}
    for name in ANALYSERS:
        text = {"type": "text", "analyzer": name + STORED, "search_analyzer": name}
        fields["words"][name] = text
        for part in ("title", "heading"):
            fields[part][name] = text | {"index_options": "freqs", "copy_to": f"words.{name}"}
        for part in ("body", "parts"):
            fields[part][name] = {"type": "text", "index": False, "norms": False, "copy_to": f"words.{name}"}
    return {
        "dynamic": False,
        "_meta": dict(meta),
        "_routing": {"required": True},
        # What is made from the text for searching alone would only make the stored source larger.
        "_source": {"excludes": ["exact", "surface", "backwards", "parts"]},
        "properties": {
            **{name: {"properties": properties} for name, properties in fields.items()},
            **dict.fromkeys(_KEYWORD_FIELDS, _KEYWORD),
            **dict.fromkeys(("doc_id", "passage_id", "kind", "suggest"), _ID),
            "exact": {"type": "text", "analyzer": "whitespace"},
            "surface": _ID,
            "backwards": _ID,
            "is_record": {"type": "boolean"},
            "ordinal": {"type": "integer"},
            "passages": {"type": "integer"},
            "version": {"type": "long"},
            "modified": {"type": "long"},
            "content_hash": {"type": "keyword", "index": False, "doc_values": False},
            "head": {"type": "object", "enabled": False},
            "place": {"type": "object", "enabled": False},
            "vector": {
                "type": "dense_vector",
                "dims": manifest.dim,
                "similarity": "cosine",
                "index_options": {"type": config.vector_index},
            },
        },
    }


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970; a moment without a zone is taken as UTC."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() // 1)


def record_id(doc_id: str) -> str:
    """Id of the record of a document without passages: the one its first passage would have."""
    return f"{doc_id}-00000"


def sources(document: EncodedDocument, version: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id, source) of everything to be stored for a document, its record last."""
    common = _of_head(document.head) | {"version": version}
    record = {"is_record": True, "passages": len(document.passages), "content_hash": document.head.content_hash}
    if not document.passages:
        entry_id = record_id(document.head.doc_id)
        yield entry_id, common | record | {"kind": EMPTY, "passage_id": entry_id, "ordinal": 0}
        return
    pairs = dict.fromkeys(pair for passage in document.passages for pair in suggestions(passage))
    record["suggest"] = [key + KEY_SEPARATOR + text for key, text in pairs]
    # Nine digits keep a float32 of this size to its last bit or two, and halve the request.
    numbers = document.vectors.astype(np.float64).round(VECTOR_DIGITS).tolist()
    for row in reversed(range(len(document.passages))):
        source = common | _of_passage(document.passages[row], numbers[row])
        yield document.passages[row].passage_id, source | record if row == 0 else source


def passage_of(source: Mapping[str, Any]) -> Passage:
    """The passage that a source with the fields of ``SOURCE_FOR_HITS`` holds."""
    place = source["place"]
    (body,) = source["body"].values()
    return Passage(
        head_from_dict(source["head"]),
        source["ordinal"],
        place.get("text", body),
        tuple(place["heading_path"]),
        place["anchor"],
        place["start_char"],
        place["end_char"],
        place["page_number"],
        blocks_from_values(place.get("blocks"), place["start_char"]),
    )


def _of_head(head: Head) -> dict[str, Any]:
    found: dict[str, Any] = {name: list(values) for name, values in keywords(head).items()}
    found |= {"doc_id": head.doc_id, "head": head_to_dict(head)}
    if head.modified_at:
        found["modified"] = seconds_of(head.modified_at)
    return found


def _of_passage(passage: Passage, vector: list[float]) -> dict[str, Any]:
    analyser = analyser_of(passage.head.language)
    title, body = passage.head.title, normal_form(passage.text)
    texts = (title, *passage.heading_path, passage.text)
    exact = [exact_tokens(text) for text in texts]
    surface = list(vocabulary_words(token for tokens in exact for token in tokens))
    found: dict[str, Any] = {
        "kind": PASSAGE,
        "passage_id": passage.passage_id,
        "ordinal": passage.ordinal,
        "title": {analyser: normal_form(title)},
        "heading": {analyser: [normal_form(heading) for heading in passage.heading_path if heading != title]},
        "body": {analyser: body},
        "parts": {analyser: normal_form(parts_text(" ".join(texts)))},
        "exact": [" ".join(tokens) for tokens in exact],
        "surface": surface,
        "backwards": [word[::-1] for word in surface] if analyser in COMPOUNDING else [],
        "place": {
            "heading_path": list(passage.heading_path),
            "anchor": passage.anchor,
            "start_char": passage.start_char,
            "end_char": passage.end_char,
            "page_number": passage.page_number,
        },
    }
    if blocks := blocks_to_values(passage.blocks, passage.start_char):
        found["place"]["blocks"] = blocks
    if body != passage.text:
        found["place"]["text"] = passage.text
    if any(vector):  # cosine is not defined for the zero vector, and it is near to nothing
        found["vector"] = vector
    return found
