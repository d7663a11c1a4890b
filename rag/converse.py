"""Answers in a conversation: a follow-up is understood from what was said before, then answered like any question."""

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace

from indexer.store import Filters
from rag.answer import Answer
from rag.dialogue.follow_up import Understood, understand
from rag.dialogue.memory import DialogueMemory
from rag.dialogue.turn import Turn
from rag.errors import DialogueUnavailable
from rag.events import Done, Event, Notice, Rephrased
from rag.respond import Responder

logger = logging.getLogger(__name__)


class Conversation:
    """Thread-safe, since its parts are. Where the memory does not answer, a question is taken as it stands."""

    def __init__(self, responder: Responder, memory: DialogueMemory) -> None:
        self._responder = responder
        self._memory = memory

    def answer(self, question: str, session: str, filters: Filters = Filters(), size: int | None = None) -> Answer:
        """The answer within this session. Raises like ``Responder.answer``."""
        understood, note = self._understood(question, session)
        answer = self._responder.answer(understood.text, filters, size)
        return self._told(answer, question, session, understood, note)

    def stream(
        self, question: str, session: str, filters: Filters = Filters(), size: int | None = None
    ) -> Iterator[Event]:
        """The same step by step; a follow-up begins with Rephrased. Closing it stops the work."""
        understood, note = self._understood(question, session)
        if note:
            yield Notice(note)
        if understood.is_follow_up:
            yield Rephrased(understood.text)
        events = self._responder.stream(understood.text, filters, size)
        try:
            for event in events:
                if isinstance(event, Done):
                    yield Done(self._told(event.answer, question, session, understood, note))
                else:
                    yield event
        finally:
            if isinstance(events, Generator):
                events.close()

    def _understood(self, question: str, session: str) -> tuple[Understood, str]:
        try:
            return understand(question, self._memory.turns(session)), ""
        except DialogueUnavailable as error:
            logger.warning("%s", error)
            return Understood(question), f"dialogue: {error.what}, what was said before is not known"

    def _told(self, answer: Answer, question: str, session: str, understood: Understood, note: str) -> Answer:
        """The answer under the question as it was asked; the turn is remembered for the next one."""
        try:
            self._memory.remember(session, Turn(question, understood.text, answered=not answer.refused))
        except DialogueUnavailable as error:
            logger.warning("%s", error)
            note = note or f"dialogue: {error.what}, this turn is not remembered"
        return replace(
            answer,
            question=question,
            understood=understood.text if understood.is_follow_up else "",
            degraded=(*answer.degraded, note) if note else answer.degraded,
        )
