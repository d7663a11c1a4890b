"""Answers made by hand."""

from indexer.document import Head, Passage
from rag.answer import Answer, AnswerBlock, Citation, Shape

TEXT = "Hold it with\n\nkettle hold\n\nand let go."
HEAD = Head("kettles", "https://a.example/kettles", "Kettles", content_hash="")


def section_answer(is_quoted: bool = True) -> Answer:
    """One section as a paragraph, code and a paragraph, and a paragraph of another one; the code answers."""
    passage = Passage(HEAD, 0, TEXT, end_char=len(TEXT), heading_path=("Kettles", "How do I hold it?"))
    other = Passage(HEAD, 1, "Kettles whistle.", start_char=90, end_char=106, heading_path=("Kettles", "Noise"))

    def block(shape: Shape, text: str, passage: Passage = passage) -> AnswerBlock:
        start = passage.start_char + passage.text.index(text)
        url = f"{HEAD.url}#:~:text={text[:4]}"
        return AnswerBlock(shape, passage, url, start, start + len(text), 0.9, text, passage.heading_path)

    start = TEXT.index("kettle hold")
    citation = Citation(
        "kettle hold", 0, 11, passage, f"{HEAD.url}#:~:text=kett", "kettle hold", start, start + 11, 0.9
    )
    blocks = (
        block(Shape.PARAGRAPH, "Hold it with"),
        block(Shape.CODE, "kettle hold"),
        block(Shape.PARAGRAPH, "and let go."),
        block(Shape.PARAGRAPH, "Kettles whistle.", other),
    )
    return Answer("How do I hold it?", "kettle hold", (citation,), (), blocks=blocks, is_quoted=is_quoted)
