"""The fuzz run: it notices what goes wrong, and the parsers stand a short one."""

import os
import random
import time
from pathlib import Path

from benchmarks.fuzz import Child, fuzz, mutated


def fragile(data: bytes) -> None:
    """Raises, hangs or dies as it is told."""
    if data == b"raise":
        raise ValueError("broken here")
    if data == b"hang":
        time.sleep(60)
    if data == b"die":
        os.abort()


def test_errors_hangs_and_crashes_are_told_and_the_run_goes_on() -> None:
    child = Child(fragile)
    try:
        assert child.run(b"fine", 30.0) == ""
        assert "ValueError: broken here" in child.run(b"raise", 30.0)
        assert "crashes the process" in child.run(b"die", 30.0)
        assert child.run(b"fine", 30.0) == ""
        assert "hangs" in child.run(b"hang", 0.5)
    finally:
        child.close()


def test_cases_are_the_same_for_the_same_seed() -> None:
    samples = [b"<p>one</p>", b"<table><tr><td>two"]
    one, two = ([mutated(random.Random(seed), samples[0], samples) for seed in range(50)] for _ in range(2))
    assert one == two
    assert len(set(one)) > 25


def test_parsers_stand_a_short_run(tmp_path: Path) -> None:
    report = fuzz(None, tmp_path, seconds=3.0, seed=7)
    assert set(report.cases) == {"html", "robots", "sitemap", "url", "document"}
    assert report.found == []
