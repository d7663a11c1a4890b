"""The bundled reader-ranker says what the trained model says, the same in any company, and names what is damaged."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.inference.precision import InferenceConfig, Precision
from ranker.errors import ScorerError
from ranker.scorers.bundled import BundledScorer, BundledScorerConfig
from ranker.tokens.pairs import MAX_QUERY_TOKENS, Pairs
from ranker.tokens.spans import MAX_ANSWER_TOKENS
from ranker.training.model import ReaderRanker
from tests.support.tiny_models import export_tiny_reader

pytestmark = pytest.mark.torch

QUERY = "where did the cat sit"
WORDS = ["the", "a", "of", "cat", "dog", "sat", "mat", "ran", "home", "far"]
PASSAGES = [" ".join(WORDS[(n * k) % 10] for k in range(1, 2 + n % 23)) for n in range(60)]
ODD = [
    "",
    "   ",
    "x" * 100_000,
    "cat " * 25_000,
    "狗跑得很遠" * 50,
    "Кошка сидела",
    "\ud800 cat",
    "\x00",
    "a\u0301" * 200,
    "🐈" * 99,
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_tiny_reader(tmp_path_factory.mktemp("reader")).parent


@pytest.fixture(scope="module")
def folder(home: Path) -> Path:
    return home / "exported"


def scorer_of(folder: Path, precision: Precision | None = None) -> BundledScorer:
    return BundledScorer(BundledScorerConfig(InferenceConfig(precision=precision), folder))


@pytest.fixture(scope="module")
def scorer(folder: Path) -> BundledScorer:
    return scorer_of(folder, "f32")


def by_torch(home: Path, query: str, passage: str) -> list[Any]:
    """The four outputs of the trained model for one pair that is not cut."""
    import torch

    reader = ReaderRanker.load(home / "torch")
    reader.tokenizer.no_truncation()
    encoding = reader.tokenizer.encode(query, passage)
    inputs = [torch.tensor([row]) for row in (encoding.ids, encoding.attention_mask, encoding.type_ids)]
    with torch.inference_mode():
        return [output[0].numpy() for output in reader.module.eval()(*inputs)]


def test_it_says_what_the_trained_model_says(home: Path, scorer: BundledScorer) -> None:
    readings = scorer.read(QUERY, PASSAGES)
    for passage, reading in list(zip(PASSAGES, readings, strict=True))[::7]:
        relevance, answerable, start, end = by_torch(home, QUERY, passage)
        assert reading.relevance == pytest.approx(1 / (1 + np.exp(-relevance)), abs=2e-3)
        assert reading.answerable == pytest.approx(1 / (1 + np.exp(-answerable)), abs=2e-3)
        first, last = len(start) - 1 - len(passage.split()), len(start) - 1
        best = max(start[i] + end[j] for i in range(first, last) for j in range(i, min(last, i + MAX_ANSWER_TOKENS)))
        assert reading.span is not None
        assert reading.span.score == pytest.approx(best - start[0] - end[0], abs=2e-2)
    assert np.std([reading.relevance for reading in readings]) > 0.01, "scores differ, so that the test can fail"


def test_a_span_is_whole_words_of_the_passage(scorer: BundledScorer) -> None:
    for passage, reading in zip(PASSAGES, scorer.read(QUERY, PASSAGES), strict=True):
        assert reading.span is not None
        found = passage[reading.span.start_char : reading.span.end_char]
        assert found and set(found.split()) <= set(passage.split())


def test_reading_and_scoring_agree(scorer: BundledScorer) -> None:
    readings = scorer.read(QUERY, PASSAGES + ODD)
    scores = scorer.score(QUERY, PASSAGES + ODD)
    np.testing.assert_allclose(scores, [reading.relevance for reading in readings], atol=1e-5)


@pytest.mark.parametrize("precision", ["f32", "bf16", "int8"])
def test_a_score_is_the_same_to_the_last_bit_in_any_company_and_order(folder: Path, precision: Precision) -> None:
    scorer = scorer_of(folder, precision)
    together = scorer.score(QUERY, PASSAGES)
    assert [float(scorer.score(QUERY, [passage])[0]) for passage in PASSAGES] == together.tolist()
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(PASSAGES))
        assert scorer.score(QUERY, [PASSAGES[i] for i in order]).tolist() == together[order].tolist()


def test_threads_that_come_together_get_the_same_bits(scorer: BundledScorer) -> None:
    queries = [QUERY, "dog", "far from home", "mat"]
    expected = [scorer.score(query, PASSAGES).tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: scorer.score(queries[n % 4], PASSAGES).tolist(), range(40)))
    assert found == [expected[n % 4] for n in range(40)]


def test_the_calibration_of_the_card_makes_the_score(folder: Path, tmp_path: Path, scorer: BundledScorer) -> None:
    steep = Path(shutil.copytree(folder, tmp_path / "steep"))
    card = json.loads((steep / "model.json").read_text())
    (steep / "model.json").write_text(json.dumps(card | {"slope": 2.0, "offset": -1.0}))
    plain = scorer.score(QUERY, PASSAGES).astype(np.float64)
    logits = np.log(plain / (1 - plain))
    found = scorer_of(steep, "f32").score(QUERY, PASSAGES)
    np.testing.assert_allclose(found, 1 / (1 + np.exp(1 - 2 * logits)), atol=1e-5)


@pytest.mark.parametrize("query", ["", "  ", QUERY, "why " * 10_000, "x" * 100_000, "狗", "\udfff"])
def test_any_texts_are_read(scorer: BundledScorer, query: str) -> None:
    readings = scorer.read(query, ODD)
    assert len(readings) == len(ODD)
    assert all(0 <= reading.relevance <= 1 and 0 <= reading.answerable <= 1 for reading in readings)
    for passage, reading in zip(ODD, readings, strict=True):
        assert reading.span is None or 0 <= reading.span.start_char < reading.span.end_char <= len(passage)
    assert readings[0].span is readings[1].span is None


def test_ten_thousand_candidates_are_scored(scorer: BundledScorer) -> None:
    scores = scorer.score(QUERY, [PASSAGES[n % 60] for n in range(10_000)])
    assert scores.tolist() == scorer.score(QUERY, PASSAGES).tolist() * 166 + scores[:40].tolist()


def test_only_the_passage_is_cut_and_of_the_query_what_training_never_saw(scorer: BundledScorer) -> None:
    model = scorer.load()
    long, longest = Pairs(model.tokenizer, 512, "cat " * 500), Pairs(model.tokenizer, 512, "cat dog " * 500)
    ((row,),) = long.windows(["mat " * 1000])
    assert len(row.ids) <= 512
    assert long.first == row.second == longest.first <= MAX_QUERY_TOKENS + 2
    (short,) = next(Pairs(model.tokenizer, 512, "cat").windows(["mat mat"]))
    assert len(short.ids) == 6


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "tokenizer.json", "model.json"])
def test_an_absent_or_cut_off_file_is_named_with_its_cure(folder: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "model"))
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ScorerError, match=rf"{name} is damaged.*Give a folder that"):
        scorer_of(copy).score(QUERY, PASSAGES)
    (copy / name).unlink()
    with pytest.raises(ScorerError, match=rf"{name} cannot be read.*Give a folder that"):
        scorer_of(copy).score(QUERY, PASSAGES)
