"""Queries that a site asks by itself, and a copy of its index in which they are not answered by their own words.

A heading names the section below it, a title its page. Both stand in the index beside the text, so that looking for
their words would find them at once; in the copy the page has lost the very text that serves as its query.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from indexer.document import EncodedDocument, Head, Passage
from indexer.encoder import Encoder
from indexer.store import Store
from ranker.training.mine import Topic
from ranker.training.sources.site import site_topics

MAX_WORDS = 12
"""What is longer, such as a first sentence, is no query that people type."""

COPIED_TOGETHER = 64

SHARED = 3
"""What so many names end in after a dash, such as "Boats - Example Ltd", is the site's own name."""

_SEPARATOR = re.compile(r"\s+[|·–—-]\s+")
_EDGES = " |·–—-"


@dataclass(frozen=True, slots=True)
class WeakLabels:
    """``queries`` by doc_id, one for a document; ``found`` is how many there were to draw from."""

    queries: Mapping[str, str]
    found: int


def weak_labels(store: Store, size: int) -> WeakLabels:
    """At most ``size`` titles and headings of public pages, those of the smallest digests. Raises StoreError."""
    topics = [
        topic for topic in _without_site_name(site_topics(store, "")) if 1 < len(topic.query.split()) <= MAX_WORDS
    ]
    # A page answers one query only: many of one page would count its luck many times.
    of_page: dict[str, Topic] = {}
    for topic in sorted(topics, key=_digest):
        of_page.setdefault(next(iter(topic.doc_ids)), topic)
    return WeakLabels({doc_id: topic.query for doc_id, topic in list(of_page.items())[:size]}, len(topics))


def copied_heads(store: Store, queries: Mapping[str, str], max_documents: int) -> list[Head]:
    """The public pages of a copy: those with a query, and others by their digests. Raises StoreError."""
    public = [head for head in store.scan() if not head.access]
    public.sort(key=lambda head: (head.doc_id not in queries, hashlib.sha256(head.doc_id.encode()).digest()))
    return public[: max(max_documents, len(queries))]


def copy_without_queries(
    store: Store,
    copy: Store,
    encoder: Encoder,
    *,
    heads: Sequence[Head],
    queries: Mapping[str, str],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Put pages of ``store`` into ``copy`` (made, and empty), each without the text of its query.

    Vectors are taken over; only texts that changed are encoded. Raises StoreError, EncoderError.
    """
    for start in range(0, len(heads), COPIED_TOGETHER):
        report(start, len(heads))
        copy.replace(list(_encoded(store, encoder, heads[start : start + COPIED_TOGETHER], queries)))


def _encoded(
    store: Store, encoder: Encoder, heads: Iterable[Head], queries: Mapping[str, str]
) -> Iterator[EncodedDocument]:
    for head in heads:
        query = queries.get(head.doc_id)
        passages = store.passages(head.doc_id)
        if query is not None:
            passages = [changed for passage in passages if (changed := without(passage, query)).text]
        if not passages:
            continue
        known = store.known_vectors([head.doc_id])
        texts = [passage.text_to_encode for passage in passages]
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known |= dict(zip(new, encoder.encode_passages(new), strict=True))
        yield EncodedDocument(passages[0].head, tuple(passages), np.stack([known[text] for text in texts]))


def without(passage: Passage, query: str) -> Passage:
    """The passage as if nobody had written ``query``: not as its title, nor as a heading, nor in its text."""
    phrase = r"\s+".join(map(re.escape, query.split()))
    words = re.compile(rf"(?<!\w){phrase}(?!\w)", re.IGNORECASE)
    headings = (words.sub(" ", heading).strip(_EDGES) for heading in passage.heading_path)
    return replace(
        passage,
        head=replace(passage.head, title=words.sub(" ", passage.head.title).strip(_EDGES)),
        heading_path=tuple(heading for heading in headings if heading),
        text=words.sub(" ", passage.text).strip(),
    )


def _without_site_name(topics: Sequence[Topic]) -> Iterator[Topic]:
    """A title's last part goes where many titles share it: the heading with the rest would still answer the query."""
    parts = [_SEPARATOR.split(topic.query) for topic in topics]
    uses = Counter(of[-1] for of in parts if len(of) > 1)
    for topic, of in zip(topics, parts, strict=True):
        is_shared = len(of) > 1 and uses[of[-1]] >= SHARED
        yield replace(topic, query=topic.query[: topic.query.rindex(of[-1])].strip(_EDGES)) if is_shared else topic


def _digest(topic: Topic) -> bytes:
    return hashlib.sha256("\n".join([*topic.doc_ids, topic.query]).encode("utf-8", "replace")).digest()
