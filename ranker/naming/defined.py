"""Does a passage define a name, as a term of a definition list does? Pure."""

import re

from crawler.block import BlockKind
from indexer.asking.exact import camel_parts
from indexer.document import Passage

_ARGUMENTS = re.compile(r"\s|[=(<]|(?<=\w)\[")
"""What follows the name in a term: ``--force=<name>``, ``open(path)``."""

_BETWEEN = re.compile(r",\s+|\n")


def is_identifier(text: str) -> bool:
    """One word that is no prose: ``core.pager``, ``--force``, ``max_size``, ``readFile``."""
    has_sign = text.startswith("-") or any(sign in text[1:-1] for sign in "._:-")
    return len(text.split()) == 1 and (has_sign or bool(camel_parts(text)))


def defines(passage: Passage, name: str) -> bool:
    """Whether one of its terms is of that name, whatever its arguments."""
    if name not in passage.text:
        return False
    terms = (block for block in passage.blocks if block.kind is BlockKind.TERM)
    texts = (passage.text[b.start_char - passage.start_char : b.end_char - passage.start_char] for b in terms)
    return any(name in names_in_term(text) for text in texts)


def names_in_term(text: str) -> list[str]:
    """What a term names, less arguments: ``-m, --max=<number>`` is -m and --max."""
    return [_ARGUMENTS.split(one.strip())[0] for one in _BETWEEN.split(text)]
