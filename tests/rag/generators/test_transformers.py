"""A local model: long prompts, missing models, interruption."""

from pathlib import Path

import pytest

from indexer.document import Head, Passage
from rag.config import TransformersGeneratorConfig
from rag.errors import GeneratorUnavailable
from rag.generator import Prompt
from rag.generators.transformers import TransformersGenerator
from tests.support.tiny_generators import save_tiny_generator

pytestmark = pytest.mark.torch

HEAD = Head("d", "https://docs.test/dict", "Dictionaries", "")


def prompt(passages: int, words: int) -> Prompt:
    return Prompt("Does it keep order?", tuple(Passage(HEAD, i, "the cat sat " * words) for i in range(passages)))


@pytest.mark.parametrize("kind", ["causal", "seq2seq"])
@pytest.mark.parametrize(("passages", "words"), [(30, 5), (1, 2000)])
def test_prompt_longer_than_the_model_reads_is_cut(tmp_path: Path, kind: str, passages: int, words: int) -> None:
    folder = save_tiny_generator(tmp_path, kind)
    config = TransformersGeneratorConfig(str(folder), max_tokens=5, max_input_tokens=200, device="cpu")
    assert "".join(TransformersGenerator(config).generate(prompt(passages, words)))


def test_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    generator = TransformersGenerator(TransformersGeneratorConfig(str(tmp_path), device="cpu"))
    with pytest.raises(GeneratorUnavailable, match=str(tmp_path)):
        next(generator.generate(prompt(1, 1)))


def test_chat_model_gets_its_own_dress(tmp_path: Path) -> None:
    folder = save_tiny_generator(tmp_path, "causal")
    (folder / "chat_template.jinja").write_text("{% for m in messages %}{{ m['role'] }}{% endfor %} the cat")
    config = TransformersGeneratorConfig(str(folder), max_tokens=3, device="cpu")
    plain = "".join(TransformersGenerator(config).generate(prompt(1, 1)))
    assert plain == "".join(TransformersGenerator(config).generate(prompt(9, 9)))  # the template shows no passages
