"""Buttons that say something: the questions of accordions, words in the midst of a sentence, cards to click on."""

import re
from collections.abc import Iterator

from crawler.extract.dom import TEXT, Node
from crawler.extract.inside.labels import is_label

HEADED_BY_BUTTONS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"})
_WRAPPERS = frozenset({*HEADED_BY_BUTTONS, "div", "p", "li", "span", "header", "td", "th", "section", "strong", "b"})
_MAX_LEVELS = 3
_LONG_CHARS = 60
_MIN_WORDS = 4
_MIN_PAIRS = 2
_MIN_PANEL_CHARS = 20
_MAX_LINKED = 0.5
_IN_SENTENCES = frozenset({"p", "li", "td", "dd", "span", "label", "em", "strong", "blockquote"})

_CARD = "p,h1,h2,h3,h4,h5,h6,ul,ol,dl,table,pre"
_ACTION = re.compile(
    r"(?:show|hide|read|view|see|load|expand|collapse|toggle|open|close|mehr|weniger|weiterlesen|alle|voir|lire|afficher"
    r"|fermer|ver|leer|mostrar|cerrar)\b.{0,20}|.{0,12}\b(?:more|less|all|menu|menü|search|filters?|settings|options|close)",
    re.IGNORECASE,
)
"""What a button does, not what it is about."""

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:accordions?|collaps\w+|faqs?|questions?|expand\w*|disclosure|toggle)(?:$|[\s_-])", re.I
)
_OPENS = frozenset({"aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle", "data-target", "data-bs-target"})
_MENUS = frozenset({"nav", "header", "footer", "form", "menu"})


def take_out_buttons(root: Node, markup: bytes) -> None:
    """Remove the buttons that only do something."""
    if b"<button" not in markup and b"<BUTTON" not in markup:
        return
    buttons = root.css("button")
    titles = [button for button in buttons if _panel_of(button) is not None]
    said = {button.text().strip() for button in titles}
    # The same words before each panel are something to do with it.
    titled = {button.mem_id for button in titles} if len(said) == len(titles) >= _MIN_PAIRS else set()
    gone = [button for button in buttons if not _says_something(button, button.mem_id in titled)]
    for button in buttons:
        if button.prev is not None and button.prev.tag == "button":
            button.insert_before(" ")
    for button in gone:
        button.decompose()


def _says_something(button: Node, is_titled: bool) -> bool:
    text = button.text().strip()
    if not text or is_label(text):
        return False
    if any(wrapper.tag in HEADED_BY_BUTTONS for wrapper in _wrappers(button)) or _is_in_sentence(button):
        return True
    if len(text) >= _LONG_CHARS or button.css_first(_CARD) is not None:
        return True
    if _ACTION.fullmatch(text) or _is_in_menu(button):
        return False
    panel = _panel_of(button)
    if panel is None:
        return _opens(button) and _is_question(text)
    return is_titled or _opens(button) or _is_question(text)


def _opens(button: Node) -> bool:
    attributes = button.attributes
    return not _OPENS.isdisjoint(attributes) or _NAMED.search(attributes.get("class") or "") is not None


def _is_question(text: str) -> bool:
    return text.endswith(("?", "？", "؟")) or len(text.split()) >= _MIN_WORDS


def _wrappers(button: Node) -> Iterator[Node]:
    """The elements around it that say nothing else."""
    size = len(button.text().strip())
    above = button.parent
    for _ in range(_MAX_LEVELS):
        if above is None or above.tag not in _WRAPPERS or len(above.text().strip()) != size:
            return
        yield above
        above = above.parent


def _is_in_sentence(button: Node) -> bool:
    """Does the sentence go on behind it, or does a paragraph end with it?"""
    before, after = button.prev, button.next
    above = button.parent
    if above is None or above.tag not in _IN_SENTENCES:
        return False
    if after is not None and after.tag == TEXT and not after.text().isspace():
        return True
    return above.tag == "p" and before is not None and before.tag == TEXT and len(before.text().split()) > 1


def _is_in_menu(button: Node) -> bool:
    above = button.parent
    while above is not None:
        if above.tag in _MENUS or above.attributes.get("role") in ("navigation", "menubar", "toolbar", "search"):
            return True
        above = above.parent
    return False


def _panel_of(button: Node) -> Node | None:
    """What follows it, or what is around nothing but it, and says more than it does."""
    for node in (button, *_wrappers(button)):
        after = node.next
        while after is not None and after.tag == TEXT and after.text().isspace():
            after = after.next
        if after is None:
            continue
        if after.tag in (TEXT, "button", "a", "input", "select") or after.css_first("button,form") is not None:
            return None
        size = len(after.text().strip())
        linked = sum(len(link.text()) for link in after.css("a"))
        is_panel = size >= max(_MIN_PANEL_CHARS, len(button.text().strip())) and linked <= _MAX_LINKED * size
        return after if is_panel else None
    return None
