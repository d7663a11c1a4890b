"""Reads the crawler.yml of Elastic's Open Crawler, so that a site can change over without writing a new file.

What has no counterpart is never passed over: every key that means something else here, or nothing, is a line in
``differences``. Values of secrets are not repeated in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from crawler.config import CrawlConfig
from crawler.errors import BadUrl
from crawler.fetch.config import AuthConfig
from crawler.urls.url import canonicalise, join, origin_of
from server.elastic.extraction import extraction_rules
from server.elastic.keys import BINARY_KEYS, ELASTIC_DEFAULTS, LEFT_OUT, NOT_NEEDED, NUMBERS
from server.elastic.rules import BadElasticConfig, FieldRuleset, Notes, rulesets, url_rules

_USED = {
    "domains", "user_agent", "max_crawl_depth", "sitemap_discovery_disabled", "schedule", "output_sink", "output_index",
    "elasticsearch",
}  # fmt: skip
_DOMAIN_KEYS = {"url", "seed_urls", "sitemap_urls", "crawl_rules", "extraction_rulesets", "exclude_tags", "auth"}
_ACCOUNT_KEYS = {
    "api_key": "api_key",
    "username": "username",
    "password": "password",
    "ca_fingerprint": "ca_fingerprint",
    "ca_file": "ca_certs",
}
_STORE_KEYS = {"host", "port", *_ACCOUNT_KEYS}
_STORE_REASON = "this product's own settings hold for the store"


@dataclass(frozen=True)
class ElasticSite:
    """One of the ``domains``. ``config`` holds what is its own, its rules among them."""

    origin: str
    seeds: tuple[str, ...]
    config: CrawlConfig
    rulesets: tuple[FieldRuleset, ...] = ()


@dataclass(frozen=True)
class ElasticStore:
    """Where the pages go; ``url`` ends with the name of the index."""

    url: str
    account: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ElasticConfig:
    """A crawler.yml as this crawler understands it, and every difference as one line.

    ``config`` holds what is common to the sites. ``store`` None: no cluster is named.
    """

    config: CrawlConfig
    sites: tuple[ElasticSite, ...]
    differences: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    store: ElasticStore | None = None


def read_elastic_config(text: str) -> ElasticConfig:
    """Read the text of a crawler.yml. Raises BadElasticConfig, with the key's place, for what cannot be crawled."""
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadElasticConfig(
            f"the file is not YAML: {' '.join(str(error).split())}", "Check its indentation"
        ) from error
    return elastic_config(loaded)


def is_elastic(loaded: object) -> bool:
    """Whether a file's content is a crawler.yml."""
    return isinstance(loaded, Mapping) and "domains" in loaded


def elastic_config(loaded: object, wrong: list[BadElasticConfig] | None = None) -> ElasticConfig:
    """The content of a crawler.yml; raises BadElasticConfig, or adds every mistake to ``wrong`` where that is given.

    With mistakes, what is returned lacks the parts at fault.
    """
    notes = Notes(wrong)
    found = [ElasticConfig(ELASTIC_DEFAULTS, ())]
    with notes.part():
        found.append(_elastic_config(loaded, notes))
    return found[-1]


def _elastic_config(loaded: object, notes: Notes) -> ElasticConfig:
    if not isinstance(loaded, Mapping) or not isinstance(loaded.get("domains"), list) or not loaded["domains"]:
        raise BadElasticConfig("the file has no domains", "Write domains: and under it - url: https://example.org")
    settings = _nested(loaded)
    config = _config(settings, notes)
    sites = []
    for i, item in enumerate(settings["domains"]):
        with notes.part():
            sites.append(_site(item, f"domains[{i}]", config, notes))
    origins = [site.origin for site in sites]
    for origin in sorted({origin for origin in origins if origins.count(origin) > 1}):
        notes.refuse(
            BadElasticConfig(f"{origin} stands twice under domains", "Put its seed_urls and rules into one entry")
        )
    _note_others(settings, notes)
    store = _store(settings, notes)
    return ElasticConfig(config, tuple(sites), tuple(notes), _schedules(settings), store)


def _nested(loaded: Mapping[str, Any]) -> dict[str, Any]:
    """``elasticsearch.host: x`` is the same as ``host: x`` under ``elasticsearch:``."""
    settings: dict[str, Any] = {}
    for key, value in loaded.items():
        head, _, rest = str(key).partition(".")
        if rest and isinstance(settings.setdefault(head, {}), dict):
            settings[head][rest] = value
        elif isinstance(value, dict) and isinstance(settings.get(head), dict):
            settings[head].update(value)
        else:
            settings[head] = value
    return settings


def _config(settings: Mapping[str, Any], notes: Notes) -> CrawlConfig:
    changes: dict[str, Any] = {}
    for key, (name, kind) in NUMBERS.items():
        with notes.part():
            if settings.get(key) is not None:
                changes[name] = kind(_number(key, settings[key]))
    with notes.part():
        if settings.get("max_crawl_depth") is not None:
            changes["max_depth"] = max(0, int(_number("max_crawl_depth", settings["max_crawl_depth"])) - 1)
    if settings.get("user_agent"):
        changes["user_agent"] = str(settings["user_agent"])
    else:
        notes.append(f"user_agent is not set: pages are asked for as {CrawlConfig().user_agent}, not Elastic-Crawler")
    if settings.get("sitemap_discovery_disabled"):
        changes["use_sitemaps"] = False
    return replace(ELASTIC_DEFAULTS, **changes)


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadElasticConfig(f"{key} is {value!r}, not a number", "Write a number of at least 0 without a unit")
    return value


def _site(item: object, place: str, config: CrawlConfig, notes: Notes) -> ElasticSite:
    if not isinstance(item, dict) or not item.get("url"):
        raise BadElasticConfig(f"{place} has no url", "Write url: https://example.org")
    notes += [f"{place}.{key} is unknown and left out" for key in item if key not in _DOMAIN_KEYS]
    url = _url(str(item["url"]), f"{place}.url", notes)
    origin = origin_of(url)
    seeds = _urls(item.get("seed_urls"), f"{place}.seed_urls", origin, notes)
    sitemaps = _urls(item.get("sitemap_urls"), f"{place}.sitemap_urls", origin, notes)
    rules = url_rules(item.get("crawl_rules"), f"{place}.crawl_rules", notes)
    site_config = replace(config, rules=rules, sitemaps=sitemaps)
    tags = item.get("exclude_tags") or []
    if isinstance(tags, list):
        site_config = replace(site_config, exclude_selectors=tuple(map(str, tags)))
    else:
        notes.refuse(BadElasticConfig(f"{place}.exclude_tags is not a list", "Put a dash before each tag"))
    with notes.part():
        if item.get("auth"):
            site_config = replace(site_config, authentication=(_auth(item["auth"], f"{place}.auth", origin),))
    fields = rulesets(item.get("extraction_rulesets"), f"{place}.extraction_rulesets", notes)
    with notes.part():
        site_config = replace(site_config, extraction=extraction_rules(fields, f"{place}.extraction_rulesets"))
    if any(rule.is_list for ruleset in fields for rule in ruleset.rules):
        notes.append(
            f"{place}.extraction_rulesets: a field of several values becomes one text, with commas between them"
        )
    return ElasticSite(origin, seeds or (url,), site_config, fields)


def _auth(item: object, place: str, origin: str) -> AuthConfig:
    """Elastic signs in with a user and a password, or with a header as it is written."""
    if not isinstance(item, dict) or item.get("type") not in ("basic", "raw"):
        raise BadElasticConfig(f"{place} has no type", "Write type: basic or type: raw")
    try:
        if item["type"] == "raw":
            token = str(item.get("header") or "")
            return AuthConfig(f"{origin}/", "header", header="Authorization", token=token)
        return AuthConfig(f"{origin}/", user=str(item.get("username") or ""), password=str(item.get("password") or ""))
    except ValueError as error:
        raise BadElasticConfig(f"{place}: {error}", "Give username and password, or header") from error


def _url(text: str, place: str, notes: Notes) -> str:
    text = text.strip()
    if "://" not in text:
        notes.append(f"{place} names no scheme; https:// is taken")
        text = f"https://{text}"
    try:
        url = canonicalise(text)
    except BadUrl as error:
        raise BadElasticConfig(f"{place}: {error.what}", error.cure) from error
    if url != f"{origin_of(url)}/":
        notes.append(
            f"{place} has a path; {origin_of(url)} is the site, and {url} the first seed if there are no others"
        )
    return url


def _urls(items: object, place: str, origin: str, notes: Notes) -> tuple[str, ...]:
    """Absolute URLs on ``origin``, each once."""
    if items is not None and not isinstance(items, list):
        notes.refuse(BadElasticConfig(f"{place} is not a list", "Put a dash before each URL"))
    found: dict[str, None] = {}
    for i, item in enumerate(items if isinstance(items, list) else ()):
        url = join(f"{origin}/", str(item).strip())
        if url is None:
            notes.refuse(
                BadElasticConfig(f"{place}[{i}] is {item!r}, not a web address", "Write https://example.org/page")
            )
            continue
        url = canonicalise(url)
        if origin_of(url) == origin:
            found[url] = None
        else:
            notes.append(f"{place}[{i}] is not on {origin} and left out: give its site an entry under domains")
    return tuple(found)


def _note_others(settings: Mapping[str, Any], notes: Notes) -> None:
    for key, value in settings.items():
        if key in _USED or key in NUMBERS:
            continue
        if key in NOT_NEEDED:
            notes.append(f"{key} is not needed: {NOT_NEEDED[key]}")
        elif key in LEFT_OUT:
            notes.append(f"{key} is left out: {LEFT_OUT[key]}")
        elif key in BINARY_KEYS:
            if value:
                notes.append(
                    f"{key} is not needed: documents are told by their content and read with recollect[documents]"
                )
        else:
            notes.append(f"{key} is unknown and left out")


def _schedules(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Cron patterns; Elastic takes one, written as a group of keys or as a list of them."""
    schedule = settings.get("schedule") or []
    items = schedule if isinstance(schedule, list) else [schedule]
    return tuple(str(item["pattern"]) for item in items if isinstance(item, dict) and item.get("pattern"))


def _store(settings: Mapping[str, Any], notes: Notes) -> ElasticStore | None:
    sink = settings.get("output_sink") or "elasticsearch"
    if sink != "elasticsearch":
        notes.append(f"output_sink is {sink}: pages go into the index in the folder of --data")
        return None
    store = settings.get("elasticsearch")
    if not isinstance(store, dict) or not store.get("host"):
        if store or settings.get("output_index"):
            notes.append("elasticsearch.host is not set: pages go into the index in the folder of --data")
        return None
    notes += [f"elasticsearch.{key} is left out: {_STORE_REASON}" for key in store if key not in _STORE_KEYS]
    url = str(store["host"]).rstrip("/")
    if store.get("port"):
        url += f":{store['port']}"
    if name := settings.get("output_index"):
        url += f"/{name}"
        notes.append(
            f"output_index {name} is written in a form of its own: an index of Elastic's crawler is not reused"
        )
    return ElasticStore(url, {ours: str(store[key]) for key, ours in _ACCOUNT_KEYS.items() if store.get(key)})
