"""An exported reader-ranker, to go on training from."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from ranker.errors import BadModel
from ranker.training.exported import load_exported
from ranker.training.model import ReaderRanker
from ranker.training.train import is_reader_ranker
from tests.support.tiny_models import export_tiny_reader

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(as torch saved it, exported)."""
    place = tmp_path_factory.mktemp("reader")
    exported = export_tiny_reader(place)
    return place / "torch", exported


def test_the_weights_are_those_exported_to_half_precision(folders: tuple[Path, Path]) -> None:
    saved, loaded = ReaderRanker.load(folders[0]), load_exported(folders[1])
    there = saved.module.state_dict()
    for name, tensor in loaded.module.state_dict().items():
        np.testing.assert_allclose(tensor.numpy(), there[name].numpy(), rtol=2e-3, atol=1e-6, err_msg=name)
    assert loaded.tokenizer.encode("the cat sat").ids == saved.tokenizer.encode("the cat sat").ids


def test_its_outputs_are_those_of_the_model_before(folders: tuple[Path, Path]) -> None:
    import torch

    ids = torch.tensor([[2, 7, 8, 3, 9, 10, 3]])
    types = torch.tensor([[0, 0, 0, 0, 1, 1, 1]])
    with torch.inference_mode():
        before, after = (
            reader.module.eval()(ids, torch.ones_like(ids), types)
            for reader in (ReaderRanker.load(folders[0]), load_exported(folders[1]))
        )
    for left, right in zip(before, after, strict=True):
        np.testing.assert_allclose(left.numpy(), right.numpy(), rtol=0.02, atol=0.02)


def test_both_forms_are_known_for_reader_rankers_and_an_encoder_is_not(base: Path, folders: tuple[Path, Path]) -> None:
    assert [is_reader_ranker(str(folder)) for folder in (*folders, base)] == [True, True, False]


def test_what_is_damaged_or_no_reader_ranker_is_refused_in_one_line(folders: tuple[Path, Path], tmp_path: Path) -> None:
    from indexer.encoders.bundled import FOLDER

    broken = shutil.copytree(folders[1], tmp_path / "broken")
    (broken / "model.bin").write_bytes(b"")
    card = shutil.copytree(folders[1], tmp_path / "card")
    (card / "model.json").write_text(json.dumps({"name": "x"}))
    for folder, what in ((broken, "is damaged"), (card, "is damaged"), (FOLDER, "is no reader-ranker")):
        with pytest.raises(BadModel, match=what) as error:
            load_exported(folder)
        assert "\n" not in str(error.value)
