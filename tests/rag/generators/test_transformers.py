"""A local model: long prompts, missing models, interruption."""

import threading
from pathlib import Path

import pytest

from indexer.document import Head, Passage
from rag.config import TransformersGeneratorConfig
from rag.errors import GeneratorInterrupted, GeneratorUnavailable
from rag.generator import Prompt
from rag.generators import transformers as transformers_generator
from rag.generators.transformers import TransformersGenerator
from tests.support.tiny_generators import save_scripted_generator, save_tiny_generator

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


def generator(folder: Path, **settings: object) -> TransformersGenerator:
    return TransformersGenerator(TransformersGeneratorConfig(str(folder), device="cpu", **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["causal", "seq2seq", "chat"])
def test_the_text_is_what_the_model_writes(tmp_path: Path, kind: str) -> None:
    folder = save_scripted_generator(tmp_path, kind, ["It keeps order.", "It is so."])
    assert "".join(generator(folder).generate(prompt(1, 1))).split() == ["It", "keeps", "order.", "It", "is", "so."]


@pytest.mark.parametrize("kind", ["causal", "seq2seq", "chat"])
def test_a_text_that_reaches_the_limit_is_interrupted(tmp_path: Path, kind: str) -> None:
    folder = save_scripted_generator(tmp_path, kind, ["It keeps order.", "It is", "so."])
    got: list[str] = []
    with pytest.raises(GeneratorInterrupted, match="cut off"):
        got.extend(generator(folder, max_tokens=2).generate(prompt(1, 1)))
    assert "".join(got).split() == ["It", "keeps", "order.", "It", "is"]
    with pytest.raises(GeneratorInterrupted, match="cut off"):
        list(generator(folder, answer_timeout_s=0.0).generate(prompt(1, 1)))


@pytest.mark.parametrize("kind", ["causal", "chat"])
def test_thoughts_are_left_out(tmp_path: Path, kind: str) -> None:
    folder = save_scripted_generator(tmp_path, kind, ["<think>", "It says so.", "</think>", "It keeps order."])
    assert "".join(generator(folder).generate(prompt(1, 1))).split() == ["It", "keeps", "order."]


def test_a_template_that_begins_the_thoughts_is_understood(tmp_path: Path) -> None:
    folder = save_scripted_generator(tmp_path, "chat", ["<think>", "It says so.", "</think>", "It keeps order."])
    (folder / "chat_template.jinja").write_text("{{ messages[0]['content'] }}<assistant><think>")
    assert "".join(generator(folder).generate(prompt(1, 1))).split() == ["It", "keeps", "order."]


def test_a_model_that_can_go_without_thinking_is_asked_to(tmp_path: Path) -> None:
    folder = save_scripted_generator(tmp_path, "chat", ["<think>", "</think>", "It keeps order."])
    (folder / "chat_template.jinja").write_text(
        "{{ messages[0]['content'] }}<assistant>{% if not enable_thinking %}<think>\n\n</think>{% endif %}"
    )
    assert "".join(generator(folder).generate(prompt(1, 1))).split() == ["It", "keeps", "order."]


def test_the_question_stays_where_one_passage_is_too_long(tmp_path: Path) -> None:
    folder = save_scripted_generator(tmp_path, "causal", ["It keeps order."])
    made = generator(folder, max_input_tokens=300)
    assert "".join(made.generate(prompt(1, 2000))).strip() == "It keeps order."  # it hangs on the end of the prompt


def test_a_model_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No weights make a model hang, so its step is replaced; the reader must come back all the same."""
    from transformers import GPT2LMHeadModel

    release = threading.Event()

    def hang(*_: object, **__: object) -> None:
        release.wait()
        raise RuntimeError("released")

    monkeypatch.setattr(transformers_generator, "STOP_WAIT_S", 0.05)
    monkeypatch.setattr(GPT2LMHeadModel, "forward", hang)
    folder = save_scripted_generator(tmp_path, "causal", ["It keeps order."])
    with pytest.raises(GeneratorUnavailable, match="nothing for"):
        list(generator(folder, timeout_s=0.05).generate(prompt(1, 1)))
    release.set()
