"""What is remembered of one session; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rag.dialogue.config import DialogueConfig
from rag.dialogue.turn import Turn


@dataclass(frozen=True, slots=True)
class Session:
    """Its last turns and the facts told in it."""

    turns: tuple[Turn, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def with_turn(self, turn: Turn, config: DialogueConfig) -> "Session":
        """The same with one more turn, the oldest of too many dropped."""
        return replace(self, turns=(*self.turns, turn)[-config.max_turns :])

    def with_fact(self, name: str, value: str, config: DialogueConfig) -> "Session":
        """The same with a fact, the oldest of too many dropped."""
        others = [(key, old) for key, old in self.facts.items() if key != name]
        return replace(self, facts=dict([*others, (name, value)][-config.max_facts :]))

    def without_fact(self, name: str) -> "Session":
        """The same without a fact."""
        return replace(self, facts={key: old for key, old in self.facts.items() if key != name})
