"""Does recall ask the right memory, and does it answer rightly, how fast, and what can hostile questions do?

    python -m benchmarks.recall --wordnet /usr/share/wordnet --json
    python -m benchmarks.recall --side build --mistakes

Over Debian's iso-codes in SQLite, WordNet (package wordnet-base) in pyoxigraph, an FAQ in Redis, and the pages of a
documentation package; see ``benchmarks.recall_questions`` for how questions are made and kept apart.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.answers_sites import indexed
from benchmarks.recall_data import WORDS, faq, synsets, write_graph, write_tables
from benchmarks.recall_hostile import hostile
from benchmarks.recall_questions import Case, Side, entry_cases, graph_cases, site_cases, table_cases
from indexer.sources.config import RecallConfig, SourceConfig
from indexer.sources.graph.source import GraphSource
from rag.answer import Answer
from ranker.evaluation.evaluate import percentile
from server.assemble import make_recall
from server.installation import Installation
from server.places import graph_path
from server.settings.config import Config
from tests.support.redis import running

SITE = "sqlite3-doc"
SIZES = {"table": 240, "graph": 120, "key-value": 150}


@dataclass(frozen=True, slots=True)
class Asked:
    """A case and what came of it; ``recall_ms`` is what the memories took beside the search, ``processor_ms`` what
    they took of all processors when they were asked alone, which no other work on the machine lengthens much.
    """

    case: Case
    source: str
    text: str
    recall_ms: float
    processor_ms: float

    @property
    def is_right_memory(self) -> bool:
        """Whether the right memory spoke; of pages, whether no memory did."""
        return self.source == self.case.source

    @property
    def is_right(self) -> bool:
        """Whether the answer holds what it must."""
        if self.case.kind == "table list":
            return all(name in self.text for name in self.case.answers[0].split("; "))
        if self.case.kind == "table count":
            return self.text.rstrip(".").rpartition(" ")[2] == self.case.answers[0]
        return not self.case.answers or any(answer in self.text for answer in self.case.answers)


def main() -> None:
    """Parse the command line, build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--iso-codes", type=Path, default=Path("/usr/share/iso-codes/json"))
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-answers-sites"), help="keeps the index")
    parser.add_argument("--side", type=Side, choices=list(Side), default=Side.MEASURE)
    parser.add_argument("--no-site", action="store_true", help="ask the memories alone")
    parser.add_argument("--mistakes", action="store_true", help="show what went wrong")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="recollect-recall-") as folder, running() as redis:
        sources = build(args, Path(folder), redis)
        config = replace(Config(), data=Path(folder) / "index", sources=tuple(sources))
        if not args.no_site:
            config = replace(config, data=indexed(SITE, args.cache))
        outcomes = list(ask(config, cases(args), Path(folder), with_pages=not args.no_site))
        found = figures(outcomes) | {"hostile": hostile(make(config, Path(folder)), Path(folder) / "iso.db")}
    if args.mistakes:
        for one in outcomes:
            if not one.is_right_memory or not one.is_right:
                print(f"{one.case.kind}: {one.case.question}\n  from {one.source or 'pages'}: {one.text[:200]!r}")
                print(f"  wanted {one.case.source or 'pages'}: {one.case.answers[:3]}")
    print(json.dumps(found) if args.json else as_text(found))


def build(args: argparse.Namespace, folder: Path, redis: str) -> list[SourceConfig]:
    """Fill the memories; returns their sources."""
    import redis as client

    sources = write_tables(args.iso_codes, folder / "iso.db")
    write_graph(synsets(args.wordnet), folder / "wordnet.nt")
    wordnet = SourceConfig(
        name="wordnet", kind="graph", url=str(folder / "wordnet.nt"), language="en", recall=RecallConfig(words=WORDS)
    )
    with GraphSource(wordnet, graph_path(folder, "wordnet")).reading():
        pass
    connection = client.Redis.from_url(redis)
    for key, question, answer in faq(args.data):
        connection.hset(key, mapping={"question": question, "answer": answer})
    connection.close()
    entries = SourceConfig(name="faq", kind="key-value", url=redis, prefix="faq:", language="en")
    return [entries, *sources, wordnet]


def cases(args: argparse.Namespace) -> list[Case]:
    """All questions of one side."""
    one, two = graph_cases(synsets(args.wordnet), args.side, SIZES["graph"])
    found = table_cases(args.iso_codes, args.side, SIZES["table"]) + one + two
    found += entry_cases(args.data, args.side, SIZES["key-value"])
    return found + site_cases(args.data / "answers" / f"{SITE}.tsv")


@contextmanager
def make(config: Config, folder: Path) -> Iterator[Any]:
    """The memories alone; graphs are in ``folder``."""
    recall = make_recall(replace(config, data=folder))
    assert recall is not None
    try:
        recall.ask("What is loaded at first use?")
        yield recall
    finally:
        recall.close()


def ask(config: Config, asked: list[Case], folder: Path, *, with_pages: bool) -> Iterator[Asked]:
    """Each case, of the memories alone or of all."""
    with make(config, folder) as recall, Installation(replace(config, sources=()), is_measured=True) as installation:
        from rag.respond import Responder
        from server import assemble

        responder = None
        if with_pages:
            chooser = assemble.make_chooser(config, installation.encoder(), installation.reader())
            responder = Responder(installation.answering_ranker(), installation.encoder(), chooser, recall=recall)
            responder.answer("What is loaded at first use?")
        for case in asked:
            started, busy = time.perf_counter(), time.process_time()
            found = recall.ask(case.question)
            busy_ms = (time.process_time() - busy) * 1_000
            took_ms = (time.perf_counter() - started) * 1_000
            if responder is None:
                best = found.best if recall.is_sure(found) else None
                yield Asked(case, best.memory if best else "", best.text if best else "", took_ms, busy_ms)
            else:
                yield _answered(case, responder.answer(case.question), busy_ms)


def _answered(case: Case, answer: Answer, busy_ms: float) -> Asked:
    best = answer.recalled.best if answer.recalled and answer.is_recalled else None
    return Asked(case, best.memory if best else "", answer.text, answer.stages["recall"], busy_ms)


def figures(outcomes: list[Asked]) -> dict[str, Any]:
    """By kind: how many, the share with the right memory and the right answer; and the times."""
    found: dict[str, Any] = {"questions": len(outcomes)}
    for kind in dict.fromkeys(one.case.kind for one in outcomes):
        these = [one for one in outcomes if one.case.kind == kind]
        found[kind] = {
            "questions": len(these),
            "right memory": round(statistics.fmean(one.is_right_memory for one in these), 3),
            "right answer": round(statistics.fmean(one.is_right for one in these), 3),
        }
    found["right memory"] = round(statistics.fmean(one.is_right_memory for one in outcomes), 3)
    found["recall_ms"] = _percentiles([one.recall_ms for one in outcomes])
    found["processor_ms"] = _percentiles([one.processor_ms for one in outcomes])
    return found


def _percentiles(ms: list[float]) -> dict[str, float]:
    return {"p50": round(percentile(ms, 0.5), 1), "p95": round(percentile(ms, 0.95), 1)}


def as_text(found: dict[str, Any]) -> str:
    """The figures for reading."""
    return "\n".join(f"{name:20} {value}" for name, value in found.items())


if __name__ == "__main__":
    main()
