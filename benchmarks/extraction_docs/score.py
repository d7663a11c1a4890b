"""How much of a checked page is found, and how much else."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.extraction import compare
from benchmarks.extraction_docs.pages import Block
from crawler.extract.extract import Extracted
from crawler.extract.walk import MAX_HEADING_CHARS


@dataclass(frozen=True, slots=True)
class Shares:
    """``text_f1`` of the whole content; None where a page has no code or no table."""

    text_f1: float
    code: float | None
    tables: float | None


def score(blocks: Sequence[Block], extracted: Extracted) -> Shares:
    """Compare what a page says with what was found.

    ``text_f1`` counts runs of four words of everything on the page, headings, code and cells included; what was found
    besides lowers it. ``code`` is the share of blocks that stand there line by line as written, blanks at line ends
    apart. ``tables`` is the share of cells, empty ones apart, that stand in the line with the rest of their row.
    """
    found = readable(extracted)
    page = compare("\n".join(_plain(block) for block in blocks), found)
    whole = 2 * page.right + page.wrong + page.missed
    lines = f"\n{_without_blank_ends(found)}\n"
    code = [f"\n{_without_blank_ends(block.text)}\n" in lines for block in blocks if block.kind == "code"]
    rows = [row for block in blocks for row in block.rows]
    return Shares(
        2 * page.right / whole if whole else 0.0,
        sum(code) / len(code) if code else None,
        _cells_found(rows, found) if rows else None,
    )


def readable(extracted: Extracted) -> str:
    """The page as shown: each heading once, above its text; a term that is the text's first line is not doubled."""
    parts: list[str] = []
    above: tuple[str, ...] = ()
    for section in extracted.sections:
        path = section.heading_path
        shared = next(
            (i for i, (a, b) in enumerate(zip(above, path, strict=False)) if a != b), min(len(above), len(path))
        )
        new = list(path[shared:])
        if new and section.text.split("\n", 1)[0][:MAX_HEADING_CHARS] == new[-1]:
            new.pop()
        parts += [*new, section.text]
        above = path
    return "\n".join(parts)


def _plain(block: Block) -> str:
    return block.text or "\n".join(" ".join(row) for row in block.rows)


def _without_blank_ends(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())


def _cells_found(rows: Sequence[tuple[str, ...]], found: str) -> float:
    left = [Counter(" ".join(cell.split()) for cell in line.split(" | ")) for line in found.splitlines()]
    right = whole = 0
    for row in rows:
        cells = Counter(cell for cell in row if cell)
        best = max(left, key=lambda line: (line & cells).total(), default=Counter[str]())
        right += (best & cells).total()
        whole += cells.total()
        if best & cells:
            left.remove(best)
    return right / whole
