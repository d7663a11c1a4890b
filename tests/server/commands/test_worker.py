"""A crawl that hands its pages to a worker through a real Redis leaves the same index as one that does not."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.server.conftest import Indexed, Recollect
from tests.support.redis import redis_url
from tests.support.site import INDEXABLE, Site, serve, site
from tests.support.until import PATIENCE_S, until

__all__ = ["redis_url", "serve", "site"]

pytestmark = pytest.mark.redis


@contextmanager
def worker(*options: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """``recollect worker`` in a process of its own."""
    command = [Path(sys.executable).with_name("recollect"), "worker", *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)


def test_a_worker_indexes_what_a_crawl_hands_over(
    recollect: Recollect, indexed: Indexed, site: Site, redis_url: str, tmp_path: Path
) -> None:
    broker = f"{redis_url}/7"
    options = ("--broker", broker, "--data", tmp_path / "index")
    report = recollect("crawl", site.at("/"), *options, "--json").json
    assert (report["queued"], report["indexed"]) == (len(INDEXABLE), 0)
    assert recollect("status", *options, "--json").json["queue"]["waiting_batches"] > 0
    lonely = recollect("doctor", *options)
    assert "no worker does. Start one with: recollect worker" in " ".join(lonely.out.split())
    with worker(*options):
        until(lambda: recollect("status", *options, "--json").json["documents"] == len(INDEXABLE))
        assert recollect("status", *options, "--json").json["queue"]["workers"] == 1
    found = recollect("search", "restore a single file", "--data", tmp_path / "index", "--json").json
    same = recollect("search", "restore a single file", "--data", indexed.data, "--json").json
    # Of two equal pages the one that came first is indexed.
    paths = [[hit["path"].replace("copy-of-", "") for hit in of["hits"]] for of in (found, same)]
    assert paths[0] == paths[1]


def test_a_broker_that_does_not_answer_is_one_line(recollect: Recollect, site: Site) -> None:
    ran = recollect("crawl", site.at("/"), "--broker", "redis://:secret@127.0.0.1:9/0", "--data", "d")
    assert ran.status == 1
    assert "127.0.0.1:9" in ran.err
    assert "secret" not in ran.err
    assert "Traceback" not in ran.err


def test_an_embedded_index_takes_one_worker_process(recollect: Recollect) -> None:
    ran = recollect("worker", "--broker", "redis://127.0.0.1:9/0", "--data", "d", "--concurrency", "2")
    assert ran.status == 1
    assert "one writer" in ran.err
