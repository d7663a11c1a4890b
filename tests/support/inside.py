"""Pages with one piece of markup in the midst of a text that is surely content."""

from crawler.extract.extract import Extracted, extract

SENTENCE = "This sentence belongs to the manual and says something that a reader came for. "
AROUND = f"<p>{SENTENCE * 6}</p>"


def read(markup: str, head: str = "") -> Extracted:
    """The page as it is read."""
    body = f"<main><h1>Manual</h1>{AROUND}{markup}{AROUND}</main>"
    return extract(f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>", "http://example.org/")


def said(markup: str, head: str = "") -> str:
    """What the page says besides the text around the markup."""
    return read(markup, head).text.replace(SENTENCE.strip(), "").strip()
