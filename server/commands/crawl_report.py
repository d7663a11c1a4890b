"""What a crawl came to: the document of ``recollect crawl --json``, and the same in words."""

from collections.abc import Sequence
from typing import Any

import typer

from crawler.errors import RecollectError
from crawler.report import CrawlReport
from indexer.sink import IndexReport
from server.places import place_of_index
from server.settings.config import Config
from server.terminal.console import note

Json = dict[str, Any]

STOPPED = "the same command goes on where this crawl was"


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
        "error": None,
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


def merged(reports: Sequence[Json]) -> Json:
    """One report of several crawls: numbers are added, lists joined."""
    total: Json = {}
    for report in reports:
        for key, value in report.items():
            if value is None or isinstance(value, bool):
                total[key] = total.get(key) or value
            elif isinstance(value, dict):
                known = total.setdefault(key, {})
                for name, part in value.items():
                    known[name] = known[name] + part if isinstance(part, int) and name in known else part
            else:
                total[key] = total[key] + value if key in total else value
    return total


def error_json(error: BaseException) -> Json:
    """Why a crawl failed, as a person reads it on standard error."""
    if isinstance(error, RecollectError):
        return {"what": error.what, "cure": error.cure}
    if isinstance(error, KeyboardInterrupt):
        return {"what": "Stopped", "cure": STOPPED}
    return {"what": f"{type(error).__name__}: {error}", "cure": ""}
