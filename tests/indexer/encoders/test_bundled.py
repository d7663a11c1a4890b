"""The bundled encoder: its vectors, its memory of queries, and files that are damaged."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexer.encoders.bundled import FOLDER, BundledConfig, BundledEncoder
from indexer.errors import EncoderError
from indexer.inference.model import Model, batches_by_length
from indexer.inference.phrases import FILE, Attention, phrases_of, save_phrases
from indexer.inference.precision import InferenceConfig, Precision

ORIGINAL_VECTORS = Path(__file__).parent / "minilm_vectors.npy"
"""Of the first twelve of TEXTS, by sentence-transformers 6.2 from the original weights in f32; kept in 16 bits."""

TEXTS = [
    "How do I open a file for appending?",
    "Open the file with mode 'a' to write at its end.",
    "",
    "naïve café, 東京, Москва",
    "A long text. " * 400,
    *(f"Sentence number {n} has {'very ' * n}many words." for n in range(40)),
]


@pytest.fixture(scope="module")
def encoder() -> BundledEncoder:
    return BundledEncoder()


@pytest.mark.parametrize(("precision", "least"), [("f32", 0.999), ("bf16", 0.999), ("int8", 0.99)])
def test_vectors_are_those_of_the_original_model(precision: Precision, least: float) -> None:
    original = np.load(ORIGINAL_VECTORS).astype(np.float32)
    encoder = BundledEncoder(BundledConfig(inference=InferenceConfig(precision=precision)))
    cosines = np.sum(encoder.encode_passages(TEXTS[: len(original)]) * original, axis=1)
    assert cosines.min() >= least


@pytest.mark.parametrize("precision", ["f32", "bf16", "int8"])
def test_a_vector_is_the_same_to_the_last_bit_in_any_company_and_order(precision: Precision) -> None:
    encoder = BundledEncoder(BundledConfig(inference=InferenceConfig(precision=precision)))
    together = encoder.encode_passages(TEXTS)
    order = np.random.default_rng(0).permutation(len(TEXTS))
    np.testing.assert_array_equal(encoder.encode_passages([TEXTS[i] for i in order]), together[order])
    alone = [encoder.encode_passages([text])[0] for text in TEXTS]
    np.testing.assert_array_equal(alone, together)


def test_queries_of_many_threads_get_the_vectors_they_get_alone() -> None:
    encoder = BundledEncoder(BundledConfig(cached_queries=0))
    alone = encoder.encode_passages(TEXTS)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda text: encoder.encode_queries([text])[0], TEXTS * 4))
    np.testing.assert_array_equal(found, np.concatenate([alone] * 4))


def test_the_answer_to_a_question_is_nearer_than_other_text(encoder: BundledEncoder) -> None:
    query = encoder.encode_queries([TEXTS[0]])[0]
    near, far = encoder.encode_passages([TEXTS[1], "The cow eats grass."])
    assert query @ near > 0.4 > query @ far


def test_more_texts_than_a_window_keep_their_order(encoder: BundledEncoder) -> None:
    texts = [f"number {n}" for n in range(1100)]
    rows = encoder.encode_passages(texts)
    for n in (0, 1023, 1024, 1099):
        assert rows[n] @ encoder.encode_passages([texts[n]])[0] > 0.999


def test_it_is_told_which_queries_were_remembered() -> None:
    told: list[tuple[int, int]] = []
    encoder = BundledEncoder(looked_up=lambda known, unknown: told.append((known, unknown)))
    encoder.encode_queries(["a", "b", "a"])
    encoder.encode_queries(["b", "c"])
    assert told == [(0, 2), (1, 1)]


def test_repeated_queries_are_answered_from_memory() -> None:
    encoder = BundledEncoder(BundledConfig(cached_queries=2))
    first = encoder.encode_queries(["a", "b", "a"])
    loaded, encoder._models = encoder._models, {}  # without its model, only memory can answer
    encoder.config = BundledConfig(folder=Path("/nowhere"))
    np.testing.assert_array_equal(encoder.encode_queries(["b", "a", "b"]), first[[1, 0, 1]])
    with pytest.raises(EncoderError):
        encoder.encode_queries(["c"])
    encoder.config, encoder._models = BundledConfig(), loaded
    encoder.encode_queries(["c"])
    encoder.config, encoder._models = BundledConfig(folder=Path("/nowhere")), {}
    with pytest.raises(EncoderError):
        encoder.encode_queries(["b"])  # used longest ago, so forgotten


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "model.json"])
def test_an_absent_file_is_named_with_its_cure(model_copy: Path, name: str) -> None:
    (model_copy / name).unlink()
    with pytest.raises(EncoderError, match=rf"{name} cannot be read.*Install recollect again"):
        Model(model_copy)


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "tokenizer.json", "model.json"])
def test_a_cut_off_file_is_named_with_its_cure(model_copy: Path, name: str) -> None:
    content = (model_copy / name).read_bytes()
    (model_copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(EncoderError, match=rf"{name} is damaged.*Install recollect again"):
        Model(model_copy)


def test_a_folder_without_a_tokenizer_takes_the_shared_one_if_it_is_the_right_one(model_copy: Path) -> None:
    text = "Résumé of the brown fox: [MASK] 狐狸 🦊"
    expected = Model(FOLDER).tokenizer.encode(text).ids
    (model_copy / "tokenizer.json").unlink()
    assert Model(model_copy).tokenizer.encode(text).ids == expected
    card = json.loads((model_copy / "model.json").read_text("utf-8"))
    card["sha256"]["tokenizer.json"] = "0" * 64
    (model_copy / "model.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(EncoderError, match=r"tokenizer\.json cannot be read"):
        Model(model_copy)


def test_one_wrong_byte_in_the_weights_is_noticed(model_copy: Path) -> None:
    content = bytearray((model_copy / "model.bin").read_bytes())
    content[len(content) // 2] ^= 1
    (model_copy / "model.bin").write_bytes(content)
    with pytest.raises(EncoderError, match=r"model\.bin is damaged"):
        Model(model_copy)


def test_queries_follow_the_phrases_of_their_folder_and_passages_do_not(
    encoder: BundledEncoder, model_copy: Path
) -> None:
    texts = [f"Item {name} is kept in a box." for name in ("Aldwin", "Berrick", "Cuthra", "Dunmor", "Eskil")]
    vectors, pieces = encoder.encode_passages(texts), encoder.load().pieces
    phrases = phrases_of(pieces(texts), vectors)
    save_phrases(phrases, Attention(), model_copy)
    moved = BundledEncoder(BundledConfig(query_folder=model_copy))
    queries = ["Where is Cuthra?", "Who sleeps?"]
    before, after = encoder.encode_queries(queries), moved.encode_queries(queries)
    np.testing.assert_allclose(after, phrases.moved(before, pieces(queries), Attention()), atol=1e-6)
    assert float(after[0] @ before[0]) < 0.99
    np.testing.assert_array_equal(moved.encode_queries([queries[0]])[0], after[0])
    np.testing.assert_array_equal(moved.encode_passages(texts), vectors)
    (model_copy / FILE).write_bytes(b"cut off")
    with pytest.raises(EncoderError, match=r"phrases\.npz is damaged"):
        BundledEncoder(BundledConfig(query_folder=model_copy)).encode_queries(queries)


def test_batches_hold_at_most_their_budget_of_padded_tokens_and_every_text_once() -> None:
    lengths = [3, 500, 7, 120, 120, 1, 0, 64, 64, 64]
    batches = batches_by_length(lengths, 256)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 256
