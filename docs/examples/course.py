"""A course: textbook pages, a glossary as a graph, a quiz explained by the text, and each learner's progress.

    python docs/examples/course.py

Progress is a key-value memory of facts told in a learner's session: in this process here, in Redis with one setting.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stage import HERE, ask_box, escaped, fresh, hidden, index, play, port_given

from indexer.sources.config import SourceConfig
from indexer.store import Filters
from rag.answer import Answer
from rag.config import AnswerConfig
from rag.dialogue.config import DialogueConfig
from server.installation import Installation
from server.settings.config import Config

RIGHT, WRONG = "right", "wrong"

TERM_S = 180 * 24 * 3_600
"""A learner who comes back within half a year goes on where they were."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the quiz; ``right`` is the number of the right choice."""

    id: str
    question: str
    choices: tuple[str, ...]
    right: int


def main(port: int) -> None:
    """Index the textbook and the glossary, then teach."""
    glossary = SourceConfig(name="glossary", kind="graph", url=str(HERE / "course" / "glossary.ttl"), language="en")
    answer = AnswerConfig(dialogue=DialogueConfig(expiry_s=TERM_S, max_facts=500))
    config = Config(data=fresh("course"), sources=(glossary,), answer=answer)
    index(config, HERE / "course" / "textbook", "textbook")
    quiz = [
        Question(one["id"], one["question"], tuple(one["choices"]), one["right"])
        for one in json.loads((HERE / "course" / "quiz.json").read_text("utf-8"))
    ]
    with Installation(config) as installation:
        play("Biology: cells and photosynthesis", lambda fields: shown(installation, quiz, fields), port)


def shown(installation: Installation, quiz: list[Question], fields: Mapping[str, str]) -> str:
    """What was asked, how the last choice was, the next question, and how far the learner is."""
    learner, asked = fields.get("learner", "").strip() or "guest", fields.get("q", "").strip()
    parts = [who(learner), ask_box(asked, {"learner": learner})]
    if asked:
        answer = installation.responder().answer(asked)
        parts.append(said("", answer))
    chosen = next((one for one in quiz if one.id == fields.get("quiz")), None)
    if chosen is not None and fields.get("choice", "").isdecimal():
        is_right = int(fields["choice"]) == chosen.right
        installation.dialogue().keep_fact(learner, chosen.id, RIGHT if is_right else WRONG)
        verdict = "Right." if is_right else f"No: {chosen.choices[chosen.right]}."
        parts.append(said(f"{chosen.question} {verdict}", explained(installation, chosen)))
    progress = installation.dialogue().facts(learner)
    known = sum(progress.get(one.id) == RIGHT for one in quiz)
    parts.append(f'<p class="from">{html.escape(learner)} knows {known} of {len(quiz)}</p>')
    left = next((one for one in quiz if progress.get(one.id) != RIGHT), None)
    parts.append("<p>You know it all.</p>" if left is None else form(left, learner))
    return "".join(parts)


def explained(installation: Installation, question: Question) -> Answer:
    """What the textbook says of a question of the quiz."""
    return installation.responder().answer(question.question, Filters(source=("textbook",)))


def said(verdict: str, answer: Answer) -> str:
    """An answer with the place where it stands."""
    lead = f"<p><b>{escaped(verdict)}</b></p>" if verdict else ""
    if answer.refused:
        return f"<article>{lead}<p>The course does not say.</p></article>"
    place = answer.citations[0].passage
    source = " > ".join(dict.fromkeys((place.head.title, *place.heading_path)))
    text = answer.text
    if answer.recalled and answer.recalled.best and place.head.source == "glossary":
        text = answer.recalled.best.text  # a sentence, where the search shows the whole card
    return f'<article>{lead}<p>{escaped(text)}</p><p class="from">{escaped(source)}</p></article>'


def who(learner: str) -> str:
    """Whose progress it is, and a way to say so."""
    return (
        f'<form class="from"><label>Learner: <input name="learner" value="{html.escape(learner)}" required> '
        "<button>It is me</button></label></form>"
    )


def form(question: Question, learner: str) -> str:
    """The question with its choices."""
    choices = "".join(
        f'<label><input type="radio" name="choice" value="{i}" required> {escaped(choice)}</label>'
        for i, choice in enumerate(question.choices)
    )
    along = hidden({"learner": learner, "quiz": question.id})
    return f"<form><h2>{escaped(question.question)}</h2>{choices}{along}<button>Choose</button></form>"


if __name__ == "__main__":
    main(port_given(Path(__file__).stem))
