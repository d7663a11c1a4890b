"""Which blocks of an answer show what an earlier one has shown already? Pure."""

from collections.abc import Sequence

from rag.answer import AnswerBlock, Shape

COPIED = 0.5
"""Of two lists below the same heading on two pages, so much is the same where one is a copy."""

LISTED = (Shape.LIST, Shape.STEPS, Shape.TABLE)


def without_repeats(blocks: Sequence[AnswerBlock]) -> tuple[AnswerBlock, ...]:
    """The blocks but those that stand within an earlier one, or are shown by it from a copy of the page."""
    kept: list[AnswerBlock] = []
    for block in blocks:
        if not any(_overlap(block, other) or _is_copied(block, other) for other in kept):
            kept.append(block)
    return tuple(kept)


def _overlap(a: AnswerBlock, b: AnswerBlock) -> bool:
    is_one = a.passage.head.doc_id == b.passage.head.doc_id
    return is_one and a.start_char < b.end_char and b.start_char < a.end_char


def _is_copied(a: AnswerBlock, b: AnswerBlock) -> bool:
    """Whether two are of one list or table that stands on two pages, below the same heading."""
    if a.shape is not b.shape or a.shape not in LISTED or a.heading_path[-1:] != b.heading_path[-1:]:
        return False
    ours, theirs = set(a.parts), set(b.parts)
    is_alike = len(ours & theirs) >= COPIED * min(len(ours), len(theirs))
    return a.passage.head.doc_id != b.passage.head.doc_id and (is_alike or (bool(a.lead) and a.lead == b.lead))
