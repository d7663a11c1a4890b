"""Several workers as one server: what they share, how they are renewed, and how they end."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.workers.conftest import SETTINGS, TIMEOUT_S, Served
from tests.support.until import until


def counted(served: Served, name: str, **labels: str) -> float:
    families = text_string_to_metric_families(served.get("metrics").text)
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def test_workers_count_together_and_one_that_dies_is_begun_anew(served: Served) -> None:
    assert len(served.pids()) == 2
    before = counted(served, "recollect_http_requests_total", route="/api/v1/search")
    with ThreadPoolExecutor(4) as askers:
        answers = list(askers.map(served.get, ["api/v1/search?q=tern"] * 20))
    assert {answer.status_code for answer in answers} == {200}
    assert counted(served, "recollect_http_requests_total", route="/api/v1/search") == before + 20
    for pid in served.pids():
        os.kill(pid, signal.SIGKILL)
    until(lambda: served.workers()["restarts"] == 2 and served.is_whole())
    assert counted(served, "recollect_http_requests_total", route="/api/v1/search") == before + 20
    assert counted(served, "recollect_http_requests_under_way") == 1


def test_new_settings_take_over_and_no_request_fails(served: Served) -> None:
    before = served.pids()
    is_over = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        with httpx.Client(timeout=TIMEOUT_S, headers=served.headers) as client:
            while not is_over.is_set():
                statuses.append(client.get(f"{served.url}api/v1/search?q=tern").status_code)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    served.file.write_text(SETTINGS.replace("Birds", "Seabirds").replace("workers: 2", "workers: 3"), "utf-8")
    ran = served.recollect("reload")
    assert (ran.returncode, ran.stdout) == (0, "Reloaded\n"), ran.stderr
    assert "Seabirds" in served.get("").text
    until(served.is_whole)
    is_over.set()
    for asker in askers:
        asker.join()
    assert set(statuses) == {200}
    assert len(served.pids()) == 3
    assert not served.pids() & before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (SETTINGS.replace("workers: 2", "workers: many"), "serve.workers is 'many', expected a whole number (line 4"),
        (SETTINGS.replace("  title", "  titel"), "unknown key 'serve.titel' (line 5"),
        (SETTINGS.replace("kind: hashing", "kind: [hashing"), "line 1"),
    ],
)
def test_settings_that_are_wrong_are_refused(served: Served, wrong: str, said: str) -> None:
    before = served.pids()
    served.file.write_text(wrong, "utf-8")
    refused = served.post("api/v1/reload")
    assert refused.status_code == 409
    assert said in refused.json()["detail"]
    assert served.pids() == before


def test_a_server_does_not_move(served: Served) -> None:
    served.file.write_text(f"{SETTINGS}  host: 0.0.0.0\n", "utf-8")
    ran = served.recollect("reload")
    assert ran.returncode == 1
    assert "serve.host was 127.0.0.1 and is 0.0.0.0" in ran.stderr


def test_the_settings_are_taken_by_a_route_and_by_a_signal(served: Served) -> None:
    served.file.write_text(SETTINGS.replace("Birds", "Gulls"), "utf-8")
    assert served.post("api/v1/reload").status_code == 204
    # Whoever asks from now on is answered anew: all at once, so that no worker at work stays unasked.
    with ThreadPoolExecutor(8) as askers:
        pages = list(askers.map(served.get, [""] * 24))
    assert all("Gulls" in page.text for page in pages)
    served.file.write_text(SETTINGS.replace("Birds", "Shorebirds"), "utf-8")
    os.kill(served.process.pid, signal.SIGHUP)
    until(lambda: "Shorebirds" in served.get("").text)


def test_workers_end_with_their_supervisor(own: Served) -> None:
    workers = [psutil.Process(pid) for pid in own.pids()]
    own.process.kill()
    assert psutil.wait_procs(workers, timeout=TIMEOUT_S)[1] == []
    assert "No server" in own.recollect("reload").stderr


def test_a_request_to_stop_ends_all_in_order(own: Served) -> None:
    workers = [psutil.Process(pid) for pid in own.pids()]
    own.process.terminate()
    assert own.process.wait(TIMEOUT_S) == 0
    assert psutil.wait_procs(workers, timeout=TIMEOUT_S)[1] == []
    assert not list((own.folder / "recollect-data" / "serving").iterdir())
