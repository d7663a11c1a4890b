"""A page to read: every question with its answer and verdict. Pure."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from rag.answer import Answer, AnswerBlock, Shape
from rag.evaluation.measure import Outcome

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1d21; }
article { border-top: 1px solid #dfe3e8; padding: .6rem 0; } h3 { margin: .3rem 0; font-size: 1rem; }
.wrong { color: #a40e26; } .right { color: #116329; } .short { font-weight: 700; }
.from, .wanted { color: #586069; font-size: .85rem; } pre { background: #f6f7f9; padding: .5rem; overflow: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #dfe3e8; padding: .1rem .5rem; text-align: left; }
blockquote { margin: .4rem 0 .4rem 1rem; }
"""


def as_html(title: str, figures: Mapping[str, Any], outcomes: Sequence[Outcome]) -> str:
    """The report; everything that comes from pages is escaped."""
    rows = "".join(f"<tr><th>{escape(key)}</th><td>{escape(str(value))}</td></tr>" for key, value in figures.items())
    parts = "\n".join(_article(outcome) for outcome in outcomes)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n"
        f"<h1>{escape(title)}</h1>\n<table>{rows}</table>\n{parts}\n</html>\n"
    )


def _article(outcome: Outcome) -> str:
    question, answer = outcome.question, outcome.answer
    wanted = question.pattern or " / ".join(question.answers) or ("refuse" if question.refuse else "")
    tone = "right" if outcome.verdict.is_right else "wrong"
    return (
        f'<article><h3>{escape(question.text)} <span class="{tone}">{escape(outcome.verdict)}</span></h3>'
        f'<p class="wanted">wanted: {escape(wanted)} · {outcome.ms:.0f} ms</p>{_shown(answer)}</article>'
    )


def _shown(answer: Answer) -> str:
    if answer.refused:
        return f"<p>{escape(answer.reason)}</p>"
    short = f'<p class="short">{escape(answer.short)}</p>' if answer.short else ""
    return f"{short}<p>{escape(answer.text)}</p>{''.join(map(_block, answer.blocks))}"


def _block(block: AnswerBlock) -> str:
    place = " › ".join(dict.fromkeys((block.passage.head.title, *block.heading_path)))
    more = f"<p>… and {block.left_out} more</p>" if block.left_out else "<p>…</p>" if block.is_cut else ""
    lead = f"<p>{escape(block.lead)}</p>" if block.lead else ""
    source = f'<p class="from">{block.score:.2f} · <a href="{escape(block.url)}">{escape(place)}</a></p>'
    return f"<blockquote>{source}{lead}{_body(block)}{more}</blockquote>"


def _body(block: AnswerBlock) -> str:
    match block.shape:
        case Shape.LIST | Shape.STEPS:
            return "<ul>" + "".join(_item(item.number, item.text) for item in block.items) + "</ul>"
        case Shape.TABLE:
            head = "".join(f"<th>{escape(name)}</th>" for name in block.columns)
            rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
            return f"<table><tr>{head}</tr>{rows}</table>"
        case Shape.CODE:
            return f"<pre>{escape(block.text)}</pre>"
        case Shape.DEFINITION:
            return f"<dl><dt>{escape(block.term)}</dt><dd>{escape(block.text)}</dd></dl>"
        case Shape.PARAGRAPH:
            return f"<p>{escape(block.text)}</p>"


def _item(number: int | None, text: str) -> str:
    return f"<li>{'' if number is None else f'{number}. '}{escape(text)}</li>"
