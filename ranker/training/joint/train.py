"""Trains the last layers of an encoder on its queries; validates, keeps checkpoints, goes on where it was stopped."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.document import Vectors
from ranker.training.checkpoint import load_checkpoint, save_checkpoint
from ranker.training.joint.config import JointConfig
from ranker.training.joint.pool import Lesson
from ranker.training.joint.query_encoder import QueryEncoder
from ranker.training.pace import Pace
from ranker.training.progress import Progress, append_log
from ranker.training.train import LOG

Report = Callable[[dict[str, Any]], None]
DEPTH = 5
TOGETHER = 256
"""Queries searched in one product: enough that memory is read rarely, few enough that their scores fit."""


@dataclass(frozen=True, slots=True)
class Found:
    """How well queries find their right passages among all: the share of them among the first five, and MRR."""

    recall: float
    mrr: float

    def is_better_than(self, other: "Found") -> bool:
        """By the first, and by the other where that is equal."""
        return (self.recall, self.mrr) > (other.recall, other.mrr)


@dataclass(frozen=True, slots=True)
class Course:
    """Vectors of passages (n, dim), and the lessons to train on and those held out of it."""

    vectors: Vectors
    kept: Sequence[Lesson]
    held: Sequence[Lesson]


def train_queries(
    config: JointConfig,
    encoder: QueryEncoder,
    course: Course,
    out: Path,
    report: Report = lambda record: None,
) -> Found:
    """Train ``encoder`` and tell how its queries find the right passages of the lessons held out.

    Every record handed to ``report`` is a line of ``out/log.jsonl``, too. Raises BadTrainingData for a checkpoint of
    other data or settings.
    """
    out.mkdir(parents=True, exist_ok=True)
    return _Run(config, encoder, course, out, report).go()


def found_by(vectors: Vectors, memory: Vectors, right: Sequence[int]) -> Found:
    """How queries (n, dim) find row ``right[i]`` of the memory; equals rank before it."""
    ranks: list[int] = []
    for first in range(0, len(right), TOGETHER):
        rows = np.asarray(right[first : first + TOGETHER])
        scores = vectors[first : first + TOGETHER] @ memory.T
        ranks += (scores >= scores[np.arange(len(rows)), rows][:, None]).sum(1).tolist()
    return Found(float(np.mean([rank <= DEPTH for rank in ranks])), float(np.mean([1 / rank for rank in ranks])))


class _Run:
    def __init__(self, config: JointConfig, encoder: QueryEncoder, course: Course, out: Path, report: Report) -> None:
        import torch

        if config.threads:
            torch.set_num_threads(config.threads)
        self._config, self._encoder, self._course, self._out, self._report = config, encoder, course, out, report
        self._passages = torch.tensor(course.vectors)
        self._states = encoder.states([lesson.query for lesson in course.kept])
        self._held_states = encoder.states([lesson.query for lesson in course.held])
        self._before = self._encoded(self._states)
        self._start = [parameter.detach().clone() for parameter in encoder.trained.parameters()]
        decayed = [p for p in encoder.trained.parameters() if p.dim() > 1]
        others = [p for p in encoder.trained.parameters() if p.dim() <= 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": config.weight_decay}, {"params": others, "weight_decay": 0.0}],
            lr=config.learning_rate,
        )
        self.progress = Progress(of_rows=config.epochs * len(self._course.kept))
        self._losses: list[float] = []

    def go(self) -> Found:
        """All epochs, from the checkpoint if there is one; then the blend of the layers before and after, or the layers
        before where the held-out queries find no more by it.
        """
        before = self.validated()
        self._resume()
        if not self.progress.steps:
            self._tell_found(before)
        config = self._config
        pace = Pace(self._step, lambda: self._tell({}), config.report_every_s, self._keep, config.checkpoint_every_s)
        pace.through(self._batches(), self.progress)
        self._save()
        self._blend(config.kept)
        found = self.validated()
        if self._course.held and not found.is_better_than(before):
            self._blend(1.0)
            found = before
        self._tell_found(found)
        return found

    def _batches(self) -> Iterator[list[int]]:
        """Of all epochs: which lessons are learnt from together."""
        size = self._config.batch
        for epoch in range(self._config.epochs):
            order = list(range(len(self._course.kept)))
            random.Random(self._config.seed + epoch).shuffle(order)  # noqa: S311 - for training, not for secrets
            yield from (order[first : first + size] for first in range(0, len(order), size))

    def _keep(self) -> None:
        self._tell_found(self.validated())
        self._save()

    def validated(self) -> Found:
        """How the held-out queries find their passages now."""
        vectors = self._encoded(self._held_states).numpy()
        return found_by(vectors, self._course.vectors, [lesson.right for lesson in self._course.held])

    def _step(self, batch: Sequence[int]) -> None:
        import torch

        config = self._config
        for group in self._optimizer.param_groups:
            group["lr"] = self.progress.rate(config.learning_rate, config.warmup_share)
        vectors = self._encoder.encode([self._states[i] for i in batch])
        lessons = [self._course.kept[i] for i in batch]
        loss = self._margins(vectors, lessons) if config.loss == "margin" else self._preferred(vectors, lessons)
        moved = (1 - (vectors * self._before[list(batch)]).sum(1)).mean()
        self._optimizer.zero_grad(set_to_none=True)
        (loss + config.anchor * moved).backward()
        torch.nn.utils.clip_grad_norm_(self._encoder.trained.parameters(), config.max_gradient_norm)
        self._optimizer.step()
        self._losses.append(float(loss.detach()))
        self.progress.steps += 1
        self.progress.rows += len(batch)

    def _preferred(self, vectors: Any, batch: Sequence[Lesson]) -> Any:
        """Cross-entropy over all passages."""
        likely = (self._config.scale * vectors @ self._passages.T).log_softmax(1)
        return -(self._target(batch) * likely).sum(1).mean()

    def _margins(self, vectors: Any, batch: Sequence[Lesson]) -> Any:
        """Squared error of the differences between the right passage and each other one that was read."""
        import torch

        errors = []
        for vector, lesson in zip(vectors, batch, strict=True):
            scores = self._config.scale * self._passages[list(lesson.read)] @ vector
            preference = torch.tensor(lesson.preference)
            errors.append(((scores[0] - scores[1:]) - (preference[0] - preference[1:])).square())
        return torch.cat(errors).mean()

    def _target(self, batch: Sequence[Lesson]) -> Any:
        """(n, passages): the right passage, and a share of what the reader prefers."""
        import torch

        target = torch.zeros(len(batch), len(self._passages))
        for row, lesson in zip(target, batch, strict=True):
            row[lesson.right] = 1 - self._config.reader
            row[list(lesson.read)] += self._config.reader * torch.tensor(lesson.preference).softmax(0)
        return target

    def _encoded(self, states: Sequence[Any]) -> Any:
        import torch

        size = self._config.batch
        with torch.no_grad():
            parts = [self._encoder.encode(states[first : first + size]) for first in range(0, len(states), size)]
        return torch.cat(parts) if parts else torch.empty(0, self._course.vectors.shape[1])

    def _blend(self, kept: float) -> None:
        """Let this share of the layers be as it was."""
        import torch

        with torch.no_grad():
            for parameter, before in zip(self._encoder.trained.parameters(), self._start, strict=True):
                parameter.lerp_(before, kept)

    def _tell(self, more: dict[str, Any]) -> None:
        loss = round(float(np.mean(self._losses)), 4) if self._losses else None
        self._losses = []
        record = {**asdict(self.progress), "loss": {} if loss is None else {"rank": loss}, **more}
        append_log(self._out / LOG, record)
        self._report(record)

    def _tell_found(self, found: Found) -> None:
        if self._course.held:
            self._tell({"validation": {name: round(value, 4) for name, value in asdict(found).items()}})

    def _save(self) -> None:
        state = {
            "trained": self._encoder.trained.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "progress": asdict(self.progress),
        }
        save_checkpoint(self._out, state, self._identity())

    def _resume(self) -> None:
        state = load_checkpoint(self._out, self._identity(), "cpu")
        if state is not None:
            self._encoder.trained.load_state_dict(state["trained"])
            self._optimizer.load_state_dict(state["optimizer"])
            self.progress = Progress(**state["progress"])

    def _identity(self) -> str:
        digest = hashlib.sha256(self._course.vectors.tobytes())
        digest.update(repr((self._course.kept, self._course.held)).encode("utf-8", "replace"))
        return json.dumps([asdict(self._config), digest.hexdigest()])
