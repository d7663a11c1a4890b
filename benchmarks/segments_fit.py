"""How the weights of ``crawler/extract/stray/weights.json`` come about. Run as a command.

    python -m benchmarks.segments_fit --data DIR --docs FOLDER... [--out FILE]

Blocks learn from three kinds of pages: one half of the pages with segments (``SegmentPage.is_learned``), whose other
blocks take their label from trafilatura; one half of the news pages of Zyte's benchmark, whose articles are known; and
pages of documentation, where every block that the rules keep is content. A logistic regression with L2 penalty over
binary features; what stands on fewer than ``MIN_PAGES`` pages is no feature.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.extraction import pages_in as news_in
from benchmarks.segments import folded, pages_in
from crawler.extract.content import content_of
from crawler.extract.dom import parse
from crawler.extract.prune import Furniture, take_out_of_text
from crawler.extract.stray.blocks import BlockSeen, blocks_of, lead_of
from crawler.extract.stray.features import features_of, kind_of, names_of

MIN_PAGES = 3
STATED, TAUGHT, KNOWN, DOCUMENTED = 3.0, 0.5, 0.7, 0.6
"""How much a label counts: a segment, a teacher's word, a block of a known article, a block of documentation."""

SNIPPET_CHARS = 60
MAX_FILES, MAX_BLOCKS = 60, 100
PENALTY = 0.3
Example = tuple[str, list[str], bool, float]
"""Page, features, is it stray, weight."""


def examples_of_segments(data: Path) -> Iterator[Example]:
    """Blocks of the learned half."""
    import trafilatura

    for page in pages_in(data / "conformance" / "extraction_segments"):
        if not page.is_learned:
            continue
        found = trafilatura.bare_extraction(page.html, url=page.url, include_comments=False)
        taught = folded(f"{found.title or ''}\n{found.text or ''}") if found is not None else ""
        blocks = _blocks(page.html)
        for block, features in _featured(blocks):
            text = folded(block.text)
            is_wanted = any(folded(segment) in text for segment in page.wanted)
            is_unwanted = any(folded(segment) in text for segment in page.unwanted)
            if is_wanted or is_unwanted:
                yield page.key, features, not is_wanted, STATED
            elif taught:
                yield page.key, features, text[:SNIPPET_CHARS] not in taught, TAUGHT


def examples_of_news(data: Path) -> Iterator[Example]:
    """Blocks of every other news page."""
    for i, (key, (html, article)) in enumerate(sorted(news_in(data / "conformance" / "article_extraction").items())):
        if i % 2:
            continue
        blocks, known = _blocks(html), folded(article)
        for block, features in _featured(blocks):
            if not block.is_heading:
                yield key, features, folded(block.text)[:SNIPPET_CHARS] not in known, KNOWN


def examples_of_documentation(folders: list[Path]) -> Iterator[Example]:
    """Blocks of documentation: all are content."""
    for file in (
        file
        for folder in folders
        for file in sorted(folder.rglob("*.html"))[:: max(1, len(list(folder.rglob("*.html"))) // MAX_FILES)]
    ):
        blocks = _blocks(file.read_text(encoding="utf-8", errors="replace"))[:MAX_BLOCKS]
        for _, features in _featured(blocks):
            yield str(file), features, False, DOCUMENTED


def _featured(blocks: list[BlockSeen]) -> Iterator[tuple[BlockSeen, list[str]]]:
    for block, groups in zip(blocks, features_of(blocks, kind_of(blocks)), strict=True):
        yield block, [*chain.from_iterable(groups), *names_of(block.names)]


def _blocks(html: str) -> list[BlockSeen]:
    markup = html.encode("utf-8", "replace")
    root = parse(markup)
    take_out_of_text(root)
    content = content_of(root, markup)
    leaves_out = Furniture(content.node, content.is_article).includes
    return [*lead_of(root, content.node, leaves_out), *blocks_of(content.node, leaves_out)]


def fit(examples: list[Example]) -> dict[str, float]:
    """Weights by feature; the empty name is the constant."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    pages = Counter(name for _, name in {(page, name) for page, names, _, _ in examples for name in names})
    known = [{name: 1.0 for name in names if pages[name] >= MIN_PAGES} for _, names, _, _ in examples]
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=PENALTY, max_iter=3000)
    model.fit(
        vectorizer.fit_transform(known),
        [is_stray for _, _, is_stray, _ in examples],
        sample_weight=[weight for _, _, _, weight in examples],
    )
    names = vectorizer.get_feature_names_out()
    weights = {str(name): round(float(w), 3) for name, w in zip(names, model.coef_[0], strict=True) if abs(w) >= 0.02}
    return {"": round(float(model.intercept_[0]), 3), **weights}


def main() -> None:
    """Fit, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--docs", type=Path, nargs="*", default=[], help="folders with pages of documentation")
    parser.add_argument("--threshold", type=float, default=-0.3, help="log-odds above which a block is left out")
    parser.add_argument("--out", type=Path, default=Path("crawler/extract/stray/weights.json"))
    options = parser.parse_args()
    examples = [
        *examples_of_segments(options.data),
        *examples_of_news(options.data),
        *examples_of_documentation(options.docs),
    ]
    weights = fit(examples)
    model = {"threshold": options.threshold, "weights": dict(sorted(weights.items()))}
    options.out.write_text(json.dumps(model, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    stray = sum(is_stray for _, _, is_stray, _ in examples)
    print(f"{len(examples):,} blocks, {stray:,} of them stray, {len(weights):,} weights")


if __name__ == "__main__":
    main()
