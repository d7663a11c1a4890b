"""Answers in a conversation: a follow-up is understood from what was said before, then answered like any question."""

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace

from indexer.store import Filters
from rag.answer import Answer
from rag.dialogue.follow_up import Understood, understand
from rag.dialogue.memory import DialogueMemory
from rag.dialogue.told import Forget, Remember, asked_name, fact_name, told
from rag.dialogue.turn import Turn
from rag.errors import DialogueUnavailable
from rag.events import Chunk, Done, Event, Notice, Rephrased
from rag.respond import Responder
from ranker.degradation import Degradation, Part

logger = logging.getLogger(__name__)
MAX_FACT_CHARS = 1_000


class Conversation:
    """Thread-safe, since its parts are. Where the memory does not answer, a question is taken as it stands."""

    def __init__(self, responder: Responder, memory: DialogueMemory) -> None:
        self._responder = responder
        self._memory = memory

    def answer(self, question: str, session: str, filters: Filters = Filters(), size: int | None = None) -> Answer:
        """The answer within this session. Raises like ``Responder.answer``.

        What a person tells for later is kept, and answered from when it is asked for.
        """
        if known := self._told(question, session):
            return known
        understood, lost = self._understood(question, session)
        answer = self._responder.answer(understood.text, filters, size)
        return self._remembered(answer, question, session, understood, lost)

    def stream(
        self, question: str, session: str, filters: Filters = Filters(), size: int | None = None
    ) -> Iterator[Event]:
        """The same step by step; a follow-up begins with Rephrased. Closing it stops the work."""
        if known := self._told(question, session):
            yield Chunk(known.text, ())
            yield Done(known)
            return
        understood, lost = self._understood(question, session)
        if lost:
            yield Notice(lost)
        if understood.is_follow_up:
            yield Rephrased(understood.text)
        events = self._responder.stream(understood.text, filters, size)
        try:
            for event in events:
                if isinstance(event, Done):
                    yield Done(self._remembered(event.answer, question, session, understood, lost))
                else:
                    yield event
        finally:
            if isinstance(events, Generator):
                events.close()

    def _told(self, question: str, session: str) -> Answer | None:
        """What is done with facts of the session, if the question is about them."""
        try:
            match told(question):
                case Remember(name, value):
                    self._memory.keep_fact(session, fact_name(name), value[:MAX_FACT_CHARS])
                    return _said(question, f"Remembered: {name} is {value[:MAX_FACT_CHARS]}.")
                case Forget(""):
                    self._memory.forget(session)
                    return _said(question, "Forgotten: all that was said in this conversation.")
                case Forget(name) if fact_name(name) in self._memory.facts(session):
                    self._memory.drop_fact(session, fact_name(name))
                    return _said(question, f"Forgotten: {name}.")
            name = asked_name(question)
            value = self._memory.facts(session).get(name, "") if name else ""
        except DialogueUnavailable as error:
            logger.warning("%s", error)
            return None
        return _said(question, f"You told me that {name} is {value}.", value) if value else None

    def _understood(self, question: str, session: str) -> tuple[Understood, Degradation | None]:
        try:
            return understand(question, self._memory.turns(session)), None
        except DialogueUnavailable as error:
            logger.warning("%s", error)
            lost = Degradation(Part.DIALOGUE, f"{error.what}, what was said before is not known")
            return Understood(question), lost

    def _remembered(
        self, answer: Answer, question: str, session: str, understood: Understood, lost: Degradation | None
    ) -> Answer:
        """The answer under the question as it was asked; the turn is remembered for the next one."""
        try:
            self._memory.remember(
                session, Turn(question, answer.understood or understood.text, answered=not answer.refused)
            )
        except DialogueUnavailable as error:
            logger.warning("%s", error)
            lost = lost or Degradation(Part.DIALOGUE, f"{error.what}, this turn is not remembered")
        return replace(
            answer,
            question=question,
            understood=answer.understood or (understood.text if understood.is_follow_up else ""),
            degraded=(*answer.degraded, lost) if lost else answer.degraded,
        )


def _said(question: str, text: str, short: str = "") -> Answer:
    """An answer out of the conversation itself, which no document bears out."""
    return Answer(question, text, (), (), short=short)
