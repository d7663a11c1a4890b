"""Pages sent as XML: parsed by its rules, handed on as the HTML that says the same.

In XML ``<script src="a.js"/>`` and ``<a id="x"/>`` end where they stand; by the rules of HTML they swallow the page.
"""

import re
from html import entities
from typing import Any

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)


def as_html(text: str) -> str:
    """The page as HTML; ``text`` itself where it is not well-formed, which browsers show up to the error.

    Entities that the document type of XHTML defines are known; no other is looked up or expanded, and no file is read.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
    try:
        root = etree.fromstring(_DECLARATION.sub("", _with_characters(text), count=1).encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return text
    for element in root.iter("*"):
        # HTML knows no prefixes: <h:p> is a paragraph where h stands for the namespace of XHTML.
        element.tag = etree.QName(element).localname
    etree.cleanup_namespaces(root)
    html: Any = etree.tostring(root, method="html", encoding="unicode")
    return str(html)


def _with_characters(text: str) -> str:
    """Named references outside CDATA replaced by what they mean, but for the five of XML."""
    if "&" not in text:
        return text
    return "".join(
        part if part.startswith("<![CDATA[") else _ENTITY.sub(_character, part) for part in _CDATA.split(text)
    )


def _character(match: re.Match[str]) -> str:
    if match[1] in _OF_XML:
        return match[0]
    return entities.html5.get(f"{match[1]};", match[0])
