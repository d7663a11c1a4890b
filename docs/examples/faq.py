"""Customer service: the FAQ first, word for word; then what the pages say; a person where neither is sure.

    python docs/examples/faq.py

The FAQ is a key-value memory (faq/faq.json; Redis is one line of settings away), the pages are text (faq/pages).
"""

from collections.abc import Mapping
from pathlib import Path

from stage import HERE, ask_box, escaped, fresh, index, play, port_given

from indexer.sources.config import SourceConfig
from server.installation import Installation
from server.settings.config import Config

SURE = 0.6
"""Less sure answers of pages are no answers to a customer."""

HAND_OVER = "I am not sure. A colleague will answer you: write to help@bikes.example or call 01 234 56 78."


def main(port: int) -> None:
    """Index the pages and the entries, then answer."""
    faq = SourceConfig(name="faq", kind="key-value", url=f"file:{HERE / 'faq' / 'faq.json'}", language="en")
    config = Config(data=fresh("faq"), sources=(faq,))
    index(config, HERE / "faq" / "pages", "pages")
    with Installation(config) as installation:
        play("Bicycle rental: how can we help?", lambda fields: shown(installation, fields), port)


def shown(installation: Installation, fields: Mapping[str, str]) -> str:
    """The question, and who answers it."""
    question = fields.get("q", "").strip()
    if not question:
        return ask_box("")
    text, source = answered(installation, question)
    return f'{ask_box(question)}<article><p>{escaped(text)}</p><p class="from">{escaped(source)}</p></article>'


def answered(installation: Installation, question: str) -> tuple[str, str]:
    """(what is answered, where it comes from)."""
    answer = installation.responder().answer(question)
    if answer.is_recalled:
        return answer.text, f"From the FAQ: {answer.citations[0].passage.head.title}"
    if answer.refused or answer.blocks[0].score < SURE:
        return HAND_OVER, "Handed over to a person"
    best = answer.blocks[0]  # whole, with what stands beside the sentence that answers
    head = best.passage.head
    if head.source == "faq":
        return best.shown, f"From the FAQ: {head.title}"
    return best.shown, f"From the page {' > '.join(dict.fromkeys((head.title, *best.heading_path)))}"


if __name__ == "__main__":
    main(port_given(Path(__file__).stem))
