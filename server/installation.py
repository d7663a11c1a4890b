"""One installation: its parts, made at first use and shared by all threads."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from indexer.encoder import Encoder
from indexer.errors import EncoderError, ManifestMismatch
from indexer.index import Indexer
from indexer.manifest import ANEW
from indexer.sink import Sink
from indexer.store import Store
from rag.converse import Conversation
from rag.dialogue.memory import DialogueMemory
from rag.recall.recall import Recall
from rag.respond import Responder
from ranker.config import RankConfig, RerankConfig
from ranker.fusion.background import fitted_to
from ranker.rank import Ranker
from ranker.reader import ScoringReader
from ranker.scorer import Scorer
from ranker.steering import SteerConfig
from server import assemble
from server.doors.doors import Doors
from server.errors import NoIndex, NotReloaded
from server.page_facts import keep_current
from server.places import elasticsearch_config, place_of_index, pushed_path
from server.pushing.pushes import Pushes
from server.pushing.spool import Spool
from server.querylog.log import QueryLog
from server.served import ServedRanker, ServedResponder
from server.settings.config import Config
from server.settings.digest import digest
from server.sharing.message import Word
from server.sharing.shared import Shared
from server.watching.metrics import Metrics
from server.watching.traces import Traces

T = TypeVar("T")
log = logging.getLogger(__name__)
STEERED = ("ranker", "answering ranker", "responder", "conversation")
"""Parts that follow the rules of ``rank.steer``; they hold nothing that would have to be closed."""


class Installation:
    """The parts of one installation, each made at first use and shared by all threads; closing it closes them."""

    def __init__(
        self,
        config: Config,
        *,
        is_writing: bool = False,
        is_measured: bool = False,
        config_file: Path | None = None,
        shared: Shared | None = None,
    ) -> None:
        """``is_measured``: nothing is remembered of earlier queries, so that times are those of new ones.

        ``config_file`` is where the settings are from, for those who change them; ``shared`` what it has in common
        with other workers of a server.
        """
        self._shared = shared
        self._config = config
        self._config_file = config_file
        self._is_measured = is_measured
        self._is_writing = is_writing
        self._metrics: Metrics | None = None
        self._parts: dict[str, Any] = {}
        # One part makes others, so the same thread must be able to come in again.
        self._making = threading.RLock()

    @property
    def config(self) -> Config:
        """The settings of this installation."""
        return self._config

    @property
    def config_file(self) -> Path | None:
        """The file that the settings are from; None where there is none."""
        return self._config_file

    @property
    def shared(self) -> Shared | None:
        """What the workers of a server have in common; None where this process serves alone."""
        return self._shared

    def reload(self) -> None:
        """Begin anew with the settings as they are now. Raises NotReloaded; then all is as before."""
        if self._shared is None:
            raise NotReloaded("This process serves alone", "Start it with: recollect serve")
        if refusal := self._shared.ask(Word.RELOAD, None):
            raise NotReloaded(*refusal)

    def steer(self, rules: SteerConfig) -> None:
        """Search by these rules from now on, in all workers; searches under way end as they began."""
        self.follow(rules)
        if self._shared is not None and (refusal := self._shared.ask(Word.STEER, rules)):
            log.warning("other workers search by other rules: %s", refusal[0])

    def follow(self, rules: SteerConfig) -> None:
        """The same in this process alone."""
        with self._making:
            self._config = replace(self._config, rank=replace(self._config.rank, steer=rules))
            for name in STEERED:
                self._parts.pop(name, None)

    def store(self) -> Store:
        """The index, opened for reading or (``is_writing``) for one writer."""
        return self._part("store", lambda: assemble.open_store(self._config, is_writing=self._is_writing))

    def encoder(self) -> Encoder:
        """What turns texts into vectors."""
        return self._part("encoder", lambda: assemble.make_encoder(self._config, self._is_measured, self._looked_up))

    def scorer(self) -> Scorer | None:
        """What reads query and passage together; None where hits are not reranked."""
        return self._part("scorer", lambda: assemble.make_scorer(self._config))

    def sink(self) -> Sink:
        """Where documents go: into the index here, or to the workers when a broker is configured."""
        return self._part("queue", lambda: assemble.make_queue(self._config)) if self._config.broker else self.indexer()

    def indexer(self) -> Indexer:
        """Ready to index; the index is made if it is absent. Raises ManifestMismatch if it was made otherwise."""
        return self._part("indexer", lambda: Indexer(self.store(), self.encoder(), self._config.index))

    def pushes(self) -> Pushes:
        """What programs push, and the thread that takes it into the index."""
        config, spool = self._config, Spool(pushed_path(self._config))
        rest_s = config.answer.recall.refresh_s
        return self._part("pushes", lambda: Pushes(spool, self._open_sink, lambda: keep_current(config), rest_s))

    def count_documents(self) -> int:
        """How many documents are stored; 0 where there is no index yet."""
        return self.store().count().documents if self.store().manifest() else 0

    def ranker(self) -> Ranker:
        """Ready to search; raises NoIndex or ManifestMismatch, so that a later call may succeed."""
        return self._part("ranker", lambda: self._make_ranker(self.scorer()))

    def answering_ranker(self) -> Ranker:
        """The same for what is answered too: what it reads for the order need not be read again for the answer."""
        reader = self.reader()
        return self.ranker() if reader is None else self._part("answering ranker", lambda: self._make_ranker(reader))

    def reader(self) -> ScoringReader | None:
        """What reads passages for an answer; None where the scorer cannot."""
        return self._part("reader", lambda: assemble.make_reader(self.scorer()))

    def ranker_by(self, rules: SteerConfig) -> Ranker:
        """The same with other rules, to see what they would change."""
        config = replace(self.rank_config(), steer=rules)
        return Ranker(self.store(), self.encoder(), self.scorer(), config, self.rerank_config())

    def rank_config(self) -> RankConfig:
        """The settings of the ranker, with the fusion fitted to an encoder other than the bundled one."""
        config = self._config.rank
        if self._config.encoder.kind == "bundled":
            return config
        try:
            return replace(config, fuse=fitted_to(self.encoder(), config.fuse))
        except EncoderError as error:
            # Words alone can still be searched; once the encoder answers, its weights are those of the bundled one.
            log.warning("fusion is not fitted to the encoder: %s", error)
            return config

    def rerank_config(self) -> RerankConfig:
        """The settings of the reranking, mixed or not as suits the scorer."""
        return rerank_config(self._config)

    def doors(self) -> Doors:
        """Who may come in over HTTP."""
        return self._part("doors", lambda: assemble.make_doors(self._config, self._shared))

    def query_log(self) -> QueryLog:
        """Where it is written down what is asked."""
        return self._part("query_log", lambda: assemble.make_query_log(self._config))

    def responder(self) -> Responder:
        """Ready to answer; raises like ``ranker``."""
        return self._part("responder", self._make_responder)

    def recall(self) -> Recall | None:
        """The sources that answer by themselves; None where there are none. Raises SourceError, MissingExtra."""
        return self._part("recall", lambda: assemble.make_recall(self._config, self.store().get))

    def conversation(self) -> Conversation:
        """Ready to answer follow-ups, too; raises like ``ranker``."""
        return self._part("conversation", lambda: Conversation(self.responder(), self.dialogue()))

    def dialogue(self) -> DialogueMemory:
        """What was said before in each session."""
        return self._part("dialogue", lambda: assemble.make_dialogue(self._config, self._shared))

    def traces(self) -> Traces | None:
        """Where spans go; None where nobody traces. Raises MissingExtra."""
        endpoint = self._config.serve.otlp_endpoint
        return self._part("traces", lambda: Traces(endpoint)) if endpoint else None

    def watch(self, metrics: Metrics) -> None:
        """Tell of every search and answer from now on."""
        self._metrics = metrics

    def close(self) -> None:
        """Release files, locks and connections; safe to call twice."""
        if (pushes := self._parts.get("pushes")) is not None:
            # Its thread may be making another part just now.
            pushes.close()
        with self._making:
            for part in reversed(self._parts.values()):
                close = getattr(part, "close", None)
                if close is not None:
                    close()
            self._parts.clear()

    @contextmanager
    def _open_sink(self) -> Iterator[Sink]:
        """The sink, open for writing while the block runs. Raises StoreLocked where another process writes."""
        if self._is_writing or self._config.broker:
            yield self.sink()
            return
        with closing(assemble.open_store(self._config, is_writing=True)) as store:
            yield Indexer(store, self.encoder(), self._config.index)

    def _make_ranker(self, scorer: Scorer | None) -> Ranker:
        check_manifest(self.store(), self.encoder(), self._config)
        ranker = ServedRanker(self.store(), self.encoder(), scorer, self.rank_config(), self.rerank_config())
        ranker.watcher = self._watcher
        return ranker

    def _watcher(self) -> Metrics | None:
        return self._metrics

    def _looked_up(self, known: int, unknown: int) -> None:
        if self._metrics is not None:
            self._metrics.encoded(known, unknown)

    def _make_responder(self) -> Responder:
        ranker = self.answering_ranker()
        chooser = assemble.make_chooser(self._config, self.encoder(), self.reader())
        generator = assemble.make_generator(self._config)
        recall = self.recall()
        responder = ServedResponder(ranker, self.encoder(), chooser, generator, self._config.answer, recall=recall)
        responder.watcher = self._watcher
        # What a memory says may be another thing at any time.
        if self._config.serve.kept_answers and recall is None and not self._is_measured:
            kept = self._part("kept answers", lambda: assemble.make_kept_answers(self._config, self._shared))
            settings = digest(f"{version('recollect')} {self._config!r}")
            responder.keep(self._config.serve.kept_answers, self.store().version, settings, kept)
        return responder

    def _part(self, name: str, make: Callable[[], T]) -> T:
        with self._making:
            if name not in self._parts:
                self._parts[name] = make()
            part: T = self._parts[name]
            return part

    def __enter__(self) -> "Installation":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check_manifest(store: Store, encoder: Encoder, config: Config) -> None:
    """Raise NoIndex where nothing is indexed, ManifestMismatch where another encoder made the vectors."""
    manifest = store.manifest()
    if manifest is None:
        raise NoIndex(
            f"Nothing is indexed in {place_of_index(config)}",
            "Index a site with: recollect crawl URL, or files with: recollect import PATH",
        )
    manifest.require_schema(f"The index in {place_of_index(config)}")
    if manifest.encoder != encoder.name:
        raise ManifestMismatch(
            f"The index in {place_of_index(config)} was made with the encoder {manifest.encoder}, not {encoder.name}",
            f"Configure that encoder, or make the index anew with: {ANEW}",
        )


def rerank_config(config: Config) -> RerankConfig:
    """How to rerank. Scores are mixed, if nothing else is said, where they are those of the bundled reader-ranker;
    it is also the one that is tried out (``recollect tune``) where no scorer is wanted.
    """
    is_mixed = config.rerank.mixed
    if is_mixed is None:
        is_mixed = config.scorer.kind in ("bundled", "none")
    return replace(config.rerank, mixed=is_mixed)


@contextmanager
def fresh_index(config: Config) -> Iterator[Installation]:
    """An installation over an index of its own beside the configured one, which is removed afterwards."""
    with TemporaryDirectory(prefix="recollect-") as scratch:
        own = replace(config, data=Path(scratch))
        if config.store:
            name = f"{elasticsearch_config(config).index}-fresh-{uuid4().hex[:8]}"
            own = replace(own, store=urlunsplit(urlsplit(config.store)._replace(path=f"/{name}")))
        with Installation(own, is_writing=True, is_measured=True) as installation:
            try:
                yield installation
            finally:
                if own.store:
                    assemble.drop_index(own)
