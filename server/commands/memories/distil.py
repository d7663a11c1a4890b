"""recollect distil: facts into the parameters of a student that answers without the memory."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from server.assemble import make_encoder
from server.comparing.distilled import UNTRAINED, distil
from server.comparing.facts import read_facts
from server.comparing.memories import Structured, triples
from server.comparing.questions import Asked, questions
from server.settings.config import load
from server.terminal.console import log_to_stderr, note, print_json
from server.terminal.options import AsJson, ConfigFile, Verbose

NAME = "distil"
EXAMPLES = "Examples:\n\nrecollect distil docs/examples/elements.tsv --out elements.npz"


def run(
    file: Annotated[
        Path, typer.Argument(metavar="FACTS", help="Tab-separated: a thing and its properties in each row")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Write the student, as .npz")],
    config_file: ConfigFile = None,
    questions_at_most: Annotated[
        int, typer.Option("--questions", metavar="N", min=1, help="Held-out questions to measure with, at most")
    ] = 200,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Teach a student the facts of a table, and ask it in other words, with the memory and without."""
    log_to_stderr(is_verbose=verbose)
    facts, encoder = read_facts(file), make_encoder(load(config_file))
    asked = questions(facts, questions_at_most)
    vectors = encoder.encode_queries([one.question for one in asked])
    started = time.perf_counter()
    student = distil(facts, encoder)
    seconds = time.perf_counter() - started
    student.save(out)
    alone = student.answer(vectors)
    with TemporaryDirectory(prefix="recollect-distil-") as folder:
        memory = Structured(Path(folder), triples)
        memory.build(facts)
        attached = [memory.ask(one.question).text or said for one, said in zip(asked, alone, strict=True)]
        memory.close()
    report = {
        "questions": len(asked),
        "untrained": _share(asked, distil(facts, encoder, UNTRAINED).answer(vectors)),
        "without_memory": _share(asked, alone),
        "with_memory": _share(asked, attached),
        "parameters": student.parameters,
        "seconds": round(seconds, 1),
        "student": str(out.resolve()),
    }
    if as_json:
        print_json(report)
    else:
        print_report(report)


def print_report(report: dict[str, Any]) -> None:
    """The shares answered rightly, one a line."""
    for name in ("untrained", "without_memory", "with_memory"):
        typer.echo(f"{name.replace('_', ' '):16} {report[name]:.3f}")
    note(
        f"{report['questions']:,} questions in wordings that were not taught; {report['parameters']:,} parameters, "
        f"taught in {report['seconds']:,} s: {report['student']}"
    )


def _share(asked: list[Asked], said: list[str]) -> float:
    return round(sum(one.is_answered_by(text) for one, text in zip(asked, said, strict=True)) / len(asked), 4)
