"""Text as a store can hold it: the web and users send lone surrogates, which UTF-8 cannot express."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.block import Block
from crawler.page import Stated
from indexer.document import Document, EncodedDocument, Head, Passage

_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with every lone surrogate replaced by U+FFFD; the length, and so every offset, stays the same."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def storable_document(document: Document) -> Document:
    """The document with all its texts storable."""
    return Document(
        _storable_head(document.head),
        tuple(
            replace(
                section,
                text=storable(section.text),
                heading_path=_each(section.heading_path),
                anchor=_some(section.anchor),
                blocks=_storable_blocks(section.blocks),
            )
            for section in document.sections
        ),
    )


def storable_encoded(document: EncodedDocument) -> EncodedDocument:
    """The encoded document with all its texts storable; its vectors are left alone."""
    head = _storable_head(document.head)
    return replace(document, head=head, passages=tuple(_storable_passage(p, head) for p in document.passages))


def _storable_head(head: Head) -> Head:
    return replace(
        head,
        url=storable(head.url),
        title=storable(head.title),
        site=storable(head.site),
        path=storable(head.path),
        source=storable(head.source),
        language=_some(head.language),
        description=storable(head.description),
        metadata=_pairs(head.metadata),
        access=_each(head.access),
        stated=tuple(Stated(*map(storable, fact)) for fact in head.stated),
    )


def _storable_passage(passage: Passage, head: Head) -> Passage:
    return replace(
        passage,
        head=head,
        text=storable(passage.text),
        heading_path=_each(passage.heading_path),
        anchor=_some(passage.anchor),
        blocks=_storable_blocks(passage.blocks),
    )


def _storable_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(
        replace(
            block,
            columns=_each(block.columns),
            row_header=storable(block.row_header),
            caption=storable(block.caption),
            language=storable(block.language),
            term=storable(block.term),
        )
        if block.columns or block.row_header or block.caption or block.language or block.term
        else block
        for block in blocks
    )


def _each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(storable(text) for text in texts)


def _some(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _pairs(metadata: Mapping[str, str]) -> dict[str, str]:
    return {storable(key): storable(value) for key, value in metadata.items()}
