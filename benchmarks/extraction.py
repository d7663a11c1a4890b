"""How much of an article's body is found, and how much else? Run as a command.

    python -m benchmarks.extraction [--data DIR] [--json] [--worst N]

The 181 news pages and the metric of Zyte's article-extraction-benchmark, side by side with trafilatura and
readability-lxml where they are installed (pip install trafilatura readability-lxml). The metric: shingles of four words
that prediction and truth share; precision and recall of each page count alike, F1 is made of their means. A ratio says
how many times as fast ours is; a peer that found text on fewer pages did not do the same work and has none.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from benchmarks.peers import did_the_same, in_words, installed
from crawler.extract.extract import extract
from crawler.page import SECTION_SEPARATOR

Extractor = Callable[[str], str]
SHINGLE_WORDS = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Score:
    """Means over the pages, how many pages a second of processor time gave, and on how many there was any text."""

    f1: float
    precision: float
    recall: float
    pages_per_second: float
    pages_read: int


@dataclass(frozen=True)
class PageScore:
    """Shares of shingles found rightly, wrongly and not at all; they add up to one."""

    right: float
    wrong: float
    missed: float

    @property
    def precision(self) -> float:
        """Share of what was found that belongs to the article."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Share of the article that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of four words stands in the text; a shorter text is one run."""
    words = _WORD.findall(text)
    runs = (tuple(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1)))
    return Counter(run for run in runs if run)


def compare(truth: str, found: str) -> PageScore:
    """Score one page."""
    expected, got = shingles(truth), shingles(found)
    right = (expected & got).total()
    wrong, missed = (got - expected).total(), (expected - got).total()
    whole = (right + wrong + missed) or 1
    return PageScore(right / whole, wrong / whole, missed / whole)


def ours(html: str) -> str:
    """The text of our extraction, headings left out as everywhere in Recollect."""
    return SECTION_SEPARATOR.join(section.text for section in extract(html, "http://example.org/").sections)


def with_trafilatura(html: str) -> str:
    """trafilatura with its default settings, comments left out."""
    import trafilatura

    return trafilatura.extract(html, include_comments=False) or ""


def with_readability(html: str) -> str:
    """readability-lxml's article, its tags taken off by lxml."""
    import lxml.html
    from readability import Document

    summary = Document(html).summary()
    return str(lxml.html.fromstring(summary).xpath("string()")) if summary else ""


PEERS: tuple[tuple[str, str, Extractor], ...] = (
    ("trafilatura", "trafilatura", with_trafilatura),
    ("readability-lxml", "readability", with_readability),
)


def pages_in(folder: Path) -> dict[str, tuple[str, str]]:
    """id -> (HTML, article body)."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return {
        key: (gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()).decode(), item["articleBody"])
        for key, item in truth.items()
    }


def score_pages(extractor: Extractor, pages: dict[str, tuple[str, str]]) -> tuple[Score, dict[str, PageScore]]:
    """Run one extractor over all pages."""
    started_s = time.process_time()
    found = {key: extractor(html) for key, (html, _) in pages.items()}
    seconds = time.process_time() - started_s
    scores = {key: compare(truth, found[key]) for key, (_, truth) in pages.items()}
    precision = mean([s.precision for s in scores.values() if s.right + s.wrong] or [0.0])
    recall = mean([s.recall for s in scores.values() if s.right + s.missed] or [0.0])
    f1 = 2 * precision * recall / ((precision + recall) or 1.0)
    read = sum(bool(text.strip()) for text in found.values())
    return Score(f1, precision, recall, len(pages) / seconds, read), scores


def ratio_to(peer: Score, ours: Score) -> float | None:
    """How many times as fast ours is; None where the peer did not do the same work."""
    return ours.pages_per_second / peer.pages_per_second if did_the_same(peer.pages_read, ours.pages_read) else None


def main() -> None:
    """Print a table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worst", type=int, default=0, help="also list the pages we read worst")
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    pages = pages_in(options.data / "conformance" / "article_extraction")
    extractors = {"recollect": ours} if options.only_ours else installed(ours, PEERS)
    results = {name: score_pages(extractor, pages) for name, extractor in extractors.items()}
    ours_score = results["recollect"][0]
    ratios = {name: ratio_to(score, ours_score) for name, (score, _) in results.items() if name != "recollect"}
    if options.json:
        scores = {name: asdict(score) for name, (score, _) in results.items()}
        print(json.dumps(scores | {f"ratio_{name}": ratio for name, ratio in ratios.items()}))
        return
    for name, (score, _) in results.items():
        print(
            f"{name:18} F1 {score.f1:.3f}  precision {score.precision:.3f}  recall {score.recall:.3f}"
            f"  {score.pages_per_second:.0f} pages/s"
        )
    for name, ratio in ratios.items():
        print(f"ratio to {name:18} {in_words(ratio)}")
    ranked = sorted(results["recollect"][1].items(), key=lambda item: item[1].right)
    for key, page in ranked[: options.worst]:
        print(f"{key}  precision {page.precision:.2f}  recall {page.recall:.2f}")


if __name__ == "__main__":
    main()
