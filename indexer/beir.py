"""Reads a retrieval test collection in BEIR's layout, each file plain or gzipped.

``corpus.jsonl`` {_id, title, text, metadata}, ``queries.jsonl`` {_id, text}, ``qrels/SPLIT.tsv`` (query-id, corpus-id,
score; a header line).
"""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.errors import BadDocument

Qrels = dict[str, dict[str, int]]
"""query id -> corpus id -> relevance; 0 means judged and not relevant."""

DetectLanguage = Callable[[str], str | None]

SAMPLED_DOCUMENTS = 300
"""Documents whose language decides the language of those too short to tell."""


def documents(folder: Path, detect_language: DetectLanguage) -> Iterator[Document]:
    """The corpus, one document at a time; a document whose language cannot be told gets the corpus's commonest one.

    A document's key is ``beir:NAME/ID``; that is its URL, too, unless its metadata has a ``url``. Sets that cut a page
    into several documents give them one URL. ``metadata["beir_id"]`` is the corpus id.
    Raises BadDocument naming file and line.
    """
    path = _existing(folder, "corpus.jsonl")
    found = (detect_language(_text_of(record)) for _, record in islice(_records(path), SAMPLED_DOCUMENTS))
    counted = Counter(language for language in found if language)
    commonest = counted.most_common(1)[0][0] if counted else None
    for place, record in _records(path):
        yield _document(folder.resolve().name, place, record, detect_language(_text_of(record)) or commonest)


def queries(folder: Path) -> dict[str, str]:
    """query id -> text, in the file's order."""
    return {
        _id_of(place, record): str(record.get("text", ""))
        for place, record in _records(_existing(folder, "queries.jsonl"))
    }


def qrels(folder: Path, split: str) -> Qrels:
    """Judgements of a split; raises BadDocument naming the splits there are if this is none of them."""
    path = next((p for p in _either(folder / "qrels" / f"{split}.tsv") if p.is_file()), None)
    if path is None:
        there = sorted({p.name.split(".tsv")[0] for p in (folder / "qrels").glob("*.tsv*")})
        cure = f"Use one of: {', '.join(there)}" if there else "Give a folder in BEIR's layout"
        raise BadDocument(str(folder), f"{folder} has no judgements qrels/{split}.tsv", cure)
    judged: Qrels = {}
    for number, line in _lines(path):
        fields = line.split("\t")
        if number == 1 and not fields[-1].strip().lstrip("-").isdigit():
            continue
        if len(fields) != 3 or not fields[2].strip().lstrip("-").isdigit():
            raise _bad(path, number, "is not: query-id TAB corpus-id TAB whole number")
        judged.setdefault(fields[0], {})[fields[1]] = int(fields[2])
    return judged


def _document(name: str, place: tuple[Path, int], record: Mapping[str, Any], language: str | None) -> Document:
    corpus_id = _id_of(place, record)
    title, text = str(record.get("title") or ""), str(record.get("text") or "")
    given = record.get("metadata")
    metadata = (
        {str(k): str(v) for k, v in given.items() if isinstance(v, str | int | float)}
        if isinstance(given, dict)
        else {}
    )
    key = f"beir:{quote(name)}/{quote(corpus_id, safe='')}"
    url = metadata.pop("url", "") or key
    metadata["beir_id"] = corpus_id
    content = json.dumps([url, title, text, language, sorted(metadata.items())])
    head = Head(
        doc_id=doc_id_of(key),
        url=url,
        title=title,
        content_hash=hashlib.sha256(content.encode("utf-8")).hexdigest(),
        site=name,
        source="beir",
        language=language,
        metadata=metadata,
    )
    # Many sets hold documents of a title alone; it is their text, too.
    return Document(head, place_sections([Section(text.strip() or title)]))


def _text_of(record: Mapping[str, Any]) -> str:
    return f"{record.get('title') or ''}\n{record.get('text') or ''}".strip()


def _id_of(place: tuple[Path, int], record: Mapping[str, Any]) -> str:
    if record.get("_id") in (None, ""):
        raise _bad(*place, 'has no "_id"')
    return str(record["_id"])


def _records(path: Path) -> Iterator[tuple[tuple[Path, int], dict[str, Any]]]:
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise _bad(path, number, f"is not JSON ({error})") from error
        if not isinstance(record, dict):
            raise _bad(path, number, "is not a JSON object")
        yield (path, number), record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, blank ones left out."""
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise _bad(path, number + 1, f"cannot be read ({error})") from error


def _existing(folder: Path, name: str) -> Path:
    for path in _either(folder / name):
        if path.is_file():
            return path
    raise BadDocument(str(folder), f"{folder} has no {name} (or {name}.gz)", "Give a folder in BEIR's layout")


def _either(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(path.name + ".gz")


def _bad(path: Path, number: int, what: str) -> BadDocument:
    return BadDocument(f"{path}:{number}", f"{path}, line {number}, {what}")
