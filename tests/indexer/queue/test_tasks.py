"""Workers on a real Redis and on a real RabbitMQ: the same index as without them, and nothing lost."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.errors import StoreUnavailable
from indexer.index import Indexer
from indexer.queue.config import TaskConfig
from indexer.queue.quarantine import Quarantine
from indexer.queue.target import Target
from indexer.queue.tasks import QueuedIndexer, count_workers, make_app
from indexer.sink import IndexReport
from tests.support import rabbitmq
from tests.support.broker import BROKERS
from tests.support.need import missing
from tests.support.redis import running
from tests.support.until import PATIENCE_S, until
from tests.support.working import working

ROOT = Path(__file__).parents[3]


def document(number: int, text: str = "") -> Document:
    url = f"https://example.com/{number}"
    sections = place_sections([Section(text or f"Passage of document {number}, about badgers and ferns.", ("Top",))])
    return Document(
        Head(doc_id_of(url), url, f"Document {number}", f"hash {number} {text}", site="example.com"), sections
    )


@pytest.fixture
def config() -> TaskConfig:
    name = uuid.uuid4().hex
    return TaskConfig(f"index-{name}", f"dead-{name}", batch_documents=4, first_retry_s=0.05, longest_retry_s=0.2)


@pytest.fixture(params=BROKERS)
def killers_broker_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """For those who kill workers: on Redis, what a killed worker held goes back by the clock of whoever looks."""
    if request.param == "rabbitmq":
        yield str(request.getfixturevalue("rabbitmq_url"))
        return
    if shutil.which("redis-server") is None:
        missing("redis-server", "apt-get install redis-server")
    with running() as url:
        yield url


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@contextmanager
def indexer_of(folder: Path) -> Iterator[Indexer]:
    store = EmbeddedStore(folder, writable=True)
    yield Indexer(store, HashingEncoder())
    store.close()


def contents(folder: Path) -> list[tuple[Head, list[object]]]:
    store = EmbeddedStore(folder)
    try:
        return [(head, list(store.passages(head.doc_id))) for head in store.scan()]
    finally:
        store.close()


@contextmanager
def said(name: str) -> Iterator[list[str]]:
    """What a logger says; a worker takes the handlers of pytest away, and the level of the root logger."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, logger = Keep(), logging.getLogger(name)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


def has_said(lines: list[str], words: str, times: int) -> bool:
    return sum(words in line for line in lines) >= times


class Recorder:
    """A sink in memory which fails as it is told: the only way to have a store fail at will, and then not."""

    def __init__(self, failures: Sequence[Exception] = (), bad: Iterable[str] = ()) -> None:
        self.failures = list(failures)
        self.bad = set(bad)
        self.urls: list[str] = []
        self.deleted: list[str] = []

    def index(self, documents: Iterable[Document]) -> IndexReport:
        if self.failures:
            raise self.failures.pop(0)
        urls = [d.head.url for d in documents]
        self.urls += [url for url in urls if url not in self.bad]
        return IndexReport(indexed=len(urls), failed={url: "it is bad" for url in urls if url in self.bad})

    def delete(self, doc_ids: Sequence[str]) -> int:
        if self.failures:
            raise self.failures.pop(0)
        self.deleted += doc_ids
        return len(doc_ids)


@pytest.fixture
def sender(broker_url: str, config: TaskConfig) -> Iterator[QueuedIndexer]:
    queued = QueuedIndexer(make_app(broker_url, config=config), config)
    yield queued
    queued.close()


@pytest.fixture
def quarantine(broker_url: str, config: TaskConfig) -> Iterator[Quarantine]:
    app = make_app(broker_url, config=config)
    yield Quarantine(app, config)
    app.close()


def test_workers_make_the_same_index(
    broker_url: str, config: TaskConfig, sender: QueuedIndexer, index: Path, tmp_path: Path
) -> None:
    documents = [document(n) for n in range(20)]
    changed = document(3, "Document 3 has changed and now speaks of otters.")
    with indexer_of(tmp_path / "here") as here:
        here.index(documents)
        here.index([changed])
        here.delete([documents[5].head.doc_id])
    with indexer_of(index) as there:
        assert sender.index(documents) == IndexReport(queued=20)
        assert sender.waiting() == 5
        with working(broker_url, config, there):
            until(lambda: len(contents(index)) == 20)
            sender.index([changed])
            sender.delete([documents[5].head.doc_id])
            expected = contents(tmp_path / "here")
            until(lambda: contents(index) == expected)


def test_a_store_that_goes_away_and_comes_back_is_tried_again(
    broker_url: str, config: TaskConfig, sender: QueuedIndexer, quarantine: Quarantine
) -> None:
    recorder = Recorder([StoreUnavailable("The store is away")] * 4)
    sender.index([document(1)])
    sender.delete(["a"])
    with working(broker_url, config, recorder):
        until(lambda: bool(recorder.urls and recorder.deleted))
    assert recorder.urls == [document(1).head.url]
    assert recorder.deleted == ["a"]
    assert quarantine.count() == 0


def test_bad_documents_are_set_aside_with_their_reason(
    broker_url: str, config: TaskConfig, sender: QueuedIndexer, quarantine: Quarantine
) -> None:
    recorder = Recorder(bad=[document(2).head.url])
    sender.index([document(1), document(2), document(3)])
    with working(broker_url, config, recorder):
        until(lambda: quarantine.count() == 1)
    assert recorder.urls == [document(1).head.url, document(3).head.url]
    assert [(record["head"]["url"], reason) for record, reason in quarantine.take_all()] == [
        (document(2).head.url, "it is bad")
    ]
    assert quarantine.count() == 0


def test_a_batch_that_fails_unforeseen_is_set_aside_and_the_next_one_indexed(
    broker_url: str, config: TaskConfig, sender: QueuedIndexer, quarantine: Quarantine
) -> None:
    recorder = Recorder([ZeroDivisionError("no number")])
    sender.index([document(n) for n in range(8)])
    with working(broker_url, config, recorder):
        until(lambda: len(recorder.urls) == 4)
    assert [reason for _, reason in quarantine.take_all()] == ["ZeroDivisionError: no number"] * 4


def test_a_worker_of_another_index_refuses_a_batch_and_the_right_one_takes_it(
    broker_url: str, config: TaskConfig, quarantine: Quarantine
) -> None:
    config = replace(config, first_retry_s=0.2, longest_retry_s=0.2)
    target = Target("/data/a", "bundled")
    sender = QueuedIndexer(make_app(broker_url, config=config), config, target)
    wrong, right = Recorder(), Recorder()
    sender.index([document(1)])
    sender.delete(["a"])
    cases = {"index is /data/a, this worker's /data/b": Target("/data/b", "bundled")}
    cases["encoder is bundled, this worker's hashing"] = Target("/data/a", "hashing")
    for words, other in cases.items():
        with said("indexer.queue.work") as lines, working(broker_url, config, wrong, other):
            until(partial(has_said, lines, words, 2))
        assert all("Start a worker with the --store or --data" in line for line in lines if words in line)
    with working(broker_url, config, right, target):
        until(lambda: bool(right.urls and right.deleted))
    sender.close()
    assert not wrong.urls and not wrong.deleted
    assert (right.urls, right.deleted) == ([document(1).head.url], ["a"])
    assert quarantine.count() == 0


def test_sending_waits_while_the_queue_is_full(broker_url: str, config: TaskConfig) -> None:
    config = replace(config, max_waiting_batches=2)
    recorder = Recorder()
    sender = QueuedIndexer(make_app(broker_url, config=config), config)
    sent = threading.Thread(target=lambda: sender.index(document(n) for n in range(20)), daemon=True)
    with said("indexer.queue.tasks") as lines:
        sent.start()
        until(partial(has_said, lines, "2 batches wait for the workers", 1))
    assert sender.waiting() == 2
    assert sent.is_alive()
    with working(broker_url, config, recorder):
        until(lambda: len(recorder.urls) == 20)
    sent.join()
    sender.close()


def test_sending_gives_up_when_nobody_takes_anything(broker_url: str, config: TaskConfig) -> None:
    config = replace(config, max_waiting_batches=1, max_wait_s=0.3)
    sender = QueuedIndexer(make_app(broker_url, config=config), config)
    with pytest.raises(StoreUnavailable, match="recollect worker"):
        sender.index(document(n) for n in range(20))
    sender.close()


@pytest.mark.redis
def test_the_oldest_batch_that_waits_is_told_of_by_redis(redis_url: str, config: TaskConfig) -> None:
    before = datetime.now(UTC)
    senders = [
        QueuedIndexer(make_app(redis_url, config=config), config, is_urgent=is_urgent) for is_urgent in (False, True)
    ]
    assert senders[0].oldest() is None
    senders[0].index([document(1)])
    first = senders[0].oldest()
    assert first is not None
    assert before <= first <= datetime.now(UTC)
    # What is worked on sooner is not what waits longest.
    senders[1].index([document(2)])
    senders[0].index([document(3)])
    assert senders[1].oldest() == first
    with working(redis_url, config, recorder := Recorder()):
        until(lambda: len(recorder.urls) == 3)
    assert senders[0].oldest() is None
    for sender in senders:
        sender.close()


@pytest.mark.rabbitmq
def test_a_broker_that_does_not_tell_keeps_its_messages(rabbitmq_url: str, config: TaskConfig) -> None:
    sender = QueuedIndexer(make_app(rabbitmq_url, config=config), config)
    sender.index([document(1)])
    assert sender.oldest() is None
    with working(rabbitmq_url, config, recorder := Recorder()):
        until(lambda: bool(recorder.urls))
    sender.close()


def test_urgent_documents_overtake_others(broker_url: str, config: TaskConfig, sender: QueuedIndexer) -> None:
    recorder = Recorder()
    urgent = QueuedIndexer(make_app(broker_url, config=config), config, is_urgent=True)
    sender.index([document(1)])
    urgent.index([document(2)])
    with working(broker_url, config, recorder):
        until(lambda: len(recorder.urls) == 2)
    assert recorder.urls == [document(2).head.url, document(1).head.url]
    urgent.close()


@pytest.mark.parametrize("url", ["redis://:secret@127.0.0.1:9/0", "amqp://me:secret@127.0.0.1:9//"])
def test_a_broker_that_is_away_is_reported_without_its_password(url: str) -> None:
    sender = QueuedIndexer(make_app(url))
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9") as caught:
        sender.index([document(1)])
    assert "secret" not in str(caught.value)
    sender.close()


@pytest.mark.rabbitmq
def test_a_batch_that_was_handed_over_outlives_a_broker_whose_power_fails(config: TaskConfig, tmp_path: Path) -> None:
    with rabbitmq.running(tmp_path) as broker:
        sender = QueuedIndexer(make_app(broker.url, config=config), config)
        sender.index([document(n) for n in range(40)])
        broker.kill()
        sender.close()
    with rabbitmq.running(tmp_path) as broker:
        sender = QueuedIndexer(make_app(broker.url, config=config), config)
        assert sender.waiting() == 10
        sender.close()


WORKER = """
import os, signal, sys
from pathlib import Path
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.embedded.store import EmbeddedStore
from indexer.queue.tasks import make_app, run_worker
from indexer.queue.config import TaskConfig

url, folder, queue, dead, dies_at = sys.argv[1:]
config = TaskConfig(queue, dead, soft_limit_s=1, hard_limit_s=1.5, longest_retry_s=1, visibility_timeout_s=2)

class Mortal(Indexer):
    def index(self, documents):
        if any("deadly" in d.text for d in documents):
            os.kill(os.getpid(), signal.SIGKILL)
        report = super().index(documents)
        if store.count().documents >= int(dies_at):  # stored, but not yet acknowledged
            os.killpg(0, signal.SIGKILL)
        return report

def build():
    global store
    store = EmbeddedStore(Path(folder), writable=True)
    return Mortal(store, HashingEncoder())

sys.exit(run_worker(make_app(url, build, config), 1, config))
"""


@contextmanager
def worker_process(
    url: str, folder: Path, config: TaskConfig, dies_at: int = sys.maxsize
) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker with a process of its own for the work; all of it is gone afterwards.

    It is killed as soon as so many documents are stored as it ``dies_at``.
    """
    command = [sys.executable, "-c", WORKER, url, str(folder), config.queue, config.quarantine, str(dies_at)]
    with (folder.parent / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, cwd=Path(__file__).parents[3]
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_killing_workers_in_the_middle_loses_nothing(killers_broker_url: str, config: TaskConfig, index: Path) -> None:
    documents = [document(n) for n in range(40)]
    sender = QueuedIndexer(make_app(killers_broker_url, config=config), config)
    sender.index(documents)
    for wanted in (4, 16):
        with worker_process(killers_broker_url, index, config, dies_at=wanted) as process:
            assert process.wait(PATIENCE_S) == -signal.SIGKILL
        assert wanted <= len(contents(index)) < 40
    with worker_process(killers_broker_url, index, config):
        until(lambda: len(contents(index)) == 40)
    sender.close()
    assert {head.doc_id for head, _ in contents(index)} == {d.head.doc_id for d in documents}
    assert all(len(passages) == 1 for _, passages in contents(index))


def test_a_document_that_kills_its_worker_ends_in_quarantine_alone(
    killers_broker_url: str, config: TaskConfig, index: Path
) -> None:
    deadly = document(2, "This is deadly.")
    sender = QueuedIndexer(make_app(killers_broker_url, config=config), config)
    quarantine = Quarantine(make_app(killers_broker_url, config=config), config)
    sender.index([document(1), deadly, document(3)])
    with worker_process(killers_broker_url, index, config):
        until(lambda: count_workers(make_app(killers_broker_url, config=config)) == 1)
        until(lambda: quarantine.count() == 1 and len(contents(index)) == 2)
    ((record, reason),) = quarantine.take_all()
    sender.close()
    assert record["head"]["url"] == deadly.head.url
    assert "worker died" in reason
