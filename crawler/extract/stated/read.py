"""What a page states in data for machines, in either of the two ways that pages write it."""

from crawler.extract.dom import Node
from crawler.extract.stated.linked import LinkedData, things_of
from crawler.extract.stated.microdata import read_microdata
from crawler.extract.stated.stated import stated_by
from crawler.page import Stated


def read_stated(root: Node, markup: bytes, linked: LinkedData) -> tuple[tuple[Stated, ...], tuple[str, ...]]:
    """(the facts, each once and within bounds; what was left out, in words). Never raises for what a page holds."""
    by_script, deep = things_of(linked.items)
    by_attribute, many = read_microdata(root, markup)
    facts, more = stated_by((*by_script, *by_attribute))
    return facts, (*linked.notes, *deep, *many, *more)
