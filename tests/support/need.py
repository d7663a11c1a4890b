"""A test that lacks a server skips visibly; with RECOLLECT_TEST_REQUIRE=all it fails instead."""

import os
from typing import NoReturn

import pytest


def missing(what: str, install: str) -> NoReturn:
    """Skip (or, where everything is required, fail) because ``what`` is absent; says how to get it."""
    message = f"{what} is missing; to run this test: {install}"
    if os.environ.get("RECOLLECT_TEST_REQUIRE") == "all":
        pytest.fail(message)
    pytest.skip(message)
