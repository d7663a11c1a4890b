"""What was judged, with the pages it is about, as a folder in BEIR's layout: to measure on, and to train from."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from indexer.document import Head
from indexer.store import Store
from server.errors import BadInput
from server.judged import Judged, judged_of
from server.querylog.record import Judgement
from server.whole import whole_text

SPLIT = "test"


def export_judgements(folder: Path, judgements: Iterable[Judgement], store: Store) -> Judged:
    """Write ``corpus.jsonl`` with all public documents, ``queries.jsonl`` and ``qrels/test.tsv``; what was written.

    Raises BadInput where the folder is there and not empty, or nothing that was judged is in the index.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty", "Name a folder that is not there yet")
    judged = judged_of(asked_by(judgements), store.scan())
    if not judged.queries:
        raise BadInput("No query was judged whose document is in the index", "Judge some in the admin area")
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as corpus:
        for head in store.scan():
            if not head.access:
                corpus.write(json.dumps(_record(head, store)) + "\n")
    ids = {query: f"q{number}" for number, query in enumerate(judged.queries, start=1)}
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as queries:
        for query, query_id in ids.items():
            queries.write(json.dumps({"_id": query_id, "text": query}) + "\n")
    with (folder / "qrels" / f"{SPLIT}.tsv").open("w", encoding="utf-8") as qrels:
        qrels.write("query-id\tcorpus-id\tscore\n")
        for query, of in judged.qrels.items():
            for doc_id, relevance in of.items():
                qrels.write(f"{ids[query]}\t{doc_id}\t{relevance}\n")
    return judged


def asked_by(judgements: Iterable[Judgement]) -> Iterable[tuple[str, Mapping[str, int]]]:
    """Judgements in the form of ``judged_of``."""
    return ((one.query, {one.url: one.relevance}) for one in judgements)


def _record(head: Head, store: Store) -> dict[str, object]:
    text = whole_text(store.passages(head.doc_id))
    return {"_id": head.doc_id, "title": head.title, "text": text, "metadata": {"url": head.url}}
