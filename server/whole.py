"""The whole text of a document from its passages, which may overlap. Pure functions."""

from collections.abc import Iterator, Sequence

from indexer.document import Passage


def without_overlaps(passages: Sequence[Passage]) -> Iterator[tuple[Passage, str]]:
    """Each passage with what of it no earlier one holds, in reading order; those that hold nothing new are left out."""
    end = 0
    for passage in sorted(passages, key=lambda one: (one.start_char, one.end_char)):
        if passage.end_char > end:
            yield passage, passage.text[max(0, end - passage.start_char) :]
            end = passage.end_char


def whole_text(passages: Sequence[Passage]) -> str:
    """All of it; what no passage holds is a line break."""
    text, end = "", 0
    for passage, new in without_overlaps(passages):
        text += ("\n\n" if text and passage.start_char > end else "") + new
        end = passage.end_char
    return text
