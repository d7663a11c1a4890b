"""Implementations get what the settings and the environment say."""

from pathlib import Path

import pytest

from indexer.encoder_bundled import BundledEncoder
from server.assemble import make_encoder
from server.config import Config


def test_the_bundled_encoder_remembers_between_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    encoder = make_encoder(Config())
    assert isinstance(encoder, BundledEncoder)
    assert encoder.config.inference.cache_dir == tmp_path / "recollect"
