"""How well are sentences told that their passage does not bear out? Run as a command.

    python -m benchmarks.verifier --json

WiCE's test part: F1 (at the threshold best on dev) and AUC of the verifier, of the reader-ranker's relevance alone
and of word overlap. Then sentences of documentation pages that no training saw: false ones by rule (numbers, units,
negation, names, roles), and true ones, half word for word and half in slightly other words.
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.verifier_data import Example, documents, wice
from benchmarks.verifier_features import auc, best_threshold, f1_at, supports
from rag.choosing.weights import probability
from rag.config import AnswerConfig
from rag.verifying.best_support import Support
from rag.verifying.weights import READ

FALSE_SENTENCES = 600
"""Few sentences of those pages have a unit, so that some 500 of them come about."""

Scored = Callable[[Support | None], float]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--part", choices=("wice", "documents", "both"), default="both")
    parser.add_argument("--wrong", type=Path, help="write what was told wrongly to this file, one JSON object a line")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    if options.part != "documents":
        found["wice"] = on_wice(options.data)
    if options.part != "wice":
        found["documents"] = on_documents(options.data, options.wrong)
    print(json.dumps(found, indent=None if options.json else 2))


def on_wice(data: Path) -> dict[str, dict[str, float]]:
    """F1 and AUC on test of three scores."""
    dev, test = wice(data, "dev"), wice(data, "test")
    on_dev, on_test = list(supports(dev)), list(supports(test))
    scores: dict[str, Scored] = {
        "verifier": lambda s: _known(s, lambda known: probability(READ, known), 1.0),
        "reader-ranker": lambda s: _known(s, lambda known: known["relevance"], 1.0),
        "word overlap": lambda s: _known(s, lambda known: known["coverage_passage"], 1.0),
    }
    return {name: _figures(score, dev, on_dev, test, on_test) for name, score in scores.items()}


def on_documents(data: Path, wrong: Path | None) -> dict[str, Any]:
    """Shares of false sentences caught and of true ones dropped, by kind."""
    examples = documents(data, measured=True, count=FALSE_SENTENCES, seed=1)
    least = AnswerConfig().min_support
    all_of, right, lines = Counter[str](), Counter[str](), []
    for example, support in zip(examples, supports(examples), strict=True):
        is_shown = support is not None and not support.mismatches and support.score >= least
        all_of[example.kind] += 1
        right[example.kind] += is_shown is example.is_true
        if is_shown is not example.is_true:
            why = [str(mismatch) for mismatch in support.mismatches] if support else []
            lines.append(
                json.dumps(
                    {"kind": example.kind, "claim": example.claim, "score": support and support.score, "why": why}
                )
            )
    if wrong:
        wrong.write_text("\n".join(lines) + "\n")
    false = [kind for kind in all_of if kind not in ("verbatim", "reworded")]
    true = [kind for kind in all_of if kind not in false]
    return {
        "false": sum(all_of[kind] for kind in false),
        "true": sum(all_of[kind] for kind in true),
        "caught": sum(right[kind] for kind in false) / sum(all_of[kind] for kind in false),
        "dropped": 1 - sum(right[kind] for kind in true) / sum(all_of[kind] for kind in true),
        "by_kind": {kind: round(right[kind] / all_of[kind], 3) for kind in all_of},
    }


def _known(support: Support | None, score: Callable[[dict[str, float]], float], verbatim: float) -> float:
    if support is None:
        return -10.0
    return score(dict(support.features)) if support.features else verbatim


def _figures(
    score: Scored,
    dev: Sequence[Example],
    on_dev: Sequence[Support | None],
    test: Sequence[Example],
    on_test: Sequence[Support | None],
) -> dict[str, float]:
    least = best_threshold([score(s) for s in on_dev], [example.is_true for example in dev])
    scores, labels = [score(s) for s in on_test], [example.is_true for example in test]
    return {"f1": round(f1_at(scores, labels, least), 3), "auc": round(auc(scores, labels), 3)}


if __name__ == "__main__":
    main()
