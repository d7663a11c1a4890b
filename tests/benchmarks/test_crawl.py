"""A ratio to a peer is only given where both did the same work."""

import pytest

from benchmarks.crawl import Run, ratio_to


def run(pages: int, seconds: float) -> Run:
    return Run(pages, seconds, seconds, 100.0, pages / seconds)


@pytest.mark.parametrize(("pages", "ratio"), [(500, 4.0), (505, 3.96), (1, None), (0, None), (480, None), (900, None)])
def test_a_ratio_needs_the_same_pages(pages: int, ratio: float | None) -> None:
    found = ratio_to(run(pages, 40.0), run(500, 10.0))
    assert found == (ratio if ratio is None else pytest.approx(ratio, abs=0.01))
