"""recollect crawl: a site into the index."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.config import CrawlConfig
from crawler.errors import BadUrl, SeedFailed
from crawler.report import CrawlReport
from indexer.sink import IndexReport
from server.assemble import make_crawler
from server.commands.crawl_report import STOPPED, error_json, merged, print_report, report_json
from server.crawling import continuing, crawl_into, rebuilding
from server.errors import BadInput
from server.installation import Installation
from server.page_facts import keep_current
from server.settings.config import Config, load
from server.terminal.console import log_to_stderr, note, print_json, print_problem, progress
from server.terminal.options import (
    EXIT_PURGE_HELD,
    AsJson,
    Broker,
    ConfigFile,
    Data,
    Rebuild,
    RemoveAll,
    StoreUrl,
    Verbose,
)
from server.terminal.watch import Watch

NAME = "crawl"
EXAMPLES = (
    "Examples:\n\nrecollect crawl https://docs.example.com/\n\nrecollect crawl recollect.yml\n\n"
    "recollect crawl https://docs.example.com/ --max-pages 100 --data trial --json"
)
CONFIG_SUFFIXES = (".yml", ".yaml")
EXIT_SITE_FAILED = 1
"""Exit status when a site of several gave no page; the others were crawled."""

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
    yes: RemoveAll = False,
    rebuild: Rebuild = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Crawl sites and index what has changed; goes on where a stopped crawl was."""
    log_to_stderr(is_verbose=verbose)
    given = {"max_pages": max_pages, "max_depth": max_depth, "warc": warc, "event_log": log}
    limits = {name: value for name, value in given.items() if value is not None}
    crawls = Crawls(
        partial(crawl_into_index, is_verbose=verbose, is_rebuild=rebuild, only_due=due, agrees_to_losses=yes)
    )
    try:
        config_file, urls = sort_targets(targets or [], config_file)
        differences: list[str] = []
        config = load(config_file, data=data, store=store, broker=broker, notes=differences)
        for line in differences:
            note(f"differs: {line}")
        config = with_limits(config, limits)
        sites = sites_of(config, urls)
        if rebuild and len(sites) > 1:
            what = "Several sites are not rebuilt together"
            raise BadInput(what, "Give the seeds of one, or rebuild from one site's file")
        crawls.run(config, sites)
    except BaseException as error:
        if as_json:
            print_json(crawls.report() | {"error": error_json(error)})
        raise
    if as_json:
        print_json(crawls.report())
    elif crawls.has_crawled:
        print_report(crawls.report(), config)
    raise typer.Exit(crawls.status())


class Crawls:
    """Crawls of several sites, one after another, and what they have come to so far."""

    def __init__(self, crawl: Callable[..., Json]) -> None:
        self._crawl = crawl
        self._reports: list[Json] = []
        self._sites = 0
        self._failed: dict[str, str] = {}

    @property
    def has_crawled(self) -> bool:
        """Whether any site gave a page."""
        return self._sites > len(self._failed)

    def run(self, config: Config, sites: Sequence[tuple[tuple[str, ...], CrawlConfig]]) -> None:
        """Crawl each; of several, one that gives no page does not stop the others."""
        for seeds, crawl in sites:
            self._sites += 1
            try:
                self._reports.append(self._crawl(replace(config, crawl=crawl), seeds, on_failure=self._reports.append))
            except (BadUrl, SeedFailed) as error:
                if len(sites) == 1:
                    raise
                print_problem(error)
                self._failed[seeds[0]] = str(error)

    def report(self) -> Json:
        """One document for all; that of a crawl which has not begun holds zeros."""
        total = merged(self._reports or [report_json((), CrawlReport(), IndexReport(), 0.0)])
        return total if self._sites < 2 else total | {"failed_sites": self._failed}

    def status(self) -> int:
        """The exit status, with a note on standard error where it is not 0."""
        held = self.report()["purge_held"]
        if self._failed:
            note(f"{len(self._failed)} of {self._sites} sites could not be crawled: {', '.join(self._failed)}")
        if held:
            note(
                f"{held:,} pages are gone and stay in the index, as they are more than "
                f"crawl.max_purge_share allows; recollect crawl --yes removes them"
            )
            return EXIT_PURGE_HELD
        return EXIT_SITE_FAILED if self._failed else 0


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
    on_failure: Callable[[Json], None] | None = None,
) -> Json:
    """Crawl, index (or hand to the workers), and return the report's document.

    ``on_failure`` is given what had been done until an error ended the crawl.
    """
    started_s = time.monotonic()
    with Installation(config, is_writing=not config.broker) as installation, progress("Crawling") as bar:
        with (rebuilding if is_rebuild else continuing)(installation) as (sink, frontier):
            crawler = make_crawler(config, frontier)
            watch = Watch(bar, frontier, get_delay_s=crawler.delay_s, is_verbose=is_verbose)
            try:
                done = crawl_into(
                    sink,
                    crawler,
                    config,
                    seeds,
                    watch.on_event,
                    on_progress=watch.on_progress,
                    only_due=only_due,
                    agrees_to_losses=agrees_to_losses,
                )
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    note(f"Stopped; {STOPPED}")
                if on_failure is not None:
                    on_failure(report_json(seeds, crawler.report(), watch.indexed, time.monotonic() - started_s))
                raise
        keep_current(config)
        return report_json(seeds, done.crawl, done.index, time.monotonic() - started_s)
