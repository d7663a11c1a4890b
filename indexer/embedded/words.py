"""The words of the embedded store: one tantivy index per analyser, derived from SQLite and caught up from it.

One index per analyser, and not one field each, because BM25 weighs a word by how rare it is among the documents of its
language and by their average length.
"""

import logging
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.asking.exact import exact_text, exact_tokens, parts_text, vocabulary_words
from indexer.document import Passage
from indexer.embedded.analysis import build_analyser, normal
from indexer.embedded.rows import PASSAGE_COLUMNS, head_from_json, passage_from_row, seconds_of
from indexer.errors import StoreDamaged, StoreRefused
from indexer.keywords import keywords

logger = logging.getLogger(__name__)

WORDS_VERSION = 2
"""Raised by one whenever the schema or the analysis changes; the writer then derives the words anew."""

CURE = "Open the index for writing once (any crawl or import does): derived files are then made again"

TEXT, TITLE, HEADING, WHOLE, FIRST = "text", "title", "heading", "whole", "first"
EXACT, WHOLE_EXACT, BACKWARDS = "exact", "whole_exact", "backwards"
KEYWORD_FIELDS = ("site", "path", "top", "language", "source", "metadata", "access")
UNDATED = 2**62
"""Stands for a missing date: its negative in ``newest`` sorts last, itself in ``oldest`` too."""


@dataclass(frozen=True, slots=True)
class Part:
    """A searchable index of one analyser at one moment. An overlay is in memory and holds what the disk lacks.

    One that ``is_clean`` holds no removed documents, so that the frequency of a term is what a search would count.
    """

    analyser: str
    schema: Any
    searcher: Any
    is_overlay: bool = False
    is_clean: bool = False


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """A document with its passages and their row numbers, as the words need it."""

    doc: int
    passages: tuple[tuple[int, Passage], ...]


class WordIndex:
    """One tantivy index: in ``folder``, or in memory where that is None."""

    def __init__(self, analyser: str, folder: Path | None, *, may_create: bool = False) -> None:
        import tantivy

        self.analyser = analyser
        self.schema = build_schema()
        self._writer: Any = None
        with word_errors(folder):
            if folder is not None and may_create:
                folder.mkdir(parents=True, exist_ok=True)
            if folder is not None and not may_create and not tantivy.Index.exists(str(folder)):
                raise StoreDamaged(f"{folder} holds no word index", CURE)
            self._folder = folder
            self._index = tantivy.Index(self.schema, path=None if folder is None else str(folder))
            self._index.register_tokenizer("words", build_analyser(analyser))
            spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("spaces", spaces)
            # Searchers change only when asked to: each belongs to one moment of the database.
            self._index.config_reader("manual")

    def write(self, gone: Iterable[int], entries: Iterable[DocumentRows], buffer_bytes: int) -> None:
        """Remove documents, add others (in place of what may be there of them), and commit. Safe to repeat."""
        with word_errors(self._folder):
            # A writer that failed (a full disk) is of no further use: it is kept only once it has succeeded.
            writer, self._writer = self._writer or self._open_writer(buffer_bytes), None
            for doc in gone:
                writer.delete_documents_by_term("doc", doc)
            for entry in entries:
                writer.delete_documents_by_term("doc", entry.doc)
                for document in _word_documents(entry):
                    writer.add_document(document)
            writer.commit()
            self._writer = writer

    def _open_writer(self, buffer_bytes: int) -> Any:
        writer = self._index.writer(buffer_bytes, 1)
        # A killed writer leaves files that no commit refers to, and the next commit may want to use their names.
        writer.garbage_collect_files()
        return writer

    def part(self) -> Part:
        """What is committed now."""
        with word_errors(self._folder):
            self._index.reload()
            searcher = self._index.searcher()
            return Part(self.analyser, self.schema, searcher, self._folder is None, self._is_clean(searcher))

    def _is_clean(self, searcher: Any) -> bool:
        """As many first passages as its list of them has, removed ones included."""
        import tantivy

        first = tantivy.Query.term_query(self.schema, FIRST, "1", "basic")
        return bool(searcher.search(first, 1, count=True).count == searcher.doc_freq(FIRST, "1"))

    def close(self) -> None:
        """Wait for merges and let go of the files."""
        if self._writer is not None:
            with word_errors(self._folder):
                self._writer.wait_merging_threads()
            self._writer = None


def build_schema() -> Any:
    """``text`` is what a passage is found by: title, headings and body. ``title`` and ``heading`` only add to a score.

    ``whole`` is the text of the whole document, on its first passage alone: counting matches there counts documents.
    ``exact`` and ``whole_exact`` hold the same as it stands, ``backwards`` its words from their last letter to their
    first, so that they can be listed by their end. ``order`` sorts by passage id.
    """
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name, option in ((TEXT, "position"), (WHOLE, "position"), (TITLE, "freq"), (HEADING, "freq")):
        builder.add_text_field(name, tokenizer_name="words", index_option=option)
    for name, option in ((EXACT, "position"), (WHOLE_EXACT, "position"), (BACKWARDS, "basic")):
        builder.add_text_field(name, tokenizer_name="spaces", index_option=option)
    for name in (*KEYWORD_FIELDS, FIRST):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name not in ("path", FIRST))
    # Signed, because a term to delete by is made from a Python int as a signed one.
    builder.add_integer_field("doc", indexed=True, fast=True)
    for name in ("row", "order"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("newest", "oldest"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def analysers_since(sql: sqlite3.Connection, seq: int) -> list[str]:
    """The analysers of the documents stored after ``seq``."""
    found = sql.execute("SELECT DISTINCT analyser FROM heads WHERE seq > ? AND passages > 0 ORDER BY analyser", (seq,))
    return [analyser for (analyser,) in found]


def added_since(sql: sqlite3.Connection, seq: int, analyser: str) -> Iterator[DocumentRows]:
    """The documents of one analyser stored after ``seq``, one by one."""
    found = sql.execute(
        "SELECT doc, head FROM heads WHERE seq > ? AND analyser = ? AND passages > 0 ORDER BY doc", (seq, analyser)
    )
    for doc, head_json in found:
        head = head_from_json(head_json)
        rows = sql.execute(f"SELECT {PASSAGE_COLUMNS} FROM passages p WHERE doc = ? ORDER BY ordinal", (doc,))  # noqa: S608
        yield DocumentRows(doc, tuple((row[0], passage_from_row(row, head)) for row in rows))


def gone_since(sql: sqlite3.Connection, seq: int) -> dict[str, list[int]]:
    """analyser -> numbers of the documents removed after ``seq``."""
    gone: dict[str, list[int]] = {}
    for doc, analyser in sql.execute("SELECT doc, analyser FROM gone WHERE seq > ?", (seq,)):
        gone.setdefault(analyser, []).append(doc)
    return gone


def order_of(passage: Passage) -> int:
    """A number below 2**64 that sorts as passage ids do (for ids of ``doc_id_of``; others may tie)."""
    try:
        high = int(passage.head.doc_id[:12].ljust(12, "0"), 16)
    except ValueError:
        high = int.from_bytes(passage.head.doc_id.encode()[:6].ljust(6, b"\0"))
    return (high << 16) | min(passage.ordinal, 0xFFFF)


@contextmanager
def word_errors(folder: Path | None) -> Iterator[None]:
    """Turn tantivy's errors into the store's."""
    try:
        yield
    except OSError as error:
        raise StoreRefused(
            f"{folder} cannot be read or written ({error})", "Check the disk and its free space"
        ) from error
    except ValueError as error:
        line = " ".join(str(error).split())[:300]
        if any(sign in line for sign in ("No space left", "StorageFull", "PermissionDenied", "Read-only")):
            raise StoreRefused(f"{folder} cannot be written ({line})", "Check the disk and its free space") from error
        raise StoreDamaged(f"The words in {folder} cannot be used ({line})", CURE) from error
    except BaseException as error:
        # On some damaged files tantivy panics; the class of that exception cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise StoreDamaged(f"The words in {folder} cannot be used ({error})", CURE) from error


def remove_folder(folder: Path) -> None:
    """Delete a derived folder that nothing refers to any more; what cannot be deleted is left for the next time."""
    shutil.rmtree(folder, ignore_errors=True)


def _word_documents(entry: DocumentRows) -> Iterator[Any]:
    for position, (row, passage) in enumerate(entry.passages):
        yield _word_document(entry.doc, row, passage, entry.passages if position == 0 else ())


def _word_document(doc: int, row: int, passage: Passage, whole: Sequence[tuple[int, Passage]]) -> Any:
    import tantivy

    head = passage.head
    document = tantivy.Document()
    title, headings = normal(head.title), [normal(heading) for heading in passage.heading_path if heading != head.title]
    exact = [exact_tokens(text) for text in (head.title, *passage.heading_path, passage.text)]
    for text in (title, *headings, normal(passage.text), normal(parts_text(_raw(passage)))):
        document.add_text(TEXT, text)
    for tokens in exact:
        document.add_text(EXACT, " ".join(tokens))
    found = vocabulary_words(token for tokens in exact for token in tokens)
    document.add_text(BACKWARDS, " ".join(word[::-1] for word in found))
    document.add_text(TITLE, title)
    for heading in headings:
        document.add_text(HEADING, heading)
    if whole:
        document.add_text(FIRST, "1")
        headings_of_all = (heading for _, p in whole for heading in p.heading_path)
        for text in (*dict.fromkeys((head.title, *headings_of_all)), *(p.text for _, p in whole)):
            document.add_text(WHOLE, normal(text))
            document.add_text(WHOLE_EXACT, exact_text(text))
        document.add_text(WHOLE, normal(" ".join(parts_text(_raw(p)) for _, p in whole)))
    for field, values in keywords(head).items():
        for value in values:
            document.add_text(field, value)
    modified = None if head.modified_at is None else seconds_of(head.modified_at)
    document.add_integer("newest", -UNDATED if modified is None else modified)
    document.add_integer("oldest", UNDATED if modified is None else modified)
    document.add_integer("doc", doc)
    document.add_unsigned("row", row)
    document.add_unsigned("order", order_of(passage))
    return document


def _raw(passage: Passage) -> str:
    return " ".join((passage.head.title, *passage.heading_path, passage.text))
