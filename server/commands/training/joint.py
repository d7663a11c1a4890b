"""recollect train joint: queries that find what the reader prefers, in an index that stays as it is."""

import json
import resource
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from indexer.encoder import Encoder
from indexer.store import Store
from ranker.training.curves import draw
from ranker.training.joint.config import JointConfig, Loss
from ranker.training.joint.pool import KeptEncoder
from ranker.training.model import quieten
from ranker.training.prepare import PrepareConfig, prepare
from ranker.training.train import LOG
from server.commands.training.reranker import follow, opener, source_line, sources_of
from server.errors import BadInput
from server.settings.config import config_path, load
from server.terminal.console import log_to_stderr, note, print_json, progress, stdout
from server.terminal.options import AsJson, ConfigFile, StoreUrl, Verbose
from server.trained_queries import MINED, compared, installed, trained

NAME = "joint"
EXAMPLES = (
    "Examples:\n\nrecollect train joint --data recollect-data --out joint --install\n\n"
    "recollect train joint --data corpora/squad11 --guard corpora/wikiqa --out joint"
)


def run(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for data, checkpoints and the model")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="PATH", help="SQuAD, BEIR, pairs, groups or an index; repeat for several"),
    ] = None,
    guard: Annotated[
        list[Path] | None,
        typer.Option("--guard", metavar="BEIR_DIR", help="Questions that must not suffer; repeat for several"),
    ] = None,
    guard_split: Annotated[
        str, typer.Option("--guard-split", metavar="NAME", help="Judgements of the guards to use")
    ] = "test",
    config_file: ConfigFile = None,
    store: StoreUrl = None,
    split: Annotated[
        str | None, typer.Option("--split", metavar="NAME", help="BEIR judgements to train on, if not train or dev")
    ] = None,
    max_groups: Annotated[
        int, typer.Option("--max-groups", min=1, help="So many questions of each source at most")
    ] = PrepareConfig().max_groups,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the questions")] = JointConfig().epochs,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", min=1e-7, max=1e-2, help="The highest one")
    ] = JointConfig().learning_rate,
    loss: Annotated[
        Loss,
        typer.Option("--loss", help="The right passage and the reader's preference, or the reader's margins alone"),
    ] = JointConfig().loss,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model")] = 1,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="CPU threads")] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Use it from now on, if it finds more and harms no guard")
    ] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Train how queries are encoded, by what the reader prefers; the vectors in the index stay valid.

    Run again after a stop, it goes on where it was.
    """
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, store=store)
    sources = sources_of(data, store)
    if config.encoder.kind != "bundled":
        raise BadInput(
            f"the encoder {config.encoder.kind} cannot be trained", "Set encoder.kind: bundled, or leave encoder out"
        )
    if not verbose:
        quieten()
    began = time.monotonic()
    plain = replace(config, encoder=replace(config.encoder, query_model=""))

    def kept(encoder: Encoder, store: Store) -> Encoder:
        found = KeptEncoder(encoder, out / "vectors")
        found.learn(store)
        return found

    with progress("Preparing") as bar:
        limits = PrepareConfig(max_groups=max_groups, max_reading=0, split=split, is_whole=True, mine=MINED)
        prepared = prepare(sources, out / "data", opener(plain, kept), limits, bar.update)
    for source in prepared:
        note(source_line(source))
    settings = JointConfig(loss=loss, epochs=epochs, learning_rate=learning_rate, seed=seed, threads=threads)
    with progress("Training") as bar:
        result = trained(plain, prepared, out, settings, bar.update, follow(bar))
    draw([("joint", out / LOG)], out / "curves.png")
    with progress("Comparing") as bar:
        report = compared(result, guard or [], guard_split, out, bar.update)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report |= {"sources": [asdict(one) for one in prepared], "seconds": round(time.monotonic() - began, 1)}
    report["peak_mib"] = round(peak)
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if install:
        report["notes"] += installed(report, config_path(config_file))
    if as_json:
        print_json(report)
    else:
        print_report(report, out)


def print_report(report: dict[str, Any], out: Path) -> None:
    """What queries find before and after, and what to do next."""
    typer.echo(f"Among {report['passages']:,} passages, {report['questions']:,} held-out questions:")
    table = Table("", "before", "after", box=None)
    for name in ("recall@5", "mrr"):
        table.add_row(name, *(f"{report[side][name]:.4f}" for side in ("before", "after")))
    for one in report["guards"]:
        table.add_row(f"{one['name']} nDCG@10", f"{one['before']:.4f}", f"{one['after']:.4f}")
    stdout().print(table)
    typer.echo(f"Took {report['seconds']:,.0f} s and {report['peak_mib']:,} MiB")
    typer.echo(f"Model: {report['model']}, curves: {out / 'curves.png'}")
    for line in report["notes"]:
        note(line)
