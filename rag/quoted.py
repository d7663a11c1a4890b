"""An answer in the words of the pages: what was chosen, as text with its citation. Pure."""

from dataclasses import dataclass

from crawler.block import BlockKind
from rag.answer import AnswerBlock, Citation, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import row_text
from rag.link import link
from rag.showing.card import is_card, line_of
from rag.showing.leaning import leans
from rag.showing.short import sentence_at

_SENTENCES = {
    Shape.PARAGRAPH: frozenset(BlockKind) - {BlockKind.CODE},
    Shape.DEFINITION: frozenset({BlockKind.PARAGRAPH}),
}
"""What is read sentence by sentence. Of a definition, a paragraph that says what the code above it does."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """``text`` is the answer, and one sentence for its citation."""

    text: str
    citation: Citation


def quoted(question: str, pick: Pick, block: AnswerBlock) -> Quoted:
    """The best block as text: the sentence that answers, or the list, row, code or definition as plain text."""
    passage = pick.passage
    start = max(0, block.start_char - passage.start_char)
    end = min(len(passage.text), block.end_char - passage.start_char)
    match block.shape:
        case Shape.PARAGRAPH | Shape.DEFINITION if pick.piece.kind in _SENTENCES[block.shape]:
            first, end = sentence_at(pick, question)
            goes_on = leans(passage.text[first:end]) or passage.text[start:first].strip() == block.term != ""
            start = start if goes_on and start < first else first
            text = " ".join(passage.text[start:end].split())
        case Shape.TABLE if pick.piece.kind is BlockKind.TABLE_ROW:
            start, end = pick.piece.start, pick.piece.end
            text = row_text(passage.text[start:end].strip(), pick.piece.blocks[0])
        case Shape.TABLE if is_card(pick):
            start, end = line_of(pick) or (start, end)
            text = passage.text[start:end].strip()
        case _:
            text = block.shown
    quote = passage.text[start:end].strip()
    start += len(passage.text[start:end]) - len(passage.text[start:end].lstrip())
    return Quoted(
        text,
        Citation(
            sentence=text,
            answer_start_char=0,
            answer_end_char=len(text),
            passage=passage,
            url=link(passage, quote),
            quote=quote,
            start_char=passage.start_char + start,
            end_char=passage.start_char + start + len(quote),
            score=pick.score,
        ),
    )
