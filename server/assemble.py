"""Joins the packages into a working installation; the only place that names implementations."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.crawl import Crawler
from crawler.frontier.seam import Frontier
from crawler.frontier.sqlite import SqliteFrontier
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.encoder import Encoder
from indexer.errors import ManifestMismatch
from indexer.manifest import Manifest
from indexer.sink import Sink
from indexer.sources.config import SourceConfig
from indexer.sources.source import Source
from indexer.store import Store
from rag.choosing.choose import Chooser
from rag.config import HttpGeneratorConfig, TransformersGeneratorConfig
from rag.generator import Generator
from ranker.config import RerankConfig
from ranker.scorer import Scorer
from server.doors.doors import Doors
from server.doors.keys import KeyFile
from server.errors import ConfigError, NoIndex
from server.ledger.record import Ledger
from server.settings.config import Config, cache_folder, mask_url

if TYPE_CHECKING:
    from crawler.frontier.postgres import PostgresFrontier


def place_of_index(config: Config) -> str:
    """Where the index is, in a person's words and without passwords."""
    return mask_url(config.store) if config.store else str(config.data)


def open_store(config: Config, *, is_writing: bool) -> Store:
    """The store that the configuration picks."""
    if not config.store:
        from indexer.embedded.store import EmbeddedStore

        return EmbeddedStore(config.data, writable=is_writing, config=config.embedded)
    from indexer.elasticsearch.store import ElasticsearchStore

    return ElasticsearchStore(elasticsearch_config(config))


@contextmanager
def rebuilt_store(config: Config, manifest: Manifest) -> Iterator[Store]:
    """A new, empty Elasticsearch index; at the end of the block it takes the place of the present one."""
    from indexer.elasticsearch.store import ElasticsearchStore

    with closing(ElasticsearchStore(elasticsearch_config(config))) as present, present.rebuild(manifest) as fresh:
        yield fresh


def elasticsearch_config(config: Config) -> ElasticsearchConfig:
    """The section ``elasticsearch`` with what the store's URL says."""
    try:
        return config.elasticsearch.with_url(config.store)
    except ValueError as error:
        raise ConfigError(f"store: {error}", "Write it as http://localhost:9200/docs") from error


def check_manifest(store: Store, encoder: Encoder, config: Config) -> None:
    """Raise NoIndex where nothing is indexed, ManifestMismatch where another encoder made the vectors."""
    manifest = store.manifest()
    if manifest is None:
        raise NoIndex(
            f"Nothing is indexed in {place_of_index(config)}",
            "Index a site with: recollect crawl URL, or files with: recollect import PATH",
        )
    if manifest.encoder != encoder.name:
        command = "recollect crawl URL --rebuild" if config.store else "recollect crawl URL --data OTHER"
        raise ManifestMismatch(
            f"The index in {place_of_index(config)} was made with the encoder {manifest.encoder}, not {encoder.name}",
            f"Configure that encoder, or index again with: {command}",
        )


def make_encoder(config: Config, is_measured: bool = False) -> Encoder:
    """The encoder that the configuration picks; one that ``is_measured`` remembers no queries."""
    chosen = config.encoder
    match chosen.kind:
        case "bundled":
            from indexer.encoders.bundled import BundledConfig, BundledEncoder
            from indexer.inference.precision import InferenceConfig

            bundled = BundledConfig(inference=InferenceConfig(cache_dir=cache_folder()))
            return BundledEncoder(replace(bundled, cached_queries=0) if is_measured else bundled)
        case "hashing":
            from indexer.encoders.hashing import HashingEncoder

            return HashingEncoder()
        case "torch":
            from indexer.encoders.torch import TorchConfig, TorchEncoder

            return TorchEncoder(
                TorchConfig(chosen.model, query_prefix=chosen.query_prefix, passage_prefix=chosen.passage_prefix)
            )
        case "http":
            from indexer.encoders.http import HttpEncoder, HttpEncoderConfig

            return HttpEncoder(
                HttpEncoderConfig(
                    chosen.url,
                    chosen.model,
                    api_key=chosen.api_key,
                    query_prefix=chosen.query_prefix or "",
                    passage_prefix=chosen.passage_prefix or "",
                    timeout_s=chosen.timeout_s,
                )
            )


def make_scorer(config: Config) -> Scorer | None:
    """The scorer that the configuration picks; None where hits are not reranked."""
    chosen = config.scorer
    match chosen.kind:
        case "none":
            return None
        case "bundled":
            from indexer.inference.precision import InferenceConfig
            from ranker.scorers.bundled import FOLDER, BundledScorer, BundledScorerConfig

            inference = InferenceConfig(cache_dir=cache_folder())
            return BundledScorer(BundledScorerConfig(inference, Path(chosen.model) if chosen.model else FOLDER))
        case "overlap":
            from ranker.scorers.overlap import OverlapScorer

            return OverlapScorer()
        case "torch":
            from ranker.scorers.torch import TorchScorer, TorchScorerConfig

            return TorchScorer(TorchScorerConfig(chosen.model))
        case "http":
            from ranker.scorers.http import HttpScorer, HttpScorerConfig

            return HttpScorer(
                HttpScorerConfig(
                    chosen.url,
                    chosen.model,
                    api_key=chosen.api_key,
                    gives_logits=chosen.gives_logits,
                    timeout_s=chosen.timeout_s,
                )
            )


def rerank_config(config: Config) -> RerankConfig:
    """How to rerank. Scores are mixed, if nothing else is said, where they are those of the bundled reader-ranker;
    it is also the one that is tried out (``recollect tune``) where no scorer is wanted.
    """
    is_mixed = config.rerank.mixed
    if is_mixed is None:
        is_mixed = config.scorer.kind in ("bundled", "none")
    return replace(config.rerank, mixed=is_mixed)


def make_generator(config: Config) -> Generator | None:
    """The generator that the configuration picks; None where answers are quoted."""
    chosen = config.generator
    match chosen.kind:
        case "extractive":
            return None
        case "http":
            from rag.generators.http import HttpGenerator

            return HttpGenerator(
                HttpGeneratorConfig(
                    chosen.url,
                    chosen.model,
                    api_key=chosen.api_key,
                    timeout_s=chosen.timeout_s,
                    max_tokens=chosen.max_tokens,
                )
            )
        case "transformers":
            from rag.generators.transformers import TransformersGenerator

            return TransformersGenerator(
                TransformersGeneratorConfig(chosen.model, max_tokens=chosen.max_tokens, timeout_s=chosen.timeout_s)
            )


def make_chooser(config: Config, encoder: Encoder, scorer: Scorer | None) -> Chooser:
    """What chooses the parts of pages that answer; it reads with the scorer where that is a reader."""
    from ranker.scorers.bundled import BundledScorer

    return Chooser(encoder, scorer if isinstance(scorer, BundledScorer) else None, config.answer.choosing)


def open_frontier(config: Config, indexed_documents: int) -> Frontier:
    """The memory of crawls into this index, in PostgreSQL or beside the embedded index, to be deleted with it.

    Where the index is empty but the memory says otherwise, it is forgotten: it would call pages unchanged that nobody
    holds any more. A crawl that was stopped before it indexed anything goes on.
    """
    is_emptied = not indexed_documents and not config.broker
    if config.frontier:
        shared = shared_frontier(config, frontier_namespace(config))
        if is_emptied and shared.holdings().indexed:
            shared.forget()
        return shared
    path = frontier_path(config)
    frontier = SqliteFrontier(path)
    if is_emptied and frontier.holdings().indexed:
        frontier.close()
        forget(path)
        frontier = SqliteFrontier(path)
    return frontier


def shared_frontier(config: Config, namespace: str) -> "PostgresFrontier":
    """The memory of crawls in PostgreSQL. Raises FrontierError, ConfigError."""
    from crawler.frontier.postgres import MAX_URL_CHARS, PostgresFrontier

    if config.crawl.max_url_chars > MAX_URL_CHARS:
        what = f"crawl.max_url_chars is {config.crawl.max_url_chars}; PostgreSQL takes URLs of {MAX_URL_CHARS} at most"
        raise ConfigError(what, f"Set it to {MAX_URL_CHARS} or less, or keep the crawl state in the data folder")
    return PostgresFrontier(config.frontier, namespace)


@contextmanager
def rebuilt_frontier(config: Config) -> Iterator[Frontier]:
    """An empty memory of crawls; at the end of the block it takes the place of the present one."""
    if config.frontier:
        namespace = frontier_namespace(config)
        with closing(shared_frontier(config, f"{namespace}_rebuild")) as shared:
            shared.forget()
            yield shared
            shared.take_place_of(namespace)
        return
    present = frontier_path(config)
    new = present.with_name(f"{present.stem}-rebuild{present.suffix}")
    forget(new)
    with closing(SqliteFrontier(new)) as frontier:
        yield frontier
    forget(present)
    new.replace(present)


def frontier_namespace(config: Config) -> str:
    """Every index has its own tables, the same for all crawlers that write into it."""
    place = mask_url(config.store) if config.store else str(config.data.resolve())
    return f"recollect_{hashlib.sha256(place.encode()).hexdigest()[:12]}"


def forget(path: Path) -> None:
    """Delete a memory of crawls."""
    for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        file.unlink(missing_ok=True)


def frontier_path(config: Config) -> Path:
    """The file of the memory of crawls; every Elasticsearch index has its own."""
    name = f"frontier-{hashlib.sha256(config.store.encode()).hexdigest()[:12]}" if config.store else "frontier"
    return config.data / f"{name}.sqlite"


def refusals_path(config: Config) -> Path:
    """The file that remembers what crawls left out, beside the memory of crawls."""
    path = frontier_path(config)
    return path.with_name(path.name.replace("frontier", "refused", 1))


def make_source(config: SourceConfig) -> Source:
    """The source that the configuration picks. Raises BadSource, MissingExtra."""
    if config.kind == "sql":
        from indexer.sources.sql import SqlSource

        return SqlSource(config)
    from indexer.sources.key_value import KeyValueSource

    return KeyValueSource(config)


def sources_path(config: Config) -> Path:
    """The file that remembers what came from which source."""
    return frontier_path(config).with_name("sources.sqlite")


def schedule_ledger(config: Config) -> Ledger:
    """What is remembered of scheduled runs: in the broker where that is Redis, else beside the memory of crawls."""
    if is_redis(config.broker):
        from server.ledger.redis import RedisLedger

        prefix = f"recollect:{config.queue.crawl_queue}"
        return RedisLedger(config.broker, prefix, expiry_s=config.scheduler.lock_expiry_s)
    from server.ledger.sqlite import SqliteLedger

    return SqliteLedger(schedule_path(config))


def schedule_path(config: Config) -> Path:
    """The file that remembers scheduled runs, where no broker does."""
    path = frontier_path(config)
    return path.with_name(path.name.replace("frontier", "schedule", 1))


def make_doors(config: Config) -> Doors:
    """Who may come in. Callers are counted in the broker where that is Redis, else in each process."""
    from server.doors.limits import LocalLimiter, RedisLimiter
    from server.doors.token import TokenReader

    is_shared = is_redis(config.broker)
    limiter = (
        RedisLimiter(config.broker, f"recollect:{config.queue.crawl_queue}:limit") if is_shared else LocalLimiter()
    )
    tokens = TokenReader(config.serve.tokens) if config.serve.tokens.jwks else None
    return Doors(config.serve, key_file(config), limiter, tokens)


def key_file(config: Config) -> KeyFile:
    """The API keys of this installation, in the data folder."""
    return KeyFile(config.data / "keys.sqlite")


def has_schedule_ledger(config: Config) -> bool:
    """Whether anything can be remembered of scheduled runs, so that asking for it makes no file."""
    return is_redis(config.broker) or schedule_path(config).exists()


def is_redis(url: str) -> bool:
    """Whether a broker is one that remembers scheduled runs too."""
    return url.startswith(("redis://", "rediss://"))


def crawl_counts(config: Config) -> dict[str, int]:
    """How many URLs stand in each state; empty before the first crawl."""
    if not config.frontier and not frontier_path(config).exists():
        return {}
    with closing(open_frontier(config, indexed_documents=1)) as frontier:
        return {str(state): count for state, count in frontier.counts().items() if count}


def gone_in_index(config: Config) -> int:
    """How many pages are gone and yet in the index: a crawl is under way, or they were too many to remove."""
    if not config.frontier and not frontier_path(config).exists():
        return 0
    with closing(open_frontier(config, indexed_documents=1)) as frontier:
        return frontier.holdings().gone


def make_crawler(config: Config, frontier: Frontier) -> Crawler:
    """A crawler over this frontier."""
    return Crawler(config.crawl, frontier)


def drop(config: ElasticsearchConfig) -> None:
    """Remove an Elasticsearch index with all it holds."""
    from indexer.elasticsearch.client import connect
    from indexer.elasticsearch.errors import mapped_errors
    from indexer.elasticsearch.index import backing_indices

    client = connect(config)
    try:
        with mapped_errors(f"Elasticsearch index {config.index}"):
            for name in list(backing_indices(client, config.index)):
                client.indices.delete(index=name)
    finally:
        client.close()


def make_queue(config: Config) -> Sink:
    """The sink that hands documents to the workers."""
    from indexer.queue.tasks import QueuedIndexer, make_app

    return QueuedIndexer(make_app(config.broker, config=config.queue), config.queue)


def make_task_app(config: Config) -> Any:
    """The Celery app of those who only send."""
    from indexer.queue.tasks import make_app

    return make_app(config.broker, config=config.queue)


def queue_counts(config: Config) -> dict[str, int]:
    """Workers that answer, batches that wait for them, documents set aside. Raises StoreUnavailable."""
    from indexer.queue.quarantine import Quarantine
    from indexer.queue.tasks import QueuedIndexer, count_workers, make_app

    app = make_app(config.broker, config=config.queue)
    with closing(QueuedIndexer(app, config.queue)) as queue:
        return {
            "workers": count_workers(app),
            "waiting_batches": queue.waiting(),
            "set_aside_documents": Quarantine(app, config.queue).count(),
        }


def run_worker(
    config: Config,
    build_indexer: Callable[[], Sink],
    crawl_slice: Callable[[str, str], bool],
    concurrency: int,
    queues: Sequence[str],
) -> int:
    """Work off the queues in so many processes until told to stop; returns the exit status."""
    from indexer.queue import tasks

    app = tasks.make_app(config.broker, build_indexer, config.queue, crawl_slice)
    return tasks.run_worker(app, concurrency, config.queue, queues)
