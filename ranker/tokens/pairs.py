"""A query with each of many passages as rows of tokens: ``[CLS] query [SEP] passage [SEP]``."""

from collections.abc import Iterator, Sequence
from typing import Any

from indexer.inference.batching import Row, grouped
from indexer.inference.model import WINDOW, encodable

MAX_QUERY_TOKENS = 96
"""What training saw; the rest of a longer query is left out, never the passage for its sake."""

MAX_CHARS_PER_TOKEN = 20
"""Text beyond so many characters for each token of a row is not even tokenised: no prose reaches it."""


class Pairs:
    """Rows of at most ``max_tokens``; what is too long is cut from the passage.

    ``first`` is the position of a passage's first token, the same in every row.
    """

    def __init__(self, tokenizer: Any, max_tokens: int, query: str) -> None:
        self._tokenizer = tokenizer
        self._max_chars = max_tokens * MAX_CHARS_PER_TOKEN
        (question,) = self._encoded([query], with_offsets=False)
        cls, self._sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        self._head = [cls, *question.ids[: min(MAX_QUERY_TOKENS, max_tokens // 2)], self._sep]
        self._room = max_tokens - len(self._head) - 1
        self.first = len(self._head)

    def windows(self, passages: Sequence[str]) -> Iterator[list[Row]]:
        """The rows in the order of the passages, some hundred at a time."""
        for window in grouped(passages, WINDOW):
            yield [self._row(encoding.ids) for encoding in self._encoded(window, with_offsets=False)]

    def placed_windows(self, passages: Sequence[str], places: list[list[tuple[int, int]]]) -> Iterator[list[Row]]:
        """The same; adds to ``places``, for each passage, the first and last-plus-one character of its tokens."""
        for window in grouped(passages, WINDOW):
            encodings = self._encoded(window, with_offsets=True)
            places += [encoding.offsets[: self._room] for encoding in encodings]
            yield [self._row(encoding.ids) for encoding in encodings]

    def _row(self, ids: list[int]) -> Row:
        return Row([*self._head, *ids[: self._room], self._sep], self.first)

    def _encoded(self, texts: Sequence[str], *, with_offsets: bool) -> list[Any]:
        encode = self._tokenizer.encode_batch if with_offsets else self._tokenizer.encode_batch_fast
        found: list[Any] = encode(encodable([text[: self._max_chars] for text in texts]), add_special_tokens=False)
        return found
