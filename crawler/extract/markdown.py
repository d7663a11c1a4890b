"""Markdown to HTML, so that it is read like any other page."""

import re
from html import escape
from typing import TYPE_CHECKING

from crawler.extract.front_matter import read_front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*([^{}]*)\}[ \t]*#*[ \t]*$")
"""At the end of a heading, as Pandoc, kramdown, Hugo, Docusaurus and MyST write them; a comment in MDX."""

_ID = re.compile(r"(?:^|[\s/*])#([^\s#{}*/]+)")
_BOX = re.compile(r"^\s*(?:\{?[\w-]+\}?)?\s*(?:\[(?P<bracketed>.*)\]|(?P<bare>[^\[{].*))?")
_TAB = re.compile(r"^([ \t]*)===[!+]*[ \t]+([\"'].*[\"'])[ \t]*$")
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})")
_ALERT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*(.*)")
"""The first line of a quotation that GitHub and Obsidian show as a box, with a title of its own at times."""

_CLOSING_COLONS = re.compile(r"\s*:+\s*$")


def markdown_to_html(text: str) -> str:
    """CommonMark with tables, footnotes, definitions, boxes (``:::``, ``!!!``, ``===``, ``[!NOTE]``), ids of headings.

    Front matter becomes the page's head.
    """
    front, body = read_front_matter(text)
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in front.metas.items())
    head = f"<head><title>{escape(front.title)}</title>{metas}</head>"
    page = _parser().render(_tabs_as_boxes(body))
    return f'<html lang="{escape(front.language)}">{head}<body><main>{page}</main></body></html>'


def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.admon import admon_plugin
    from mdit_py_plugins.attrs import attrs_block_plugin
    from mdit_py_plugins.container import container_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(admon_plugin)
    parser.use(attrs_block_plugin, allowed=["id"])
    parser.use(container_plugin, "box", validate=_opens_box)
    parser.core.ruler.before("inline", "heading_ids", _take_ids)
    parser.core.ruler.before("inline", "alerts", _title_alerts)
    parser.core.ruler.push("box_titles", _title_boxes)
    return parser


def _tabs_as_boxes(text: str) -> str:
    """Tabs of MkDocs are boxes with a title; what stands in code stays."""
    if "===" not in text:
        return text
    lines = text.split("\n")
    fence = ""
    for i, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and (not fence or found[1].startswith(fence)):
            fence = "" if fence else found[1]
        elif not fence:
            lines[i] = _TAB.sub(r"\1!!! tab \2", line)
    return "\n".join(lines)


def _title_alerts(state: "StateCore") -> None:
    """Write ``> [!WARNING]`` as readers see it: a line with the kind of the box, or with the title it has."""
    for quotation, _, words in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if quotation.type == "blockquote_open" and (found := _ALERT.match(words.content)):
            rest = words.content[found.end() :]
            title = found[2] or found[1].replace("-", " ").capitalize()
            words.content = f"{title}\\{rest}" if rest else title


def _opens_box(words: str, _: str) -> bool:
    return bool(words.strip())


def _take_ids(state: "StateCore") -> None:
    """Move the attributes at the end of headings out of their text; of these, the id counts."""
    for heading, words in zip(state.tokens, state.tokens[1:], strict=False):
        if heading.type == "heading_open" and (found := _ATTRIBUTES.search(words.content)):
            attributes = found[1].strip()
            if not attributes or (attributes[0] not in "#./*-" and "=" not in attributes):
                continue
            words.content = words.content[: found.start()]
            if named := _ID.search(attributes):
                heading.attrSet("id", named[1])


def _title_boxes(state: "StateCore") -> None:
    """Write what stands behind the kind of a ``:::`` box as its first line."""
    from markdown_it.token import Token

    tokens: list[Token] = []
    for token in state.tokens:
        tokens.append(token)
        if token.type == "container_box_open" and (title := _title_of(token.info)):
            text = Token("text", "", 0, content=title)
            tokens += [
                Token("paragraph_open", "p", 1, block=True),
                Token("inline", "", 0, content=title, children=[text], block=True),
                Token("paragraph_close", "p", -1, block=True),
            ]
    state.tokens = tokens


def _title_of(info: str) -> str:
    found = _BOX.match(_CLOSING_COLONS.sub("", info))
    title = (found["bracketed"] or found["bare"] or "") if found else ""
    return title.strip().strip("\"'")
