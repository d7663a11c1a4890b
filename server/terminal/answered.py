"""Answers in a terminal: the short one first, then its blocks as what they are, then where they stand."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from indexer.document import Head, Place
from rag.answer import Answer, AnswerBlock, Citation, Shape
from rag.choosing.choice import Choice
from rag.recall.recall import Recalled
from server.shapes import headings_below_title, passage_link

INDENT = (0, 0, 0, 4)
SHOWN_CANDIDATES = 10
TEXT_CHARS = 60


def print_answer(console: Console, answer: Answer, *, explain: bool = False) -> None:
    """The answer with [n] after what is cited, its blocks, and the sources those numbers name."""
    if answer.refused:
        _print_refusal(console, answer)
    else:
        _print_found(console, answer)
    if explain and answer.choice is not None:
        _print_choice(console, answer.choice)
    if explain and answer.recalled is not None:
        _print_recalled(console, answer.recalled)
    if explain:
        _print_stages(console, answer)
    for degradation in answer.degraded:
        console.print(f"left out: {degradation}", style="yellow", markup=False)


def _print_refusal(console: Console, answer: Answer) -> None:
    console.print(f"No answer found: {answer.reason}", markup=False)
    if answer.hits:
        console.print(f"Read {answer.passages_read} passages of the {len(answer.hits)} best pages.", style="dim")
    for hit in answer.closest:
        title = " › ".join((hit.passage.head.title, *headings_below_title(hit.passage)))
        console.print(
            Text.assemble(("  closest: ", "dim"), (title, "bold"), f"  {passage_link(hit.passage)}"), soft_wrap=True
        )


def _print_found(console: Console, answer: Answer) -> None:
    sources: dict[Place, tuple[int, str, Head]] = {}
    told_by: tuple[Citation | AnswerBlock, ...] = (*answer.citations, *answer.blocks)
    for told in told_by:
        sources.setdefault(told.passage.place, (len(sources) + 1, told.url, told.passage.head))
    if answer.short:
        console.print(Text(answer.short, style="bold"))
        console.print()
    if not answer.is_quoted:
        console.print(_cited(answer, sources))
        console.print()
    for place, blocks in groupby(answer.blocks, lambda block: block.passage.place):
        _print_section(console, list(blocks), sources[place][0])
    for number, url, head in sources.values():
        date = f"  {head.modified_at:%Y-%m-%d}" if head.modified_at else ""
        console.print(Text.assemble((f"[{number}] ", "cyan"), (head.title or url, "bold"), (date, "dim")))
        # A link that is broken over two lines is no link in most terminals.
        console.print(Text(f"    {url}", style="cyan"), soft_wrap=True)
    for alternative in answer.alternatives:
        console.print(Text.assemble(("  or do you mean: ", "dim"), (alternative.label, "bold")), soft_wrap=True)
    if answer.old_since:
        console.print(f"Old: none of these pages was changed after {answer.old_since}.", style="yellow")


def _cited(answer: Answer, sources: Mapping[Place, tuple[int, str, Head]]) -> Text:
    text, end = Text(), 0
    for citation in answer.citations:
        text.append(answer.text[end : citation.answer_end_char])
        text.append(f" [{sources[citation.passage.place][0]}]", style="cyan")
        end = max(end, citation.answer_end_char)
    return text.append(answer.text[end:])


def _print_section(console: Console, blocks: Sequence[AnswerBlock], number: int) -> None:
    """Blocks that stand below each other under the same headings."""
    passage = blocks[0].passage
    headings = " › ".join(headings_below_title(passage)) or passage.head.title
    console.print(Text.assemble((headings, "dim"), (f" [{number}]", "cyan")))
    for block in blocks:
        _print_block(console, block)


def _print_block(console: Console, block: AnswerBlock) -> None:
    if block.lead:
        console.print(Text(block.lead))
    match block.shape:
        case Shape.LIST | Shape.STEPS:
            for item in block.items:
                mark = "•" if item.number is None else f"{item.number}."
                console.print(Padding(Text(f"{mark} {item.text}"), (0, 0, 0, 2 + 2 * item.depth)))
        case Shape.TABLE:
            console.print(_table(block))
        case Shape.CODE:
            console.print(Padding(_code(block), INDENT))
        case Shape.DEFINITION:
            console.print(Text(block.term, style="bold"))
            console.print(Padding(Text(block.text), INDENT))
        case Shape.PARAGRAPH:
            console.print(Text(block.text))
    if block.left_out:
        console.print(Text(f"… and {block.left_out} more on the page", style="dim"))
    elif block.is_cut:
        console.print(Text("… more on the page", style="dim"))
    console.print()


def _table(block: AnswerBlock) -> Table:
    width = max((len(row) for row in (block.columns, *block.rows)), default=0)
    table = Table(show_header=bool(block.columns), box=None, pad_edge=False)
    for i in range(width):
        table.add_column(Text(block.columns[i]) if i < len(block.columns) else "")
    for row in block.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _code(block: AnswerBlock) -> Text | Syntax:
    if not block.language:
        return Text(block.text)
    return Syntax(block.text, block.language, background_color="default", word_wrap=True)


def _print_choice(console: Console, choice: Choice) -> None:
    console.print(Text(f"question: {choice.type}, confidence {choice.confidence:.3f}, {len(choice.picks)} picked"))
    candidates = choice.candidates[:SHOWN_CANDIDATES]
    table = Table("score", "kind", "what is known", "text", box=None)
    for pick in candidates:
        known = " ".join(f"{name}={value:.2f}" for name, value in pick.features.items() if value)
        text = " ".join(pick.piece.read.split())[:TEXT_CHARS]
        table.add_row(f"{pick.score:.3f}", str(pick.piece.kind), Text(known), Text(text))
    console.print(table)


def _print_recalled(console: Console, recalled: Recalled) -> None:
    table = Table("memory", "ms", "score", "said", "why", box=None)
    for one in recalled.said:
        best = one.best
        said = " ".join((best.short or best.text).split())[:TEXT_CHARS] if best else ""
        why = best.reason if best else one.problem or "does not know"
        score = f"{best.score:.2f}" if best else ""
        table.add_row(Text(one.memory), f"{one.took_ms:.1f}", score, Text(said), Text(why))
    console.print(table)


def _print_stages(console: Console, answer: Answer) -> None:
    stages = Table("stage", "ms", box=None)
    for name, took_ms in answer.stages.items():
        stages.add_row(name, f"{took_ms:.1f}")
    console.print(stages)
