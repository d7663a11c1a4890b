"""The settings of one installation, from recollect.yml and RECOLLECT_* variables; alone in reading the environment."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from crawler.config import CrawlConfig
from indexer.config import EmbeddedConfig, IndexConfig
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.queue.config import TaskConfig
from indexer.sources.config import SourceConfig, check_sources
from rag.config import AnswerConfig
from ranker.config import RankConfig, RerankConfig
from server.elastic.crawl_config import elastic_config, is_elastic
from server.elastic.rules import BadElasticConfig
from server.elastic.settings import settings_of
from server.errors import ConfigError
from server.settings.choices import EncoderConfig, GeneratorConfig, ScorerConfig, ServeConfig
from server.settings.mistakes import mistakes
from server.settings.sites import SchedulerConfig, SiteConfig, all_sites, check_sites
from server.settings.typed import build, convert, describe, is_secret, nearest

DEFAULT_FILE = "recollect.yml"
PREFIX = "RECOLLECT_"
FILE_VARIABLE = "RECOLLECT_CONFIG"
TEST_PREFIX = "RECOLLECT_TEST_"
NO_SETTINGS = (FILE_VARIABLE, "RECOLLECT_DATA")
"""RECOLLECT_DATA names the folder of public data for tests and benchmarks; an index must never be written there."""
VARIABLES = {"data": "RECOLLECT_DATA_DIR"}
"""Keys whose variable is not PREFIX and the key itself."""
OTLP_VARIABLE, OTLP_KEY = "OTEL_EXPORTER_OTLP_ENDPOINT", "serve.otlp_endpoint"
"""The variable that all programs with OpenTelemetry know, for where nothing else is said."""
_IN_SITE = re.compile(r" sites\[\d+\]\.crawl")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_USERINFO = re.compile(r"(?<=://)([^/@\s:]*):([^/@\s]+)@")
_KEY_IN_URL = re.compile(r"(?:(?<=[?&]api_key=)|(?<=[?&]password=))[^&\s]+")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a person can set. ``store`` empty means the embedded index in the folder ``data``.

    ``frontier`` is the URL of a PostgreSQL database for the memory of crawls; empty for a file in ``data``.

    Either ``seeds`` names one site, or ``sites`` several; ``schedule`` holds for those that have none of their own.
    ``sources`` are memories other than sites.
    """

    seeds: tuple[str, ...] = ()
    schedule: tuple[str, ...] = ()
    sites: tuple[SiteConfig, ...] = ()
    sources: tuple[SourceConfig, ...] = ()
    data: Path = Path("recollect-data")
    store: str = field(default="", repr=False)
    broker: str = field(default="", repr=False)
    frontier: str = field(default="", repr=False)
    crawl: CrawlConfig = CrawlConfig()
    index: IndexConfig = IndexConfig()
    embedded: EmbeddedConfig = EmbeddedConfig()
    elasticsearch: ElasticsearchConfig = ElasticsearchConfig()
    queue: TaskConfig = TaskConfig()
    encoder: EncoderConfig = EncoderConfig()
    scorer: ScorerConfig = ScorerConfig()
    generator: GeneratorConfig = GeneratorConfig()
    rank: RankConfig = RankConfig()
    rerank: RerankConfig = RerankConfig()
    answer: AnswerConfig = AnswerConfig()
    serve: ServeConfig = ServeConfig()
    scheduler: SchedulerConfig = SchedulerConfig()

    def __post_init__(self) -> None:
        check_sites(self.sites, self.seeds, self.schedule)
        check_sources(self.sources)

    def all_sites(self) -> tuple[SiteConfig, ...]:
        """The sites with their schedules; plain seeds are one of them."""
        return all_sites(self.sites, self.seeds, self.schedule, self.crawl)


def load(
    file: Path | None = None,
    *,
    data: Path | None = None,
    store: str | None = None,
    broker: str | None = None,
    environ: Mapping[str, str] | None = None,
    notes: list[str] | None = None,
) -> Config:
    """Defaults, then the file, then variables, then the options of a command; later ones win.

    Without ``file`` it is the one named by RECOLLECT_CONFIG, else ``recollect.yml`` here if there is one.
    ``data`` picks the embedded index even where the file names an Elasticsearch ``store``. A crawler.yml of Elastic's
    Open Crawler is read too; where it means something else here, a line is added to ``notes``.
    """
    environ = os.environ if environ is None else environ
    path = file or _default_file(environ)
    raw = _from_file(path, environ, notes) if path is not None else {}
    for key, value in _from_variables(environ).items():
        _put(raw, key, value)
    if OTLP_VARIABLE in environ and not _at(raw, OTLP_KEY):
        _put(raw, OTLP_KEY, environ[OTLP_VARIABLE])
    _inherit_crawl(raw)
    config = build(Config, raw, str(path) if path is not None else "the RECOLLECT_ variables")
    if data is not None:
        config = replace(config, data=data, store="")
    if store is not None:
        config = replace(config, store=store)
    if broker is not None:
        config = replace(config, broker=broker)
    return config


def config_path(file: Path | None = None, environ: Mapping[str, str] | None = None) -> Path | None:
    """The config file that ``load`` reads; None where there is none."""
    return file or _default_file(os.environ if environ is None else environ)


def cache_folder(environ: Mapping[str, str] | None = None) -> Path | None:
    """Keeps between commands what can be computed again: in XDG_CACHE_HOME, else ~/.cache; None without a home."""
    environ = os.environ if environ is None else environ
    # A relative path is to be ignored: XDG Base Directory Specification, "Basics".
    base = Path(environ.get("XDG_CACHE_HOME", ""))
    try:
        return (base if base.is_absolute() else Path.home() / ".cache") / "recollect"
    except RuntimeError:
        return None


def share_counts(folder: Path) -> None:
    """Have the library that counts keep its numbers in a folder; it looks for it in the environment alone."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def masked(config: object, prefix: str = "") -> Any:
    """The settings as JSON values, secrets and passwords in URLs as stars."""
    if is_dataclass(config) and not isinstance(config, type):
        return {f.name: masked(getattr(config, f.name), f"{prefix}{f.name}") for f in fields(config)}
    if is_secret(prefix) and config:
        return "***"
    if isinstance(config, Mapping):
        return {str(key): masked(value, f"{prefix}.{key}") for key, value in config.items()}
    if isinstance(config, tuple | list | set | frozenset):
        return [masked(value, prefix) for value in config]
    if isinstance(config, str):
        return mask_url(config)
    return config if isinstance(config, int | float | bool | None) else str(config)


def mask_url(text: str) -> str:
    """``redis://:pw@host`` -> ``redis://:***@host``; an ``api_key`` in the query too."""
    return _KEY_IN_URL.sub("***", _USERINFO.sub(r"\1:***@", text))


def keys() -> dict[str, str]:
    """Every dotted key a person can set, with its type in words; the documentation is checked against it."""
    return {key: describe(hint) for key, hint in _hints(Config).items()}


def variable_of(key: str) -> str:
    """The variable that sets a dotted key: ``crawl.max_pages`` is set by RECOLLECT_CRAWL__MAX_PAGES."""
    return VARIABLES.get(key, PREFIX + key.upper().replace(".", "__"))


def _hints(kind: type, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    hints = get_type_hints(kind)
    for f in fields(kind):
        hint = hints[f.name]
        if is_dataclass(hint) and isinstance(hint, type):
            found |= _hints(hint, f"{prefix}{f.name}.")
        else:
            found[prefix + f.name] = hint
    return found


def _default_file(environ: Mapping[str, str]) -> Path | None:
    if named := environ.get(FILE_VARIABLE):
        return Path(named)
    path = Path(DEFAULT_FILE)
    return path if path.is_file() else None


def problems(file: Path, environ: Mapping[str, str] | None = None) -> list[ConfigError]:
    """Everything that is wrong in a file and in the variables; empty where ``load`` would take them."""
    environ = os.environ if environ is None else environ
    found: list[ConfigError] = []
    try:
        raw = _from_file(file, environ, found=found)
    except ConfigError as error:
        return [error]
    for key, value in _from_variables(environ).items():
        _put(raw, key, value)
    own = {str(error) for error in mistakes(Config, {**raw, "sites": ()}, str(file))} if "sites" in raw else set()
    _inherit_crawl(raw)
    # What a site has inherited is said of the section that all share.
    for mistake in mistakes(Config, raw, str(file)):
        is_of_site = _IN_SITE.search(str(mistake))
        if not is_of_site or _IN_SITE.sub(" crawl", str(mistake)) not in own:
            found.append(mistake)
    return found


def _from_file(
    path: Path, environ: Mapping[str, str], notes: list[str] | None = None, found: list[ConfigError] | None = None
) -> dict[str, Any]:
    """The file's settings; a relative ``data`` is relative to the file.

    What is wrong in a crawler.yml is added to ``found`` where that is given; else the first mistake is raised.
    """
    raw = _substitute(_read_yaml(path) or {}, environ, str(path))
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: is {raw!r:.40}, expected a mapping of settings", "See the configuration reference")
    if is_elastic(raw):
        wrong: list[BadElasticConfig] = []
        unread = list(_take_errors(raw))
        file = elastic_config(raw, wrong)
        unread += [ConfigError(f"{path}: {error.what}", error.cure) for error in wrong]
        if unread and found is None:
            raise unread[0]
        if found is not None:
            found += unread
        raw = settings_of(file)
        if notes is not None:
            notes.extend(file.differences)
    data = raw.setdefault("data", str(Config().data))
    return raw | {"data": str(path.parent / data)} if isinstance(data, str) else raw


def _read_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no config file {path}", "Make one with: recollect init") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise ConfigError(f"{path}:{place} {problem}", "Mend the YAML there") from error


def _substitute(value: object, environ: Mapping[str, str], place: str, key: str = "") -> object:
    """``${NAME}`` and ``${NAME:-default}`` in texts; a text that is one reference may become a number or a list.

    In place of a text that names a variable which is not set stands a ConfigError.
    """
    if isinstance(value, dict):
        return {
            _substitute(k, environ, place, key): _substitute(v, environ, place, f"{key}.{k}".lstrip("."))
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [_substitute(item, environ, place, key) for item in value]
    if not isinstance(value, str) or "${" not in value:
        return value

    def fill(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        found = environ.get(name, default)
        if found is None:
            raise ConfigError(
                f"{place}: {key} needs the variable {name}, which is not set", f"Set it: export {name}=…", key
            )
        return found

    try:
        filled = _REFERENCE.sub(fill, value)
    except ConfigError as error:
        return error
    return _scalar(filled) if _REFERENCE.fullmatch(value) and not is_secret(key) else filled


def _take_errors(raw: object) -> Iterator[ConfigError]:
    """The errors that stand in place of values, which become empty."""
    places: Iterable[tuple[Any, object]] = ()
    if isinstance(raw, dict):
        places = list(raw.items())
    elif isinstance(raw, list):
        places = list(enumerate(raw))
    for place, value in places:
        if isinstance(value, ConfigError):
            raw[place] = None  # type: ignore[index]  # a dict or a list, as above
            yield value
        else:
            yield from _take_errors(value)


def _inherit_crawl(raw: dict[str, Any]) -> None:
    """Give each site the section ``crawl`` where it has no settings of its own; ``build`` names what is no mapping."""
    common, sites = raw.get("crawl") or {}, raw.pop("sites", None)
    if isinstance(common, dict) and isinstance(sites, list):
        sites = [
            {**site, "crawl": {**common, **(site.get("crawl") or {})}}
            if isinstance(site, dict) and isinstance(site.get("crawl") or {}, dict)
            else site
            for site in sites
        ]
    if sites is not None:
        # Last, so that a mistake in the section is told of there and not at each site.
        raw["sites"] = sites


def _from_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """Dotted key -> value, or a ConfigError for a variable that no key has or whose value is wrong."""
    hints, found = _hints(Config), dict[str, Any]()
    keys_of = {variable_of(key): key for key in hints}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX) or name in NO_SETTINGS:
            continue
        if name not in keys_of:
            key = name.removeprefix(PREFIX).lower().replace("__", ".")
            right = nearest(key, list(hints), "")
            found[key] = ConfigError(f"The variable {name} names no setting ({key})", right if "Did" in right else "")
            continue
        key = keys_of[name]
        takes_text = describe(hints[key]).startswith(("text", "a path"))
        found[key] = environ[name] if takes_text else _scalar(environ[name])
        try:
            convert(hints[key], found[key], name, key)
        except ConfigError as error:
            found[key] = error
    return found


def _put(raw: dict[str, Any], key: str, value: object) -> None:
    """Set a dotted key in nested mappings; what is no mapping where one belongs is left for ``build`` to name."""
    *sections, name = key.split(".")
    place: Any = raw
    for section in sections:
        if place.get(section) is None:
            place[section] = {}
        place = place[section]
        if not isinstance(place, dict):
            return
    place[name] = value


def _at(raw: object, key: str) -> object:
    """What a dotted key is set to; None where it is not."""
    for name in key.split("."):
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw


def _scalar(text: str) -> object:
    """The text read as YAML (a number, true, a [list]), or as it stands where it is none."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text
