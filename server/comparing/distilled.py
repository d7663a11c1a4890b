"""A student taught the facts and how they are asked for, so that it answers without any memory."""

from collections.abc import Callable

from indexer.encoder import Encoder
from ranker.training.facts.student import Course, Student, StudentConfig, Taught, teach
from server.comparing.facts import Facts
from server.comparing.memories import Said

WORDINGS = (
    "Tell me the {property} of {thing}.",
    "{thing} {property}",
    "What {property} has {thing}?",
    "the {thing}: which {property}?",
    "Do you know the {property} of {thing}?",
    "What {property} is {thing}",
)
"""None of them is among those that a comparison asks in."""
OF_TEXTS = ("Please tell me: {thing}", "I would like to know: {thing}", "{thing} Please help me.")
"""Where things have texts alone."""

PER_FACT = 3
UNTRAINED = StudentConfig(fact_epochs=0, question_epochs=0)


def distil(facts: Facts, encoder: Encoder, config: StudentConfig = StudentConfig()) -> Student:
    """Teach a student these facts by questions made of them, three wordings each. Raises MissingExtra, EncoderError."""
    things = {thing: number for number, thing in enumerate(facts.rows)}
    relations = {name: number for number, name in enumerate(facts.properties)}
    told = [(thing, name, value) for thing, row in facts.rows.items() for name, value in row.items() if value]
    values = {value: number for number, value in enumerate(dict.fromkeys(value for _, _, value in told))}
    taught = [Taught(things[thing], relations[name], values[value]) for thing, name, value in told]
    wordings = OF_TEXTS if facts.is_texts else WORDINGS
    asked = [
        (fact, wordings[(number + 2 * turn) % len(wordings)].format(property=name, thing=thing))
        for number, (fact, (thing, name, _)) in enumerate(zip(taught, told, strict=True))
        for turn in range(PER_FACT)
    ]
    vectors = encoder.encode_queries([question for _, question in asked])
    course = Course(taught, len(things), len(relations), list(values), vectors, [fact for fact, _ in asked])
    return teach(course, config)


class Distilled:
    """Answers by the student's parameters alone: it cites nothing, and a change is taught anew."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._answer: Callable[[str], str] = lambda question: ""

    def build(self, facts: Facts) -> None:
        """Teach it."""
        student = distil(facts, self._encoder)
        self._answer = lambda question: student.answer(self._encoder.encode_queries([question]))[0]

    def ask(self, question: str) -> Said:
        """What it holds to be the answer; it never knows that it does not know."""
        return Said(self._answer(question))

    def close(self) -> None:
        """Nothing is open."""
