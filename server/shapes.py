"""Results and answers as the JSON documents other programs rely on: pure functions, used by the API and ``--json``."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from indexer.document import Passage
from rag.answer import Answer, AnswerBlock, Citation
from rag.choosing.choice import Choice, Pick
from rag.recall.recall import Recalled
from ranker.degradation import Degradation
from ranker.hit import Evidence, Hit, Results
from ranker.understanding.correct import Correction

Json = dict[str, Any]
EVIDENCE = tuple(field.name for field in fields(Evidence))
"""``asdict`` would copy each number, which takes longer than all else that a hit needs."""


def results_json(results: Results, first_rank: int = 1) -> Json:
    """The document of ``search --json`` and ``/api/v1/search``; ``rank`` counts over all pages."""
    return {
        "query": results.query,
        "total": results.total,
        "took_ms": _ms(results.took_ms),
        "hits": hits_json(results.hits, first_rank),
        "corrections": corrections_json(results.correction),
        "facets": facets_json(results.facets),
        "stages": stages_json(results.stages),
        "degraded": [degradation_json(one) for one in results.degraded],
    }


def degradation_json(degradation: Degradation) -> Json:
    """What was done without, and what came of it."""
    return {"part": str(degradation.part), "what": degradation.what}


def corrections_json(correction: Correction | None) -> list[Json]:
    """What was searched for instead (``applied``) or may be meant, as a list so that there may be several."""
    return [{"query": correction.text, "applied": correction.is_applied}] if correction else []


def hits_json(hits: Iterable[Hit], first_rank: int = 1) -> list[Json]:
    """Ranked hits, best first."""
    return [hit_json(hit, rank) for rank, hit in enumerate(hits, first_rank)]


def hit_json(hit: Hit, rank: int) -> Json:
    """One hit; ``snippet`` is HTML with <mark>, ``passage`` plain text."""
    head = hit.passage.head
    return {
        "rank": rank,
        "score": hit.score,
        "url": head.url,
        "title": head.title,
        "heading_path": list(hit.passage.heading_path),
        "passage": hit.passage.text,
        "snippet": hit.snippet,
        "document_id": head.doc_id,
        "passage_id": hit.passage.passage_id,
        "evidence": {name: getattr(hit.evidence, name) for name in EVIDENCE},
        "link": passage_link(hit.passage),
        "site": head.site,
        "path": head.path,
        "source": head.source,
        "language": head.language,
        "modified_at": time_json(head.modified_at),
        "metadata": dict(head.metadata),
        "more": [more_json(passage) for passage in hit.more],
        "similar": [similar_json(passage) for passage in hit.similar],
    }


def more_json(passage: Passage) -> Json:
    """Another passage of a hit's document."""
    return {
        "passage_id": passage.passage_id,
        "link": passage_link(passage),
        "heading_path": list(passage.heading_path),
        "passage": passage.text,
    }


def similar_json(passage: Passage) -> Json:
    """A document that says what a hit says."""
    head = passage.head
    return {
        "url": head.url,
        "link": passage_link(passage),
        "title": head.title,
        "document_id": head.doc_id,
        "site": head.site,
        "modified_at": time_json(head.modified_at),
    }


def answer_json(answer: Answer) -> Json:
    """The document of ``ask --json`` and ``/api/v1/answer``."""
    return {
        "question": answer.question,
        "understood": answer.understood,
        "answer": answer.text,
        "short": answer.short,
        "is_quoted": answer.is_quoted,
        "memory": memory_json(answer),
        "blocks": [block_json(block) for block in answer.blocks],
        "refused": answer.refused,
        "reason": answer.reason,
        "read": {"pages": len(answer.hits), "passages": answer.passages_read},
        "closest": [closest_json(hit) for hit in answer.closest],
        "old_since": answer.old_since.isoformat() if answer.old_since else None,
        "alternatives": [{"label": one.label, "question": one.question} for one in answer.alternatives],
        "citations": [citation_json(citation) for citation in answer.citations],
        "hits": hits_json(answer.hits),
        "stages": stages_json(answer.stages),
        "degraded": [degradation_json(one) for one in answer.degraded],
    }


def memory_json(answer: Answer) -> Json | None:
    """The memory that the answer is from; None where it is from passages."""
    best = answer.recalled.best if answer.recalled and answer.is_recalled else None
    return {"name": best.memory, "kind": str(best.kind), "reason": best.reason} if best else None


def recalled_json(recalled: Recalled) -> list[Json]:
    """What each memory said, in the order of the configuration."""
    return [
        {
            "memory": one.memory,
            "kind": str(one.kind),
            "took_ms": _ms(one.took_ms),
            "answer": one.best.text if one.best else "",
            "short": one.best.short if one.best else "",
            "score": one.best.score if one.best else 0.0,
            "reason": one.best.reason if one.best else "",
            "problem": one.problem,
        }
        for one in recalled.said
    ]


def closest_json(hit: Hit) -> Json:
    """A page that may help where none answers."""
    return {
        "title": hit.passage.head.title,
        "url": passage_link(hit.passage),
        "heading_path": list(hit.passage.heading_path),
    }


def citation_json(citation: Citation) -> Json:
    """Where one sentence stands; ``start_char`` and ``end_char`` count in the cited document's text."""
    return {
        "sentence": citation.sentence,
        "url": citation.url,
        "title": citation.passage.head.title,
        "quote": citation.quote,
        "start_char": citation.start_char,
        "end_char": citation.end_char,
        "score": citation.score,
        "answer_start_char": citation.answer_start_char,
        "answer_end_char": citation.answer_end_char,
        "heading_path": list(citation.passage.heading_path),
        "modified_at": time_json(citation.passage.head.modified_at),
        "document_id": citation.passage.head.doc_id,
        "passage_id": citation.passage.passage_id,
    }


def block_json(block: AnswerBlock) -> Json:
    """A part of a page that carries the answer; fields that its ``kind`` does not have are left out.

    ``left_out`` counts the items, rows or lines that stand on the page and are not here.
    """
    own: Json = {
        "lead": block.lead,
        "term": block.term,
        "text": block.text,
        "language": block.language,
        "items": [{"text": item.text, "number": item.number, "depth": item.depth} for item in block.items],
        "columns": list(block.columns),
        "rows": [list(row) for row in block.rows],
    }
    head = block.passage.head
    return {
        "kind": str(block.shape),
        **{name: value for name, value in own.items() if value},
        "left_out": block.left_out,
        "is_cut": block.is_cut,
        "heading_path": list(block.heading_path),
        "url": block.url,
        "title": head.title,
        "modified_at": time_json(head.modified_at),
        "start_char": block.start_char,
        "end_char": block.end_char,
        "score": block.score,
        "document_id": head.doc_id,
        "passage_id": block.passage.passage_id,
    }


def choice_json(choice: Choice, size: int = 10) -> Json:
    """How an answer was chosen: the ``size`` best candidates with what is known of each."""
    return {
        "type": str(choice.type),
        "confidence": choice.confidence,
        "picked": len(choice.picks),
        "candidates": [_pick_json(pick) for pick in choice.candidates[:size]],
    }


def _pick_json(pick: Pick) -> Json:
    return {
        "kind": str(pick.piece.kind),
        "text": pick.piece.read,
        "span": pick.span,
        "score": pick.score,
        "features": {name: round(value, 3) for name, value in pick.features.items()},
        "passage_id": pick.passage.passage_id,
        "url": pick.passage.head.url,
    }


def passage_link(passage: Passage) -> str:
    """The page, opened at the passage's anchor or page of a PDF where it has one."""
    url = passage.head.url
    place = f"page={passage.page_number}" if passage.page_number is not None else passage.anchor
    return f"{url}#{place}" if place and "#" not in url else url


def headings_below_title(passage: Passage) -> tuple[str, ...]:
    """The heading path without a first heading that the title says already: ``Guide`` under ``Guide - Example``."""
    if not passage.heading_path:
        return ()
    first, *rest = passage.heading_path
    says_it = re.match(rf"{re.escape(first)}\s*($|[-–—|:·•])", passage.head.title, re.IGNORECASE)
    return tuple(rest) if says_it else passage.heading_path


def facets_json(facets: Mapping[str, list[tuple[str, int]]]) -> dict[str, list[Json]]:
    """Facet name -> values with their number of documents, commonest first."""
    return {name: [{"value": value, "count": count} for value, count in values] for name, values in facets.items()}


def stages_json(stages: Mapping[str, float]) -> dict[str, float]:
    """Milliseconds by stage."""
    return {name: _ms(value) for name, value in stages.items()}


def time_json(time: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return time.isoformat() if time else None


def _ms(value: float) -> float:
    return round(value, 3)
