"""Does the main text hold what it must, and nothing that it must not? Run as a command.

    python -m benchmarks.segments [--data DIR] [--json] [--only-ours] [--worst N]

485 real pages of trafilatura's evaluation, each with segments that belong to its main text and segments that do not.
The metric counts segments over all pages, white space folded, in title, headings and text together: precision is the
share of found segments that belong, recall the share of those that belong that are found. Whatever is fitted to such
labels is fitted to the pages of ``learned`` alone, so the figures of ``held out`` are those that count. trafilatura and
readability-lxml read the same pages in the same run where they are installed.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers import installed
from crawler.extract.extract import extract
from crawler.text.decode import decode

Extractor = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """One page: its HTML, and segments its main text must hold (``wanted``) and must not (``unwanted``)."""

    key: str
    url: str
    html: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def is_learned(self) -> bool:
        """Is the page of the half that may be fitted to? By the first digit of its name, a hash of its address."""
        return int(self.key[0], 16) % 2 == 0


@dataclass(frozen=True, slots=True)
class Count:
    """Segments of one page: wanted and found, unwanted and found, wanted and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Score:
    """``pages_per_second`` is of processor time."""

    f1: float
    precision: float
    recall: float
    pages: int
    pages_per_second: float


def folded(text: str) -> str:
    """White space folded to single blanks."""
    return " ".join(text.split())


def count(page: SegmentPage, text: str) -> Count:
    """What of a page's segments stands in ``text``."""
    text = folded(text)
    right = sum(folded(segment) in text for segment in page.wanted)
    return Count(right, sum(folded(segment) in text for segment in page.unwanted), len(page.wanted) - right)


def score(counts: Iterable[Count], seconds: float) -> Score:
    """Precision, recall and F1 over all segments."""
    every = list(counts)
    whole = sum(every, Count())
    precision = whole.right / ((whole.right + whole.wrong) or 1)
    recall = whole.right / ((whole.right + whole.missed) or 1)
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    return Score(f1, precision, recall, len(every), len(every) / seconds)


def pages_in(folder: Path) -> list[SegmentPage]:
    """The pages in the order of their names."""
    scores_by_name = json.loads((folder / "segments.json").read_text(encoding="utf-8"))
    return [
        SegmentPage(
            name.partition(".")[0],
            one["url"],
            decode(gzip.decompress((folder / "html" / name).read_bytes())),
            tuple(one["with"]),
            tuple(one["without"]),
        )
        for name, one in sorted(scores_by_name.items())
    ]


def ours(html: str, url: str) -> str:
    """Title, headings and text."""
    found = extract(html, url)
    parts = [found.title]
    for section in found.sections:
        parts += (*section.heading_path, section.text)
    return "\n".join(parts)


def with_trafilatura(html: str, url: str) -> str:
    """trafilatura's text with its default settings, and the title."""
    import trafilatura

    found = trafilatura.bare_extraction(html, url=url, include_comments=False)
    return f"{found.title or ''}\n{found.text or ''}" if found is not None else ""


def with_readability(html: str, url: str) -> str:
    """readability-lxml's title and article, its tags taken off by lxml."""
    import lxml.html
    from readability import Document

    document = Document(html, url=url)
    summary = document.summary()
    text = str(lxml.html.fromstring(summary).xpath("string()")) if summary else ""
    return f"{document.title()}\n{text}"


PEERS: tuple[tuple[str, str, Extractor], ...] = (
    ("trafilatura", "trafilatura", with_trafilatura),
    ("readability-lxml", "readability", with_readability),
)


def score_pages(extractor: Extractor, pages: list[SegmentPage]) -> tuple[dict[str, Score], dict[str, Count]]:
    """(scores of all pages, of the learned and of the held-out half; counts by page)."""
    for page in pages[:40]:
        extractor(page.html, page.url)  # what is loaded once is not counted
    started_s = time.process_time()
    texts = {page.key: extractor(page.html, page.url) for page in pages}
    seconds = time.process_time() - started_s
    counts = {page.key: count(page, texts[page.key]) for page in pages}
    halves = {
        "all": pages,
        "learned": [p for p in pages if p.is_learned],
        "held out": [p for p in pages if not p.is_learned],
    }
    scores = {
        name: score((counts[page.key] for page in half), seconds * len(half) / len(pages))
        for name, half in halves.items()
        if half
    }
    return scores, counts


def main() -> None:
    """Print a table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worst", type=int, default=0, help="also list the pages we read worst")
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    pages = pages_in(options.data / "conformance" / "extraction_segments")
    extractors = {"recollect": ours} if options.only_ours else installed(ours, PEERS)
    results = {name: score_pages(extractor, pages) for name, extractor in extractors.items()}
    if options.json:
        scores_by_name = {
            name: {half: asdict(one) for half, one in scores.items()} for name, (scores, _) in results.items()
        }
        print(json.dumps(scores_by_name))
        return
    for name, (scores, _) in results.items():
        for half, one in scores.items():
            print(
                f"{name:18} {half:9} F1 {one.f1:.3f}  precision {one.precision:.3f}  recall {one.recall:.3f}"
                f"  {one.pages_per_second:.0f} pages/s"
            )
    counts = results["recollect"][1]
    for page in sorted(pages, key=lambda one: counts[one.key].right - counts[one.key].wrong)[: options.worst]:
        print(f"{page.key}  {counts[page.key]}  {page.url}")


if __name__ == "__main__":
    main()
