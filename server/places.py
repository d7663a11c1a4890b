"""Where the things of an installation are: the index, the memory of crawls and what is kept beside it. Pure."""

import hashlib
from pathlib import Path

from indexer.elasticsearch.config import ElasticsearchConfig
from server.errors import ConfigError
from server.settings.config import Config, mask_url


def place_of_index(config: Config) -> str:
    """Where the index is, in a person's words and without passwords."""
    return mask_url(config.store) if config.store else str(config.data)


def elasticsearch_config(config: Config) -> ElasticsearchConfig:
    """The section ``elasticsearch`` with what the store's URL says."""
    try:
        return config.elasticsearch.with_url(config.store)
    except ValueError as error:
        raise ConfigError(f"store: {error}", "Write it as http://localhost:9200/docs") from error


def frontier_place(config: Config, *, is_fresh: bool = False) -> str:
    """The memory of crawls: the file's path, or the namespace of its tables in PostgreSQL.

    Every index has its own, the same for all crawlers that write into it; ``is_fresh`` names the one that is filled
    beside it to take its place.
    """
    if not config.frontier:
        path = frontier_path(config)
        return str(path.with_name(f"{path.stem}-rebuild{path.suffix}") if is_fresh else path)
    index = mask_url(config.store) if config.store else str(config.data.resolve())
    namespace = f"recollect_{hashlib.sha256(index.encode()).hexdigest()[:12]}"
    return f"{namespace}_rebuild" if is_fresh else namespace


def frontier_path(config: Config) -> Path:
    """The file of the memory of crawls; every Elasticsearch index has its own."""
    name = f"frontier-{hashlib.sha256(config.store.encode()).hexdigest()[:12]}" if config.store else "frontier"
    return config.data / f"{name}.sqlite"


def has_frontier(config: Config) -> bool:
    """Whether anything can be remembered of crawls, so that asking for it makes no file."""
    return bool(config.frontier) or frontier_path(config).exists()


def refusals_path(config: Config) -> Path:
    """The file that remembers what crawls left out, beside the memory of crawls."""
    return _beside_frontier(config, "refused")


def schedule_path(config: Config) -> Path:
    """The file that remembers scheduled runs, where no broker does."""
    return _beside_frontier(config, "schedule")


def admin_path(config: Config) -> Path:
    """The file of the admin area's accounts and of who changed what."""
    return config.data / "admin.sqlite"


def queries_path(config: Config) -> Path:
    """The file that remembers what was asked."""
    return _beside_frontier(config, "queries")


def serving_folder(config: Config) -> Path:
    """Where the servers of this installation note how they can be reached."""
    return config.data / "serving"


def sources_path(config: Config) -> Path:
    """The file that remembers what came from which source."""
    return frontier_path(config).with_name("sources.sqlite")


def pushed_path(config: Config) -> Path:
    """The file that keeps what was pushed."""
    return _beside_frontier(config, "pushed")


def graph_path(data: Path, name: str) -> Path:
    """The folder that keeps the graph of a source."""
    return data / "graphs" / name


def facts_path(config: Config) -> Path:
    """The folder that keeps the facts read from pages."""
    return config.data / "facts"


def has_schedule(config: Config) -> bool:
    """Whether anything can be remembered of scheduled runs, so that asking for it makes no file."""
    return is_redis(config.broker) or schedule_path(config).exists()


def is_redis(url: str) -> bool:
    """Whether a broker is one that remembers scheduled runs too."""
    return url.startswith(("redis://", "rediss://"))


def _beside_frontier(config: Config, name: str) -> Path:
    path = frontier_path(config)
    return path.with_name(path.name.replace("frontier", name, 1))
