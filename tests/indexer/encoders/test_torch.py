"""The bi-encoder through torch, on tiny random models: how its texts are read."""

import json
from pathlib import Path

import numpy as np
import pytest

from indexer.document import Vectors
from indexer.encoders.families import Habits, Pooling
from indexer.encoders.torch import TorchConfig, TorchEncoder, habits_of
from indexer.errors import EncoderError
from tests.support import need
from tests.support.tiny_models import save_tiny_bert

pytestmark = pytest.mark.torch
TEXTS = ["the cat sat", "dogs ran far from home", "a"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("models") / "tiny")


def declare(folder: Path, name: str, content: dict[str, object]) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))


def by_hand(folder: Path, pooling: str, prefix: str = "") -> Vectors:
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    rows = []
    for text in TEXTS:
        with torch.inference_mode():
            hidden = model(**tokenizer(prefix + text, return_tensors="pt")).last_hidden_state[0]
        row = (hidden[0] if pooling == "cls" else hidden.mean(0)).numpy()
        rows.append(row / np.linalg.norm(row))
    return np.array(rows)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_vectors_are_those_of_the_model_read_text_by_text(tiny: Path, pooling: str) -> None:
    config = TorchConfig(str(tiny), pooling=pooling)  # type: ignore[arg-type]  # parametrised
    np.testing.assert_allclose(TorchEncoder(config).encode_passages(TEXTS), by_hand(tiny, pooling), atol=1e-5)


def test_prefixes_go_before_queries_and_passages(tiny: Path) -> None:
    encoder = TorchEncoder(TorchConfig(str(tiny), query_prefix="cat: ", passage_prefix="dog: "))
    np.testing.assert_allclose(encoder.encode_queries(TEXTS), by_hand(tiny, "mean", "cat: "), atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), by_hand(tiny, "mean", "dog: "), atol=1e-5)


def test_without_files_of_its_own_a_model_is_read_by_the_common_habits(tmp_path: Path) -> None:
    assert habits_of(TorchConfig(str(tmp_path))) == Habits("mean", 512, "", "")


@pytest.mark.parametrize("declared", [{"pooling_mode_cls_token": True}, {"pooling_mode": "cls"}])
def test_habits_are_read_from_the_model(tmp_path: Path, declared: dict[str, object]) -> None:
    declare(tmp_path, "1_Pooling/config.json", {"word_embedding_dimension": 32, "include_prompt": True, **declared})
    declare(tmp_path, "sentence_bert_config.json", {"max_seq_length": 128})
    declare(tmp_path, "config_sentence_transformers.json", {"prompts": {"query": "q: ", "document": "d: "}})
    assert habits_of(TorchConfig(str(tmp_path))) == Habits("cls", 128, "q: ", "d: ")
    set_by_hand = TorchConfig(str(tmp_path), query_prefix="", passage_prefix="p: ", pooling="mean", max_tokens=64)
    assert habits_of(set_by_hand) == Habits("mean", 64, "", "p: ")


@pytest.mark.parametrize(
    ("mode", "include"), [("weightedmean_tokens", "weightedmean"), ("mean_sqrt_len_tokens", "mean_sqrt_len")]
)
def test_another_pooling_is_refused(tmp_path: Path, mode: str, include: str) -> None:
    declare(tmp_path, "1_Pooling/config.json", {f"pooling_mode_{mode}": True, "pooling_mode_mean_tokens": False})
    with pytest.raises(EncoderError, match=rf"pools by \['{include}'\]\. Choose a model with one of mean, cls"):
        habits_of(TorchConfig(str(tmp_path)))


def test_a_step_that_is_not_done_is_refused(tmp_path: Path) -> None:
    modules = [{"type": "sentence_transformers.models.Pooling"}, {"type": "sentence_transformers.models.Dense"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(EncoderError, match=r"a step that is not done here: Dense\. Choose another model"):
        habits_of(TorchConfig(str(tmp_path)))


@pytest.mark.parametrize(
    ("name", "pooling", "query", "passage"),
    [
        ("e5-small-v2", "mean", "query: ", "passage: "),
        ("multilingual-e5-base", "mean", "query: ", "passage: "),
        ("multilingual-e5-large-instruct", "mean", "", ""),
        ("bge-small-en-v1.5", "cls", "Represent this sentence for searching relevant passages: ", ""),
        ("bge-m3", "mean", "", ""),
        ("gte-base-en-v1.5", "cls", "", ""),
    ],
)
def test_a_silent_model_is_read_as_its_family(
    tmp_path: Path, name: str, pooling: Pooling, query: str, passage: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert habits_of(TorchConfig(str(folder))) == Habits(pooling, 512, query, passage)
    assert habits_of(TorchConfig(str(folder), query_prefix="", passage_prefix="")) == Habits(pooling, 512, "", "")


@pytest.mark.parametrize("pooling", ["mean", "cls", "max", "lasttoken"])
def test_vectors_are_those_of_sentence_transformers(tmp_path: Path, pooling: str) -> None:
    need.module("sentence_transformers", "pip install sentence-transformers")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling as PoolingModule

    transformer = Transformer(str(save_tiny_bert(tmp_path / "base")), max_seq_length=16)
    modules = [transformer, PoolingModule(32, pooling), Normalize()]
    prompts = {"query": "cat: ", "document": "dog: "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(tmp_path / "model"))
    reference = SentenceTransformer(str(tmp_path / "model"), device="cpu")
    encoder = TorchEncoder(TorchConfig(str(tmp_path / "model"), device="cpu"))
    texts = [*TEXTS, "the dog ran home " * 10]
    assert (encoder.encode_queries(texts) * reference.encode_query(texts)).sum(1).min() >= 0.9999
    assert (encoder.encode_passages(texts) * reference.encode_document(texts)).sum(1).min() >= 0.9999


def test_the_name_tells_apart_what_gives_other_vectors(tiny: Path) -> None:
    configs = [
        TorchConfig(str(tiny)),
        TorchConfig(str(tiny), pooling="cls"),
        TorchConfig(str(tiny), query_prefix="q: "),
    ]
    assert len({TorchEncoder(config).name for config in configs}) == 3


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=rf"the model {tmp_path} cannot be loaded.*Give the name"):
        TorchEncoder(TorchConfig(str(tmp_path)))
