"""Builds the documentation as static HTML: ``python docs/build.py OUT``."""

import argparse
import re
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(__file__).parent
THEME = DOCS / "theme"
ORDER = (
    "index",
    "getting-started",
    "crawling",
    "importing",
    "sources",
    "memory",
    "searching",
    "reranking",
    "answers",
    "training",
    "configuration",
    "command-line",
    "http-api",
    "clients",
    "widget",
    "admin",
    "elasticsearch",
    "troubleshooting",
    "faq",
    "ARCHITECTURE",
)
"""Pages as the navigation lists them; further Markdown files follow by name."""


@dataclass(frozen=True, slots=True)
class DocPage:
    """A page of the documentation: ``headings`` are (level, id, text)."""

    name: str
    title: str
    description: str
    body: str
    headings: tuple[tuple[int, str, str], ...]


def build(out: Path, box: str = "") -> list[DocPage]:
    """Write every page, the pictures, the style sheet and a robots.txt to ``out``, which is emptied first.

    ``box`` is HTML for the head of every page: the search box, where there is a server for it.
    """
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    pages = [read_page(path) for path in sources()]
    template = Environment(loader=FileSystemLoader(THEME), autoescape=True, trim_blocks=True).get_template("page.html")
    for page in pages:
        (out / f"{page.name}.html").write_text(template.render(page=page, pages=pages, box=box), "utf-8")
    for file in (THEME / "theme.css", *DOCS.glob("*.png"), *DOCS.glob("*.svg")):
        shutil.copy(file, out)
    (out / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    return pages


def sources() -> list[Path]:
    """The Markdown files in the order of the navigation."""
    paths = sorted(DOCS.glob("*.md"))
    return sorted(paths, key=lambda path: ORDER.index(path.stem) if path.stem in ORDER else len(ORDER))


def read_page(path: Path) -> DocPage:
    """One Markdown file: its first heading is the title, its first paragraph the description."""
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(path.read_text("utf-8"))
    headings = give_ids(tokens)
    link_pages(tokens)
    texts = [
        _text(tokens[i + 1]) for i, token in enumerate(tokens) if token.type == "paragraph_open" and token.level == 0
    ]
    return DocPage(
        name=path.stem.lower(),
        title=headings[0][2],
        description=texts[0] if texts else "",
        body=parser.renderer.render(tokens, parser.options, {}),
        headings=tuple(headings),
    )


def give_ids(tokens: list[Token]) -> list[tuple[int, str, str]]:
    """Every heading an id made of its words; the same words again get a number."""
    headings: list[tuple[int, str, str]] = []
    taken: set[str] = set()
    for token, content in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text = _text(content)
        slug = base = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section"
        number = 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        token.attrSet("id", slug)
        headings.append((int(token.tag[1]), slug, text))
    return headings


def link_pages(tokens: list[Token]) -> None:
    """Links between Markdown files become links between pages."""
    for token in tokens:
        for child in token.children or []:
            href = child.attrGet("href") if child.type == "link_open" else None
            if isinstance(href, str) and "://" not in href:
                page, hash_sign, anchor = href.partition("#")
                if page.endswith(".md"):
                    child.attrSet("href", page.removesuffix(".md").lower() + ".html" + hash_sign + anchor)


def _text(token: Token) -> str:
    return "".join(
        child.content for child in token.children or [] if child.type in ("text", "code_inline", "softbreak")
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Build the documentation as static HTML.")
    arguments.add_argument("out", type=Path, help="folder to write to; it is emptied first")
    built = build(arguments.parse_args().out)
    print(f"{len(built)} pages")
