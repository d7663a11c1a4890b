"""How questions are answered from a whole collection by vectors and a reader, before and after training queries.

    python -m benchmarks.open_domain --set BEIR_DIR --model joint/model --vectors joint/vectors

``--model`` and ``--vectors`` are those that ``recollect train joint`` left. Of a fixed random sample of questions it is
told how many find their document among the first five by vectors alone, and of the first ``--read`` of them how often
the reader's answer, the surest of the ``--top`` first passages, is right by SQuAD's exact match. Answers are expected
where the set's queries have ``metadata.answers``. The same reader reads before and after, and no passage is read twice.
"""

import argparse
import gzip
import json
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crawler.text.language import detect_language
from indexer import beir
from indexer.document import Vectors
from indexer.split import split
from ranker.evaluation.evaluate import sample
from ranker.training.joint.pool import vectors_of
from ranker.training.reading import BestSpan, Question, load_reader, measure_answers, read
from server.assemble import bundled_encoder, reader_ranker_folder

DEPTH, LOOKED_AT = 5, 50


def answers(folder: Path) -> dict[str, tuple[str, ...]]:
    """Of each query by its id."""
    path = next(path for end in ("", ".gz") if (path := folder / f"queries.jsonl{end}").is_file())
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return {record["_id"]: tuple(record.get("metadata", {}).get("answers", ())) for record in records}


def nearest(queries: Vectors, memory: Vectors) -> list[list[int]]:
    """The rows of the memory that are nearest to each query, best first."""
    found = []
    for query in queries:
        scores = memory @ query
        rows = np.argpartition(-scores, LOOKED_AT)[:LOOKED_AT]
        found.append([int(row) for row in rows[np.argsort(-scores[rows], kind="stable")]])
    return found


def recall(found: Sequence[Sequence[int]], ids: Sequence[str], right: Sequence[set[str]]) -> float:
    """The share of questions that have one of their documents among the first five."""
    hits = 0
    for rows, documents in zip(found, right, strict=True):
        first = list(dict.fromkeys(ids[row] for row in rows))[:DEPTH]
        hits += not documents.isdisjoint(first)
    return hits / len(found)


def measured(given: argparse.Namespace) -> dict[str, Any]:
    """The figures of both encoders."""
    folder, known = given.folder, answers(given.folder)
    judged = beir.qrels(folder, given.split)
    asked = sample({q: text for q, text in beir.queries(folder).items() if judged.get(q)}, given.questions)
    ids, texts = [], []
    for document in beir.documents(folder, detect_language):
        for passage in split(document):
            ids.append(document.head.metadata["beir_id"])
            texts.append(passage.text_to_encode)
    memory = vectors_of(texts, bundled_encoder(), given.vectors)
    right = [{d for d, grade in judged[q].items() if grade > 0} for q in asked]
    sides = {"before": bundled_encoder(), "after": bundled_encoder(given.model)}
    found = {name: nearest(encoder.encode_queries(list(asked.values())), memory) for name, encoder in sides.items()}
    report: dict[str, Any] = {"passages": len(texts), "questions": len(asked)}
    for name, rows in found.items():
        report[name] = {"recall@5": round(recall(rows, ids, right), 4)}
    some = [(q, text) for q, text in asked.items() if known.get(q)][: given.read]
    place = {q: number for number, q in enumerate(asked)}
    pairs = list({(place[q], row) for q, _ in some for rows in found.values() for row in rows[place[q]][: given.top]})
    order = list(asked.items())
    questions = [Question(order[number][1], texts[row], known[order[number][0]]) for number, row in pairs]
    spans = dict(zip(pairs, read(load_reader(reader_ranker_folder()), questions), strict=True))
    for name, rows in found.items():
        best = [
            max((spans[place[q], row] for row in rows[place[q]][: given.top]), key=lambda span: span.confidence)
            for q, _ in some
        ]
        report[name] |= _figures([Question(text, "", known[q]) for q, text in some], best)
    return report | {"answered": len(some), "read": len(pairs)}


def _figures(questions: Sequence[Question], best: Sequence[BestSpan]) -> dict[str, float]:
    figures = measure_answers(questions, best)
    return {name: round(figures[name], 2) for name in ("exact_match", "f1") if name in figures}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True, dest="folder")
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained query encoder")
    parser.add_argument("--vectors", type=Path, required=True, help="folder for vectors of passages, made or kept")
    parser.add_argument("--split", default="test")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--read", type=int, default=300, help="questions that are answered, too")
    parser.add_argument("--top", type=int, default=5, help="passages that the reader reads of each")
    given = parser.parse_args()
    report = measured(given)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    report |= {"processor_s": round(usage.ru_utime + usage.ru_stime), "peak_mib": round(usage.ru_maxrss / 1024)}
    print(json.dumps(report, indent=2, default=float))


if __name__ == "__main__":
    main()
