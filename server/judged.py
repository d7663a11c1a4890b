"""Queries with the documents they should find: a file of a person's own, or a folder in BEIR's layout."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import BadUrl
from crawler.urls.url import canonicalise
from indexer import beir
from indexer.beir import Qrels
from indexer.document import Head
from server.errors import BadInput

NAMES = ("relevant", "doc_id", "url")
CURE = 'Write lines such as {"query": "reset a password", "url": "https://example.com/help"}, or CSV with query,url'

Asked = Iterable[tuple[str, Mapping[str, int]]]
"""(query, what it should find -> relevance)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """``queries`` and ``qrels`` by query id; documents by doc_id. ``unknown`` are those named that search cannot show,
    and ``left_out`` counts queries of which none can be shown."""

    queries: Mapping[str, str]
    qrels: Qrels
    unknown: tuple[str, ...] = ()
    left_out: int = 0


def read_judged(path: Path, heads: Iterable[Head], split: str = "test") -> Judged:
    """Queries of a file (NDJSON, CSV, TSV) or a BEIR folder, their documents looked up among the public ones stored.

    Raises BadInput naming the line, BadDocument for a broken folder.
    """
    if not path.exists():
        raise BadInput(f"There is no file or folder {path}", CURE)
    return judged_of(_folder(path, split) if path.is_dir() else _file(path), heads)


def judged_of(asked: Asked, heads: Iterable[Head]) -> Judged:
    """The same of queries that stand nowhere in a file."""
    ids = _ids(heads)
    queries: dict[str, str] = {}
    found: Qrels = {}
    unknown: dict[str, None] = {}
    for query, wanted in asked:
        queries[query] = query
        of = found.setdefault(query, {})
        for name, relevance in wanted.items():
            doc_id = ids.get(name) or ids.get(_canonical(name))
            if doc_id is not None:
                of[doc_id] = max(relevance, of.get(doc_id, 0))
            elif relevance > 0:
                unknown[name] = None
    served = {query: of for query, of in found.items() if any(relevance > 0 for relevance in of.values())}
    return Judged({query: queries[query] for query in served}, served, tuple(unknown), len(found) - len(served))


def _ids(heads: Iterable[Head]) -> dict[str, str]:
    """doc_id by every name of a document: itself, its URL, its id in BEIR's layout."""
    ids: dict[str, str] = {}
    for head in heads:
        if not head.access:
            for name in (head.doc_id, head.url, _canonical(head.url), head.metadata.get("beir_id", "")):
                ids.setdefault(name, head.doc_id)
    ids.pop("", None)
    return ids


def _canonical(name: str) -> str:
    try:
        return canonicalise(name)
    except BadUrl:
        return name


def _folder(path: Path, split: str) -> Asked:
    texts = beir.queries(path)
    for query_id, of in beir.qrels(path, split).items():
        if text := texts.get(query_id, "").strip():
            yield text, of


def _file(path: Path) -> Asked:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", CURE) from error
    if path.suffix.lower() in (".csv", ".tsv"):
        yield from _table(path, text, "\t" if path.suffix.lower() == ".tsv" else ",")
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise BadInput(f"{path}, line {number}, is not JSON ({error})", CURE) from error
            yield _record(path, number, record)


def _table(path: Path, text: str, delimiter: str) -> Asked:
    """Columns by their names; without such names, query and document."""
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadInput(f"{path} is no table ({error})", CURE) from error
    names: Sequence[str] = ("query", "url")
    first = [cell.strip().lower() for cell in rows[0]] if rows else []
    begins = 0
    if "query" in first:
        names, begins = first, 1
    for number, row in enumerate(rows[begins:], start=begins + 1):
        if any(cell.strip() for cell in row):
            yield _record(path, number, {name: cell for name, cell in zip(names, row, strict=False) if cell.strip()})


def _record(path: Path, number: int, record: object) -> tuple[str, dict[str, int]]:
    query = record.get("query") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(query, str) or not query.strip():
        raise BadInput(f"{path}, line {number}, has no query", CURE)
    wanted = [name for key in NAMES for name in _names(record.get(key))]
    if not wanted:
        raise BadInput(f"{path}, line {number}, names no document that the query should find", CURE)
    relevance = record.get("relevance", 1)
    try:
        grade = int(relevance)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{path}, line {number}: relevance is {relevance!r}, expected a whole number", CURE) from error
    return query.strip(), dict.fromkeys(wanted, grade)


def _names(value: Any) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [str(name).strip() for name in given if isinstance(name, str | int) and str(name).strip()]
