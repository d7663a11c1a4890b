"""What the page sets apart although nothing stands between: spans shown as blocks, marks of notes, powers."""

import re

from crawler.extract.dom import TEXT, Node
from crawler.extract.fold import LINE_BREAK, fold

_DISPLAY = re.compile(
    r"display\s*:\s*(?:block|flex|grid|table|list-item|inline-(?:block|flex|grid|table)|table-\w+)", re.I
)
_INLINE_DISPLAY = re.compile(r"display\s*:\s*inline-", re.I)
_SELECTOR = re.compile(r"(?:^|[,\s])(?:[a-z]+)?\.([\w-]{1,60})\s*(?:,[^{}]{0,100})?$", re.IGNORECASE)
_SHOWS = re.compile(r"[^{}]{0,200}display\s*:\s*(inline-)?(?:block|flex|grid|table)", re.IGNORECASE)
"""A rule for one class in a page's own style sheet."""

_MAX_SELECTOR_CHARS = 300

_BLOCK_CLASSES = ("d-block", "d-flex", "d-grid", "block")
_INLINE_CLASSES = ("d-inline-block", "inline-block", "inline-flex")
_CLASSED = (b"block", b"d-flex", b"d-grid", b"inline-flex")
"""Without one of these in its markup, a page has none of the classes above."""
_SPANS = ("span", "a", "b", "strong", "em", "i", "small", "label", "time", "code")
_MAX_CLASSES = 20
_MAX_STYLE_CHARS = 50_000
_LEVELS_IN_CODE = 5

_NOTE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:foot|end)?(?:note|notes|noteref|fn|fnref|ref|reference|citation)(?:$|[\s_-])", re.I
)
_NOTE = re.compile(r"\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[*†‡§¶a-z]", re.IGNORECASE)
_NUMERALS = re.compile(r"\d{1,2}(?:\s?[,–-]\s?\d{1,2})*")
_WORD_END = re.compile(r"(?:[^\W\d_]{4,}|[.,;:!?)\]”\"»])$")
_LENGTH = re.compile(
    r"(?:met(?:er|re)s?|inch(?:es)?|f(?:oo|ee)t|yards?|miles?|seconds?|[mc]entimet\w+|kilomet\w+|chi)$", re.IGNORECASE
)
_POWER = re.compile(r"[+−–-]?\d{1,4}|[nkxmij](?:\s?[+−–-]\s?\d)?")


def set_apart(root: Node, markup: bytes) -> None:
    """Put line breaks and blanks where a browser shows them by style; write marks of notes and powers apart."""
    if b"display" in markup:
        for node in root.css("[style*='display']"):
            style = node.attributes.get("style") or ""
            if node.tag in _SPANS and _DISPLAY.search(style) and not _is_in_code(node):
                _surround(node, " " if _INLINE_DISPLAY.search(style) else LINE_BREAK)
        _by_own_style(root)
    if any(name in markup for name in _CLASSED):
        _by_class(root, _BLOCK_CLASSES, LINE_BREAK)
        _by_class(root, _INLINE_CLASSES, " ")
    if b"<sup" in markup:
        for sup in root.css("sup"):
            _raise(sup)


def _by_own_style(root: Node) -> None:
    blocks: dict[str, None] = {}
    inline: dict[str, None] = {}
    for style in root.css("style"):
        for rule in style.text()[:_MAX_STYLE_CHARS].split("}"):
            if "display" in rule.lower():
                # What a query of the medium opens stands before the selector.
                selector, _, body = rule.rpartition("{")
                shown = _SHOWS.match(body)
                named = _SELECTOR.search(selector[-_MAX_SELECTOR_CHARS:]) if shown is not None else None
                if shown is not None and named is not None:
                    (inline if shown[1] else blocks)[named[1]] = None
    _by_class(root, tuple(blocks)[:_MAX_CLASSES], LINE_BREAK)
    _by_class(root, tuple(inline)[:_MAX_CLASSES], " ")


def _by_class(root: Node, names: tuple[str, ...], mark: str) -> None:
    if names:
        for node in root.css(",".join(f"span[class~='{name}']" for name in names)):
            _surround(node, mark)


def _is_in_code(node: Node) -> bool:
    """Does it stand in code, whose lines ``code_lines`` tells?"""
    above = node.parent
    for _ in range(_LEVELS_IN_CODE):
        if above is None or above.tag in ("pre", "p"):
            break
        above = above.parent
    return above is not None and above.tag == "pre"


def _surround(node: Node, mark: str) -> None:
    before, after = node.prev, node.next
    if before is not None and not _ends(before, mark):
        node.insert_before(mark)
    if after is not None and (after.tag != TEXT or not after.text().startswith(mark)):
        node.insert_after(mark)


def _ends(before: Node, mark: str) -> bool:
    return before.tag == TEXT and before.text().endswith(mark)


def _raise(sup: Node) -> None:
    """``ibuprofen²`` with a note is no word ``ibuprofen2``, and 10³ is not 103."""
    said = fold(sup.text())
    before = sup.prev
    if before is None and sup.parent is not None and sup.parent.tag in ("a", "span"):
        before = sup.parent.prev
    if not said or before is None:
        return
    text = before.text()
    if not text or text[-1].isspace():
        return
    if _is_note(sup, said) or (_NUMERALS.fullmatch(said) and _WORD_END.search(text) and not _LENGTH.search(text)):
        sup.replace_with(f"[{said}]")
    elif text[-1].isdigit() and _POWER.fullmatch(said):
        sup.replace_with(f"^{said}")


def _is_note(sup: Node, said: str) -> bool:
    if not _NOTE.fullmatch(said):
        return False
    link = sup.css_first("a[href*='#']") or (sup.parent if sup.parent is not None and sup.parent.tag == "a" else None)
    return link is not None or _NOTE_CLASS.search(sup.attributes.get("class") or "") is not None
