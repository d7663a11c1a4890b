"""Celery beat and workers on a real Redis and on a real RabbitMQ crawl what is due."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from celery.contrib.testing.worker import start_worker

from crawler.config import CrawlConfig
from indexer.embedded.store import EmbeddedStore
from indexer.errors import StoreUnavailable
from indexer.queue.config import TaskConfig
from indexer.queue.tasks import make_app
from server.assemble import make_task_app, schedule_ledger
from server.installation import Installation
from server.ledger.record import Record
from server.schedule.beat import make_beat, send, send_due
from server.schedule.plan import Plan, Run
from server.schedule.worker import WorkerSlices
from server.settings.choices import EncoderConfig
from server.settings.config import Config, load
from server.settings.sites import SchedulerConfig, SiteConfig
from tests.support.many_pages import write_pages
from tests.support.site import Site, serve
from tests.support.until import PATIENCE_S, until
from tests.support.working import logging_as_it_was

__all__ = ["serve"]

GENTLE = CrawlConfig(delay_s=0.004, use_sitemaps=False)

Serve = Callable[[Path], Site]


def config_of(folder: Path, broker: str, *sites: SiteConfig, **scheduler: float) -> Config:
    name = uuid4().hex
    return Config(
        sites=sites,
        data=folder / "data",
        broker=broker,
        encoder=EncoderConfig("hashing"),
        queue=TaskConfig(f"index-{name}", f"dead-{name}", crawl_queue=f"crawl-{name}"),
        scheduler=SchedulerConfig(**scheduler),  # type: ignore[arg-type]
    )


def record_of(config: Config, name: str) -> Record:
    with closing(schedule_ledger(config)) as ledger:
        return ledger.record(name)


def words(config: Config, word: str) -> int:
    with closing(EmbeddedStore(config.data)) as store:
        return sum(head.title.startswith(word) for head in store.scan()) if store.manifest() else 0


@contextmanager
def beating(config: Config) -> Iterator[None]:
    """Celery beat in a thread, with short sleeps so that it ends soon."""
    with closing(schedule_ledger(config)) as ledger:
        app = make_task_app(config)
        service = make_beat(app, config, Plan(config.all_sites(), ledger, config.scheduler, time.time))
        service.remote_control = False
        tick = service.scheduler.tick
        service.scheduler.tick = lambda: min(tick(), 0.1)
        thread = threading.Thread(target=service.start)
        thread.start()
        try:
            yield
        finally:
            service.stop()
            thread.join(PATIENCE_S)
            app.close()
    assert not thread.is_alive()


@contextmanager
def working(config: Config) -> Iterator[None]:
    """A worker in a thread of this process, one task at a time."""
    with Installation(config, is_writing=True) as installation:
        crawl_slice = WorkerSlices(config, installation.indexer)
        app = make_app(config.broker, installation.indexer, config.queue, crawl_slice)
        app.conf.broker_heartbeat = 1  # so that it looks every half second whether it is to stop, on RabbitMQ too
        queues = [config.queue.queue, config.queue.crawl_queue]
        with (
            logging_as_it_was(),
            start_worker(app, perform_ping_check=False, queues=queues, shutdown_timeout=30, pool="threads"),
        ):
            yield
        app.close()


def test_beat_sends_what_is_due_and_a_huge_site_does_not_keep_a_small_one_waiting(
    tmp_path: Path, serve: Serve, broker_url: str
) -> None:
    huge = serve(write_pages(tmp_path / "huge", 400, "whale"))
    small = serve(write_pages(tmp_path / "small", 10, "shrew"))
    config = config_of(
        tmp_path,
        broker_url,
        SiteConfig("huge", (huge.at("/"),), ("@daily",), priority=6, crawl=GENTLE),
        SiteConfig("small", (small.at("/"),), ("@daily",), crawl=GENTLE),
        slice_s=0.3,
    )
    with beating(config), working(config):
        until(lambda: record_of(config, "small").outcome)
        assert record_of(config, "huge").run_id, "the huge one was done first"
        assert words(config, "shrew") == 10
        until(lambda: record_of(config, "huge").outcome)
    assert words(config, "whale") == 400


def test_a_message_of_a_run_that_has_ended_is_dropped(tmp_path: Path, serve: Serve, broker_url: str) -> None:
    site = serve(write_pages(tmp_path / "site", 3))
    config = config_of(tmp_path, broker_url, SiteConfig("site", (site.at("/"),), ("@daily",)))
    app = make_task_app(config)
    with closing(schedule_ledger(config)) as ledger, working(config):
        run = Plan(config.all_sites(), ledger, config.scheduler, time.time).take("site")
        assert run is not None
        send(app, config, run)
        until(lambda: record_of(config, "site").outcome)
        requests = len(site.requests)
        send(app, config, run)
        send(app, config, Run("no-such-site", "1"))
        until(lambda: waiting(config) == 0)
    assert len(site.requests) == requests
    app.close()


def waiting(config: Config) -> int:
    with closing(make_task_app(config)) as app, app.connection_for_write() as connection:
        queue = app.amqp.queues[config.queue.crawl_queue].bind(connection.default_channel)
        return int(queue.queue_declare().message_count)


def test_what_cannot_be_sent_is_due_again(tmp_path: Path, broker_url: str) -> None:
    config = config_of(tmp_path, broker_url, SiteConfig("site", ("http://127.0.0.1:9/",), ("@daily",)))

    def refuse(_: Run) -> None:
        raise StoreUnavailable("The queue does not answer")

    sent: list[str] = []
    with closing(schedule_ledger(config)) as ledger:
        plan = Plan(config.all_sites(), ledger, config.scheduler, time.time)
        assert send_due(refuse, plan, 7) == 7
        send_due(lambda run: sent.append(run.site), plan, 7)
        send_due(lambda run: sent.append(run.site), plan, 7)
    assert sent == ["site"]


def test_a_broker_that_does_not_answer_is_told_of_and_tried_again(tmp_path: Path) -> None:
    config = config_of(tmp_path, "redis://127.0.0.1:9/0", SiteConfig("site", ("http://127.0.0.1:9/",), ("@daily",)))
    with closing(schedule_ledger(config)) as ledger:
        plan = Plan(config.all_sites(), ledger, config.scheduler, time.time)
        assert send_due(lambda run: None, plan, 7) == 7


SETTINGS = """
data: {data}
broker: {broker}
encoder: {{kind: hashing}}
queue: {{queue: index-{name}, quarantine: dead-{name}, crawl_queue: crawl-{name}}}
scheduler: {{lock_expiry_s: 1, poll_s: 0.5}}
sites:
  - {{name: site, seeds: "{seed}", schedule: "@daily", crawl: {{delay_s: 0.01, use_sitemaps: false}}}}
"""


@contextmanager
def started(*command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its children, killed at the end."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_a_killed_worker_is_replaced_and_its_crawl_goes_on(tmp_path: Path, serve: Serve, broker_url: str) -> None:
    site = serve(write_pages(tmp_path / "site", 150))
    file = tmp_path / "recollect.yml"
    settings = {"data": tmp_path / "data", "broker": broker_url, "name": uuid4().hex, "seed": site.at("/")}
    file.write_text(SETTINGS.format(**settings), "utf-8")
    recollect = Path(sys.executable).with_name("recollect")
    config = load(file)
    with started(recollect, "schedule", "--config", file) as beat:
        with started(recollect, "worker", "--config", file):
            until(lambda: len(site.requests) > 30)
        with started(recollect, "worker", "--config", file):
            until(lambda: record_of(config, "site").outcome)
        beat.send_signal(signal.SIGTERM)
        assert beat.wait(PATIENCE_S) == 0
    assert record_of(config, "site").outcome == "done"
    assert words(config, "badger") == 150
