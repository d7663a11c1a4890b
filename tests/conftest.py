"""Fixtures shared by all tests."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.need import missing

# How long an example takes, or is made in, says how busy the machine is.
settings.register_profile("recollect", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("recollect")

pytest_plugins = [
    "tests.support.broker",
    "tests.support.elasticsearch",
    "tests.support.postgres",
    "tests.support.rabbitmq",
    "tests.support.redis",
]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked ``torch`` need the extra of that name."""
    if item.get_closest_marker("torch") and not (find_spec("torch") and find_spec("transformers")):
        missing("torch", "pip install 'recollect[torch]'")


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets; see RECOLLECT_DATA in CONTRIBUTING.md."""
    folder = Path(os.environ.get("RECOLLECT_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (folder / "beir").is_dir():
        missing(f"public data in {folder}", "set RECOLLECT_DATA to a folder with beir/NAME sets")
    return folder
