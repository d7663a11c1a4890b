"""recollect crawl: a site into the index."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.config import CrawlConfig
from crawler.errors import BadUrl, SeedFailed
from crawler.frontier.seam import Frontier, State
from crawler.outcome import Outcome
from crawler.report import CrawlEvent, CrawlReport
from crawler.visit.refusals import Refusals
from indexer.ingest import ingest
from indexer.sink import IndexReport
from server.assemble import make_crawler, place_of_index, refusals_path
from server.errors import BadInput
from server.installation import Installation
from server.rebuild import continuing, rebuilding
from server.set_aside import note_set_aside
from server.settings.config import Config, load
from server.terminal.console import Bar, log_to_stderr, note, print_json, print_problem, progress, stderr
from server.terminal.options import AsJson, Broker, ConfigFile, Data, StoreUrl, Verbose
from server.terminal.progress import Queue, progress_line

NAME = "crawl"
EXAMPLES = (
    "Examples:\n\nrecollect crawl https://docs.example.com/\n\nrecollect crawl recollect.yml\n\n"
    "recollect crawl https://docs.example.com/ --max-pages 100 --data trial --json"
)
CONFIG_SUFFIXES = (".yml", ".yaml")
EXIT_SITE_FAILED = 1
"""Exit status when a site of several gave no page; the others were crawled."""

EXIT_PURGE_HELD = 3
"""Exit status when pages that are gone stay in the index because they are too many."""

PLAIN_LINE_S = 10.0
"""Where no bar can be drawn, a line says this often how far the crawl is."""

Json = dict[str, Any]


def run(
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[URL|CONFIG]...", help="Where to begin, or a config file with seeds")
    ] = None,
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    max_pages: Annotated[int | None, typer.Option("--max-pages", min=1, help="Stop after so many pages")] = None,
    max_depth: Annotated[int | None, typer.Option("--max-depth", min=0, help="Follow links so deep")] = None,
    warc: Annotated[Path | None, typer.Option("--warc", help="Keep every exchange in this WARC file")] = None,
    log: Annotated[Path | None, typer.Option("--log", help="Write one JSON line for each URL to this file")] = None,
    due: Annotated[bool, typer.Option("--due", help="Visit only pages whose time has come, and new ones")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove what is gone however much it is (see crawl.max_purge_share)")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Fill a new Elasticsearch index, which then takes the present one's place")
    ] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Crawl sites and index what has changed; goes on where a stopped crawl was."""
    log_to_stderr(is_verbose=verbose)
    config_file, urls = sort_targets(targets or [], config_file)
    differences: list[str] = []
    config = load(config_file, data=data, store=store, broker=broker, notes=differences)
    for line in differences:
        note(f"differs: {line}")
    given = {"max_pages": max_pages, "max_depth": max_depth, "warc": warc, "event_log": log}
    config = with_limits(config, {name: value for name, value in given.items() if value is not None})
    sites = sites_of(config, urls)
    if rebuild and len(sites) > 1:
        raise BadInput(
            "Several sites are not rebuilt together", "Give the seeds of one, or rebuild from one site's file"
        )
    reports: list[Json] = []
    failed_sites: dict[str, str] = {}
    for seeds, crawl in sites:
        try:
            reports.append(
                crawl_into_index(
                    replace(config, crawl=crawl),
                    seeds,
                    is_verbose=verbose,
                    is_rebuild=rebuild,
                    only_due=due,
                    agrees_to_losses=yes,
                )
            )
        except (BadUrl, SeedFailed) as error:
            if len(sites) == 1:
                raise
            print_problem(error)
            failed_sites[seeds[0]] = str(error)
    if not reports:
        raise typer.Exit(EXIT_SITE_FAILED)
    report = reports[0] if len(sites) == 1 else merged(reports) | {"failed_sites": failed_sites}
    if as_json:
        print_json(report)
    else:
        print_report(report, config)
    if report["purge_held"]:
        note(
            f"{report['purge_held']:,} pages are gone and stay in the index, as they are more than "
            f"crawl.max_purge_share allows; recollect crawl --yes removes them"
        )
        raise typer.Exit(EXIT_PURGE_HELD)
    if failed_sites:
        note(f"{len(failed_sites)} of {len(sites)} sites could not be crawled: {', '.join(failed_sites)}")
        raise typer.Exit(EXIT_SITE_FAILED)


def with_limits(config: Config, given: dict[str, Any]) -> Config:
    """The settings with those of the command line, for every site."""
    sites = tuple(replace(site, crawl=replace(site.crawl, **given)) for site in config.sites)
    return replace(config, crawl=replace(config.crawl, **given), sites=sites)


def sites_of(config: Config, urls: tuple[str, ...]) -> list[tuple[tuple[str, ...], CrawlConfig]]:
    """The seeds of each site with its settings; URLs of the command line are one site."""
    if urls:
        return [(urls, config.crawl)]
    if not config.all_sites():
        raise BadInput("There is nothing to crawl", "Give a URL, or name seeds in the config file")
    return [(site.seeds, site.crawl) for site in config.all_sites()]


def merged(reports: Sequence[Json]) -> Json:
    """One report of several crawls: numbers are added, lists joined."""
    total: Json = {}
    for report in reports:
        for key, value in report.items():
            if isinstance(value, bool):
                total[key] = total.get(key, False) or value
            elif isinstance(value, dict):
                known = total.setdefault(key, {})
                for name, part in value.items():
                    known[name] = known[name] + part if isinstance(part, int) and name in known else part
            else:
                total[key] = total[key] + value if key in total else value
    return total


def sort_targets(targets: Sequence[str], config_file: Path | None) -> tuple[Path | None, tuple[str, ...]]:
    """Tell URLs from the config file among what was given."""
    files = [target for target in targets if "://" not in target and target.endswith(CONFIG_SUFFIXES)]
    if len(files) + (config_file is not None) > 1:
        raise BadInput("More than one config file is given", "Give one")
    return (Path(files[0]) if files else config_file), tuple(target for target in targets if target not in files)


def crawl_into_index(
    config: Config,
    seeds: Sequence[str],
    *,
    is_verbose: bool = False,
    is_rebuild: bool = False,
    only_due: bool = False,
    agrees_to_losses: bool = False,
) -> Json:
    """Crawl, index (or hand to the workers), and return the report's document."""
    started_s = time.monotonic()
    with Installation(config, is_writing=not config.broker) as installation, progress("Crawling") as bar:
        with (rebuilding if is_rebuild else continuing)(installation) as (sink, frontier):
            crawler = make_crawler(config, frontier)
            refusals = Refusals(refusals_path(config))
            watch = Watch(refusals, bar, frontier, get_delay_s=crawler.delay_s, is_verbose=is_verbose)
            try:
                indexed = ingest(
                    crawler.crawl(seeds, watch.on_event, only_due=only_due, agrees_to_losses=agrees_to_losses),
                    sink,
                    crawler.acknowledge,
                    config=config.index,
                    on_progress=watch.on_progress,
                )
                note_set_aside(refusals, indexed)
            except KeyboardInterrupt:
                note("Stopped; the same command goes on where this crawl was")
                raise
            finally:
                refusals.flush()
        return report_json(seeds, crawler.report(), indexed, time.monotonic() - started_s)


def to_go(frontier: Frontier) -> int:
    """How many known URLs are yet to be visited; some are leased well before their turn."""
    counts = frontier.counts()
    return counts[State.QUEUED] + counts[State.LEASED]


class Watch:
    """Shows how far a crawl is."""

    def __init__(
        self,
        refusals: Refusals,
        bar: Bar,
        frontier: Frontier,
        *,
        get_delay_s: Callable[[], float],
        is_verbose: bool,
    ) -> None:
        self._refusals, self._bar, self._is_verbose = refusals, bar, is_verbose
        self._queue, self._get_delay_s = Queue(partial(to_go, frontier)), get_delay_s
        self._outcomes: Counter[Outcome] = Counter()
        self._indexed, self._size_bytes = 0, 0
        self._started_s = self._told_s = time.monotonic()

    def on_event(self, event: CrawlEvent) -> None:
        """One URL was visited."""
        self._outcomes[event.outcome] += 1
        self._size_bytes += event.size_bytes
        self._refusals.note(event)
        self._show()
        if self._is_verbose:
            words = (event.outcome, event.url, str(event.status or ""), event.reason, event.detail)
            note(" ".join(word for word in words if word))

    def on_progress(self, report: IndexReport) -> None:
        """One batch was stored."""
        self._indexed = report.indexed + report.unchanged + report.queued
        self._show()

    def _show(self) -> None:
        now_s = time.monotonic()
        is_terminal = stderr().is_terminal
        if not is_terminal and now_s - self._told_s < PLAIN_LINE_S:
            return
        text = progress_line(
            self._outcomes,
            now_s - self._started_s,
            queued=self._queue.length(),
            indexed=self._indexed,
            size_bytes=self._size_bytes,
            delay_s=self._get_delay_s(),
        )
        if is_terminal:
            self._bar.update(text, self._outcomes.total())
        else:
            self._told_s = now_s
            note(text)


def report_json(seeds: Sequence[str], crawled: CrawlReport, indexed: IndexReport, seconds: float) -> Json:
    """The document of ``crawl --json``; ``seconds`` is the whole time, indexing included."""
    return {
        "seeds": list(seeds),
        "fetched": crawled.fetched,
        "not_modified": crawled.not_modified,
        "indexed": indexed.indexed,
        "unchanged": indexed.unchanged,
        "deleted": indexed.deleted,
        "duplicates": crawled.duplicates,
        "near_duplicates": crawled.near_duplicates,
        "redirects": crawled.redirects,
        "canonicals": crawled.canonicals,
        "gone": crawled.gone,
        "purge_held": crawled.purge_held,
        "retries": crawled.retries,
        "skipped": crawled.skipped,
        "failed": crawled.failed,
        "failed_documents": dict(indexed.failed),
        "passages": indexed.passages,
        "encoded": indexed.encoded,
        "queued": indexed.queued,
        "size_bytes": crawled.size_bytes,
        "is_resumed": crawled.is_resumed,
        "seconds": round(seconds, 3),
    }


def print_report(report: Json, config: Config) -> None:
    """The report in words."""
    typer.echo(
        f"{'Resumed and crawled' if report['is_resumed'] else 'Crawled'} and indexed in {report['seconds']:.1f} s:"
    )
    for name in ("fetched", "not_modified", "duplicates", "near_duplicates", "redirects", "gone", "retries"):
        if report[name] or name == "fetched":
            typer.echo(f"  {name.replace('_', ' '):15}{report[name]:>7,}")
    for outcome in ("skipped", "failed"):
        for reason, count in report[outcome].items():
            typer.echo(f"  {outcome:14}{count:>8,}  {reason.replace('_', ' ')}")
    if config.broker:
        typer.echo(f"{report['queued']:,} pages were handed to the workers.")
        return
    kept = f", {report['unchanged']:,} unchanged" if report["unchanged"] else ""
    removed = f", {report['deleted']:,} removed" if report["deleted"] else ""
    stored = f"{report['indexed']:,} pages in {report['passages']:,} passages{kept}{removed}"
    typer.echo(f"Indexed {stored}: {place_of_index(config)}")
    for url, why in report["failed_documents"].items():
        note(f"set aside: {url}: {why}")
