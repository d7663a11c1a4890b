"""The store on an Elasticsearch cluster, 9.2 or newer, with the free licence."""

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from indexer.asking.asked import Asked, asked
from indexer.asking.spelling import Pattern, Spelling
from indexer.document import EncodedDocument, Head, Passage, Vectors
from indexer.elasticsearch import index as indices
from indexer.elasticsearch.bulk import Job, requests, send
from indexer.elasticsearch.client import connect
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.errors import DocumentRefused, mapped_errors, store_error
from indexer.elasticsearch.hits import ranked, sources_of, with_cosine
from indexer.elasticsearch.jobs import checked, removal, replacement
from indexer.elasticsearch.mapping import PASSAGE, SOURCE_FOR_HITS, passage_of
from indexer.elasticsearch.query import (
    conditions,
    dense_search,
    excluded_search,
    facet_search,
    facet_values,
    lexical_search,
    suggested_texts,
    suggestion_search,
)
from indexer.elasticsearch.vocabulary import spelling_search, spellings_of
from indexer.errors import StoreUnavailable
from indexer.keywords import suggestion_prefixes
from indexer.manifest import Manifest
from indexer.storable import storable
from indexer.store import Candidates, Filters, Sort, StoreCount
from indexer.trace import REQUEST_ID
from indexer.wire import head_from_dict

PAGE = 1000


class ElasticsearchStore:
    """``Store`` behind the alias ``config.index``.

    A document's passages travel in one request and become visible together at the end of ``replace``. While several
    writers work, one may show a document that another is just writing; a list of candidates never mixes its versions.
    """

    def __init__(self, config: ElasticsearchConfig) -> None:
        """Connects at the first call."""
        self._config = config
        self._connected = connect(config)
        self._place = f"Elasticsearch index {config.index} on {', '.join(config.hosts)}"

    # -- the index -----------------------------------------------------------------------------------------------------

    def check(self, manifest: Manifest) -> None:
        """See ``Store.check``."""
        stored = self.manifest()
        if stored is None:
            with mapped_errors(self._place):
                alias = self._config.index
                indices.create(self._client, self._config, indices.first_name(alias), manifest, alias)
            stored = self.manifest()
        if stored is None:
            raise StoreUnavailable(f"{self._place} disappeared while it was being made", "Try again")
        stored.require_fit(manifest, self._place)

    def manifest(self) -> Manifest | None:
        """See ``Store.manifest``."""
        with mapped_errors(self._place):
            return indices.stored_manifest(self._client, self._config.index)

    @contextlib.contextmanager
    def rebuild(self, manifest: Manifest) -> Iterator["ElasticsearchStore"]:
        """A store on a new, empty index; at the end of the block it takes the place of the present one, in one step.

        Meanwhile the present index answers; an exception in the block leaves it in place and drops the new one.
        """
        alias = self._config.index
        with mapped_errors(self._place):
            name = indices.next_name(self._client, alias)
            indices.create(self._client, self._config, name, manifest, alias=None)
        fresh = ElasticsearchStore(replace(self._config, index=name))
        try:
            yield fresh
        except BaseException:
            with mapped_errors(self._place):
                self._client.options(ignore_status=404).indices.delete(index=name)
            raise
        finally:
            fresh.close()
        with mapped_errors(self._place):
            indices.swap(self._client, alias, name)

    def drop(self) -> None:
        """Delete the index with everything in it, unfinished rebuilds included."""
        with mapped_errors(self._place):
            indices.drop(self._client, self._config.index)

    # -- writing -------------------------------------------------------------------------------------------------------

    def replace(self, batch: Sequence[EncodedDocument]) -> None:
        """See ``Store.replace``."""
        documents = [checked(document) for document in {d.head.doc_id: d for d in batch}.values()]
        stored = self._stored_ids([document.head.doc_id for document in documents])
        version = time.time_ns() // 1000
        jobs = (replacement(document, stored.get(document.head.doc_id, []), version) for document in documents)
        self._write(jobs)

    def delete(self, doc_ids: Sequence[str]) -> int:
        """See ``Store.delete``."""
        stored = self._stored_ids(doc_ids)
        self._write(removal(doc_id, ids) for doc_id, ids in stored.items())
        return len(stored)

    def _write(self, jobs: Iterable[Job]) -> None:
        for together in requests(jobs, self._config.max_bulk_bytes):
            try:
                send(self._client, self._config.index, self._place, together, self._config)
            except DocumentRefused as error:
                # Part of it may have been taken, so that neither the old nor the new one is whole.
                taken = (job for job in together if job.doc_id == error.doc_id)
                gone = [removal(job.doc_id, job.ids) for job in taken]
                send(self._client, self._config.index, self._place, gone, self._config)
                self._refresh()
                raise
        self._refresh()

    # -- reading for the writer ----------------------------------------------------------------------------------------

    def content_hashes(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """See ``Store.content_hashes``."""
        found: dict[str, str] = {}
        for some in _pages(doc_ids):
            known = {"terms": {"doc_id": some}}
            versions = {"terms": {"field": "version", "size": 2}}
            records, pieces = self._msearch(
                {
                    "query": {"bool": {"filter": [known, {"term": {"is_record": True}}]}},
                    "size": len(some),
                    "_source": ["doc_id", "content_hash", "passages"],
                },
                {
                    "query": {"bool": {"filter": [known]}},
                    "size": 0,
                    "aggregations": {
                        "documents": {
                            "terms": {"field": "doc_id", "size": len(some), "shard_size": len(some)},
                            "aggregations": {"versions": versions},
                        }
                    },
                },
            )
            whole = {
                bucket["key"]: bucket["doc_count"]
                for bucket in pieces["aggregations"]["documents"]["buckets"]
                if len(bucket["versions"]["buckets"]) == 1
            }
            for record in sources_of(records):
                if whole.get(record["doc_id"]) == max(1, record["passages"]):
                    found[record["doc_id"]] = record["content_hash"]
        return found

    def known_vectors(self, doc_ids: Sequence[str]) -> dict[str, Vectors]:
        """See ``Store.known_vectors``."""
        found: dict[str, Vectors] = {}
        for some in _pages(doc_ids):
            query = {"bool": {"filter": [{"terms": {"doc_id": some}}, {"term": {"kind": PASSAGE}}]}}
            source = {"includes": [*SOURCE_FOR_HITS["includes"], "vector"], "exclude_vectors": False}
            for record in self._every(query, source, "passage_id"):
                if "vector" in record:
                    found[passage_of(record).text_to_encode] = np.asarray(record["vector"], dtype=np.float32)
        return found

    def scan(self) -> Iterator[Head]:
        """See ``Store.scan``."""
        for record in self._every({"term": {"is_record": True}}, ["head", "doc_id"], "doc_id"):
            yield head_from_dict(record["head"])

    def version(self) -> str:
        """The number of the last operation on each shard."""
        with mapped_errors(self._place):
            return indices.version_of(self._client, self._config.index)

    def count(self) -> StoreCount:
        """See ``Store.count``."""
        counts = {"documents": {"term": {"is_record": True}}, "passages": {"term": {"kind": PASSAGE}}}
        (answer,) = self._msearch({"size": 0, "aggregations": {"kinds": {"filters": {"filters": counts}}}})
        buckets = answer["aggregations"]["kinds"]["buckets"]
        return StoreCount(buckets["documents"]["doc_count"], buckets["passages"]["doc_count"])

    # -- reading for askers --------------------------------------------------------------------------------------------

    def candidates(
        self,
        text: str | Asked,
        vector: Vectors | None,
        k: int,
        filters: Filters = Filters(),
        sort: Sort = "relevance",
    ) -> Candidates:
        """See ``Store.candidates``."""
        asks = asked(text)
        searches = [lexical_search(asks, k, filters, sort, self._unwanted(asks))]
        if vector is not None and sort == "relevance" and k > 0 and np.any(vector):
            searches.append(dense_search(vector, k, filters, self._config))
        lexical, *dense = self._msearch(*searches)
        return Candidates(
            tuple(ranked(lexical, k, keep_order=sort != "relevance")),
            tuple(with_cosine(candidate) for candidate in ranked(dense[0], k)) if dense else (),
            lexical["aggregations"]["documents"]["value"],
        )

    def get(self, passage_ids: Sequence[str], filters: Filters = Filters()) -> list[Passage]:
        """See ``Store.get``."""
        found: dict[str, Passage] = {}
        for some in _pages(passage_ids):
            query = {"bool": {"filter": [{"terms": {"passage_id": some}}, *conditions(filters)]}}
            (answer,) = self._msearch({"query": query, "size": len(some), "_source": SOURCE_FOR_HITS})
            passages = (passage_of(source) for source in sources_of(answer))
            found |= {passage.passage_id: passage for passage in passages}
        return [found[passage_id] for passage_id in passage_ids if passage_id in found]

    def passages(self, doc_id: str, filters: Filters = Filters()) -> list[Passage]:
        """See ``Store.passages``."""
        query = {"bool": {"filter": [{"term": {"doc_id": doc_id}}, *conditions(filters)]}}
        return [passage_of(record) for record in self._every(query, SOURCE_FOR_HITS, "ordinal")]

    def spellings(self, patterns: Sequence[Pattern], filters: Filters = Filters()) -> list[list[Spelling]]:
        """See ``Store.spellings``."""
        if not patterns:
            return []
        answers = self._msearch(*(spelling_search(pattern, filters) for pattern in patterns))
        return [spellings_of(answer, pattern) for answer, pattern in zip(answers, patterns, strict=True)]

    def suggest(self, prefix: str, k: int = 10, filters: Filters = Filters()) -> list[str]:
        """See ``Store.suggest``."""
        starts = suggestion_prefixes(prefix)
        answers = self._msearch(*(suggestion_search(start, filters) for start in starts)) if starts else []
        shown = dict.fromkeys(text for answer in answers for text in suggested_texts(answer))
        return list(shown)[: max(0, k)]

    def facets(
        self, text: str | Asked, fields: Sequence[str], filters: Filters = Filters(), size: int = 10
    ) -> dict[str, list[tuple[str, int]]]:
        """See ``Store.facets``."""
        if not fields or size < 1:
            return {name: [] for name in fields}
        asks = asked(text)
        (answer,) = self._msearch(facet_search(asks, fields, filters, size, self._unwanted(asks)))
        return facet_values(answer, fields)

    def close(self) -> None:
        """See ``Store.close``."""
        self._connected.close()

    @property
    def _client(self) -> Any:
        """The client; what it asks is logged by the cluster under our request's id (``X-Opaque-Id``)."""
        request_id = REQUEST_ID.get()
        return self._connected.options(opaque_id=request_id) if request_id else self._connected

    def _unwanted(self, asks: Asked) -> list[str]:
        """The documents that hold an excluded word: one more round trip, only where there is such a word."""
        if not asks.excluded:
            return []
        (answer,) = self._msearch(excluded_search(asks))
        return [bucket["key"] for bucket in answer["aggregations"]["documents"]["buckets"]]

    # -- requests ------------------------------------------------------------------------------------------------------

    def _msearch(self, *searches: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers to several searches in one round trip."""
        kind = "dfs_query_then_fetch" if self._config.shards > 1 else "query_then_fetch"
        lines = [line for search in searches for line in ({"search_type": kind}, search)]
        with mapped_errors(self._place):
            answers: list[dict[str, Any]] = self._client.msearch(index=self._config.index, searches=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                raise store_error(self._place, answer["status"], answer["error"])
        return answers

    def _every(self, query: dict[str, Any], source: object, key: str) -> Iterator[dict[str, Any]]:
        """The sources of everything that matches, by a key that no two share."""
        after: dict[str, Any] = {}
        while True:
            search = {
                "query": query,
                "size": PAGE,
                "sort": [{key: "asc"}],
                "_source": source,
                "track_total_hits": False,
            }
            (answer,) = self._msearch(search | after)
            yield from sources_of(answer)
            hits = answer["hits"]["hits"]
            if len(hits) < PAGE:
                return
            after = {"search_after": hits[-1]["sort"]}

    def _stored_ids(self, doc_ids: Sequence[str]) -> dict[str, list[str]]:
        """doc_id -> ids of everything stored for it, the record last; documents that are not there are left out."""
        found: dict[str, list[str]] = {}
        if not doc_ids:
            return found
        self._refresh()  # what a writer that died has left must be seen too
        for some in _pages(doc_ids):
            for record in self._every({"terms": {"doc_id": some}}, ["doc_id", "passage_id"], "passage_id"):
                found.setdefault(record["doc_id"], []).append(record["passage_id"])
        return {doc_id: ids[::-1] for doc_id, ids in found.items()}

    def _refresh(self) -> None:
        with mapped_errors(self._place):
            self._client.indices.refresh(index=self._config.index)


def _pages(ids: Sequence[str]) -> Iterator[list[str]]:
    distinct = list(dict.fromkeys(storable(one) for one in ids))
    return (distinct[start : start + PAGE] for start in range(0, len(distinct), PAGE))
