"""recollect train reranker: a reader-ranker of one's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from indexer.encoder import Encoder
from indexer.store import Store
from ranker.training.config import TrainConfig
from ranker.training.curves import draw
from ranker.training.model import has_device, quieten
from ranker.training.prepare import PrepareConfig, Prepared, prepare
from ranker.training.rounds import Recipe, train_rounds
from ranker.training.train import is_reader_ranker
from server.assemble import reader_ranker_folder
from server.errors import BadInput
from server.installation import Installation, check_manifest
from server.settings.config import Config, config_path, load
from server.terminal.console import Bar, log_to_stderr, note, print_json, progress, stdout
from server.terminal.options import AsJson, ConfigFile, StoreUrl, Verbose
from server.terminal.progress import in_words
from server.trained import finished, installed

LEARNING_RATE, FRESH_LEARNING_RATE = 1e-4, 1.5e-4
"""For a base that is a reader-ranker, and for one without heads."""

NAME = "reranker"
EXAMPLES = (
    "Examples:\n\nrecollect train reranker --data recollect-data --out trained\n\n"
    "recollect train reranker --data train-v1.1.json --data corpora/medquad --out trained --install"
)


def run(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for data, checkpoints and the model")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="PATH", help="SQuAD, BEIR, pairs, groups or an index; repeat for several"),
    ] = None,
    config_file: ConfigFile = None,
    store: StoreUrl = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="MODEL", help="Begin with this BERT or reader-ranker, not with the one shipped"),
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", metavar="NAME", help="BEIR judgements, if not train or dev")
    ] = None,
    max_groups: Annotated[
        int, typer.Option("--max-groups", min=1, help="So many examples of each source at most")
    ] = PrepareConfig().max_groups,
    max_reading: Annotated[
        int, typer.Option("--max-reading", min=0, help="So many questions of each source, to read only, at most")
    ] = PrepareConfig().max_reading,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the data in each round")] = 1,
    learning_rate: Annotated[
        float | None,
        typer.Option("--learning-rate", min=1e-7, max=1e-2, help="If not 1e-4 for a reader-ranker, 1.5e-4 for a BERT"),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model")] = 1,
    device: Annotated[
        str | None, typer.Option("--device", metavar="NAME", help="cpu or cuda; without it the GPU if there is one")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="CPU threads")] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Use the model from now on, if it is not worse than the present one")
    ] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Train a reader-ranker, compare it with the present one, and install it if it is not worse.

    Run again after a stop, it goes on where it was.
    """
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, store=store)
    sources = sources_of(data, store)
    if not verbose:
        quieten()
    check_device(device)
    begin = base or str(reader_ranker_folder())
    settings = TrainConfig(
        base=begin,
        epochs=epochs,
        learning_rate=learning_rate or (LEARNING_RATE if is_reader_ranker(begin) else FRESH_LEARNING_RATE),
        seed=seed,
        device=device,
        threads=threads,
    )
    with progress("Preparing") as bar:
        limits = PrepareConfig(max_groups=max_groups, max_reading=max_reading, split=split)
        prepared = prepare(sources, out / "data", opener(config), limits, bar.update)
    for source in prepared:
        note(source_line(source))
    with progress("Training") as bar:
        trained = train_rounds(prepared, out / "data", out, Recipe(settings), follow(bar))
    draw(trained.rounds, out / "curves.png")
    with progress("Comparing") as bar:
        report = finished(config, prepared, trained.model, out, bar)
    if install:
        report["notes"] += installed(report, config_path(config_file))
    if as_json:
        print_json(report)
    else:
        print_report(report, out)


def sources_of(data: list[Path] | None, store: str | None) -> list[Path | None]:
    """What to train on, None for the index at ``store``. Raises BadInput where that is nothing."""
    sources: list[Path | None] = [*(data or []), *([None] if store else [])]
    if not sources:
        raise BadInput("there is nothing to train on", "Name data with --data PATH, or an index with --store URL")
    return sources


def check_device(device: str | None) -> None:
    """Raises BadInput where the device is not there."""
    if device is None or device == "cpu":
        return
    if not has_device(device):
        raise BadInput(f"there is no device {device!r} to train on", "Leave --device out, or give cpu or cuda")


def opener(
    config: Config, kept: Callable[[Encoder, Store], Encoder] = lambda encoder, store: encoder
) -> Callable[[Path | None, bool], Any]:
    """Opens the index that is there, or an embedded one of its own in a working folder, with what ``kept`` makes of
    the configured encoder for it."""

    @contextmanager
    def open_index(folder: Path | None, is_new: bool) -> Iterator[tuple[Store, Encoder]]:
        own = config if folder is None else replace(config, data=folder, store="", broker="")
        with Installation(own, is_writing=is_new) as installation:
            if not is_new:
                check_manifest(installation.store(), installation.encoder(), own)
            yield installation.store(), kept(installation.encoder(), installation.store())

    return open_index


def source_line(source: Prepared) -> str:
    """One line of what a source gave."""
    parts = [f"{source.groups:,} groups to train on", f"{source.held:,} held out"]
    parts += [f"{source.reading:,} for reading"] if source.reading else []
    lost = source.mined - source.groups - source.held
    parts += [f"{lost:,} whose passage search did not find among wrong ones"] if source.mined and lost else []
    parts += [f"{source.left_out:,} left out between the two"] if source.left_out else []
    return f"{source.name} ({source.kind}): {source.topics:,} topics; {', '.join(parts)}"


def follow(bar: Bar) -> Callable[[str, dict[str, Any]], None]:
    """Shows how far a round is, how long it takes and how well it goes."""

    def report(name: str, record: dict[str, Any]) -> None:
        rows, of_rows, seconds = record["rows"], record["of_rows"], record["seconds"]
        left = in_words(seconds / max(rows, 1) * (of_rows - rows))
        loss = record["loss"].get("total")
        line = f"Round {name}: about {left} left" + (f", loss {loss:.2f}" if loss is not None else "")
        bar.update(line, rows, of_rows)
        if found := record.get("validation"):
            note(f"round {name}, {rows:,} of {of_rows:,} rows: " + ", ".join(f"{k} {v:.3f}" for k, v in found.items()))

    return report


def print_report(report: dict[str, Any], out: Path) -> None:
    """The comparison as a table, and what to do next."""
    compared = report["comparison"]
    if compared:
        typer.echo(f"On {compared['groups']:,} held-out groups, against {compared['present']}:")
        table = Table("", "new", "present", "p", box=None)
        for name, values in compared["figures"].items():
            table.add_row(name, *(f"{values[column]:.4f}" for column in ("new", "present", "p_value")))
        stdout().print(table)
    for name, value in report["reading"].items():
        typer.echo(f"reading, {name}: {value:.4f}")
    typer.echo(f"Model: {report['model']}, curves: {out / 'curves.png'}")
    for line in report["notes"]:
        note(line)
