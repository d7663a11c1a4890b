"""SQuAD in its official layout: questions with their paragraph, the answer's place, and a neighbouring paragraph."""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ranker.errors import BadTrainingData
from ranker.training.group import Group


def reading_groups(path: Path, neighbour_share: float, seed: int = 0) -> Iterator[Group]:
    """Every answered question with its paragraph; a share of them with another paragraph of the same article, too.

    The neighbour does not hold the answer's text. Half of the paragraphs begin with the article's title, as passages
    of an index do. Raises BadTrainingData.
    """
    rng = random.Random(seed)  # noqa: S311 - for training, not for secrets
    for article in _articles(path):
        title = article["title"].replace("_", " ")
        contexts = [paragraph["context"] for paragraph in article["paragraphs"]]
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                if not question["answers"]:
                    continue
                answer = question["answers"][0]
                others = [c for c in contexts if answer["text"].lower() not in c.lower()]
                prefix = f"{title}\n" if rng.random() < 0.5 else ""
                is_joined = bool(others) and rng.random() < neighbour_share
                start = len(prefix) + answer["answer_start"]
                yield Group(
                    query=question["question"].strip(),
                    passages=(prefix + paragraph["context"], *([prefix + rng.choice(others)] if is_joined else [])),
                    source="squad",
                    span=(start, start + len(answer["text"])),
                )


def _articles(path: Path) -> list[dict[str, Any]]:
    try:
        raw = path.read_bytes()
        articles: list[dict[str, Any]] = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)["data"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadTrainingData(
            f"{path} is not SQuAD data: {error}", "Give train-v1.1.json in its official layout"
        ) from error
    return articles
