"""recollect eval-answers: how good are answers to questions with known answers?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from rag.evaluation.measure import ask_all, figures, without_memory
from rag.evaluation.questions import read_questions
from rag.evaluation.report import as_html
from server.assemble import make_generator
from server.installation import Installation
from server.settings.config import load
from server.terminal.console import log_to_stderr, print_json, progress
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl, Verbose

NAME = "eval-answers"
EXAMPLES = (
    "Examples:\n\nrecollect eval-answers questions.tsv\n\n"
    "recollect eval-answers questions.ndjson --json --report answers.html"
)
WARM_UP = "What is loaded at first use?"


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Questions with known answers: tab-separated or NDJSON")],
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write every question, answer and verdict, as HTML")
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ask questions with known answers of the index: helpful share, refusals, short answers, citations, latency."""
    log_to_stderr(is_verbose=verbose)
    questions = read_questions(file)
    config = load(config_file, data=data, store=store)
    with Installation(config, is_measured=True) as installation, progress("Asking") as bar:
        responder = installation.responder()
        responder.answer(WARM_UP)
        outcomes = ask_all(responder.answer, questions, lambda done: bar.update("Asking", done, len(questions)))
    measured = figures(outcomes)
    # What quotes has nothing to say without pages, so only a language model is asked without them.
    if (generator := make_generator(config)) is not None:
        measured["without_memory"] = without_memory(generator, questions)
    if report is not None:
        report.write_text(as_html(f"Answers to {file.name}", measured, outcomes), "utf-8")
    if as_json:
        print_json(measured)
    else:
        print_measured(measured)


def print_measured(measured: dict[str, Any]) -> None:
    """The figures, one a line; those that no question can tell are left out."""
    for name, value in measured.items():
        if value is not None:
            typer.echo(f"{name:22} {value}")
