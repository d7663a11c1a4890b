"""RDF into a store: from files, and from SPARQL endpoints. What cannot be read is named and the rest taken."""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.sources.errors import BadSource, SourceUnavailable
from indexer.sources.graph.graph import ENTITY, NAME, OWN
from indexer.sources.graph.terms import ALIASES, LABELS
from indexer.sources.naming import spellings

if TYPE_CHECKING:
    from pyoxigraph import Quad, RdfFormat

logger = logging.getLogger(__name__)

SUFFIXES = (".ttl", ".nt", ".rdf", ".owl", ".xml", ".jsonld", ".n3", ".nq", ".trig")
MAX_MISTAKES = 100
"""A file with more mistakes is of another kind than its name says."""
PAGE = 10_000
"""Triples asked of an endpoint at once: many allow no more."""
TIMEOUT_S = 60.0
MAX_NAME_CHARS = 300
"""What is longer is a text that stands where a name belongs; nobody types it to ask about the thing."""


def files_at(name: str, url: str) -> list[Path]:
    """The RDF file of this path, or all of this folder. Raises SourceUnavailable where there is neither."""
    path = Path(url.removeprefix("file://"))
    found = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    if not all(one.is_file() for one in found):
        raise SourceUnavailable(name, f"the file does not answer ({path} is not there)", "Check url")
    return found


def digest_of(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def graph_of(path: Path) -> str:
    """The named graph inside the store that holds what a file says."""
    return f"{OWN}file:{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"


def read_file(path: Path, mistakes: list[str]) -> Iterator["Quad"]:
    """The triples of a file; what cannot be read is added to ``mistakes`` and skipped."""
    from pyoxigraph import RdfFormat, parse

    kind = RdfFormat.RDF_XML if path.suffix.lower() in (".owl", ".xml") else None
    try:
        found: Any = parse(path=str(path), format=kind, base_iri=path.resolve().as_uri(), rename_blank_nodes=True)
    except (OSError, SyntaxError, ValueError) as error:
        mistakes.append(_said(error))
        return
    while len(mistakes) < MAX_MISTAKES:
        try:
            quad = next(found)
        except StopIteration:
            return
        except (OSError, SyntaxError, ValueError) as error:
            mistakes.append(_said(error))
            continue
        yield quad


def read_endpoint(name: str, url: str, query: str = "") -> Iterator["Quad"]:
    """What a SPARQL endpoint holds, or what a CONSTRUCT ``query`` makes of it. Raises SourceUnavailable, BadSource."""
    if query:
        yield from _asked(name, url, query)
        return
    start = 0
    while True:
        inner = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {PAGE} OFFSET {start}"
        page = list(_asked(name, url, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {inner} }} }}"))
        yield from page
        start += PAGE
        if not page:
            return


def marked(quads: Iterator["Quad"], graph: str) -> Iterator["Quad"]:
    """The quads in one named graph, with the mark of each thing and its names in one spelling."""
    from pyoxigraph import Literal, NamedNode, Quad

    place, is_entity, is_named, mark = NamedNode(graph), NamedNode(ENTITY), NamedNode(NAME), Literal("")
    names = frozenset((*LABELS, *ALIASES))
    last = None
    for quad in quads:
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        yield Quad(subject, predicate, value, place)
        if not isinstance(subject, NamedNode):
            continue
        if subject != last:
            last = subject
            yield Quad(subject, is_entity, mark, place)
        if predicate.value in names and isinstance(value, Literal) and len(value.value) <= MAX_NAME_CHARS:
            yield from (Quad(subject, is_named, Literal(name), place) for name in spellings(value.value))


def _asked(name: str, url: str, query: str) -> Iterator["Quad"]:
    import httpx
    from pyoxigraph import parse

    accepted = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
    try:
        response = httpx.post(
            url, data={"query": query}, headers={"Accept": accepted}, timeout=TIMEOUT_S, follow_redirects=True
        )
    except httpx.HTTPError as error:
        raise SourceUnavailable(
            name, f"the endpoint does not answer ({error})", "Check url, and that it runs"
        ) from error
    if response.status_code in (401, 403):
        raise BadSource(name, f"the endpoint wants a password (HTTP {response.status_code})", "Put it into url")
    if response.status_code >= 500 or response.status_code == 429:
        raise SourceUnavailable(name, f"the endpoint does not answer (HTTP {response.status_code})", "Try again later")
    if response.is_error:
        raise BadSource(name, f"the endpoint refuses (HTTP {response.status_code})", "Check url and query")
    try:
        yield from parse(response.content, _format(name, response.headers.get("content-type", "")), base_iri=url)
    except SyntaxError as error:
        raise SourceUnavailable(name, f"the endpoint answers no RDF ({_said(error)})", "Check url") from error


def _format(name: str, content_type: str) -> "RdfFormat":
    from pyoxigraph import RdfFormat

    if found := RdfFormat.from_media_type(content_type.strip()):
        return found
    raise BadSource(name, f"the endpoint answers {content_type or 'without a type'}, not RDF", "Check url")


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
