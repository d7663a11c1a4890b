"""Results and answers in a terminal."""

import html
import re

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ranker.hit import Hit, Results
from server.shapes import headings_below_title, passage_link

INDENT = (0, 0, 0, 4)
_MARK = re.compile(r"(</?mark>)")
_TAG = re.compile(r"<[^>]+>")


def print_results(console: Console, results: Results, first_rank: int, *, explain: bool) -> None:
    """Ranked hits with their snippets, then facets, then (``explain``) how each stage judged them."""
    if results.correction and results.correction.is_applied:
        line = f"Showing results for {results.correction.text!r}; --as-typed searches for {results.query!r} itself."
        console.print(line, markup=False)
    elif results.correction:
        console.print(f"Did you mean {results.correction.text!r}?", markup=False)
    if not results.hits:
        console.print(f"Nothing found for {results.query!r}.", markup=False)
    for rank, hit in enumerate(results.hits, first_rank):
        _print_hit(console, hit, rank)
    for name, counts in results.facets.items():
        line = ", ".join(f"{value} ({count})" for value, count in counts)
        console.print(Text.assemble((f"{name}: ", "bold"), line))
    if explain:
        _print_evidence(console, results, first_rank)
    for degradation in results.degraded:
        console.print(f"left out: {degradation}", style="yellow", markup=False)
    shown = f"{len(results.hits)} of {results.total:,} in {results.took_ms:.0f} ms"
    console.print(shown, style="dim", markup=False)


def print_preview(console: Console, steered: Results, plain: Results, first_rank: int) -> None:
    """The order with the rules of ``rank.steer`` beside the one without; pages that the rules leave out come last."""
    places = {hit.passage.head.doc_id: rank for rank, hit in enumerate(plain.hits, first_rank)}
    table = Table("with", "without", "page", box=None)
    for rank, hit in enumerate(steered.hits, first_rank):
        head = hit.passage.head
        table.add_row(str(rank), str(places.pop(head.doc_id, "-")), Text(head.title or head.url, overflow="ellipsis"))
    for hit in plain.hits:
        if place := places.get(hit.passage.head.doc_id):
            table.add_row("-", str(place), Text(hit.passage.head.title or hit.passage.head.url, overflow="ellipsis"))
    console.print(table)


def _print_hit(console: Console, hit: Hit, rank: int) -> None:
    head = hit.passage.head
    console.print(
        Text.assemble((f"{rank:>2}. ", "dim"), (head.title or head.url, "bold"), (f"  {hit.score:.3f}", "dim"))
    )
    headings = headings_below_title(hit.passage)
    if headings:
        console.print(Padding(Text(" › ".join(headings)), INDENT, expand=False))
    # A link that is broken over two lines is no link in most terminals.
    console.print(Text("    " + passage_link(hit.passage), style="cyan"), soft_wrap=True)
    console.print(Padding(marked_text(hit.snippet), INDENT, expand=False))
    if hit.similar:
        console.print(Padding(Text(f"{len(hit.similar)} similar:", style="dim"), INDENT, expand=False))
    for passage in hit.similar:
        console.print(Text("    " + passage_link(passage), style="dim cyan"), soft_wrap=True)
    console.print()


def marked_text(snippet: str) -> Text:
    """A snippet's HTML as terminal text, marks in bold yellow."""
    text, is_marked = Text(), False
    for part in _MARK.split(snippet):
        if part in ("<mark>", "</mark>"):
            is_marked = part == "<mark>"
        else:
            text.append(html.unescape(_TAG.sub("", part)), style="bold yellow" if is_marked else None)
    return text


def _print_evidence(console: Console, results: Results, first_rank: int) -> None:
    table = Table("rank", "lexical", "BM25", "dense", "cosine", "fused", "rerank", "score", "page", box=None)
    for rank, hit in enumerate(results.hits, first_rank):
        found = hit.evidence
        numbers = (found.lexical_rank, found.lexical_score, found.dense_rank, found.dense_score)
        scores = (found.fused_score, found.rerank_score, hit.score)
        cells = (str(rank), *(_cell(number) for number in (*numbers, *scores)))
        table.add_row(*cells, Text(hit.passage.head.path, overflow="ellipsis", no_wrap=True))
    console.print(table)
    stages = Table("stage", "ms", box=None)
    for name, took_ms in results.stages.items():
        stages.add_row(name, f"{took_ms:.1f}")
    console.print(stages)


def _cell(number: float | None) -> str:
    if number is None:
        return "–"
    return str(number) if isinstance(number, int) else f"{number:.3f}"
