"""recollect ask: an answer with citations in the terminal."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from indexer.store import Filters
from rag.answer import Answer
from server.installation import Installation
from server.settings.config import load
from server.shapes import Json, answer_json, choice_json, recalled_json
from server.terminal.answered import print_answer
from server.terminal.console import log_to_stderr, note, print_json, stdout
from server.terminal.narrowing import takes_filters
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl, Verbose

SESSION = "terminal"
NAME = "ask"
EXAMPLES = (
    'Examples:\n\nrecollect ask "How do I make a dictionary keep insertion order?"\n\n'
    'recollect ask "What is the rate limit?" --path /api --json\n\n'
    "recollect ask < questions.txt"
)


@takes_filters
def run(
    question: Annotated[str, typer.Argument(help="What to answer; without it, each line of standard input")] = "",
    filters: Filters = Filters(),
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how the answer was chosen")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Answer a question with what stands on the pages, whole and cited, or say why not."""
    log_to_stderr(is_verbose=verbose)
    with Installation(load(config_file, data=data, store=store)) as installation:
        for asked in [question] if question else typed_questions():
            answer = installation.conversation().answer(asked, SESSION, filters)
            if as_json:
                print_json(answer_json(answer) | (explained(answer) if explain else {}))
            else:
                print_answer(stdout(), answer, explain=explain)


def explained(answer: Answer) -> Json:
    """How the answer was chosen among passages, and what each memory said."""
    choice = {"choice": choice_json(answer.choice)} if answer.choice else {}
    return choice | ({"recalled": recalled_json(answer.recalled)} if answer.recalled else {})


def typed_questions() -> Iterator[str]:
    """What a person types, or what is piped in, line by line: a conversation, with follow-ups, until its end."""
    if sys.stdin.isatty():
        note('Ask; follow-ups such as "and on Windows?" are understood. Ctrl-D ends.')
    for line in sys.stdin:
        if line.strip():
            yield line.strip()
