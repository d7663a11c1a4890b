"""Trains a reader-ranker: reads groups, learns, validates, keeps checkpoints, and goes on where it was stopped."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ranker.errors import BadModel, BadTrainingData
from ranker.training.batches import batches, forward, tensors
from ranker.training.checkpoint import load_checkpoint, save_checkpoint
from ranker.training.config import TrainConfig
from ranker.training.exported import EXPORTED, load_exported
from ranker.training.group import Group, read_groups
from ranker.training.loss import losses
from ranker.training.model import WEIGHTS, ReaderRanker
from ranker.training.pace import Pace
from ranker.training.progress import Progress, append_log
from ranker.training.sources.pairs import MAX_QUERY_TOKENS, Example, examples
from ranker.training.validate import validate

LOG, MODEL = "log.jsonl", "model"

Report = Callable[[dict[str, Any]], None]


def train(
    config: TrainConfig,
    files: Sequence[Path],
    out: Path,
    report: Report = lambda record: None,
    held_files: Sequence[Path] = (),
) -> Progress:
    """Train on the groups of ``files`` and write ``out/model``; a run stopped before goes on from its checkpoint.

    Validation is on the first groups of ``held_files``, by digest; without them on a part of ``files``. Every record
    handed to ``report`` is a line of ``out/log.jsonl``, too: rows, steps, seconds, learning rate, the parts of the
    loss, and now and then the validation. Raises BadTrainingData, BadModel, MissingExtra.
    """
    groups = [group for path in files for group in read_groups(path)]
    held = _chosen([group for path in held_files for group in read_groups(path)], config.validation_groups)
    held, kept = (held, groups) if held and groups else _split(groups, config.validation_groups)
    reader = _start(config)
    _check_length(reader, config)
    held_examples = list(examples(held, reader.tokenizer, config.windows, config.seed))
    kept_examples = list(examples(kept, reader.tokenizer, config.windows, config.seed))
    out.mkdir(parents=True, exist_ok=True)
    run = _Run(config, reader, (kept_examples, held_examples), out, report)
    run.go()
    reader.save(out / MODEL)
    return run.progress


def _chosen(groups: Sequence[Group], size: int) -> list[Group]:
    """The same at most ``size`` every time."""
    return sorted(groups, key=lambda group: (group.key, group.query))[:size]


def _split(groups: Sequence[Group], held: int) -> tuple[list[Group], list[Group]]:
    """(held out, to train on); all groups of one right passage are on one side."""
    if not groups:
        raise BadTrainingData("There are no groups to train on", "Give files of groups that are not empty")
    keys = {group.key for group in groups}
    share = min(0.2, held / len(groups))
    chosen = {key for key in keys if int(key[:8], 16) / 2**32 < share}
    return [g for g in groups if g.key in chosen], [g for g in groups if g.key not in chosen]


def is_reader_ranker(base: str) -> bool:
    """Whether a base is a reader-ranker already, trained or exported, and not an encoder without heads."""
    return (Path(base) / WEIGHTS).is_file() or (Path(base) / EXPORTED).is_file()


def load_reader_ranker(folder: Path) -> ReaderRanker:
    """A reader-ranker in either form. Raises BadModel, MissingExtra."""
    return ReaderRanker.load(folder) if (folder / WEIGHTS).is_file() else load_exported(folder)


def _start(config: TrainConfig) -> ReaderRanker:
    if is_reader_ranker(config.base):
        return load_reader_ranker(Path(config.base))
    return ReaderRanker.from_base(config.base, config.seed)


def _check_length(reader: ReaderRanker, config: TrainConfig) -> None:
    has, needs = reader.module.bert.config.max_position_embeddings, MAX_QUERY_TOKENS + config.windows.longest + 3
    if has < needs:
        raise BadModel(f"the model {config.base} reads {has} tokens, and training needs {needs}", "Give another base")


def _digest(rows: Sequence[Example]) -> str:
    """Of what is trained on: a checkpoint of other data is not gone on with."""
    digest = hashlib.sha256()
    for example in rows:
        digest.update(np.asarray(example.teacher, dtype=np.float32).tobytes())
        for row in example.rows:
            digest.update(np.asarray((row.start, row.end, *row.ids), dtype=np.int32).tobytes())
    return digest.hexdigest()


class _Run:
    """The state of one run."""

    def __init__(
        self,
        config: TrainConfig,
        reader: ReaderRanker,
        kept_and_held: tuple[Sequence[Example], Sequence[Example]],
        out: Path,
        report: Report,
    ) -> None:
        import torch

        self._config, self._out, self._report = config, out, report
        self._kept, self._held = kept_and_held
        if config.threads:
            torch.set_num_threads(config.threads)
        self._device = config.device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._module = reader.module.to(self._device)
        self._module.bert.embeddings.word_embeddings.weight.requires_grad_(False)  # rare words would drift apart
        self._optimizer = self._make_optimizer()
        self.progress = Progress(of_rows=config.epochs * sum(len(example.rows) for example in self._kept))
        self._digest = _digest(self._kept)
        self._sums: dict[str, float] = {}
        self._summed = 0

    def _make_optimizer(self) -> Any:
        import torch

        config = self._config
        heads = [*self._module.pair.parameters(), *self._module.token.parameters()]
        body = [p for p in self._module.bert.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in body if p.dim() > 1], "weight_decay": config.weight_decay, "factor": 1.0},
            {"params": [p for p in body if p.dim() <= 1], "weight_decay": 0.0, "factor": 1.0},
            {"params": heads, "weight_decay": 0.0, "factor": config.head_factor},
        ]
        return torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)

    def go(self) -> None:
        """All epochs, from the checkpoint if there is one."""
        self._resume()
        config = self._config
        pace = Pace(
            lambda indices: self._step([self._kept[i] for i in indices]),
            lambda: self._tell({}),
            config.report_every_s,
            self._keep,
            config.checkpoint_every_s,
        )
        epochs = (batches(self._kept, config.batch_tokens, config.seed + epoch) for epoch in range(config.epochs))
        pace.through(chain.from_iterable(epochs), self.progress)
        self._validate()

    def _keep(self) -> None:
        self._validate()
        self._save()

    def _step(self, batch: Sequence[Example]) -> None:
        import torch

        config = self._config
        rate = self._rate()
        for group in self._optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        inputs = tensors(batch, self._device)
        outputs = forward(self._module, inputs)
        parts = losses(outputs, batch, inputs, config.loss)
        self._optimizer.zero_grad(set_to_none=True)
        parts["total"].backward()
        torch.nn.utils.clip_grad_norm_(self._module.parameters(), config.max_gradient_norm)
        self._optimizer.step()
        for name, part in parts.items():
            self._sums[name] = self._sums.get(name, 0.0) + float(part.detach())
        self._summed += 1
        self.progress.steps += 1
        self.progress.rows += sum(len(example.rows) for example in batch)

    def _rate(self) -> float:
        return self.progress.rate(self._config.learning_rate, self._config.warmup_share)

    def _tell(self, more: dict[str, Any]) -> None:
        means = {name: round(value / max(1, self._summed), 4) for name, value in self._sums.items()}
        self._sums, self._summed = {}, 0
        record = {**asdict(self.progress), "learning_rate": self._rate(), "loss": means, **more}
        append_log(self._out / LOG, record)
        self._report(record)

    def _validate(self) -> None:
        found = validate(self._module, self._held, self._config.batch_tokens, self._device)
        self._tell({"validation": {k: round(v, 4) for k, v in asdict(found).items() if not math.isnan(v)}})

    def _save(self) -> None:
        state = {
            "module": self._module.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "progress": asdict(self.progress),
        }
        save_checkpoint(self._out, state, self._identity())

    def _resume(self) -> None:
        state = load_checkpoint(self._out, self._identity(), self._device)
        if state is not None:
            self._module.load_state_dict(state["module"])
            self._optimizer.load_state_dict(state["optimizer"])
            self.progress = Progress(**state["progress"])

    def _identity(self) -> str:
        counts = [self.progress.of_rows, len(self._kept), len(self._held)]
        return json.dumps([asdict(self._config), *counts, self._digest])
