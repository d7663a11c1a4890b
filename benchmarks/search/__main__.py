"""How long does a search take among many passages, and what do they cost? Run as a command.

    python -m benchmarks.search --json
    python -m benchmarks.search --passages 1000000 --peers
    python -m benchmarks.search --store http://127.0.0.1:9200

Real texts of public sets are repeated with changes, their vectors moved a little, and indexed once in the folder
``--cache``; the questions are those of the sets' training halves. Each kind of search is timed alone, one question
after the other, with the encoder's memory of questions switched off; ``cpu_ms`` is the work of one, which
a busy machine changes less. The throughput is that of eight threads. With ``--peers`` txtai's hybrid search over the
same texts and vectors is timed in the same run where it is installed, and tantivy alone, the bound of what a search by
words can be.
"""

import argparse
import json
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from benchmarks.peers import installed
from benchmarks.search.corpus import questions
from benchmarks.search.index import Corpus, disk_bytes, embedded, embedded_folder, on_server
from benchmarks.search.measure import asked, latencies, queries_per_s, recall, searches
from benchmarks.search.peers import Search, agreement, tantivy_alone, txtai_hybrid
from indexer.config import EmbeddedConfig
from indexer.encoder import Encoder
from indexer.encoders.bundled import BundledConfig, BundledEncoder
from indexer.store import Store
from ranker.query import Query
from ranker.rank import Ranker

MIN_AGREEMENT = 0.5
"""Where the first passage found elsewhere is on our first page less often, the two do not do the same work."""


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=320)
    parser.add_argument("--graph-rows", type=int, default=EmbeddedConfig().graph_rows, help="embedded.graph_rows")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the public sets")
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-search"), help="keeps the indexes")
    parser.add_argument("--store", metavar="URL", help="measure the index on this Elasticsearch instead")
    parser.add_argument("--peers", action="store_true", help="measure txtai and tantivy, too")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    encoder = BundledEncoder(BundledConfig(cached_queries=0))
    corpus = Corpus(args.data, args.cache, encoder, args.passages)
    texts = questions(args.data, args.questions)
    encoder.load()
    before = psutil.Process().memory_info().rss
    config = EmbeddedConfig(graph_rows=args.graph_rows)
    with closing(on_server(corpus, args.store) if args.store else embedded(corpus, args.cache, config)) as store:
        figures = {"passages": args.passages, "cores": os.cpu_count()} | measured(store, encoder, texts)
        figures["memory_bytes_per_passage"] = round((psutil.Process().memory_info().rss - before) / args.passages)
        if not args.store:
            size = disk_bytes(embedded_folder(args.cache, args.passages, config))
            figures["disk_bytes_per_passage"] = round(size / args.passages)
        figures["recall_at_100"] = recall(store, encoder, corpus.vectors(), texts[:100])
        if args.peers:
            figures |= peers(store, encoder, corpus, texts, args.cache)
    print(json.dumps(figures) if args.json else as_text(figures))


def measured(store: Store, encoder: Encoder, texts: Sequence[str]) -> dict[str, Any]:
    """Every kind of search, then eight at a time."""
    kinds = searches(Ranker(store, encoder), store)
    figures: dict[str, Any] = {name: latencies(search, asked(name, texts)) for name, search in kinds.items()}
    return figures | {"queries_per_s": queries_per_s(kinds["hybrid"], texts)}


def peers(store: Store, encoder: Encoder, corpus: Corpus, texts: Sequence[str], cache: Path) -> dict[str, Any]:
    """The same questions elsewhere, and how many times as long txtai takes, where it does the same work."""
    ranker = Ranker(store, encoder)

    def ours(text: str) -> list[str]:
        hits = ranker.search(Query(text, mode="hybrid")).hits
        return [p.text_to_encode for hit in hits for p in (hit.passage, *hit.more)]

    figures: dict[str, Any] = {"tantivy_alone": latencies(tantivy_alone(corpus, cache), texts)}
    candidates: list[tuple[str, str, Any]] = [("txtai", "txtai", txtai_hybrid)]
    for name, make in list(installed(None, candidates).items())[1:]:
        theirs: Search = make(corpus, encoder, cache)
        alike = agreement(ours, theirs, texts[:50])
        figures[name] = latencies(theirs, texts) | {"agreement": round(alike, 3)}
        mine = latencies(ours, texts)
        figures[f"{name}_ratio"] = (
            round(figures[name]["p50_ms"] / mine["p50_ms"], 2) if alike >= MIN_AGREEMENT else None
        )
    return figures


def as_text(figures: dict[str, Any]) -> str:
    """A line for each figure."""
    return "\n".join(
        f"{name:26} " + ("  ".join(f"{k} {v}" for k, v in of.items()) if isinstance(of, dict) else str(of))
        for name, of in figures.items()
    )


if __name__ == "__main__":
    main()
