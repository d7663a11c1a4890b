"""What a worker does with a batch: index it, try it again, take it apart, or set it aside; never lose it."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from crawler.errors import MissingExtra, RecollectError
from indexer.document import Document
from indexer.errors import BadDocument, ManifestMismatch, StoreUnavailable, WrongWorker
from indexer.queue.config import TaskConfig
from indexer.queue.quarantine import Quarantine
from indexer.queue.target import Target, target_from_dict
from indexer.sink import Sink
from indexer.wire import document_from_dict, document_to_dict

logger = logging.getLogger(__name__)

INDEX, DELETE = "recollect.index", "recollect.delete"
Record = Mapping[str, Any]


class Work:
    """What a worker does with a message."""

    def __init__(
        self,
        app: Any,
        build_indexer: Callable[[], Sink] | None,
        config: TaskConfig,
        get_target: Callable[[], Target] | None = None,
    ) -> None:
        self._app = app
        self._get_target = get_target
        self._build = build_indexer
        self._config = config
        self._quarantine = Quarantine(app, config)
        self._sinks: dict[int, Sink] = {}
        self._own_target: Target | None = None

    def register(self) -> None:
        """Make the tasks known to the app."""
        index, delete = self._index, self._delete

        @self._app.task(name=INDEX, bind=True, shared=False, max_retries=None)  # type: ignore[untyped-decorator]
        def index_documents(
            task: Any, records: list[Record], deaths: int = 0, target: dict[str, str] | None = None
        ) -> None:
            index(task, records, deaths, target)

        @self._app.task(name=DELETE, bind=True, shared=False, max_retries=None)  # type: ignore[untyped-decorator]
        def delete_documents(task: Any, doc_ids: list[str], target: dict[str, str] | None = None) -> None:
            delete(task, doc_ids, target)

    def _index(self, task: Any, records: list[Record], deaths: int, target: dict[str, str] | None) -> None:
        from celery.exceptions import SoftTimeLimitExceeded

        if task.request.delivery_info.get("redelivered"):
            self._take_apart(task, records, deaths + 1, "its worker died", target)
            return
        try:
            self._check(target)
            documents = list(self._readable(records))
            report = self._sink().index(documents)
        except SoftTimeLimitExceeded:
            deaths = self._config.max_deaths if len(records) == 1 else deaths
            self._take_apart(task, records, deaths, "it takes too long", target)
        except (StoreUnavailable, WrongWorker) as error:
            raise self._again(task, error) from error
        except (ManifestMismatch, MissingExtra) as error:
            self._stop(task, error, (records, deaths, target))
        except Exception as error:  # noqa: BLE001 - whatever it is, the batch must not be lost
            self._set_aside(records, error)
        else:
            by_url = {document.head.url: document for document in documents}
            for url, reason in report.failed.items():
                self._quarantine.put(document_to_dict(by_url[url]), reason)
            logger.info("%d documents indexed, %d unchanged", report.indexed, report.unchanged)

    def _delete(self, task: Any, doc_ids: list[str], target: dict[str, str] | None) -> None:
        try:
            self._check(target)
            logger.info("%d documents deleted", self._sink().delete(doc_ids))
        except (StoreUnavailable, WrongWorker) as error:
            raise self._again(task, error) from error
        except (ManifestMismatch, MissingExtra) as error:
            self._stop(task, error, (doc_ids, target))

    def _check(self, target: dict[str, str] | None) -> None:
        """Raise WrongWorker for a batch that is meant for another index, or for vectors of another encoder."""
        wanted = target_from_dict(target)
        if wanted is None or self._get_target is None:
            return
        if self._own_target is None:
            self._own_target = self._get_target()
        if differences := wanted.differences(self._own_target):
            raise WrongWorker(
                f"A batch is refused: {'; '.join(differences)}",
                "Start a worker with the --store or --data and the encoder of the crawl that sent it",
            )

    def _sink(self) -> Sink:
        """One for each process: what is made before a fork does not survive it."""
        pid = os.getpid()
        if pid not in self._sinks:
            if self._build is None:
                raise RuntimeError("this app was made for sending only")
            self._sinks[pid] = self._build()
        return self._sinks[pid]

    def _readable(self, records: Iterable[Record]) -> Iterator[Document]:
        for record in records:
            try:
                yield document_from_dict(record)
            except BadDocument as error:
                self._quarantine.put(record, str(error))

    def _take_apart(
        self, task: Any, records: list[Record], deaths: int, why: str, target: dict[str, str] | None
    ) -> None:
        """Send each document again on its own, so that one at fault takes no others with it."""
        if deaths >= self._config.max_deaths:
            for record in records:
                self._quarantine.put(record, f"{why} ({deaths} times)")
            return
        logger.warning("a batch of %d is taken apart: %s", len(records), why)
        for record in records:
            task.apply_async(([record], deaths, target), priority=priority(self._app, is_urgent=False))

    def _again(self, task: Any, error: StoreUnavailable | WrongWorker) -> Exception:
        wait_s = min(self._config.first_retry_s * 2 ** min(task.request.retries, 20), self._config.longest_retry_s)
        level = logging.ERROR if isinstance(error, WrongWorker) else logging.WARNING
        logger.log(level, "%s; trying again in %.0f s", error, wait_s)
        retry: Exception = task.retry(exc=error, countdown=wait_s, throw=False)
        return retry

    def _stop(self, task: Any, error: RecollectError, payload: tuple[Any, ...]) -> None:
        """This worker is set up wrongly: give the work back and stop, instead of setting good documents aside."""
        logger.critical("This worker stops: %s", error)
        task.apply_async(payload, priority=priority(self._app, is_urgent=True))
        self._app.control.shutdown(destination=[task.request.hostname])

    def _set_aside(self, records: Iterable[Record], error: Exception) -> None:
        reason = str(error) if isinstance(error, RecollectError) else f"{type(error).__name__}: {error}"
        if not isinstance(error, RecollectError):
            logger.exception("a batch failed in a way that nobody foresaw")
        for record in records:
            self._quarantine.put(record, reason)


def priority(app: Any, is_urgent: bool) -> int:
    """Redis takes 0 first, RabbitMQ 9."""
    is_redis = app.connection_for_write().transport.driver_type == "redis"
    return 0 if is_urgent == is_redis else 9
