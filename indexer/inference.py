"""Runs an exported transformer on the CPU: texts in, one row per text out.

One compiled model serves every thread. Texts are tokenised in bulk and sorted by length, so that a batch holds little
padding, and batches are computed while the next texts are tokenised.
"""

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.errors import EncoderError
from indexer.model_folder import CURE, read_card
from indexer.precision import InferenceConfig, compile_model, streams_of

Rows = npt.NDArray[np.float32]
Inputs = list[npt.NDArray[np.int64]]
Pending = deque[tuple[Any, list[int]]]

WINDOW = 1024
"""Texts tokenised and sorted together: enough to fill batches of one length, few enough to start computing soon."""


class Model:
    """A folder with model.xml, model.bin, tokenizer.json and model.json, ready to run. Thread-safe."""

    def __init__(self, folder: Path, config: InferenceConfig = InferenceConfig()) -> None:
        """Raises EncoderError, naming the file, if one is absent or damaged."""
        self.card = read_card(folder)
        self._batch_tokens = config.batch_tokens
        self._tokenizer = _tokenizer(folder / "tokenizer.json", self.card.max_tokens)
        self._compiled, self.precision = compile_model(folder / "model.xml", config)
        self._requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(streams_of(config) + 1):
            self._requests.put(self._compiled.create_infer_request())

    def run(self, texts: Sequence[str]) -> Rows:
        """(n, dim) float32; row i is what the model says of text i. Raises EncoderError."""
        rows = np.empty((len(texts), self.card.dim), dtype=np.float32)
        pending: Pending = deque()
        try:
            for indices, inputs in self._batches(texts):
                request = self._idle_request(pending, rows)
                pending.append((request, indices))
                request.start_async(inputs, share_inputs=True)
            while pending:
                self._finish(pending, rows)
        except RuntimeError as error:
            raise EncoderError(f"the model {self.card.name} failed: {str(error).strip().splitlines()[-1]}") from error
        finally:
            self._give_back(pending)
        return rows

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Inputs]]:
        for start in range(0, len(texts), WINDOW):
            encodings = self._tokenizer.encode_batch_fast(encodable(texts[start : start + WINDOW]))
            ids = [encoding.ids for encoding in encodings]
            for batch in batches_by_length([len(row) for row in ids], self._batch_tokens):
                yield [start + i for i in batch], padded([ids[i] for i in batch])

    def _idle_request(self, pending: Pending, rows: Rows) -> Any:
        """A free request; a caller waits for other callers only while it holds none, so that none wait in a ring."""
        while pending:
            try:
                return self._requests.get_nowait()
            except Empty:
                self._finish(pending, rows)
        return self._requests.get()

    def _finish(self, pending: Pending, rows: Rows) -> None:
        request, indices = pending[0]
        request.wait()
        rows[indices] = request.get_output_tensor(0).data
        pending.popleft()
        self._requests.put(request)

    def _give_back(self, pending: Pending) -> None:
        """After a failure: no request is lost to later calls."""
        for request, _ in pending:
            with contextlib.suppress(RuntimeError):
                request.wait()
            self._requests.put(request)


def batches_by_length(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indices grouped, longest first, so that a batch padded to its longest text holds at most ``batch_tokens``.

    A text longer than that is a batch of its own.
    """
    batches: list[list[int]] = []
    room = 0
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if room == 0:
            batches.append([])
            room = max(1, batch_tokens // max(1, lengths[index]))
        batches[-1].append(index)
        room -= 1
    return batches


def padded(ids: Sequence[Sequence[int]]) -> Inputs:
    """[token ids, attention mask], each (n, longest) int64; padding is 0, as in BERT vocabularies, and not attended."""
    shape = (len(ids), max(len(row) for row in ids))
    tokens, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return [tokens, mask]


def encodable(texts: Sequence[str]) -> list[str]:
    """The texts with lone surrogates, which no tokenizer takes, as question marks."""
    return [text.encode("utf-8", "replace").decode() for text in texts]


def _tokenizer(path: Path, max_tokens: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises no narrower class
        raise EncoderError(f"the tokenizer {path} cannot be read: {error}", CURE) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer
