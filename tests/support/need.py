"""A test that lacks a server skips visibly; with RECOLLECT_TEST_REQUIRE=all it fails instead."""

import os
from importlib.util import find_spec
from typing import NoReturn

import pytest


def missing(what: str, install: str) -> NoReturn:
    """Skip (or, where everything is required, fail) because ``what`` is absent; says how to get it."""
    message = f"{what} is missing; to run this test: {install}"
    if os.environ.get("RECOLLECT_TEST_REQUIRE") == "all":
        pytest.fail(message)
    pytest.skip(message)


def module(name: str, install: str) -> None:
    """Skip or fail where the Python module ``name`` is not installed."""
    if find_spec(name) is None:
        missing(name, install)
