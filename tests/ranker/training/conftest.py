"""A tiny base for all tests of training."""

from pathlib import Path

import pytest

from tests.support.toy import toy_base


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights."""
    return toy_base(tmp_path_factory.mktemp("base"))
