"""The promises of ranker.reader.Reader, kept by every implementation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ranker.reader import Reader
from ranker.scorers.bundled import BundledScorer, BundledScorerConfig
from ranker.scorers.reading import ReadingScorer
from tests.support.tiny_models import export_tiny_reader

QUESTION = "where did the cat sit"
PASSAGES = ["The cat sat on the mat.", "", "dog " * 3000, "狗跑得很遠", "\ud800 a lone surrogate", "cat"]


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.torch) for name in ("bundled", "remembering")]
)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    bundled = BundledScorer(BundledScorerConfig(folder=export_tiny_reader(tmp_path_factory.mktemp("models"))))
    yield bundled if request.param == "bundled" else ReadingScorer(bundled, bundled.name)


def test_one_reading_a_passage_with_a_span_inside_it(reader: Reader) -> None:
    readings = reader.read(QUESTION, PASSAGES)
    assert len(readings) == len(PASSAGES)
    for passage, reading in zip(PASSAGES, readings, strict=True):
        assert 0 <= reading.relevance <= 1 and 0 <= reading.answerable <= 1
        assert reading.span is None or 0 <= reading.span.start_char < reading.span.end_char <= len(passage)
    assert readings[1].span is None
    assert reader.read(QUESTION, []) == []


def test_neighbours_do_not_matter(reader: Reader) -> None:
    together = reader.read(QUESTION, PASSAGES)
    for passage, reading in zip(PASSAGES, together, strict=True):
        (alone,) = reader.read(QUESTION, [passage])
        assert alone.answerable == pytest.approx(reading.answerable, abs=1e-3)


def test_threads_do_not_disturb_each_other(reader: Reader) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reader.read(QUESTION, PASSAGES), range(8)))
    assert all(other == found[0] for other in found)
