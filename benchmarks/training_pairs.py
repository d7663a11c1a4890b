"""The pairs that the shipped reader-ranker learned from: ``python -m benchmarks.training_pairs --data DIR --out DIR``.

Writes docs.jsonl.gz and tldr.jsonl.gz for ``recollect train reranker --data``: of the documentation only the sites that
no measurement uses, of tldr-pages one phrase of each English page.
"""

import argparse
import gzip
import json
from pathlib import Path

from benchmarks.fusion_sets import docs_pairs, tldr_pairs


def main() -> None:
    """Read the arguments, write both files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_pairs", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with pairs/")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, pairs in (("docs", docs_pairs), ("tldr", tldr_pairs)):
        path = options.out / f"{name}.jsonl.gz"
        count = 0
        with gzip.open(path, "wt", encoding="utf-8") as file:
            for pair in pairs(options.data):
                file.write(json.dumps({key: pair[key] for key in ("q", "p", "title")}) + "\n")
                count += 1
        print(f"{path}: {count:,} pairs")


if __name__ == "__main__":
    main()
