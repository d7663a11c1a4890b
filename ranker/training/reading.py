"""Lets a reader-ranker, trained or exported, find answers in paragraphs, and measures them by SQuAD's metric."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import EncoderError
from indexer.inference.batching import Outputs, Row, grouped, padded
from indexer.inference.model import Model, batches_by_length, encodable
from indexer.inference.precision import InferenceConfig
from ranker.errors import BadModel
from ranker.tokens.pairs import MAX_QUERY_TOKENS
from ranker.tokens.spans import best_span
from ranker.training.batches import forward
from ranker.training.exported import EXPORTED
from ranker.training.model import CURE, WEIGHTS, ReaderRanker
from ranker.training.reading_metric import Judged, best_threshold, exact_match, f1

ENCODED_TOGETHER = 512

Run = Callable[[Iterable[Sequence[Row]]], Iterator[tuple[list[int], Outputs]]]
"""Rows in, (indices of rows, [relevance, answerable, start, end] for them) out, as ``Model.outputs``."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A model ready to run. ``tokenizer`` neither cuts nor pads."""

    run: Run
    tokenizer: Any
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of a paragraph; without ``answers`` the paragraph has none."""

    text: str
    paragraph: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BestSpan:
    """The best span of a paragraph. ``gap`` is how far its logits lie above those of "no answer" in the same window,
    ``answerable`` the highest such logit of a window."""

    text: str = ""
    gap: float = -np.inf
    answerable: float = -np.inf

    @property
    def confidence(self) -> float:
        """That there is an answer: what the two heads say, together."""
        return self.gap + self.answerable


@dataclass(frozen=True, slots=True)
class ReadingConfig:
    """A paragraph longer than ``passage_tokens`` is read in windows that begin ``stride_tokens`` after one another."""

    passage_tokens: int = 256
    stride_tokens: int = 128


@dataclass(frozen=True, slots=True)
class Window:
    """A row, the question it is for, and the characters of its passage tokens."""

    row: Row
    question: int
    places: Sequence[tuple[int, int]]


def load_reader(folder: Path, threads: int | None = None, device: str = "cpu", batch_tokens: int = 8192) -> Reader:
    """The model of a folder that training or the export wrote. Raises BadModel, MissingExtra."""
    if (folder / EXPORTED).is_file():
        try:
            model = Model(folder, InferenceConfig(threads=threads))
        except EncoderError as error:
            raise BadModel(error.what, error.cure) from error
        model.tokenizer.no_truncation()
        return Reader(model.outputs, model.tokenizer, model.card.max_tokens)
    if not (folder / WEIGHTS).is_file():
        raise BadModel(f"{folder} holds neither {WEIGHTS} nor {EXPORTED}", CURE)
    import torch

    if threads:
        torch.set_num_threads(threads)
    return torch_reader(ReaderRanker.load(folder), device, batch_tokens)


def torch_reader(reader: ReaderRanker, device: Any, batch_tokens: int) -> Reader:
    """The same for a model in training, in the weights it has when it runs."""
    module = reader.module.to(device)
    reader.tokenizer.no_truncation()
    reader.tokenizer.no_padding()

    def run(windows: Iterable[Sequence[Row]]) -> Iterator[tuple[list[int], Outputs]]:
        import torch

        rows = [row for window in windows for row in window]
        was_training = module.training
        module.eval()
        for indices in batches_by_length([len(row.ids) for row in rows], batch_tokens):
            tokens, mask, types = (torch.from_numpy(a).to(device) for a in padded([rows[i] for i in indices]))
            inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": types}
            with torch.inference_mode():
                outputs = forward(module, inputs)
            yield indices, [output.float().cpu().numpy() for output in outputs]
        module.train(was_training)

    return Reader(run, reader.tokenizer, module.bert.config.max_position_embeddings)


def read(reader: Reader, questions: Sequence[Question], config: ReadingConfig = ReadingConfig()) -> list[BestSpan]:
    """The best span of every question's paragraph, in their order. Raises EncoderError."""
    windows = list(_windows(reader, questions, config))
    best = [BestSpan() for _ in questions]
    for indices, (_, answerable, start, end) in reader.run([[window.row for window in windows]]):
        for j, i in enumerate(indices):
            window = windows[i]
            found = _found(questions[window.question], window, start[j], end[j], float(answerable[j]))
            best[window.question] = _better(best[window.question], found)
    return best


def measure_answers(questions: Sequence[Question], found: Sequence[BestSpan]) -> dict[str, float]:
    """Exact match and F1 in per cent of the questions with an answer, none taken back.

    Where some have no answer, the best-threshold figures over all of them, too. ValueError without questions.
    """
    scored = [(exact_match(a.text, q.answers), f1(a.text, q.answers)) for q, a in zip(questions, found, strict=True)]
    answered = [scores for q, scores in zip(questions, scored, strict=True) if q.answers]
    figures: dict[str, float] = {"questions": len(questions), "answerable": len(answered)}
    if answered:
        exact, overlap = np.mean(answered, axis=0) * 100
        figures |= {"exact_match": float(exact), "f1": float(overlap)}
    if len(answered) < len(questions):
        for name, column in (("exact_match", 0), ("f1", 1)):
            judged = [
                Judged(scores[column], bool(q.answers), a.confidence)
                for q, a, scores in zip(questions, found, scored, strict=True)
            ]
            mean, threshold = best_threshold(judged)
            figures |= {f"best_{name}": mean * 100, f"best_{name}_threshold": threshold}
    return figures


def _windows(reader: Reader, questions: Sequence[Question], config: ReadingConfig) -> Iterator[Window]:
    cls, sep = reader.tokenizer.token_to_id("[CLS]"), reader.tokenizer.token_to_id("[SEP]")
    for some in grouped(list(enumerate(questions)), ENCODED_TOGETHER):
        asked = reader.tokenizer.encode_batch(encodable([q.text for _, q in some]), add_special_tokens=False)
        texts = reader.tokenizer.encode_batch(encodable([q.paragraph for _, q in some]), add_special_tokens=False)
        for (number, _), question, text in zip(some, asked, texts, strict=True):
            head = [cls, *question.ids[: min(MAX_QUERY_TOKENS, reader.max_tokens // 2)], sep]
            size = min(config.passage_tokens, reader.max_tokens - len(head) - 1)
            for start in _starts(len(text.ids), size, min(config.stride_tokens, size)):
                row = Row([*head, *text.ids[start : start + size], sep], len(head))
                yield Window(row, number, text.offsets[start : start + size])


def _starts(tokens: int, size: int, stride: int) -> range:
    """Where windows begin, so that the last one reaches the end."""
    return range(0, max(tokens - size + stride, 1), stride)


def _found(question: Question, window: Window, start: Any, end: Any, answerable: float) -> BestSpan:
    first, count = window.row.second or 0, len(window.places)
    span = best_span(start[first : first + count], end[first : first + count])
    if span is None:
        return BestSpan(answerable=answerable)
    text = question.paragraph[window.places[span.first][0] : window.places[span.last][1]]
    return BestSpan(text, span.logit - float(start[0] + end[0]), answerable)


def _better(a: BestSpan, b: BestSpan) -> BestSpan:
    best = max(a, b, key=lambda found: found.gap)
    return BestSpan(best.text, best.gap, max(a.answerable, b.answerable))
