"""A ratio to another extractor is only given where both read the same pages."""

from dataclasses import replace

import pytest

from benchmarks.extraction import Score, ratio_to, score_pages

OURS = Score(0.9, 0.9, 0.9, 200.0, 100)


@pytest.mark.parametrize(("pages", "ratio"), [(100, 4.0), (99, 4.0), (90, None), (1, None), (0, None)])
def test_a_ratio_needs_text_on_the_same_pages(pages: int, ratio: float | None) -> None:
    assert ratio_to(replace(OURS, pages_per_second=50.0, pages_read=pages), OURS) == ratio


def test_pages_without_any_text_are_not_read() -> None:
    pages = dict.fromkeys("abc", ("<p>", "Some words of an article."))
    texts = iter(["Some words of an article.", " \n", ""])
    assert score_pages(lambda _: next(texts), pages)[0].pages_read == 1
    assert score_pages(lambda _: "", pages)[0].f1 == 0.0
