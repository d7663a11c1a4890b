"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

from tests.support.need import missing

pytest_plugins = ["tests.support.elasticsearch", "tests.support.redis"]


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets; see RECOLLECT_DATA in CONTRIBUTING.md."""
    folder = Path(os.environ.get("RECOLLECT_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (folder / "beir").is_dir():
        missing(f"public data in {folder}", "set RECOLLECT_DATA to a folder with beir/NAME sets")
    return folder
