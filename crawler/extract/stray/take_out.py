"""Takes out of the content what is no part of it: teasers, bylines, credits, share lines, "back to" links.

Rules by name (``prune.py``) come first. What they leave is judged block by block by a linear model, whose weights are
plain numbers in ``weights.json`` and whose recipe is ``benchmarks/segments_fit.py``. A block is left out only where the
model is sure.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from crawler.extract.dom import Node
from crawler.extract.stray.blocks import MAX_BLOCKS, BlockSeen, LeavesOut, blocks_of, lead_of
from crawler.extract.stray.features import PLAIN, Features, features_of, kind_of, names_of

MIN_LEAD_CHARS = 30
LEAD_THRESHOLD = -0.5
"""How sure the model must be that what stands before the content belongs to it."""

MORE_SURE = 3.0
"""So much more than elsewhere is asked for on a page of documentation."""

FEW_BLOCKS, SURE_OF_FEW = 6, 2.0
"""And so much more on a page that says little as it is."""

SENTENCE_ENDS = (".", "!", "?", "…", "。")
SENTENCE_CHARS = 40
SENTENCE_ODDS = 1.0
"""A whole sentence outside links is rarely beside the point, and losing it costs answers."""


def take_out_stray(root: Node, content: Node, leaves_out: LeavesOut) -> list[Node]:
    """Remove the blocks of ``content`` that are no part of it, and headings that are left with nothing.

    Returns the elements before it that belong to it: what stands between the headline of the page and its article, such
    as the lead, unless it is stray itself.
    """
    blocks = blocks_of(content, leaves_out)
    if not any(block.is_long for block in blocks) or len(blocks) > MAX_BLOCKS:
        return []
    before = lead_of(root, content, leaves_out)
    every = [*before, *blocks]
    _, threshold = _model()
    kind = kind_of(every)
    if kind != PLAIN:
        threshold += MORE_SURE
    elif len(every) < FEW_BLOCKS:
        threshold += SURE_OF_FEW
    scores = [
        judge(groups) + _score_of_names(block.names) - (SENTENCE_ODDS if _is_sentence(block) else 0.0)
        for block, groups in zip(every, features_of(every, kind), strict=True)
    ]
    leads = [
        block.nodes[0]
        for block, score in zip(before, scores, strict=False)
        if score < LEAD_THRESHOLD and len(block.text) >= MIN_LEAD_CHARS and len(block.nodes) == 1
    ]
    out = [
        score > threshold and not block.is_heading for block, score in zip(blocks, scores[len(before) :], strict=True)
    ]
    for i in range(len(blocks) - 2, -1, -1):
        if blocks[i].is_heading and blocks[i].tag != "h1":
            out[i] = out[i + 1]
    for block, is_out in zip(blocks, out, strict=True):
        for node in block.nodes if is_out else ():
            node.decompose()
    return leads


def _is_sentence(block: BlockSeen) -> bool:
    return len(block.text) - block.linked >= SENTENCE_CHARS and block.text.endswith(SENTENCE_ENDS)


def judge(groups: Sequence[Features]) -> float:
    """Log-odds of a block being no part of the content, but for its names."""
    weights, _ = _model()
    return weights[""] + sum(map(_score, groups))


@lru_cache(maxsize=8192)
def _score(features: Features) -> float:
    weights, _ = _model()
    return sum([weights.get(feature, 0.0) for feature in features])


@lru_cache(maxsize=8192)
def _score_of_names(names: tuple[str, ...]) -> float:
    return _score(names_of(names))


@lru_cache(maxsize=1)
def _model() -> tuple[Mapping[str, float], float]:
    model = json.loads((files("crawler.extract.stray") / "weights.json").read_text(encoding="utf-8"))
    return model["weights"], model["threshold"]
