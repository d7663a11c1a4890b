"""What the same texts and questions take elsewhere: txtai's hybrid search, and tantivy alone as the bound."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.search.index import Corpus
from indexer.encoder import Encoder

SHOWN = 10
DONE = "done"
Search = Callable[[str], list[str]]


def tantivy_alone(corpus: Corpus, folder: Path) -> Search:
    """The ten best by any of the words, and their texts: what no search by words is quicker than."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    schema = builder.build()
    path, is_made = _place(folder / f"tantivy-{corpus.count}")
    index = tantivy.Index(schema, path=str(path))
    if not is_made:
        writer = index.writer(256_000_000, 1)
        for document in corpus.documents():
            for passage in document.passages:
                writer.add_document(tantivy.Document(text=passage.text_to_encode))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        _note(path)
    searcher = index.searcher()

    def search(text: str) -> list[str]:
        query, _ = index.parse_query_lenient(text, ["text"])
        return [searcher.doc(address)["text"][0] for _, address in searcher.search(query, SHOWN).hits]

    return search


def txtai_hybrid(corpus: Corpus, encoder: Encoder, folder: Path) -> Search:
    """txtai's index of words and vectors with the texts in it, as its documentation shows it.

    Its vectors are ours, so that both encode the question alike and look in the same space.
    """
    from txtai import Embeddings

    path, is_made = _place(folder / f"txtai-{corpus.count}")
    known: dict[str, Any] = {}

    def transform(texts: Sequence[str]) -> Any:
        return np.stack([known[text] if text in known else encoder.encode_queries([text])[0] for text in texts])

    embeddings = Embeddings(method="external", transform=transform, hybrid=True, content=True, backend="faiss")
    if not is_made:
        for document in corpus.documents():
            known |= {p.text_to_encode: v for p, v in zip(document.passages, document.vectors, strict=True)}
        embeddings.index(list(known))
        embeddings.save(str(path))
        known.clear()
        _note(path)
    else:
        embeddings.load(str(path), config={"transform": transform})
    return lambda text: [found["text"] for found in embeddings.search(text, SHOWN)]


def _place(path: Path) -> tuple[Path, bool]:
    """The folder of an index, and whether it is complete; one that was left half made is emptied."""
    is_made = (path / DONE).exists()
    if not is_made:
        shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, exist_ok=True)
    return path, is_made


def _note(path: Path) -> None:
    (path / DONE).touch()


def agreement(ours: Search, theirs: Search, texts: Sequence[str]) -> float:
    """The share of questions whose first passage there is one that our first page shows: whether both do one work."""
    return sum(bool({*theirs(text)[:1]} & {*ours(text)}) for text in texts) / len(texts)
