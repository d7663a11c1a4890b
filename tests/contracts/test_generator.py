"""Every promise of ``rag.generator.Generator`` as a test that each implementation runs."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from indexer.document import Head, Passage
from rag.config import HttpGeneratorConfig, TransformersGeneratorConfig
from rag.errors import GeneratorUnavailable
from rag.generator import Generator, Prompt
from rag.generators.http import HttpGenerator
from rag.generators.transformers import TransformersGenerator
from tests.support.chat_server import ChatServer, chat_server
from tests.support.tiny_generators import save_tiny_generator

HEAD = Head("d", "https://docs.test/dict", "Dictionaries", "")
PROMPT = Prompt(
    "Does a dictionary keep insertion order?",
    (
        Passage(HEAD, 0, "A dictionary keeps insertion order. The cat sat on the mat."),
        Passage(HEAD, 1, "A dictionary does not keep order before version 3.7. Keys are unique."),
    ),
)
NOWHERE = "http://127.0.0.1:9/v1"


class GeneratorSuite:
    @pytest.fixture
    def generator(self) -> Iterator[Generator]:
        raise NotImplementedError

    @pytest.fixture
    def unavailable(self) -> Generator:
        raise NotImplementedError

    def test_pieces_joined_are_the_text(self, generator: Generator) -> None:
        pieces = list(generator.generate(PROMPT))
        assert pieces and all(isinstance(piece, str) for piece in pieces)
        assert "".join(pieces).strip()
        assert "".join(generator.generate(PROMPT)) == "".join(pieces)

    def test_unavailable_shows_before_the_first_piece(self, unavailable: Generator) -> None:
        with pytest.raises(GeneratorUnavailable) as caught:
            next(unavailable.generate(PROMPT))
        assert caught.value.what

    def test_closing_stops_the_work(self, generator: Generator) -> None:
        with closing(generator.generate(PROMPT)) as pieces:
            next(pieces)
        with pytest.raises(StopIteration):
            next(pieces)
        assert not [thread for thread in threading.enumerate() if type(thread).__module__.startswith("rag.")]

    def test_threads_do_not_disturb_each_other(self, generator: Generator) -> None:
        with ThreadPoolExecutor(4) as pool:
            texts = set(pool.map(lambda _: "".join(generator.generate(PROMPT)), range(8)))
        assert len(texts) == 1

    def test_it_has_a_name(self, generator: Generator) -> None:
        assert generator.name


class TestHttpGenerator(GeneratorSuite):
    @pytest.fixture
    def server(self) -> Iterator[ChatServer]:
        with chat_server(pieces=["A dictionary ", "keeps insertion ", "order. [1]"]) as server:
            yield server

    @pytest.fixture
    def generator(self, server: ChatServer) -> Iterator[Generator]:
        with closing(HttpGenerator(HttpGeneratorConfig(server.url, "tiny"))) as generator:
            yield generator

    @pytest.fixture
    def unavailable(self) -> Generator:
        return HttpGenerator(HttpGeneratorConfig(NOWHERE, "none"))


@pytest.mark.torch
class TestCausalGenerator(GeneratorSuite):
    kind = "causal"

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return save_tiny_generator(tmp_path_factory.mktemp(cls.kind), cls.kind)

    @pytest.fixture
    def generator(self, folder: Path) -> Iterator[Generator]:
        yield TransformersGenerator(TransformersGeneratorConfig(str(folder), max_tokens=20, device="cpu"))

    @pytest.fixture
    def unavailable(self, tmp_path: Path) -> Generator:
        return TransformersGenerator(TransformersGeneratorConfig(str(tmp_path / "absent"), device="cpu"))


@pytest.mark.torch
class TestSeq2SeqGenerator(TestCausalGenerator):
    kind = "seq2seq"
