"""Implementations get what the settings and the environment say."""

from pathlib import Path

import pytest

from indexer.encoders.bundled import BundledEncoder
from indexer.encoders.hashing import HashingEncoder
from rag.choosing.config import ChoosingConfig
from rag.config import AnswerConfig
from ranker.errors import ScorerError
from ranker.scorers.bundled import BundledScorer
from ranker.scorers.overlap import OverlapScorer
from server.assemble import make_chooser, make_encoder, make_generator, make_reader, make_scorer
from server.settings.choices import ScorerConfig
from server.settings.config import Config


def test_the_bundled_encoder_remembers_between_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    encoder = make_encoder(Config())
    assert isinstance(encoder, BundledEncoder)
    assert encoder.config.inference.cache_dir == tmp_path / "recollect"


def test_only_a_reader_reads_for_answers() -> None:
    config = Config(answer=AnswerConfig(choosing=ChoosingConfig(max_blocks=1)))
    assert make_generator(config) is None
    for scorer, reads in ((BundledScorer(), True), (OverlapScorer(), False), (None, False)):
        reader = make_reader(scorer)
        assert (reader is not None) == reads
        chooser = make_chooser(config, HashingEncoder(), reader)
        assert chooser.reader is reader
        assert chooser.config == ChoosingConfig(max_blocks=1)


def test_the_bundled_scorer_is_the_shipped_one_or_that_of_a_folder(tmp_path: Path) -> None:
    shipped = make_scorer(Config(scorer=ScorerConfig("bundled")))
    assert isinstance(shipped, BundledScorer)
    mine = make_scorer(Config(scorer=ScorerConfig("bundled", model=str(tmp_path))))
    with pytest.raises(ScorerError, match=rf"{tmp_path}/model.json cannot be read"):
        assert mine and mine.score("query", ["passage"])
