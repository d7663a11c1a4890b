"""What stands in files and folders, as documents; bad files and lines are named, counted and passed over."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.config import CrawlConfig
from crawler.errors import RecollectError
from crawler.files import is_readable, read_file
from crawler.text.language import detect_language
from indexer import beir
from indexer.convert import document_from_page
from indexer.document import Document
from server.errors import BadInput
from server.importing import ndjson


@dataclass(slots=True)
class Tally:
    """What could not be read (place -> why), and how many files of a kind nobody reads (suffix -> number).

    ``notes`` say what was left out of a document that was read (place -> what); of ``files`` so many are ``done``.
    """

    failed: dict[str, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    notes: dict[str, str] = field(default_factory=dict)
    files: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """``source`` None names it by the kind of input; ``access`` is for documents that name none themselves."""

    source: str | None = None
    access: tuple[str, ...] = ()
    crawl: CrawlConfig = CrawlConfig()


def documents(paths: Sequence[Path], options: ImportOptions, tally: Tally) -> Iterator[Document]:
    """Every document in these files and folders, in the order of the paths; folders are read to the bottom.

    Raises BadInput before anything is read if a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise BadInput(f"There is no file or folder {path}", "Check the path")
    found = [(path, file) for path in paths for file in _readable(path, options, tally)]
    tally.files = len(found)
    for path, file in found:
        if is_beir(file):
            yield from _corpus(file, options, tally)
        else:
            yield from _file(file, path if path.is_dir() else path.parent, options, tally)
        tally.done += 1


def is_beir(path: Path) -> bool:
    """Whether this is a folder in BEIR's format."""
    return any((path / name).is_file() for name in ("corpus.jsonl", "corpus.jsonl.gz"))


def _readable(path: Path, options: ImportOptions, tally: Tally) -> Iterator[Path]:
    """What there is to read at a path: itself, a corpus as a whole, or the files of a folder in order."""
    if is_beir(path) or not path.is_dir():
        yield path
        return
    for file in sorted(_files(path, tally)):
        if file.suffix.lower() in ndjson.SUFFIXES or is_readable(file, options.crawl):
            yield file
        else:
            tally.skipped[file.suffix.lower() or "no ending"] += 1


def _files(folder: Path, tally: Tally) -> Iterator[Path]:
    def cannot_list(error: OSError) -> None:
        tally.failed[str(error.filename)] = f"cannot be listed: {error.strerror}"

    for place, folders, names in os.walk(folder, onerror=cannot_list):
        # What is hidden is not meant to be found: version control, editors' backups.
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _file(path: Path, root: Path, options: ImportOptions, tally: Tally) -> Iterator[Document]:
    try:
        if path.suffix.lower() in ndjson.SUFFIXES:
            yield from _with_access(ndjson.read(path, options.source or "ndjson", tally.failed), options)
        else:
            page = read_file(path, root, options.crawl)
            if page.notes:
                tally.notes[str(path)] = "; ".join(page.notes)
            yield document_from_page(page, options.source or "files", options.access)
    except RecollectError as error:
        tally.failed[str(path)] = error.what


def _corpus(folder: Path, options: ImportOptions, tally: Tally) -> Iterator[Document]:
    try:
        yield from _with_access(beir.documents(folder, detect_language), options)
    except RecollectError as error:
        tally.failed[str(folder)] = error.what


def _with_access(found: Iterable[Document], options: ImportOptions) -> Iterator[Document]:
    for document in found:
        is_open = not document.head.access
        yield ndjson.restricted(document, options.access) if options.access and is_open else document
