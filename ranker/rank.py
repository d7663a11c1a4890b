"""From a query to a page of hits: encode, find candidates, fuse, rerank, group, cut, show."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from indexer.asking.asked import Asked
from indexer.document import Head, Passage, Vectors, doc_id_of
from indexer.encoder import Encoder
from indexer.errors import EncoderError
from indexer.store import Candidates, Filters, Sort, Store
from ranker.check import check_query
from ranker.config import RankConfig, RerankConfig
from ranker.degradation import Degradation, Part
from ranker.errors import ScorerError
from ranker.facets import counted, less
from ranker.group import by_date, group, telling
from ranker.hit import Evidence, Hit, Results
from ranker.language import unknown_language
from ranker.naming.navigation import named_first
from ranker.naming.specific import specific_first
from ranker.query import Mode, Query
from ranker.ranked import (
    Ranked,
    beyond,
    by_both,
    by_meaning,
    by_words,
    only_matching,
    reranked,
    scaled_below,
    without_far,
    without_unrelated,
)
from ranker.rerank.feedback import chosen, moved, names_a_subject
from ranker.rerank.ladder import Ladder, Read
from ranker.rerank.mix import mixed
from ranker.scorer import Scorer, Scores
from ranker.similar.twins import Twins, twins
from ranker.snippet import snippet
from ranker.stages import Stages
from ranker.steered import boosted, names_of, pinned_first, without
from ranker.steering import SteerConfig
from ranker.understanding.understand import Understood, understand

log = logging.getLogger(__name__)

WIDEN = 10
"""A page beyond the documents at hand asks for candidate lists this many times as long."""

MAX_PASSAGES = 10_000
"""The longest candidate list; Elasticsearch answers no longer one (index.max_result_window)."""

NOTHING_RELATED = Degradation(Part.QUERY, "none of its words is in the index, and nothing is near it in meaning")


@dataclass(slots=True)
class _Run:
    """One search as it goes: what is asked of the store, and what happened so far.

    ``shown`` are the heads of all documents found, where the lists hold them all.
    """

    query: Query
    meant: Understood
    mode: Mode
    sort: Sort
    steer: SteerConfig
    vector: Vectors | None = None
    read_s: float = 0.0
    shown: tuple[Head, ...] | None = None
    twins: Twins = Twins()
    stages: Stages = field(default_factory=Stages)
    degraded: list[Degradation] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.meant.text

    @property
    def hidden(self) -> tuple[str, ...]:
        """The pages left out."""
        return self.steer.pinned(self.text)[1]

    def count_hidden(self, found: Candidates) -> int:
        """How many documents of the lexical list are left out."""
        if not (hidden := {*self.hidden}):
            return 0
        return len({c.passage.head.doc_id for c in found.lexical if names_of(c.passage.head) & hidden})


class Ranker:
    """Answers queries from one store; thread-safe, since its parts are.

    Scores are in [0, 1] and, sorted by relevance, never rise from one hit to the next: ``ranker.ranked`` says how each
    mode makes them.
    """

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        scorer: Scorer | None = None,
        config: RankConfig = RankConfig(),
        rerank: RerankConfig = RerankConfig(),
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._scorer = scorer
        self._ladder = Ladder(scorer, rerank) if scorer else None
        self._config = config
        self._rerank_config = rerank

    def search(self, query: Query) -> Results:
        """The asked page of hits; without words, the documents modified last.

        Raises BadQuery, and StoreError where the store fails; an encoder or scorer that fails is left out and named in
        ``degraded``, as is a budget that did not suffice. The order of documents does not depend on the page asked
        for, so pages neither repeat nor lose one. ``total`` is the same on every page, unless more than 10,000 passages
        match: then it may sink at the end.
        """
        check_query(query, self._config)
        run = self._begin(query)
        self._encode(run)
        hits, total = self._documents(run)
        first = (query.page - 1) * query.size
        shown = self._with_snippets(run, hits[first : min(first + query.size, total)])
        facets = self._facets(run)
        return Results(
            query=query.text,
            hits=shown,
            total=total,
            facets=facets,
            stages=run.stages.ms,
            degraded=tuple(run.degraded),
            correction=run.meant.correction,
            took_ms=run.stages.took_ms(),
        )

    def passages(self, query: Query) -> list[Ranked]:
        """The passages behind the first hits of ``search``, best first and not grouped; it raises the same."""
        check_query(query, self._config)
        run = self._begin(query)
        self._encode(run)
        return self._passages(run, self._config.depth_passages)[0]

    def get(self, passage_ids: Sequence[str], filters: Filters = Filters()) -> list[Passage]:
        """The passages of these ids that exist and may be shown, in the order asked for. Raises StoreError."""
        return self._store.get(passage_ids, filters)

    def _begin(self, query: Query) -> _Run:
        text = query.text.encode("utf-8", "replace").decode().strip()
        stages = Stages()
        with stages.time("understand"):
            steer = self._config.steer if query.is_steered else SteerConfig()
            meant = understand(
                text,
                query.filters,
                self._store,
                steer,
                is_unfinished=query.is_unfinished,
                corrects=query.corrects,
                excludes=query.excludes,
            )
        steer = steer.within(meant.filters.site, meant.filters.language)
        if not meant.text:
            sort: Sort = "newest" if query.sort == "relevance" else query.sort
            return _Run(query, meant, "lexical", sort, steer, stages=stages)
        mode = query.mode or self._usual_mode(is_unfinished=query.is_unfinished)
        # By meaning alone nothing can be required or left out.
        mode = "hybrid" if mode == "dense" and meant.is_restricted else mode
        return _Run(query, meant, mode, "relevance", steer, stages=stages)

    def _usual_mode(self, *, is_unfinished: bool) -> Mode:
        """Where a query names none. What is still being typed is not read: results are to follow each letter."""
        mode = self._config.mode or ("rerank" if self._ladder else "hybrid")
        return "hybrid" if mode == "rerank" and is_unfinished else mode

    def _encode(self, run: _Run) -> None:
        if run.mode == "lexical":
            return
        try:
            with run.stages.time("encode"):
                run.vector = self._encoder.encode_queries([run.text])[0]
        except EncoderError as error:
            log.warning("searching by words only: %s", error)
            run.degraded.append(Degradation(Part.ENCODER, f"{error.what}, words only"))
            run.mode = "rerank" if run.mode == "rerank" else "lexical"

    def _documents(self, run: _Run) -> tuple[list[Hit], int]:
        """Documents in order, at least to the end of the asked page, and how many can be paged through.

        The first ``depth_passages`` of each list decide the first documents whatever the page; longer lists only add
        documents after them. So every page sees the same order.
        """
        k = self._config.depth_passages
        is_dated = run.query.sort != "relevance" and run.sort == "relevance"
        if is_dated and (long := self._long(run, k)):
            run.twins = self._twins(run, [c.passage for c in long.lexical])
            run.sort, run.mode, run.vector = run.query.sort, "lexical", None
        ranked, found = self._passages(run, k)
        hits = self._group(run, ranked)
        while _is_full(run, found, k) and found.matched_documents < len(hits) and k < MAX_PASSAGES:
            k, found = self._widened(run, k, hits)
        if run.sort == "relevance":
            named = named_first(run.text, hits, is_unfinished=run.query.is_unfinished)
            named = specific_first(run.text, named)
            pinned = self._pinned(run, named)
            hits = pinned_first(pinned, named)
            counted = hits if not _is_full(run, found, k) else _listed(run, found, hits)
            run.twins = self._twins(run, [hit.passage for hit in counted], pinned)
        hits = run.twins.gathered(hits)
        total = found.matched_documents - run.count_hidden(found) - len(run.twins.surplus)
        if not _is_full(run, found, k):
            hits = [hit for hit in hits if hit.score >= self._config.min_score]
            run.shown = tuple(hit.passage.head for hit in hits)
            total = len(hits)
        if is_dated and run.sort == "relevance":
            hits = by_date(hits, run.query.sort)
        total = min(total, self._config.max_documents)
        needed = min(run.query.page * run.query.size, total)
        while len(hits) < needed and _is_full(run, found, k) and k < MAX_PASSAGES:
            k, found = self._widened(run, k, hits)
        is_all = len(hits) < needed or not _is_full(run, found, k)
        kept = [hit for hit in hits if hit.score >= self._config.min_score]
        return kept, min(total, len(kept)) if is_all or len(kept) < len(hits) else total

    def _long(self, run: _Run, k: int) -> Candidates | None:
        """What is found where so many documents hold the words that only the store can order them all by date."""
        if run.mode == "dense":
            return None
        found = self._candidates(run, k)
        documents = {c.passage.head.doc_id for c in (*found.lexical, *found.dense)}
        return found if _is_full(run, found, k) and found.matched_documents >= len(documents) else None

    def _twins(self, run: _Run, passages: Iterable[Passage], alone: Iterable[Hit] = ()) -> Twins:
        """Which documents say what an earlier one says; ``passages`` are in order, the hidden ones among them."""
        if not (run.query.collapses and self._config.collapse_similar and run.text):
            return Twins()
        with run.stages.time("group"):
            hidden = {*run.hidden}
            first: dict[str, Passage] = {}
            for passage in passages:
                if not hidden or not names_of(passage.head) & hidden:
                    first.setdefault(passage.head.doc_id, passage)
            return twins(first.values(), {hit.passage.head.doc_id for hit in alone})

    def _widened(self, run: _Run, k: int, hits: list[Hit]) -> tuple[int, Candidates]:
        """Longer lists, and their length; ``hits`` gets the documents that they add."""
        k = min(k * WIDEN, MAX_PASSAGES)
        found = self._candidates(run, k)
        hits += run.twins.gathered(self._group(run, self._tail(run, found, hits)))
        return k, found

    def _passages(self, run: _Run, k: int) -> tuple[list[Ranked], Candidates]:
        """What lists of length ``k`` give, in order, and those lists."""
        found = self._candidates(run, k)
        ranked = self._rank(run, found)
        if ranked and run.vector is not None and self._takes_feedback(run):
            found = self._found_again(run, run.vector, found, ranked, k)
            ranked = self._rank(run, found)
        return self._steered(run, self._rerank(run, ranked)), found

    def _steered(self, run: _Run, ranked: list[Ranked]) -> list[Ranked]:
        """Without what is hidden, boosts counted in."""
        boosts = run.steer.boosts if run.sort == "relevance" else ()
        return boosted(without(ranked, run.hidden), boosts, datetime.now(UTC))

    def _pinned(self, run: _Run, hits: Sequence[Hit]) -> list[Hit]:
        """The pages that come first whatever they hold, where the asker may see them."""
        found = {name: hit for hit in hits for name in names_of(hit.passage.head)}
        pinned = (found.get(name) or self._hit_of(run, name) for name in run.steer.pinned(run.text)[0])
        return [hit for hit in pinned if hit]

    def _hit_of(self, run: _Run, name: str) -> Hit | None:
        ids = (doc_id_of(name), name)
        passages = next((p for doc_id in ids if (p := self._store.passages(doc_id, run.meant.filters))), [])
        return Hit(passages[0], 1.0, Evidence()) if passages else None

    def _candidates(self, run: _Run, k: int) -> Candidates:
        """One round trip. By meaning alone every document matches, so no words are sent."""
        asked = Asked() if run.mode == "dense" else run.meant.asked
        with run.stages.time("candidates"):
            found = self._store.candidates(asked, run.vector, k, run.meant.filters, run.sort)
        if run.mode == "dense":
            return found
        if run.meant.is_restricted:
            return only_matching(found, by_passage=True)
        self._without_unknown_language(run, found)
        related = without_unrelated(found, self._config.fuse, self._config.min_deviations)
        if related is not found and NOTHING_RELATED not in run.degraded:
            run.degraded.append(NOTHING_RELATED)
        return self._without_far(related)

    def _without_far(self, found: Candidates) -> Candidates:
        return without_far(found, self._config.fuse, self._config.tail_deviations, self._config.tail_share)

    def _without_unknown_language(self, run: _Run, found: Candidates) -> None:
        """Do without an encoder or a scorer that does not know the language found, and say so."""
        if run.vector is not None and (code := unknown_language(found.lexical, self._encoder.languages)):
            run.vector = None
            what = f"{self._encoder.name} does not know {code}, words only"
            run.degraded.append(Degradation(Part.LANGUAGE, what))
        if run.mode == "rerank" and self._scorer and (code := unknown_language(found.lexical, self._scorer.languages)):
            run.mode = "hybrid"
            what = f"{self._scorer.name} does not know {code}, not reranked"
            run.degraded.append(Degradation(Part.LANGUAGE, what))

    def _rank(self, run: _Run, found: Candidates) -> list[Ranked]:
        with run.stages.time("fuse"):
            if run.mode == "dense":
                return by_meaning(found.dense)
            if run.vector is None:
                return by_words(found.lexical)
            return by_both(run.text, found, self._config.fuse)

    def _takes_feedback(self, run: _Run) -> bool:
        """Only where the scorer reads: it puts right what a look in the wrong direction finds."""
        is_read = run.mode == "rerank" and self._ladder is not None and self._rerank_config.passages > 0
        is_wanted = self._config.feedback_passages > 0 and names_a_subject(run.text, self._config.feedback_words)
        return is_read and is_wanted and not run.meant.is_restricted

    def _found_again(
        self, run: _Run, vector: Vectors, found: Candidates, ranked: Sequence[Ranked], k: int
    ) -> Candidates:
        """The same words, and what is near the query's ``vector`` moved towards the best of the first passages."""
        first = ranked[: min(self._config.feedback_depth, self._rerank_config.passages)]
        texts = [item.passage.text_to_encode for item in first]
        if (read := self._read(run, texts)) is None:
            return found
        best = chosen([item.score for item in first], read.scores, self._config.feedback_passages)
        try:
            with run.stages.time("feedback"):
                vectors = self._encoder.encode_passages([texts[i] for i in best])
        except EncoderError as error:
            log.warning("searching without feedback: %s", error)
            run.degraded.append(Degradation(Part.ENCODER, f"{error.what}, no feedback"))
            return found
        with run.stages.time("feedback"):
            run.vector = moved(vector, vectors, self._config.feedback_weight)
            again = self._store.candidates("", run.vector, k, run.meant.filters)
        return self._without_far(replace(found, dense=again.dense))

    def _tail(self, run: _Run, found: Candidates, hits: Sequence[Hit]) -> list[Ranked]:
        """What longer lists add after ``hits``; for words, only what matches them, so that ``total`` stays true."""
        rest = beyond(found, (*(hit.passage.head.doc_id for hit in hits), *run.twins.surplus))
        ranked = without(self._rank(run, rest if run.mode == "dense" else only_matching(rest)), run.hidden)
        return scaled_below(hits[-1].score, ranked) if run.sort == "relevance" else ranked

    def _rerank(self, run: _Run, ranked: list[Ranked]) -> list[Ranked]:
        if run.mode != "rerank" or not ranked:
            return ranked
        if self._ladder is None:
            run.degraded.append(Degradation(Part.SCORER, "none configured, fused order kept"))
            return ranked
        wanted = run.query.rerank_passages
        depth = self._rerank_config.passages if wanted is None else min(wanted, self._rerank_config.passages)
        texts = [item.passage.text_to_encode for item in ranked[:depth]]
        if (read := self._read(run, texts)) is None:
            return ranked
        if read.note:
            run.degraded.append(Degradation(Part.BUDGET, read.note))
        return reranked(ranked, read.scores, self._finals(run, ranked, texts, read.scores))

    def _read(self, run: _Run, texts: Sequence[str]) -> Read | None:
        """Scores of passages, within what is left of the budget; None, and from then on no reranking, if none come."""
        if self._ladder is None:
            return None
        try:
            with run.stages.time("rerank"):
                read = self._ladder.read(run.text, texts, run.read_s)
        except ScorerError as error:
            log.warning("keeping the fused order: %s", error)
            run.degraded.append(Degradation(Part.SCORER, f"{error.what}, fused order kept"))
            run.mode = "hybrid"
            return None
        run.read_s = read.spent_s
        return read

    def _finals(self, run: _Run, ranked: list[Ranked], texts: list[str], scores: Scores) -> list[float]:
        count = len(scores)
        if not self._rerank_config.mixed:
            return [float(score) for score in scores]
        return mixed(run.text, texts[:count], [item.score for item in ranked[:count]], scores)

    def _group(self, run: _Run, ranked: list[Ranked]) -> list[Hit]:
        with run.stages.time("group"):
            return group(ranked, self._config.more_passages)

    def _with_snippets(self, run: _Run, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        with run.stages.time("snippet"):
            told = (telling(hit, run.text) if run.text else hit for hit in hits)
            return tuple(replace(hit, snippet=self._snippet(run, hit)) for hit in told)

    def _snippet(self, run: _Run, hit: Hit) -> str:
        return snippet(hit.passage.text, run.text, self._config.snippet_chars, hit.passage.head.language)

    def _facets(self, run: _Run) -> dict[str, list[tuple[str, int]]]:
        if not run.query.facets:
            return {}
        with run.stages.time("facets"):
            counts = self._counts(run)
        # Every path begins with "/": it narrows nothing.
        return {
            name: [pair for pair in values if name != "path" or pair[0] != "/"][: self._config.facet_values]
            for name, values in counts.items()
        }

    def _counts(self, run: _Run) -> dict[str, list[tuple[str, int]]]:
        if run.shown is not None:
            return {name: counted(name, run.shown) for name in run.query.facets}
        asked = Asked() if run.mode == "dense" else run.meant.asked
        surplus = run.twins.surplus.values()
        wanted = self._config.facet_values + 1 + len(surplus)
        counts = self._store.facets(asked, run.query.facets, run.meant.filters, wanted)
        return {name: less(values, counted(name, surplus)) for name, values in counts.items()}


def _listed(run: _Run, found: Candidates, hits: Iterable[Hit]) -> list[Hit]:
    """The hits of the list that decides how far one can page: they surely count in the total."""
    documents = {c.passage.head.doc_id for c in (found.dense if run.mode == "dense" else found.lexical)}
    return [hit for hit in hits if hit.passage.head.doc_id in documents]


def _is_full(run: _Run, found: Candidates, k: int) -> bool:
    """Whether the list that decides how far one can page may go on beyond ``k``."""
    return len(found.dense if run.mode == "dense" else found.lexical) >= k
