"""Fits how much each feature of a piece counts for an answer (``rag/choosing/weights.py``); run as a command.

    python -m benchmarks.answers_fit --sites postgresql-doc-15 debian-policy

It learns from questions on documentation sites (``benchmarks/questions``), some of them asked of the other sites too,
where nothing answers them, and, with ``--squad``, from questions of SQuAD's training articles, also with their article
left out. Not from the questions that ``benchmarks.answers_sites`` and ``benchmarks.answers`` measure. A piece is right
if what would be shown of it holds the answer. Every question counts the same. Printed are the weights and, left out one
site at a time, how often the best piece is right.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import answers as squad
from benchmarks.answers_sites import indexed
from indexer.store import Filters
from rag.choosing.choice import Pick
from rag.choosing.weights import READ, SET_BY_HAND
from rag.evaluation.grade import matches
from rag.evaluation.questions import Question, read_questions
from rag.respond import Responder
from rag.showing.region import region_around
from rag.showing.show import show
from server.installation import Installation
from server.settings.config import Config

QUESTIONS = Path(__file__).parent / "questions"
NAMES = tuple(name for name in READ if name != "bias")
IS_FITTED = np.array([name not in SET_BY_HAND for name in NAMES])
STRANGE = 20
"""So many questions of the other sites are asked of each."""

STEPS = 1200
RATE = 0.05
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a site: (n, features) of its pieces, and which of them are right; none where nothing answers."""

    site: str
    text: str
    features: Floats
    rights: Floats
    is_answerable: bool


def main() -> None:
    """Parse the command line, collect, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-answers-sites"))
    parser.add_argument("--sites", nargs="+", default=sorted(path.stem for path in QUESTIONS.glob("*.tsv")))
    parser.add_argument("--squad", type=int, default=0, help="so many questions of SQuAD's training articles")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--pull", type=float, default=0.1, help="how strongly weights are drawn to those in use")
    args = parser.parse_args()
    found = [asked for site in args.sites for asked in of_site(site, args.sites, args.cache)]
    found += of_squad(args.data, args.cache, args.articles, args.squad)
    for site in dict.fromkeys(asked.site for asked in found):
        rest = [asked for asked in found if asked.site != site]
        own = [asked for asked in found if asked.site == site]
        fitted = fit(rest, args.pull)
        print(f"{site:20} {accuracy(own, fitted)} as in use {accuracy(own, present())}")
    fitted = fit(found, args.pull)
    print("all", accuracy(found, fitted), "as in use", accuracy(found, present()))
    print(dict(zip((*NAMES, "bias"), (round(float(w), 3) for w in fitted), strict=True)))
    for threshold in np.arange(0.1, 1.0, 0.05):
        print(f"{threshold:.2f}", refusals(found, fitted, float(threshold)))


def of_site(site: str, sites: Sequence[str], cache: Path) -> list[Asked]:
    """The questions of the site, and those of the other sites as unanswerable ones."""
    config = replace(Config(), data=indexed(site, cache))
    with Installation(config) as installation:
        responder = installation.responder()
        own = [collected(responder, site, q) for q in read_questions(QUESTIONS / f"{site}.tsv")]
        others = [q for other in sites if other != site for q in read_questions(QUESTIONS / f"{other}.tsv")]
        strange = [q for q in others if q.pattern][:STRANGE]
        return own + [collected(responder, site, Question(q.text, refuse=True)) for q in strange]


def of_squad(data: Path, cache: Path, articles: int, count: int) -> list[Asked]:
    """Questions of SQuAD's training articles, each also with its article left out."""
    if not count:
        return []
    asked = squad.read_articles(data / "qa" / "squad" / squad.FILES["train"])[:articles]
    folder = cache / f"squad-train-{articles}"
    squad.index(asked, folder)
    titles = tuple(article["title"] for article in asked)
    known = squad.sampled(squad.questions(asked, answerable=True), count)
    with Installation(replace(Config(), data=folder)) as installation:
        responder = installation.responder()
        own = [collected(responder, "squad", question) for question, _ in known]
        return own + [collected(responder, "squad", squad.without(q, article, titles)) for q, article in known]


def collected(responder: Responder, site: str, question: Question) -> Asked:
    """What is known of every piece, and whether what would be shown of it holds the answer."""
    answer = responder.answer(question.text, Filters(metadata=dict(question.metadata)))
    choice = answer.choice
    picks = [pick for pick in choice.candidates if pick.features["piece_answerable"] > UNREAD] if choice else []
    others = choice.passages if choice else ()
    rights = [
        not question.refuse and matches(question, shown(pick, others, choice.type if choice else None))
        for pick in picks
    ]
    values = [[pick.features[name] for name in NAMES] for pick in picks]
    table = np.array(values, dtype=np.float64).reshape(len(values), len(NAMES))
    return Asked(site, question.text, table, np.array(rights, dtype=np.float64), not question.refuse)


UNREAD = -6.0
"""The feature of a piece that was not read by itself."""


def shown(pick: Pick, passages: Sequence[Any], asked: Any) -> str:
    """What a reader would see of the pick."""
    return show(pick, region_around(pick.passage, passages), asked).shown


def present() -> Floats:
    """The weights in use, the bias last."""
    return np.array([*(READ[name] for name in NAMES), READ["bias"]])


def fit(found: Sequence[Asked], pull: float) -> Floats:
    """First which piece is right: the softmax over a question's pieces, drawn to the weights in use. Then how sure that
    is: a slope and a bias by which the best piece's score tells answerable questions from others.
    """
    start = present()
    weights = start[:-1].copy()
    choices = [a for a in found if a.is_answerable and 0 < a.rights.sum() < len(a.rights)]
    momentum, scale = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = pull * (weights - start[:-1])
        for asked in choices:
            likely = np.exp(asked.features @ weights - np.max(asked.features @ weights))
            right = likely * asked.rights
            gradient += asked.features.T @ (likely / likely.sum() - right / right.sum()) / len(choices)
        gradient *= IS_FITTED
        momentum = 0.9 * momentum + 0.1 * gradient
        scale = 0.999 * scale + 0.001 * gradient**2
        weights -= RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(scale / (1 - 0.999**step)) + 1e-8) / np.sqrt(step)
    slope, bias = calibrated(found, weights)
    return np.array([*(weights * np.where(IS_FITTED, slope, 1.0)), bias])


def calibrated(found: Sequence[Asked], weights: Floats) -> tuple[float, float]:
    """Slope and bias of the logistic regression of being answerable on the best piece's score."""
    able = [asked for asked in found if len(asked.features)]
    best = np.array([np.max(asked.features @ weights) for asked in able])
    wanted = np.array([float(asked.is_answerable) for asked in able])
    slope, bias = 1.0, -2.0
    for _ in range(20 * STEPS):
        error = 1 / (1 + np.exp(-(slope * best + bias))) - wanted
        slope -= 0.02 * float((error * best).mean())
        bias -= 0.02 * float(error.mean())
    return slope, bias


def scores(asked: Asked, weights: Floats) -> Floats:
    """(n,) probabilities."""
    total = asked.features @ weights[:-1] + weights[-1]
    probabilities: Floats = 1 / (1 + np.exp(-np.clip(total, -50, 50)))
    return probabilities


def accuracy(found: Sequence[Asked], weights: Floats) -> str:
    """How often the best piece is right, of the answerable questions with a right one among their pieces."""
    able = [asked for asked in found if asked.is_answerable and asked.rights.sum()]
    best = sum(asked.rights[int(np.argmax(scores(asked, weights)))] for asked in able)
    missing = sum(asked.is_answerable and not asked.rights.sum() for asked in found)
    return f"{int(best)} of {len(able)} right, {missing} without a right piece"


def refusals(found: Sequence[Asked], weights: Floats, threshold: float) -> dict[str, int]:
    """How many answerable and unanswerable questions stay below the threshold."""
    below = [max(scores(asked, weights), default=0.0) < threshold for asked in found]
    able = [asked.is_answerable for asked in found]
    return {
        "answerable": sum(able),
        "refused": sum(b and a for b, a in zip(below, able, strict=True)),
        "unanswerable": len(able) - sum(able),
        "rightly refused": sum(b and not a for b, a in zip(below, able, strict=True)),
    }


if __name__ == "__main__":
    main()
