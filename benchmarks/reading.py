"""How well a reader-ranker reads: ``python -m benchmarks.reading --squad dev-v1.1.json.gz --model DIR --json``.

Exact match and F1 by SQuAD's official metric, with ``--v2`` also the best threshold for "no answer" on dev v2.0. DIR is
a folder of training or of the export.
"""

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

from ranker.training.reading import Reader, ReadingConfig, load_reader, measure_answers, read
from ranker.training.sources.squad import questions


def measure(reader: Reader, path: Path, max_questions: int | None, config: ReadingConfig) -> dict[str, Any]:
    """The figures of one file; with ``max_questions`` those of a fixed random sample."""
    asked = list(questions(path))
    if max_questions and max_questions < len(asked):
        asked = random.Random(7).sample(asked, max_questions)
    start = time.perf_counter()
    found = read(reader, asked, config)
    seconds = time.perf_counter() - start
    figures = {name: round(value, 2) for name, value in measure_answers(asked, found).items()}
    return figures | {"questions_per_second": round(len(asked) / seconds, 1)}


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--squad", type=Path, help="dev-v1.1.json, plain or .gz")
    parser.add_argument("--v2", type=Path, help="dev-v2.0.json, plain or .gz")
    parser.add_argument("--model", type=Path, required=True, help="folder of the model")
    parser.add_argument("--max-questions", type=int, help="only so many, a fixed random sample")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--device", default="cpu", help="for a folder of training")
    parser.add_argument(
        "--window", type=int, default=ReadingConfig().passage_tokens, help="passage tokens read at once"
    )
    parser.add_argument("--stride", type=int, default=ReadingConfig().stride_tokens)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if not (options.squad or options.v2):
        parser.error("give --squad, --v2 or both")
    reader = load_reader(options.model, options.threads, options.device)
    config = ReadingConfig(options.window, options.stride)
    files = {"squad": options.squad, "squad_v2": options.v2}
    figures = {n: measure(reader, p, options.max_questions, config) for n, p in files.items() if p}
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, values in figures.items():
        print(name, *(f"{key} {value:g}" for key, value in values.items()), sep="  ")


if __name__ == "__main__":
    main()
