"""Runs an exported transformer on the CPU: rows of tokens in, the model's outputs for each row out.

One compiled model serves every thread: texts are tokenised in bulk while others are computed, and rows of callers that
come together share batches, see ``indexer.inference.batching``.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.errors import EncoderError
from indexer.inference.batching import Batcher, Inputs, Job, Outputs, Row, grouped
from indexer.inference.model_folder import CURE, TOKENIZER, file_of, read_card
from indexer.inference.precision import InferenceConfig, compile_model, streams_of

Rows = npt.NDArray[np.float32]

WINDOW = 1024
"""Texts tokenised together: enough to fill batches of one length, few enough to start computing soon."""

FEW_TOKENS = {"f32": 80, "bf16": 0, "int8": 0}
"""On CPUs with AVX2 alone, products of so many rows and of more are summed up in different orders by OpenVINO 2026.4;
batches on one side of the border are as fast as those that cross it.
"""


class Model:
    """A folder with model.xml, model.bin, tokenizer.json and model.json, ready to run. Thread-safe.

    ``tokenizer`` cuts every text to the longest input of the model.
    """

    def __init__(
        self,
        folder: Path,
        config: InferenceConfig = InferenceConfig(),
        prepare: Callable[[Any], None] | None = None,
    ) -> None:
        """``prepare`` may change the graph. Raises EncoderError, naming the file, if one is absent or damaged."""
        self.card = read_card(folder)
        self.tokenizer = _tokenizer(file_of(folder, TOKENIZER), self.card.max_tokens)
        self._compiled, self.precision = compile_model(folder / "model.xml", config, prepare)
        self._inputs = len(self._compiled.inputs)
        self._outputs = len(self._compiled.outputs)
        workers = streams_of(config) + 1  # one that prepares its batch while the streams compute
        self._requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(workers):
            self._requests.put(self._compiled.create_infer_request())
        self._batcher = Batcher(self._compute, workers, config.batch_tokens, FEW_TOKENS[self.precision])

    def run(self, texts: Sequence[str]) -> Rows:
        """(n, dim) float32; row i is what the model's only output says of text i. Raises EncoderError."""
        windows = (self.tokenizer.encode_batch_fast(encodable(window)) for window in grouped(texts, WINDOW))
        found: dict[int, Rows] = {}
        for indices, outputs in self.outputs([Row(encoding.ids) for encoding in window] for window in windows):
            found.update(zip(indices, outputs[0], strict=True))
        return np.stack([found[i] for i in range(len(texts))])

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of the pieces that the tokenizer makes of each text, without marks of beginning and end."""
        return [row.ids for row in self.tokenizer.encode_batch_fast(encodable(texts), add_special_tokens=False)]

    def outputs(self, windows: Iterable[Sequence[Row]]) -> Iterator[tuple[list[int], Outputs]]:
        """(indices, outputs) batch by batch; an index counts the rows of all windows, ``outputs[k][j]`` is for the
        j-th index. A window is computed while the next one is made. Raises EncoderError.
        """
        first = 0
        pending: deque[tuple[int, Job]] = deque()
        try:
            for rows in windows:
                pending.append((first, self._batcher.submit(rows)))
                first += len(rows)
                if len(pending) > 1:
                    yield from self._finished(*pending.popleft())
            while pending:
                yield from self._finished(*pending.popleft())
        except RuntimeError as error:
            raise EncoderError(f"the model {self.card.name} failed: {str(error).strip().splitlines()[-1]}") from error
        finally:
            for _, job in pending:
                self._batcher.cancel(job)

    def _finished(self, first: int, job: Job) -> Iterator[tuple[list[int], Outputs]]:
        for indices, outputs in self._batcher.results(job):
            yield [first + i for i in indices], outputs

    def _compute(self, inputs: Inputs) -> Outputs:
        request = self._requests.get()
        try:
            request.start_async(inputs[: self._inputs], share_inputs=True)
            request.wait()
            return [request.get_output_tensor(i).data.copy() for i in range(self._outputs)]
        finally:
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
