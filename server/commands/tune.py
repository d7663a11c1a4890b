"""recollect tune: the way to search that suits this index, measured."""

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ranker.evaluation.evaluate import Outcome, figures, outcomes, sample
from ranker.evaluation.tune import MIN_QUERIES, Choice, Comparison, Setting, choose, cross_validated, is_borne_out
from ranker.evaluation.weak import copied_heads, copy_without_queries, weak_labels
from ranker.query import Query
from ranker.rank import Ranker
from server.assemble import query_file
from server.errors import BadInput
from server.exporting import asked_by
from server.installation import Installation, check_manifest, fresh_index
from server.judged import Judged, judged_of, read_judged
from server.places import place_of_index
from server.settings.config import DEFAULT_FILE, Config, config_path, load
from server.settings.edit import Scalar, write_settings
from server.terminal.console import log_to_stderr, note, print_json, progress, stdout
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl, Verbose
from server.trained import present_scorer

NAME = "tune"
EXAMPLES = (
    "Examples:\n\nrecollect tune --queries queries.csv\n\n"
    "recollect tune --queries corpora/nfcorpus --dry-run --json\n\nrecollect tune --max-queries 100 --dry-run"
)
DEPTHS = (10, 20)
"""Passages to rerank, besides those configured."""

SHOWN_NAMES = 5

Measured = dict[Setting, list[Outcome]]


def run(
    queries: Annotated[
        Path | None,
        typer.Option(
            "--queries", metavar="FILE", help="Queries with what they should find: NDJSON, CSV, TSV, BEIR_DIR"
        ),
    ] = None,
    judged_here: Annotated[
        bool, typer.Option("--judged", help="The queries that were judged in the admin area")
    ] = False,
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    split: Annotated[str, typer.Option("--split", help="Which judgements of a BEIR folder to use")] = "test",
    max_queries: Annotated[int, typer.Option("--max-queries", min=1, help="Only so many, a fixed random sample")] = 300,
    max_documents: Annotated[
        int, typer.Option("--max-documents", min=1, help="Without --queries: copy so many pages to measure on")
    ] = 2000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Measure words, meaning, both and reranking on this index, and write the best into the config file.

    Without --queries and --judged, titles and headings of the index's own pages are the queries.
    """
    log_to_stderr(is_verbose=verbose)
    if queries is not None and judged_here:
        raise BadInput("--queries and --judged are both given", "Give one of them")
    config = load(config_file, data=data, store=store)
    source = str(queries) if queries is not None else "judged" if judged_here else "site"
    with Installation(config, is_measured=True) as installation:
        check_manifest(installation.store(), installation.encoder(), config)
        if queries is not None:
            known = read_judged(queries, installation.store().scan(), split)
            judged, measured = _on_judgements(installation, known, source, max_queries)
        elif judged_here:
            known = judged_of(asked_by(query_file(config).judgements()), installation.store().scan())
            judged, measured = _on_judgements(installation, known, "The admin area", max_queries)
        else:
            judged, measured = _on_own_labels(installation, max_queries, max_documents)
    report = reported(config, judged, measured, source)
    if report["settings"] and not dry_run:
        file = config_path(config_file) or Path(DEFAULT_FILE)
        write_settings(file, report["settings"])
        report["written"] = str(file)
    if as_json:
        print_json(report)
    else:
        print_report(report)


def _on_judgements(
    installation: Installation, judged: Judged, source: str, max_queries: int
) -> tuple[Judged, Measured]:
    if judged.unknown:
        named = ", ".join(judged.unknown[:SHOWN_NAMES]) + (", …" if len(judged.unknown) > SHOWN_NAMES else "")
        note(f"{len(judged.unknown):,} documents named are not in the index, or not public: {named}")
    if judged.left_out:
        note(f"{judged.left_out:,} queries are left out, since nothing that they should find is there")
    if not judged.queries:
        raise BadInput(f"{source} has no query whose document is in the index", "Name pages as `recollect why` does")
    judged = replace(judged, queries=sample(judged.queries, max_queries))
    return judged, measure(installation, judged)


def _on_own_labels(installation: Installation, max_queries: int, max_documents: int) -> tuple[Judged, Measured]:
    """In a copy of the index whose pages have lost the titles and headings that serve as queries."""
    labels = weak_labels(installation.store(), max_queries)
    if not labels.queries:
        raise BadInput("the index has no titles or headings that tell pages apart", "Give queries with --queries FILE")
    judged = Judged(labels.queries, {doc_id: {doc_id: 1} for doc_id in labels.queries})
    with fresh_index(installation.config) as copy, progress("Copying the index") as bar:
        copy.indexer().check()
        heads = copied_heads(installation.store(), labels.queries, max_documents)
        copy_without_queries(
            installation.store(),
            copy.store(),
            copy.encoder(),
            heads=heads,
            queries=labels.queries,
            report=partial(bar.update, "Copying the index"),
        )
        note(
            f"{len(labels.queries):,} titles and headings of {labels.found:,} are the queries, in a copy of "
            f"{len(heads):,} pages that have lost them"
        )
        return judged, measure(copy, judged)


def measure(installation: Installation, judged: Judged) -> Measured:
    """What each query comes to with each setting, from cheap to dear."""
    config = installation.config
    scorer = present_scorer(config)
    measured: Measured = {}
    for setting in settings_for(config):
        # A ranker of its own remembers no scores of the setting before.
        rerank = replace(installation.rerank_config(), passages=setting.passages or config.rerank.passages)
        ranker = Ranker(installation.store(), installation.encoder(), scorer, installation.rank_config(), rerank)
        _warm_up(ranker, setting, judged)
        text = f"Measuring {setting.name}"
        with progress(text) as bar:
            measured[setting] = outcomes(
                ranker,
                setting.mode,
                judged.queries,
                judged.qrels,
                id_of=lambda head: head.doc_id,
                report=partial(bar.update, text),
                allow_budget=True,
            )
    return measured


def settings_for(config: Config) -> list[Setting]:
    """What can be measured, from cheap to dear."""
    plain = [Setting("lexical"), Setting("dense"), Setting("hybrid")]
    deepest = config.rerank.passages
    if not deepest:
        return plain
    return plain + [Setting("rerank", depth) for depth in (*(d for d in DEPTHS if d < deepest), deepest)]


def _warm_up(ranker: Ranker, setting: Setting, judged: Judged) -> None:
    """Load the models, with a query that is none of those measured."""
    text = next(iter(judged.queries.values()))
    ranker.search(Query(f"{text} again", mode=setting.mode))


def reported(config: Config, judged: Judged, measured: Measured, labels: str) -> dict[str, Any]:
    """The document of ``tune --json``, before anything is written."""
    values = {setting: [outcome.ndcg for outcome in of] for setting, of in measured.items()}
    choice, present = choose(values), present_setting(config, measured)
    report: dict[str, Any] = {
        "index": place_of_index(config),
        "labels": labels,
        "queries": len(judged.queries),
        "left_out": judged.left_out,
        "unknown": list(judged.unknown),
        "measured": {setting.name: _row(setting, of, choice) for setting, of in measured.items()},
        "present": present.name,
        "choice": None,
        "cross_validated": None,
        "settings": {},
        "written": None,
    }
    if len(judged.queries) < MIN_QUERIES:
        report["reason"] = f"{len(judged.queries)} queries are too few to decide; {MIN_QUERIES} are the least"
        return report
    crossed = cross_validated(list(judged.queries), values, present)
    report["cross_validated"] = {
        "chosen": [setting.name if setting else None for setting in crossed.chosen],
        "ndcg@10": round(crossed.ndcg, 4),
        "present_ndcg@10": round(crossed.present_ndcg, 4),
        "against_present": _rounded(crossed.against_present),
    }
    order = list(measured)
    if choice.setting is None:
        report["reason"] = f"{len(judged.queries)} queries do not decide: a cheaper setting may or may not be worse"
    elif choice.setting == present:
        report |= {"choice": present.name, "reason": "It is what is set already"}
    elif is_borne_out(crossed, is_dearer=order.index(choice.setting) > order.index(present)):
        report |= {"choice": choice.setting.name, "settings": changes(config, choice.setting)}
        report["reason"] = "It is the cheapest that is not worse than the best"
    else:
        report["reason"] = f"{choice.setting.name} seems better, but not on queries that the choice never saw"
    return report


def present_setting(config: Config, measured: Measured) -> Setting:
    """The one in use: of those measured, with a scorer the deepest."""
    mode = config.rank.mode or ("rerank" if config.scorer.kind != "none" else "hybrid")
    of_mode = [setting for setting in measured if setting.mode == mode]
    return of_mode[-1] if of_mode else Setting("hybrid")


def changes(config: Config, chosen: Setting) -> dict[str, Scalar]:
    """Dotted keys to set for a setting; reranking without a scorer configured is done by the bundled one."""
    found: dict[str, Scalar] = {"rank.mode": chosen.mode}
    if chosen.mode == "rerank":
        found["rerank.passages"] = chosen.passages
        if config.scorer.kind == "none":
            found["scorer.kind"] = "bundled"
    return found


def _row(setting: Setting, of: list[Outcome], choice: Choice) -> dict[str, Any]:
    return {
        "mode": setting.mode,
        "passages": setting.passages,
        **figures(of),
        "against_best": _rounded(choice.against_best[setting]),
        "verdict": choice.verdicts[setting],
    }


def _rounded(comparison: Comparison) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(comparison).items()}


def print_report(report: dict[str, Any]) -> None:
    """The table (recall is at 100), what was chosen and why, and what was written."""
    table = Table(
        "", "nDCG@10", "MRR@10", "recall", "p50 ms", "p95 ms", "against the best", "", box=None, padding=(0, 1, 0, 0)
    )
    for column in table.columns:
        column.justify, column.no_wrap = "right", True
    for name, row in report["measured"].items():
        against = row["against_best"]
        difference = f"{_signed(against['difference'])} [{_signed(against['low'])} {_signed(against['high'])}]"
        table.add_row(
            name,
            *(f"{row[key]:.3f}" for key in ("ndcg@10", "mrr@10", "recall@100")),
            *(f"{row[key]:.1f}" for key in ("p50_ms", "p95_ms")),
            "" if row["verdict"] == "best" else difference,
            row["verdict"],
        )
    typer.echo(f"{report['index']}: {report['queries']:,} queries")
    stdout().print(table)
    if crossed := report["cross_validated"]:
        against = crossed["against_present"]
        typer.echo(
            f"On queries the choice never saw: nDCG@10 {crossed['ndcg@10']:.3f}, present setting "
            f"{crossed['present_ndcg@10']:.3f}, difference {against['difference']:+.3f} "
            f"[{against['low']:+.3f}, {against['high']:+.3f}]"
        )
    typer.echo(f"Choice: {report['choice'] or 'none'}. {report['reason']}.")
    for key, value in report["settings"].items():
        typer.echo(f"  {key}: {value}")
    if report["settings"]:
        typer.echo(f"Written into {report['written']}" if report["written"] else "Nothing is written (--dry-run)")


def _signed(value: float) -> str:
    """``-.085``: short, so that the table fits a narrow terminal."""
    return f"{value:+.3f}".replace("0.", ".", 1)
