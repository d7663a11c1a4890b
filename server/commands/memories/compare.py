"""recollect compare-memory: the same facts in every memory, and the same questions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.table import Table

from indexer.encoder import Encoder
from indexer.index import Indexer
from rag.choosing.choose import Chooser
from ranker.evaluation.baselines import BaselineName
from ranker.query import Mode
from ranker.rank import Ranker
from ranker.scorer import Scorer
from server.assemble import make_chooser, make_encoder, make_reader, make_scorer, open_store
from server.comparing.distilled import Distilled
from server.comparing.facts import Facts, read_facts
from server.comparing.measure import Measured, compare
from server.comparing.memories import Compared, Counted, Indexed, Nothing, Structured, Together, entries, table, triples
from server.comparing.plot import draw
from server.comparing.questions import Asked, questions, read_questions
from server.installation import rerank_config
from server.settings.config import Config, load
from server.terminal.console import log_to_stderr, print_json, progress, stdout
from server.terminal.options import AsJson, ConfigFile, Verbose

NAME = "compare-memory"
EXAMPLES = (
    "Examples:\n\nrecollect compare-memory docs/examples/elements.tsv\n\n"
    "recollect compare-memory products.tsv --questions 200 --plot memories.svg --json\n\n"
    "recollect compare-memory products.tsv --ask questions.tsv"
)
COLUMNS = ("right", "said", "cited", "p50 ms", "p95 ms", "build s", "update s", "disk KiB", "RAM MiB")
WARM_UP = 2
"""Things of a first comparison that nobody sees."""
Memories = dict[str, tuple[Callable[[], Compared], Path]]


def run(
    file: Annotated[
        Path, typer.Argument(metavar="FACTS", help="Tab-separated: a thing and its properties in each row")
    ],
    config_file: ConfigFile = None,
    questions_at_most: Annotated[
        int, typer.Option("--questions", metavar="N", min=1, help="Questions drawn from the facts, at most")
    ] = 100,
    ask: Annotated[
        Path | None,
        typer.Option(
            "--ask", metavar="FILE", help="Questions of your own, tab-separated: question, kind, answer; none is drawn"
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the comparison: .svg or .png")
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Keep the facts of a table in each kind of memory, ask the same questions, and tell what each costs."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file)
    facts = read_facts(file)
    asked = questions(facts, questions_at_most) if ask is None else read_questions(ask)
    found = compared(config, facts, asked)
    if plot is not None:
        draw(found, f"{len(asked)} questions about {file.stem}", plot)
    if as_json:
        print_json(report_json(facts, asked, found))
    else:
        print_compared(found)


def compared(config: Config, facts: Facts, asked: Sequence[Asked]) -> dict[str, Measured]:
    """Every memory by name, over these facts, asked these questions."""
    few = replace(facts, rows=dict(list(facts.rows.items())[:WARM_UP]))
    parts = Parts.of(config)
    with TemporaryDirectory(prefix="recollect-compare-") as scratch, progress("Comparing") as bar:
        # Libraries and models are loaded by the time that it counts.
        compare(memories_of(parts, Path(scratch) / "few"), few, asked[:1])
        memories = memories_of(parts, Path(scratch) / "all")
        return compare(memories, facts, asked, lambda name, done, total: bar.update(f"Asking {name}", done, total))


def report_json(facts: Facts, asked: Sequence[Asked], found: Mapping[str, Measured]) -> dict[str, Any]:
    """What was compared, and what came of it, as JSON values."""
    return {
        "facts": sum(bool(value) for row in facts.rows.values() for value in row.values()),
        "questions": len(asked),
        "kinds": dict(Counter(one.kind for one in asked)),
        "memories": {name: asdict(one) for name, one in found.items()},
    }


@dataclass(frozen=True, slots=True)
class Parts:
    """What all memories share: one encoder, a second where queries are trained apart, one scorer, one chooser."""

    config: Config
    plain: Encoder
    trained: Encoder | None
    scorer: Scorer | None
    chooser: Chooser

    @classmethod
    def of(cls, config: Config) -> "Parts":
        """As configured."""
        untrained = replace(config, encoder=replace(config.encoder, query_model=""))
        plain = make_encoder(untrained, is_measured=True)
        trained = make_encoder(config, is_measured=True) if config.encoder.query_model else None
        scorer = make_scorer(config)
        return cls(config, plain, trained, scorer, make_chooser(config, plain, make_reader(scorer)))


def memories_of(parts: Parts, scratch: Path) -> Memories:
    """By name, each with a folder of its own."""
    config, scorer, chooser = parts.config, parts.scorer, parts.chooser

    def indexed(folder: Path, mode: Mode, encoder: Encoder = parts.plain) -> Compared:
        store = open_store(replace(config, data=folder / "index", store=""), is_writing=True)
        ranker = Ranker(store, encoder, scorer, config.rank, rerank_config(config))
        return Indexed(store, Indexer(store, encoder, config.index), ranker, chooser, mode)

    def folder(name: str) -> Path:
        path = scratch / name.replace(" ", "-")
        path.mkdir(parents=True)
        return path

    makers: dict[str, Callable[[Path], Compared]] = {
        "no memory": lambda at: Nothing(),
        "key-value": lambda at: Structured(at, entries),
        "graph": lambda at: Structured(at, triples),
        "SQL": lambda at: Structured(at, table),
        "text, TF-IDF": lambda at: Counted(BaselineName.TFIDF, chooser),
        "text, Word2Vec": lambda at: Counted(BaselineName.WORD2VEC, chooser),
        "text, BM25": lambda at: indexed(at, "lexical"),
        "text, vectors": lambda at: indexed(at, "dense"),
        "text, hybrid": lambda at: indexed(at, "rerank" if scorer else "hybrid"),
    }
    if (trained := parts.trained) is not None:
        makers["text, trained vectors"] = lambda at: indexed(at, "dense", trained)
    makers["distilled"] = lambda at: Distilled(parts.plain)
    makers["all together"] = lambda at: Together([Structured(at, entries, table, triples), makers["text, hybrid"](at)])
    places = {name: folder(name) for name in makers}
    return {name: (partial(make, places[name]), places[name]) for name, make in makers.items()}


def print_compared(found: dict[str, Measured]) -> None:
    """A line for each memory; where questions are of several kinds, what is right of each comes last."""
    kinds = next(iter(found.values())).by_kind
    shown = Table(box=None)
    shown.add_column("memory", no_wrap=True)
    for column in (*COLUMNS, *(kinds if len(kinds) > 1 else ())):
        shown.add_column(column, justify="right")
    for name, one in found.items():
        *figures, by_kind = asdict(one).values()
        values = (*figures, *(by_kind.values() if len(kinds) > 1 else ()))
        shown.add_row(name, *(_shown(value) for value in values))
    stdout().print(shown)


def _shown(value: float | None) -> str:
    """Three figures are enough."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
