"""Formulas, which pages carry several times over: drawn, for screen readers, and as they were written."""

import re
from collections.abc import Iterator

from crawler.extract.dom import TEXT, Node, children, outermost
from crawler.extract.elements import MAX_DEPTH
from crawler.text.scan import Scan

_MARKS = Scan("<math", "<mjx-", "katex", "mathjax", "math/(?:tex|mml|asciimath)", "mwe-math", "alttext")
"""Without one of these in its markup, in whatever case, a page has no formula that is more than text."""

_DRAWN = (
    ".katex-display,.katex,.mwe-math-element,mjx-container,.MathJax_Display,.MathJax,.MathJax_SVG_Display,.MathJax_SVG,"
    ".MathJax_CHTML,.MJXc-display,.mjx-chtml,.MathJax_MathML,.MathJax_Preview,.MathJax_MathContainer"
)
"""What KaTeX, MathJax of all versions and MediaWiki put around one formula; a preview is of the formula after it."""

_SOURCE = "script[type^='math/'],annotation[encoding*='tex' i]"
_DISPLAY_STYLE = re.compile(r"^\{\s*\\(?:displaystyle|textstyle)\s*(.*)\}$", re.DOTALL)
_MAX_LEVELS_WRITTEN = 40

_WRITTEN = {
    "mfrac": "{}/{}",
    "mroot": "{}^(1/{})",
    "msup": "{}^{}",
    "mover": "{}^{}",
    "msub": "{}_{}",
    "munder": "{}_{}",
    "msubsup": "{}_{}^{}",
    "munderover": "{}_{}^{}",
}
_ALL_WHOLE = frozenset({"mfrac", "mroot"})
_JOINED = {"mtr": ", ", "mtable": "; "}
_ACCENTS = frozenset("^~¯‾˙¨→⃗ˆ˜_")


def say_formulas_once(root: Node, markup: bytes) -> None:
    """Put one text in the place of each formula: as its author wrote it where the page tells, else written in a line.

    ``markup`` is the HTML of the page, looked at before anything is searched in the tree.
    """
    if not _MARKS.finds(markup):
        return
    for node in outermost(root.css(_DRAWN)):
        _say(node, _drawn(node))
    for script in root.css("script[type^='math/']"):
        _say(script, script.text())
    for formula in outermost(root.css("math")):
        _say(_shown(formula), _read(formula))


def _say(node: Node, text: str) -> None:
    """The text in the place of the node, which is gone; its blanks are those of the sentence around it."""
    written = _DISPLAY_STYLE.sub(r"\1", " ".join(text.split()))
    node.replace_with(written.strip())


def _drawn(node: Node) -> str:
    """What a drawn formula says; nothing where its source follows as a script of its own."""
    source = node.css_first(_SOURCE)
    if source is not None:
        return str(source.text())
    if _has_source_behind(node):
        return ""
    formula = node.css_first("math")
    if formula is not None:
        return _read(formula)
    picture = node.css_first("img[alt]")
    return (picture.attributes.get("alt") or "") if picture is not None else str(node.text())


def _has_source_behind(node: Node) -> bool:
    after = node.next
    for _ in range(3):
        if after is None or (after.tag == TEXT and not after.text().isspace()):
            return False
        if after.tag == "script" and (after.attributes.get("type") or "").startswith("math/"):
            return True
        after = after.next
    return False


def _shown(formula: Node) -> Node:
    """The element to replace: a formula for screen readers stands hidden beside a picture of it."""
    above = formula.parent
    is_alone = above is not None and above.tag == "span" and above.text().strip() == formula.text().strip()
    return above if is_alone else formula


def _read(formula: Node) -> str:
    source = formula.css_first("annotation[encoding*='tex' i]")
    if source is not None:
        return str(source.text())
    alternative = (formula.attributes.get("alttext") or "").strip()
    return alternative or "".join(_line(formula, 0))


def _line(node: Node, depth: int) -> Iterator[str]:
    """MathML in one line: ``a^2``, ``(a+b)/c``, ``√(x)``."""
    if depth > MAX_DEPTH or depth > _MAX_LEVELS_WRITTEN:
        yield node.text()
        return
    tag = node.tag or ""
    if tag == TEXT:
        yield node.text().strip()
        return
    if tag in ("annotation", "annotation-xml"):
        return
    parts = [child for child in children(node) if child.tag != TEXT or not child.text().isspace()]
    said = ["".join(_line(part, depth + 1)) for part in parts]
    if tag == "msqrt":
        yield f"√{_whole(''.join(said))}"
    elif tag == "mtext":
        yield node.text()
    elif tag == "mspace":
        yield " "
    elif tag in _JOINED:
        yield _JOINED[tag].join(said)
    elif tag == "mover" and said[-1:] and said[-1] in _ACCENTS:
        yield "".join(said)
    elif tag in _WRITTEN and len(said) == _WRITTEN[tag].count("{"):
        # A base stands as it is; what is above, below or beside it is one thing.
        base = _whole(said[0]) if tag in _ALL_WHOLE else said[0]
        yield _WRITTEN[tag].format(base, *map(_whole, said[1:]))
    else:
        yield from said


def _whole(said: str) -> str:
    """In brackets, where it is more than one number or name."""
    return said if said.isalnum() or len(said) == 1 else f"({said})"
