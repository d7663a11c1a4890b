"""A follow-up is answered as the question it stands for, and a memory that fails keeps nobody from an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indexer.store import Filters
from rag.answer import Answer
from rag.converse import Conversation
from rag.dialogue.local import LocalDialogue
from rag.dialogue.turn import Turn
from rag.errors import DialogueUnavailable
from rag.events import Done, Event, Notice, Phase, Rephrased


@dataclass
class Echo:
    """Answers every question with itself, and notes what it was asked."""

    asked: list[tuple[str, Filters]] = field(default_factory=list)

    def answer(self, question: str, filters: Filters = Filters(), size: int | None = None) -> Answer:
        self.asked.append((question, filters))
        return Answer(question, question, (), ())

    def stream(self, question: str, filters: Filters = Filters(), size: int | None = None) -> Iterator[Event]:
        yield Phase("search")
        yield Done(self.answer(question, filters, size))


class Lost:
    """A memory that does not answer."""

    def turns(self, session: str) -> tuple[Turn, ...]:
        raise DialogueUnavailable("Nobody is there")

    def remember(self, session: str, turn: Turn) -> None:
        raise DialogueUnavailable("Nobody is there")

    def facts(self, session: str) -> Mapping[str, str]:
        raise DialogueUnavailable("Nobody is there")

    def keep_fact(self, session: str, name: str, value: str) -> None:
        raise DialogueUnavailable("Nobody is there")

    def drop_fact(self, session: str, name: str) -> None:
        raise DialogueUnavailable("Nobody is there")

    def forget(self, session: str) -> None:
        raise DialogueUnavailable("Nobody is there")

    def close(self) -> None:
        pass


def test_a_follow_up_is_answered_as_what_it_stands_for() -> None:
    echo = Echo()
    conversation = Conversation(echo, LocalDialogue())  # type: ignore[arg-type]
    conversation.answer("How do I install it on Linux?", "a")
    staff = Filters(groups=("staff",))
    answer = conversation.answer("and on Windows?", "a", staff)
    assert answer.question == "and on Windows?"
    assert answer.understood == "How do I install it on Windows?"
    assert echo.asked[-1] == ("How do I install it on Windows?", staff)


def test_another_session_knows_nothing_of_it() -> None:
    echo = Echo()
    conversation = Conversation(echo, LocalDialogue())  # type: ignore[arg-type]
    conversation.answer("How do I install it on Linux?", "a")
    assert conversation.answer("and on Windows?", "b").understood == ""
    assert echo.asked[-1][0] == "and on Windows?"


def test_a_stream_tells_how_it_was_understood_before_all_else() -> None:
    conversation = Conversation(Echo(), LocalDialogue())  # type: ignore[arg-type]
    assert [type(event) for event in conversation.stream("What is a lease?", "a")] == [Phase, Done]
    first, *_, done = conversation.stream("How long does it last?", "a")
    assert first == Rephrased("How long does a lease last?")
    assert isinstance(done, Done)
    assert done.answer.question == "How long does it last?"


def test_without_its_memory_a_question_is_taken_as_it_stands() -> None:
    conversation = Conversation(Echo(), Lost())  # type: ignore[arg-type]
    answer = conversation.answer("and on Windows?", "a")
    assert answer.text == "and on Windows?"
    assert "what was said before is not known" in str(answer.degraded)
    events = list(conversation.stream("and on Windows?", "a"))
    assert any(isinstance(event, Notice) for event in events)


def test_what_is_told_is_kept_asked_for_and_forgotten() -> None:
    echo = Echo()
    conversation = Conversation(echo, LocalDialogue())  # type: ignore[arg-type]
    assert conversation.answer("Please remember that my plan is Pro.", "a").text == "Remembered: my plan is Pro."
    assert conversation.answer("What's my plan?", "a").short == "Pro"
    assert conversation.answer("What is my plan?", "b").text == "What is my plan?"
    assert [event.answer.short for event in conversation.stream("what is my plan", "a") if isinstance(event, Done)] == [
        "Pro"
    ]
    assert conversation.answer("Forget my plan!", "a").text == "Forgotten: my plan."
    assert conversation.answer("What is my plan?", "a").text == "What is my plan?"
    conversation.answer("remember: the deadline is 5 May", "a")
    assert conversation.answer("Forget everything", "a").text.startswith("Forgotten: all")
    assert conversation.answer("What is the deadline?", "a").short == ""


def test_without_its_memory_what_is_told_is_a_question_like_any() -> None:
    conversation = Conversation(Echo(), Lost())  # type: ignore[arg-type]
    assert conversation.answer("Remember that my plan is Pro", "a").text == "Remember that my plan is Pro"
