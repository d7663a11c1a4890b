"""recollect eval: how good is search on queries with known answers?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ranker.evaluation.baselines import BaselineName
from ranker.evaluation.evaluate import EvalConfig, Outcome, evaluate
from server.assemble import make_scorer
from server.errors import BadInput
from server.installation import fresh_index, rerank_config
from server.request import MODES
from server.settings.config import Config, load
from server.settings.typed import nearest
from server.terminal.console import log_to_stderr, print_json, progress, stdout
from server.terminal.options import AsJson, ConfigFile, StoreUrl, Verbose

NAME = "eval"
EXAMPLES = (
    "Examples:\n\nrecollect eval corpora/nfcorpus\n\n"
    "recollect eval corpora/nfcorpus --modes lexical,hybrid --max-queries 100 --json\n\n"
    "recollect eval corpora/nfcorpus --modes hybrid,rerank --depth 100 --per-query nfcorpus.jsonl"
)


def run(
    folder: Annotated[Path, typer.Argument(metavar="BEIR_DIR", help="Folder with corpus, queries and qrels")],
    config_file: ConfigFile = None,
    store: StoreUrl = None,
    split: Annotated[str, typer.Option("--split", help="Which judgements to use")] = "test",
    modes: Annotated[
        str,
        typer.Option("--modes", help="Which modes or baselines, separated by commas; all modes if not given"),
    ] = "",
    max_queries: Annotated[
        int | None, typer.Option("--max-queries", min=1, help="Only so many, a fixed random sample")
    ] = None,
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, help="Passages to rerank; without it rerank.passages")
    ] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Take words that the index lacks as they are")] = False,
    per_query: Annotated[
        Path | None, typer.Option("--per-query", metavar="FILE", help="Write each query's figures, as NDJSON")
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Index a corpus in BEIR's format afresh and measure each mode: nDCG@10, recall@100, MRR@10, latency."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, store=store)
    rerank = rerank_config(config)
    rerank = replace(rerank, passages=depth) if depth else rerank
    chosen = EvalConfig(split=split, max_queries=max_queries, corrects=not as_typed, index=config.index, rerank=rerank)
    chosen = replace(chosen, modes=modes_of(modes), baselines=baselines_of(modes))
    kept: dict[str, Sequence[Outcome]] = {}
    measured = measure(folder, config, chosen, kept)
    if per_query is not None:
        write_outcomes(per_query, kept)
    if as_json:
        print_json(measured)
    else:
        print_measured(measured)


def modes_of(text: str) -> tuple[Any, ...]:
    """``"lexical,dense,tfidf"`` as the modes among them; raises BadInput naming what is neither mode nor baseline."""
    names = _named(text)
    for name in names:
        if name not in (*MODES, *BaselineName):
            raise BadInput(f"mode {name!r} is unknown", nearest(name, [*MODES, *BaselineName], ""))
    return tuple(name for name in names if name in MODES)


def baselines_of(text: str) -> tuple[BaselineName, ...]:
    """The baselines among them."""
    return tuple(BaselineName(name) for name in _named(text) if name in list(BaselineName))


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def measure(
    folder: Path, config: Config, chosen: EvalConfig, kept: dict[str, Sequence[Outcome]] | None = None
) -> dict[str, Any]:
    """Evaluate in an index of its own, which is removed afterwards; ``kept`` is given what each query came to."""
    kept = {} if kept is None else kept
    with fresh_index(config) as installation, progress(f"Indexing {folder}") as bar:
        chosen = replace(chosen, rank=installation.rank_config())
        return evaluate(
            folder,
            installation.store(),
            installation.encoder(),
            make_scorer(config),
            chosen,
            report_done=lambda mode, done, total: bar.update(f"Measuring {mode}", done, total),
            keep=kept.__setitem__,
        )


def write_outcomes(file: Path, kept: Mapping[str, Sequence[Outcome]]) -> None:
    """A line for each query: ``{"query_id", "modes": {mode: {"ndcg@10", "recall@100", "mrr@10", "ms"}}}``."""
    lines: dict[str, dict[str, Any]] = {}
    for mode, found in kept.items():
        for outcome in found:
            lines.setdefault(outcome.query_id, {})[mode] = {
                "ndcg@10": round(outcome.ndcg, 6),
                "recall@100": round(outcome.recall, 6),
                "mrr@10": round(outcome.mrr, 6),
                "ms": round(outcome.ms, 2),
            }
    with file.open("w", encoding="utf-8") as out:
        for query_id, modes in lines.items():
            out.write(json.dumps({"query_id": query_id, "modes": modes}, ensure_ascii=False) + "\n")


def print_measured(measured: dict[str, Any]) -> None:
    """The measurements as a table."""
    typer.echo(
        f"{measured['dataset']}: {measured['documents']:,} documents at {measured['documents_per_second']:,} a second, "
        f"{measured['queries']:,} queries"
    )
    table = Table("mode", box=None)
    columns = list(next(iter(measured["modes"].values()), {}))
    for column in columns:
        table.add_column(column, justify="right")
    for mode, values in measured["modes"].items():
        table.add_row(mode, *(f"{values[column]:.4f}".rstrip("0").rstrip(".") for column in columns))
    stdout().print(table)
