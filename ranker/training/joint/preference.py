"""What the reader prefers among the passages of a group: read once, kept line by line."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from ranker.errors import BadTrainingData
from ranker.scorer import Scorer
from ranker.training.group import Group
from ranker.training.joint.pool import Report
from ranker.training.mine import logit


def preferences(
    groups: Sequence[Group], scorer: Scorer, kept: Path, report: Report = lambda done, total: None
) -> list[list[float]]:
    """Logits of the passages of each group; those that the file ``kept`` has are not read again.

    Raises ScorerError, BadTrainingData.
    """
    known = _known(kept)
    found = []
    with kept.open("a", encoding="utf-8") as lines:
        for done, group in enumerate(groups):
            report(done, len(groups))
            key = _key(scorer, group)
            if key not in known:
                known[key] = [round(logit(float(score)), 4) for score in scorer.score(group.query, group.passages)]
                lines.write(json.dumps([key, known[key]]) + "\n")
            found.append(known[key])
    report(len(groups), len(groups))
    return found


def _known(path: Path) -> dict[str, list[float]]:
    """By key; a last line that a stop cut off is dropped."""
    if not path.is_file():
        return {}
    whole = path.read_text("utf-8")
    whole = whole[: whole.rfind("\n") + 1]
    path.write_text(whole, "utf-8")
    try:
        return {key: [float(value) for value in values] for key, values in map(json.loads, whole.splitlines())}
    except (ValueError, TypeError) as error:
        raise BadTrainingData(f"{path} is damaged: {error}", "Delete it to read the passages again") from error


def _key(scorer: Scorer, group: Group) -> str:
    texts = "\0".join((scorer.name, group.query, *group.passages))
    return hashlib.sha256(texts.encode("utf-8", "replace")).hexdigest()[:32]
