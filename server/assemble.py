"""Joins the packages into a working installation; the only place that names implementations."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.crawl import Crawler
from crawler.frontier.seam import Frontier
from crawler.frontier.sqlite import SqliteFrontier
from indexer.encoder import Encoder
from indexer.manifest import Manifest
from indexer.queue.target import Target
from indexer.sink import Sink
from indexer.sources.config import SourceConfig
from indexer.sources.source import Source
from indexer.store import Store
from rag.choosing.choose import Chooser
from rag.config import HttpGeneratorConfig, TransformersGeneratorConfig
from rag.dialogue.local import LocalDialogue
from rag.dialogue.memory import DialogueMemory
from rag.generator import Generator
from rag.recall.config import RecallLimits
from rag.recall.graph.cite import GetPassages
from rag.recall.memory import Memory
from rag.recall.recall import Recall
from ranker.reader import Reader, ScoringReader
from ranker.scorer import Scorer
from server.doors.doors import Doors
from server.doors.keys import KeyFile
from server.doors.limits import Limiter
from server.errors import ConfigError
from server.ledger.record import Ledger
from server.places import elasticsearch_config, facts_path, graph_path, is_redis, queries_path, schedule_path
from server.querylog.file import QueryFile
from server.querylog.log import QueryLog
from server.settings.config import Config, cache_folder
from server.sharing.answers import FileAnswers, KeptAnswers, RedisAnswers
from server.sharing.shared import ANSWERS, DIALOGUES, LIMITS, Shared

if TYPE_CHECKING:
    from crawler.frontier.postgres import PostgresFrontier
    from crawler.frontier.sqlite import SqliteFrontier
    from indexer.encoders.bundled import BundledEncoder, LookedUp
    from ranker.scorers.bundled import BundledScorer

    CrawlMemory = SqliteFrontier | PostgresFrontier


def open_store(config: Config, *, is_writing: bool) -> Store:
    """The store that the configuration picks."""
    if not config.store:
        from indexer.embedded.store import EmbeddedStore

        return EmbeddedStore(config.data, writable=is_writing, config=config.embedded)
    from indexer.elasticsearch.store import ElasticsearchStore

    return ElasticsearchStore(elasticsearch_config(config))


@contextmanager
def rebuilt_store(config: Config, manifest: Manifest) -> Iterator[Store]:
    """A new, empty index; at the end of the block it takes the place of the present one."""
    if not config.store:
        from indexer.embedded.rebuild import rebuilt

        with rebuilt(config.data, manifest, config.embedded) as made:
            yield made
        return
    from indexer.elasticsearch.store import ElasticsearchStore

    with closing(ElasticsearchStore(elasticsearch_config(config))) as present, present.rebuild(manifest) as fresh:
        yield fresh


def make_encoder(config: Config, is_measured: bool = False, looked_up: "LookedUp | None" = None) -> Encoder:
    """The encoder that the configuration picks; one that ``is_measured`` remembers no queries.

    ``looked_up`` is told of queries that are remembered, where the encoder remembers any.
    """
    chosen = config.encoder
    match chosen.kind:
        case "bundled":
            chosen_queries = Path(chosen.query_model) if chosen.query_model else None
            return bundled_encoder(chosen_queries, is_measured=is_measured, looked_up=looked_up)
        case "multilingual":
            from indexer.encoders.multilingual import MultilingualEncoder

            return MultilingualEncoder(bundled_encoder(is_measured=is_measured, looked_up=looked_up))
        case "hashing":
            from indexer.encoders.hashing import HashingEncoder

            return HashingEncoder()
        case "torch":
            from indexer.encoders.torch import TorchConfig, TorchEncoder

            return TorchEncoder(
                TorchConfig(chosen.model, query_prefix=chosen.query_prefix, passage_prefix=chosen.passage_prefix)
            )
        case "http":
            from indexer.encoders.families import served_prefixes
            from indexer.encoders.http import HttpEncoder, HttpEncoderConfig

            endpoint = (chosen.url, chosen.model, chosen.api_key, chosen.timeout_s)
            usual = served_prefixes(chosen.model)
            given = (chosen.query_prefix, chosen.passage_prefix)
            query, passage = (own if put is None else put for own, put in zip(usual, given, strict=True))
            return HttpEncoder(HttpEncoderConfig(*endpoint, query_prefix=query, passage_prefix=passage))


def bundled_encoder(
    query_folder: Path | None = None, *, is_measured: bool = False, looked_up: "LookedUp | None" = None
) -> "BundledEncoder":
    """The encoder that comes with Recollect, its queries encoded by the model in a folder that training wrote."""
    from indexer.encoders.bundled import BundledConfig, BundledEncoder
    from indexer.inference.precision import InferenceConfig

    bundled = BundledConfig(inference=InferenceConfig(cache_dir=cache_folder()), query_folder=query_folder)
    bundled = replace(bundled, cached_queries=0) if is_measured else bundled
    return BundledEncoder(bundled, looked_up) if looked_up else BundledEncoder(bundled)


def encoder_folder() -> Path:
    """Where the encoder that comes with Recollect is, for training to begin with."""
    from indexer.encoders.bundled import FOLDER

    return FOLDER


def reader_ranker(folder: Path | None = None) -> "BundledScorer":
    """The reader-ranker in a folder that training wrote; without one, the one that comes with Recollect."""
    from ranker.scorers.bundled import BundledScorer, BundledScorerConfig

    return BundledScorer(BundledScorerConfig(folder=folder) if folder else BundledScorerConfig())


def reader_ranker_folder() -> Path:
    """Where the reader-ranker that comes with Recollect is, for training to begin with."""
    from ranker.scorers.bundled import FOLDER

    return FOLDER


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

            endpoint = (chosen.url, chosen.model, chosen.api_key, chosen.timeout_s)
            return HttpScorer(HttpScorerConfig(*endpoint, gives_logits=chosen.gives_logits))


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
                    chosen.api_key,
                    timeout_s=chosen.timeout_s,
                    answer_timeout_s=chosen.answer_timeout_s,
                    thinks_first=chosen.thinks_first,
                    attempts=chosen.attempts,
                    max_tokens=chosen.max_tokens,
                )
            )
        case "transformers":
            from rag.generators.transformers import TransformersGenerator

            return TransformersGenerator(
                TransformersGeneratorConfig(
                    chosen.model,
                    max_tokens=chosen.max_tokens,
                    timeout_s=chosen.timeout_s,
                    answer_timeout_s=chosen.answer_timeout_s,
                )
            )


def make_reader(scorer: Scorer | None) -> ScoringReader | None:
    """What scores passages for an answer and remembers what it read in them; None where the scorer is no reader."""
    from ranker.scorers.reading import ReadingScorer

    return ReadingScorer(scorer, scorer.name) if isinstance(scorer, Reader) else None


def make_chooser(config: Config, encoder: Encoder, reader: Reader | None) -> Chooser:
    """What chooses the parts of pages that answer."""
    return Chooser(encoder, reader, config.answer.choosing)


def make_dialogue(config: Config, shared: Shared | None = None) -> DialogueMemory:
    """What remembers conversations: Redis or Memcached where one is configured, else all workers, or this process."""
    if config.answer.dialogue.memcached:
        from rag.dialogue.memcached import MemcachedDialogue

        return MemcachedDialogue(config.answer.dialogue)
    if not config.answer.dialogue.redis:
        if shared is None:
            return LocalDialogue(config.answer.dialogue)
        from server.sharing.dialogue import FileDialogue

        return FileDialogue(shared.folder / DIALOGUES, config.answer.dialogue)
    from rag.dialogue.redis import RedisDialogue

    return RedisDialogue(config.answer.dialogue)


def connect_frontier(config: Config, place: str) -> "CrawlMemory":
    """The memory of crawls at a place, made where it is missing. Raises FrontierError, ConfigError."""
    if not config.frontier:
        from crawler.frontier.sqlite import SqliteFrontier

        return SqliteFrontier(Path(place))
    from crawler.frontier.postgres import MAX_URL_CHARS, PostgresFrontier

    if config.crawl.max_url_chars > MAX_URL_CHARS:
        what = f"crawl.max_url_chars is {config.crawl.max_url_chars}; PostgreSQL takes URLs of {MAX_URL_CHARS} at most"
        raise ConfigError(what, f"Set it to {MAX_URL_CHARS} or less, or keep the crawl state in the data folder")
    return PostgresFrontier(config.frontier, place)


def make_source(config: SourceConfig, data: Path) -> Source:
    """The source that the configuration picks; a graph is kept in ``data``. Raises BadSource, MissingExtra."""
    match config.kind:
        case "sql":
            from indexer.sources.sql import SqlSource

            return SqlSource(config)
        case "key-value":
            from indexer.sources.key_value import KeyValueSource

            return KeyValueSource(config)
        case "graph":
            from indexer.sources.graph.source import GraphSource

            return GraphSource(config, graph_path(data, config.name))


def make_recall(config: Config, get_passages: GetPassages | None = None) -> Recall | None:
    """The sources that answer by themselves, and the facts read from pages, if any; None where there are none."""
    limits = config.answer.recall
    memories = [make_memory(source, config.data, limits) for source in config.sources if source.recall.enabled]
    if get_passages is not None and facts_path(config).exists():
        from rag.recall.graph.memory import GraphMemory

        facts = SourceConfig(name="page-facts", kind="graph", url=str(facts_path(config)), language="en")
        memories.append(GraphMemory(facts, facts_path(config), limits, get_passages))
    return Recall(memories, limits) if memories else None


def make_memory(config: SourceConfig, data: Path, limits: RecallLimits) -> Memory:
    """The source as a memory that is asked directly. Raises BadSource, MissingExtra."""
    match config.kind:
        case "sql":
            from rag.recall.tables.memory import TableMemory

            return TableMemory(config, limits)
        case "key-value":
            from rag.recall.entries.memory import EntryMemory

            return EntryMemory(config, limits)
        case "graph":
            from rag.recall.graph.memory import GraphMemory

            return GraphMemory(config, graph_path(data, config.name), limits)


def schedule_ledger(config: Config) -> Ledger:
    """What is remembered of scheduled runs: in the broker where that is Redis, else beside the memory of crawls."""
    if is_redis(config.broker):
        from server.ledger.redis import RedisLedger

        prefix = f"recollect:{config.queue.crawl_queue}"
        return RedisLedger(config.broker, prefix, expiry_s=config.scheduler.lock_expiry_s)
    from server.ledger.sqlite import SqliteLedger

    return SqliteLedger(schedule_path(config))


def make_limiter(config: Config, shared: Shared | None = None) -> Limiter:
    """Counts callers: in the broker where that is Redis, else for all workers of a server, or in this process."""
    from server.doors.limits import LocalLimiter, RedisLimiter
    from server.sharing.limits import SharedLimiter

    if is_redis(config.broker):
        return RedisLimiter(config.broker, f"recollect:{config.queue.crawl_queue}:limit")
    return LocalLimiter() if shared is None else SharedLimiter(shared.folder / LIMITS)


def make_kept_answers(config: Config, shared: Shared | None = None) -> KeptAnswers | None:
    """What others answered: in the broker where that is Redis, else in a file of all workers; None for one alone."""
    size = config.serve.kept_answers
    if is_redis(config.broker):
        return RedisAnswers(config.broker, f"recollect:{config.queue.crawl_queue}:answers", size)
    return FileAnswers(shared.folder / ANSWERS, size) if shared else None


def make_doors(config: Config, shared: Shared | None = None) -> Doors:
    """Who may come in."""
    from server.doors.token import TokenReader

    tokens = TokenReader(config.serve.tokens) if config.serve.tokens.jwks else None
    return Doors(config.serve, key_file(config), make_limiter(config, shared), tokens)


def key_file(config: Config) -> KeyFile:
    """The API keys of this installation, in the data folder."""
    return KeyFile(config.data / "keys.sqlite")


def make_query_log(config: Config) -> QueryLog:
    """What is asked of this installation, written into its data folder."""
    serve = config.serve
    return QueryLog(query_file(config), serve.query_log, serve.query_log_days, shared_by=serve.suggested_after_askers)


def query_file(config: Config) -> QueryFile:
    """What was asked of this installation so far."""
    return QueryFile(queries_path(config))


def make_crawler(config: Config, frontier: Frontier) -> Crawler:
    """A crawler over this frontier."""
    return Crawler(config.crawl, frontier)


def make_queue(config: Config) -> Sink:
    """The sink that hands documents to the workers."""
    from indexer.queue.tasks import QueuedIndexer

    return QueuedIndexer(make_task_app(config), config.queue, target_of(config))


def target_of(config: Config) -> Target:
    """Where documents go, and by which encoder. Raises StoreUnavailable."""
    chosen = config.encoder
    encoder = " ".join(filter(None, (chosen.kind, chosen.model, chosen.query_prefix, chosen.passage_prefix)))
    if not config.store:
        return Target(str(config.data.resolve()), encoder)
    from indexer.elasticsearch.client import cluster_of

    place = elasticsearch_config(config)
    return Target(f"the Elasticsearch index {place.index}", encoder, cluster_of(place))


def make_task_app(config: Config) -> Any:
    """The Celery app of those who only send."""
    from indexer.queue.tasks import make_app

    return make_app(config.broker, config=config.queue)


def queue_counts(config: Config) -> dict[str, int]:
    """Workers that answer, batches that wait for them, documents set aside. Raises StoreUnavailable."""
    from indexer.queue.tasks import counts

    return counts(make_task_app(config), config.queue)


def queue_standing(config: Config) -> tuple[int, datetime | None]:
    """Batches that wait for workers; when the oldest was sent, where the broker tells. Raises StoreUnavailable."""
    from indexer.queue.tasks import QueuedIndexer

    with closing(QueuedIndexer(make_task_app(config), config.queue)) as queue:
        return queue.waiting(), queue.oldest()


def drop_index(config: Config) -> None:
    """Remove an Elasticsearch index with all it holds."""
    from indexer.elasticsearch.store import ElasticsearchStore

    with closing(ElasticsearchStore(elasticsearch_config(config))) as store:
        store.drop()


def run_worker(
    config: Config,
    build_indexer: Callable[[], Sink],
    crawl_slice: Callable[[str, str], bool],
    concurrency: int,
    queues: Sequence[str],
) -> int:
    """Work off the queues in so many processes until told to stop; returns the exit status."""
    from indexer.queue import tasks

    app = tasks.make_app(config.broker, build_indexer, config.queue, crawl_slice, lambda: target_of(config))
    return tasks.run_worker(app, concurrency, config.queue, queues)
