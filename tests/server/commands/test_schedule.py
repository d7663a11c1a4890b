"""recollect schedule, and the schedule that recollect serve keeps."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from crawler.visit.refusals import Refusals
from indexer.embedded.store import EmbeddedStore
from server.assemble import schedule_ledger
from server.places import refusals_path
from server.settings.config import load
from tests.server.conftest import Recollect
from tests.support.many_pages import write_pages
from tests.support.site import Site, serve
from tests.support.until import PATIENCE_S, until

__all__ = ["serve"]

RECOLLECT = Path(sys.executable).with_name("recollect")
SETTINGS = """
data: {data}
encoder: {{kind: hashing}}
scheduler: {{time_zone: Europe/Berlin, poll_s: 0.5}}
sites:
  - {{name: docs, seeds: "{seed}", schedule: "0 3 * * *", crawl: {{delay_s: 0.004, use_sitemaps: false}}}}
  - {{name: wiki, seeds: "http://127.0.0.1:9/", schedule: "@daily", crawl: {{max_retries: 0}}}}
"""

Serve = Callable[[Path], Site]


@pytest.fixture
def site(tmp_path: Path, serve: Serve) -> Site:
    return serve(write_pages(tmp_path / "site", 60))


@pytest.fixture
def file(tmp_path: Path, site: Site) -> Path:
    path = tmp_path / "recollect.yml"
    path.write_text(SETTINGS.format(data=tmp_path / "data", seed=site.at("/")), "utf-8")
    return path


@contextmanager
def started(*command: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A process with its children, killed at the end."""
    command = (RECOLLECT, *command)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def outcome(file: Path, name: str) -> str:
    with closing(schedule_ledger(load(file, environ={}))) as ledger:
        return ledger.record(name).outcome


def is_held(file: Path, name: str) -> bool:
    with closing(schedule_ledger(load(file, environ={}))) as ledger:
        return ledger.is_held(name)


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def test_a_site_is_crawled_at_once_and_listed(recollect: Recollect, file: Path, site: Site) -> None:
    before = recollect("schedule", "--list", "--json", "-c", file).json
    assert before["time_zone"] == "Europe/Berlin"
    assert [(entry["name"], entry["state"], entry["outcome"]) for entry in before["sites"]] == [
        ("docs", "idle", None),
        ("wiki", "idle", None),
    ]
    assert recollect("schedule", "--now", "docs", "-c", file).status == 0
    docs = recollect("schedule", "--list", "--json", "-c", file).json["sites"][0]
    assert (docs["outcome"], docs["counts"]["indexed"]) == ("done", 60)
    assert "T03:00:00+0" in docs["next"]
    shown = recollect("schedule", "--list", "-c", file).out
    assert "docs  0 3 * * *  (priority 5)" in shown
    assert "60 indexed" in shown


def test_status_and_why_tell_of_the_last_run_and_the_next(recollect: Recollect, file: Path, site: Site) -> None:
    assert [entry["outcome"] for entry in recollect("status", "--json", "-c", file).json["schedule"]] == [None, None]
    assert not (file.parent / "data").exists()
    assert recollect("schedule", "--now", "docs", "-c", file).status == 0
    docs = recollect("status", "--json", "-c", file).json["schedule"][0]
    assert (docs["outcome"], "T03:00:00+0" in docs["next"]) == ("done", True)
    shown = recollect("status", "-c", file).out
    assert "docs  0 3 * * *  (priority 5)" in shown
    assert "next  20" in shown
    ran = recollect("why", site.at("/"), "-c", file)
    assert "schedule  docs  0 3 * * *" in ran.out
    assert f"next  {docs['next'][:10]}" in ran.out


def test_what_a_scheduled_crawl_refuses_is_told_by_status_and_why(recollect: Recollect, file: Path, site: Site) -> None:
    recollect("schedule", "--now", "docs", "-c", file)
    pages = {url for url in (request.path for request in site.requests) if url.endswith(".html")}
    for path in pages:
        site.remove(path)
    assert recollect("schedule", "--now", "docs", "-c", file).status == 0
    status = recollect("status", "--json", "-c", file).json
    gone = status["gone_in_index"]
    assert gone >= 50
    assert f"{gone} pages that are gone stay in the index" in status["schedule"][0]["detail"]
    shown = recollect("status", "-c", file).out
    assert f"gone       {gone} pages, yet in the index" in shown
    assert "recollect crawl --yes removes them" in shown
    ran = recollect("why", site.at(sorted(pages)[-1]), "-c", file)
    assert "recollect crawl --yes then removes them" in ran.out
    assert f"{gone} pages that are gone stay in the index" in ran.out


def test_a_limit_that_ends_a_scheduled_crawl_is_reported(recollect: Recollect, file: Path, site: Site) -> None:
    file.write_text(
        file.read_text("utf-8").replace("use_sitemaps: false", "use_sitemaps: false, max_pages: 5"), "utf-8"
    )
    recollect("schedule", "--now", "docs", "-c", file)
    assert "URLs are left: crawl.max_pages" in recollect("status", "-c", file).out


def test_a_crawl_that_fails_is_an_error_that_is_listed(recollect: Recollect, file: Path) -> None:
    ran = recollect("schedule", "--now", "wiki", "-c", file)
    assert ran.status == 1
    assert "wiki: failed" in ran.err
    assert "127.0.0.1:9" in recollect("schedule", "--list", "-c", file).out
    assert Refusals(refusals_path(load(file, environ={}))).find("http://127.0.0.1:9/") is not None


def test_a_site_that_is_not_there_is_named_with_the_nearest(recollect: Recollect, file: Path) -> None:
    ran = recollect("schedule", "--now", "doc", "-c", file)
    assert (ran.status, "Did you mean 'docs'?" in ran.err) == (1, True)


def test_a_site_that_another_process_crawls_is_not_begun(recollect: Recollect, file: Path, site: Site) -> None:
    with started("schedule", "-c", file):
        until(lambda: is_held(file, "docs"))
        ran = recollect("schedule", "--now", "docs", "-c", file)
    assert ran.status == 1
    assert "another process" in ran.err


def test_without_a_schedule_there_is_nothing_to_keep(recollect: Recollect) -> None:
    ran = recollect("schedule", "--data", "d")
    assert ran.status == 1
    assert 'schedule: "0 3 * * *"' in ran.err
    assert "No site is configured" in recollect("schedule", "--list", "--data", "d").out


def test_the_schedule_is_kept_until_it_is_told_to_stop_and_goes_on_after_a_kill(file: Path, site: Site) -> None:
    with started("schedule", "-c", file) as killed:
        until(lambda: len(site.requests) > 20)
        killed.kill()
    with started("schedule", "-c", file) as process:
        until(lambda: outcome(file, "docs") == "done" and outcome(file, "wiki") == "failed")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
    with closing(EmbeddedStore(file.parent / "data")) as store:
        assert store.count().documents == 60


def test_a_server_crawls_what_is_due_while_it_answers_and_finds_the_new_pages(file: Path, site: Site) -> None:
    with started("serve", "-c", file, "--port", "0") as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]

        def found() -> bool:
            with suppress(urllib.error.HTTPError):
                return bool(fetch(address + "api/v1/search?q=badger+number+59&mode=lexical")["hits"])
            return False

        until(found)
        until(lambda: outcome(file, "wiki"))
        schedule = fetch(address + "health")["schedule"]
        assert schedule["ok"]
        assert {entry["name"] for entry in schedule["sites"]} == {"docs", "wiki"}
        assert "127.0.0.1:9" not in json.dumps(schedule)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: not is_held(file, ".scheduler"))


def test_a_server_may_leave_the_schedule_alone(file: Path, site: Site) -> None:
    with started("serve", "-c", file, "--port", "0", "--no-schedule") as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with suppress(urllib.error.HTTPError):
            fetch(address + "health")
        assert not is_held(file, ".scheduler")
    assert site.requests == []
