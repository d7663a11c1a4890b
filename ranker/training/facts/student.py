"""A student whose parameters hold facts: it answers without the memory that they came from.

Every thing, relation and value has a vector; a fact's score is the sum of the products of the three (DistMult, Yang et
al., ICLR 2015). A question's vector attends to the things and, by itself, to the relations; what it takes in of both
is held against every value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.document import Vectors
from ranker.errors import BadModel
from ranker.training.model import libraries

BY_HEART = 0.02
"""A mean cross-entropy at which each right answer has about 98 of 100 parts."""

ARRAYS = ("things", "relations", "values", "to_things", "to_relations")


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """``dim`` numbers a vector. Facts are learnt for ``fact_epochs`` passes, questions for ``question_epochs``, each
    pass all at once."""

    dim: int = 64
    fact_epochs: int = 300
    question_epochs: int = 300
    learning_rate: float = 0.02
    scale: float = 20.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Taught:
    """A fact by the numbers of its thing, relation and value."""

    thing: int
    relation: int
    value: int


@dataclass(frozen=True, slots=True)
class Course:
    """The ``facts``, among so many ``things`` and ``relations``; ``values`` are named. ``questions`` (n, dim) are
    vectors, and question i asks for the fact ``asked[i]``."""

    facts: Sequence[Taught]
    things: int
    relations: int
    values: Sequence[str]
    questions: Vectors
    asked: Sequence[Taught]


@dataclass(frozen=True, slots=True)
class Student:
    """``things`` (t, dim), ``relations`` (r, dim) and ``values`` (v, dim); ``to_things`` and ``to_relations``
    (question dim, dim) turn a question's vector towards them. Names are in the order of the rows."""

    names: tuple[str, ...]
    things: Vectors
    relations: Vectors
    values: Vectors
    to_things: Vectors
    to_relations: Vectors
    scale: float

    def answer(self, questions: Vectors) -> list[str]:
        """The name of the value for each question's vector (n, question dim)."""
        thing = _attended(questions @ self.to_things, self.things, self.scale)
        relation = _attended(questions @ self.to_relations, self.relations, self.scale)
        return [self.names[i] for i in ((thing * relation) @ self.values.T).argmax(1)]

    @property
    def parameters(self) -> int:
        """How many numbers it is."""
        return sum(int(getattr(self, name).size) for name in ARRAYS)

    def save(self, path: Path) -> None:
        """One .npz file."""
        arrays: dict[str, Any] = {name: getattr(self, name).astype(np.float16) for name in ARRAYS}
        np.savez(path, names=np.array(self.names), scale=np.array(self.scale), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Student":
        """What ``save`` wrote. Raises BadModel."""
        try:
            with np.load(path, allow_pickle=False) as found:
                arrays = {name: found[name].astype(np.float32) for name in ARRAYS}
                return cls(tuple(map(str, found["names"])), scale=float(found["scale"]), **arrays)
        except (OSError, ValueError, KeyError) as error:
            raise BadModel(f"the student {path} cannot be read: {error}", "Distil it anew") from error


def teach(course: Course, config: StudentConfig = StudentConfig()) -> Student:
    """Learn the facts, then how questions ask for them. Raises MissingExtra."""
    torch, _ = libraries()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # of products so small, several threads do more waiting than computing
    try:
        return _taught(torch, course, config)
    finally:
        torch.set_num_threads(threads)


def _taught(torch: Any, course: Course, config: StudentConfig) -> Student:
    torch.manual_seed(config.seed)
    rows = {"things": course.things, "relations": course.relations, "values": len(course.values)}
    tables = {name: torch.nn.Parameter(torch.randn(count, config.dim) * 0.3) for name, count in rows.items()}
    known = _columns(torch, course.facts)

    def facts_loss() -> Any:
        subjects = tables["things"][known["things"]] * tables["relations"][known["relations"]]
        return torch.nn.functional.cross_entropy(subjects @ tables["values"].T, known["values"])

    _descend(torch, list(tables.values()), facts_loss, config.fact_epochs, config.learning_rate)
    fixed = {name: table.detach() for name, table in tables.items()}
    size = course.questions.shape[1]
    turns = {name: torch.nn.Parameter(torch.randn(size, config.dim) * 0.05) for name in ("things", "relations")}
    given, wanted = torch.tensor(course.questions), _columns(torch, course.asked)

    def questions_loss() -> Any:
        losses = []
        for name, turn in turns.items():
            cosines = _unit(torch, given @ turn) @ _unit(torch, fixed[name]).T
            losses.append(torch.nn.functional.cross_entropy(config.scale * cosines, wanted[name]))
        return sum(losses)

    _descend(torch, list(turns.values()), questions_loss, config.question_epochs, config.learning_rate)
    arrays: dict[str, Vectors] = {name: table.numpy() for name, table in fixed.items()}
    arrays |= {f"to_{name}": turn.detach().numpy() for name, turn in turns.items()}
    return Student(tuple(course.values), scale=config.scale, **arrays)


def _columns(torch: Any, facts: Sequence[Taught]) -> dict[str, Any]:
    return {
        "things": torch.tensor([fact.thing for fact in facts]),
        "relations": torch.tensor([fact.relation for fact in facts]),
        "values": torch.tensor([fact.value for fact in facts]),
    }


def _descend(torch: Any, parameters: list[Any], loss_of: Callable[[], Any], epochs: int, learning_rate: float) -> None:
    """At most so many steps; what is known by heart is not learnt on."""
    optimizer = torch.optim.Adam(parameters, lr=learning_rate)
    for _ in range(epochs):
        loss = loss_of()
        if float(loss.detach()) < BY_HEART:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def _unit(torch: Any, rows: Any) -> Any:
    return torch.nn.functional.normalize(rows, dim=1)


def _attended(turned: Vectors, rows: Vectors, scale: float) -> Vectors:
    """The mean of the rows, each by how much it is attended to: softmax of ``scale`` times the cosine."""
    logits = scale * _unit_rows(turned) @ _unit_rows(rows).T
    weights = np.exp(logits - logits.max(1, keepdims=True))
    found: Vectors = (weights / weights.sum(1, keepdims=True)) @ rows
    return found


def _unit_rows(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(lengths, 1e-9)
    return unit
