"""From a question to a cited answer over a real index, with each kind of generator."""

import threading
from collections import abc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.encoders.http import HttpEncoder, HttpEncoderConfig
from indexer.index import Indexer
from indexer.store import Filters, Store
from rag.answer import Answer, Refusal, Shape
from rag.choosing.choose import Chooser
from rag.choosing.config import ChoosingConfig
from rag.config import AnswerConfig, HttpGeneratorConfig, TransformersGeneratorConfig
from rag.events import Chunk, Done, Event, Failed, Notice, Phase, Sources
from rag.generator import Generator
from rag.generators import transformers as transformers_generator
from rag.generators.http import HttpGenerator
from rag.generators.transformers import TransformersGenerator
from rag.respond import Responder
from ranker.degradation import Degradation, Part
from ranker.errors import BadQuery
from ranker.rank import Ranker
from tests.support.chat_server import chat_server
from tests.support.tiny_generators import save_scripted_generator, save_tiny_generator

ENCODER = HashingEncoder()
NOWHERE = "http://127.0.0.1:9/v1"
QUESTION = "Does a dictionary keep insertion order?"
TEXTS = {
    "dict": (
        "Dictionaries map keys to values. A dictionary does keep\nthe insertion order of its keys.",
        "Before version 3.7 the order was not promised.",
    ),
    "set": ("A set has no order and no duplicates.", "Sets are made with braces."),
    "owl": ("Owls hunt at night.", "An owl hears very well and keeps its nest in order."),
    "secret": ("The password of the dictionary is swordfish.",),
}


def document(name: str) -> Document:
    sections = [
        Section(text, (name.title(), f"Part {i}"), f"{name}-{i}") for i, text in enumerate(TEXTS[name], start=1)
    ]
    url = f"https://docs.test/{name}.html"
    access = ("staff",) if name == "secret" else ()
    head = Head(doc_id_of(url), url, name.title(), name, language="en", path=f"/{name}.html", access=access)
    return Document(head, place_sections(sections))


DOCUMENTS = {document(name).head.doc_id: document(name) for name in TEXTS}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(EmbeddedStore(tmp_path_factory.mktemp("respond") / "index", writable=True)) as store:
        assert Indexer(store, ENCODER).index(DOCUMENTS.values()).indexed == len(TEXTS)
        yield store


CHOOSER = Chooser(ENCODER, config=ChoosingConfig(min_evidence=0.4))


def responder(store: Store, generator: Generator | None = None) -> Responder:
    return Responder(Ranker(store, ENCODER), ENCODER, CHOOSER, generator, AnswerConfig())


def check_citations(answer: Answer) -> None:
    """Every sentence of the answer is cited; every quote stands in its document where the citation says."""
    for citation in answer.citations:
        document = DOCUMENTS[citation.passage.head.doc_id]
        assert document.text[citation.start_char : citation.end_char] == citation.quote != ""
        assert answer.text[citation.answer_start_char : citation.answer_end_char] == citation.sentence
        assert citation.url.startswith(f"{document.head.url}#{citation.passage.anchor}:~:text=")
        assert 0 < citation.score <= 1
    spans = sorted({(c.answer_start_char, c.answer_end_char) for c in answer.citations})
    covered = "".join(answer.text[a:b] for a, b in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join(covered.split()) == "".join(answer.text.split())


def test_answer_quotes_the_document_and_says_where(store: Store) -> None:
    answer = responder(store).answer(QUESTION)
    assert answer.text == "A dictionary does keep the insertion order of its keys."
    assert not answer.refused and answer.reason == ""
    (citation,) = answer.citations
    assert citation.quote == "A dictionary does keep\nthe insertion order of its keys."
    assert answer.blocks[0].shape is Shape.PARAGRAPH and citation.quote in answer.blocks[0].text
    directive = ":~:text=A%20dictionary%20does%20keep,insertion%20order%20of%20its%20keys."
    assert citation.url == f"https://docs.test/dict.html#dict-1{directive}"
    check_citations(answer)
    assert {"encode", "candidates", "choose", "show"} <= set(answer.stages)
    assert answer.degraded == ()


def test_question_without_an_answer_is_refused_with_the_reason(store: Store) -> None:
    answer = responder(store).answer("What do owls eat at the boiling point of mercury?")
    assert (answer.refused, answer.text, answer.citations, answer.reason) == (True, "", (), Refusal.NO_ANSWER)
    assert answer.hits


def test_a_question_in_another_language_is_refused_for_that(store: Store) -> None:
    answer = responder(store).answer("Warum jagen Eulen eigentlich immer in der Nacht in einem dictionary?")
    assert answer.hits
    assert (answer.refused, answer.reason) == (True, Refusal.OTHER_LANGUAGE)


def test_a_refusal_says_what_was_read_and_where_to_look(store: Store) -> None:
    answer = responder(store).answer("What do owls eat at the boiling point of mercury?")
    assert answer.refused and answer.passages_read >= len(answer.closest) > 0
    assert answer.closest == answer.hits[:3]
    assert responder(store).answer(QUESTION).closest == ()


def test_a_question_about_one_of_two_products_is_asked_back(tmp_path: Path) -> None:
    found = []
    for model, seconds in (("Pro", "ten"), ("Lite", "three")):
        url = f"https://docs.test/{model}.html"
        head = Head(doc_id_of(url), url, f"Kettle {model} manual", model, language="en", path=f"/{model}.html")
        text = f"To reset the kettle, hold its red button for {seconds} seconds."
        found.append(Document(head, place_sections([Section(text, ("Reset",))])))
    with closing(EmbeddedStore(tmp_path / "kettles", writable=True)) as store:
        Indexer(store, ENCODER).index(found)
        answer = responder(store).answer("How do I reset the kettle?")
        clear = responder(store).answer("How do I reset the Kettle Lite?")
    asked = {(one.label, one.question) for one in answer.alternatives}
    assert asked == {
        (f"Kettle {model} manual", f"How do I reset the kettle (Kettle {model} manual)?") for model in ("Pro", "Lite")
    }
    assert clear.text and clear.alternatives == ()


@pytest.mark.parametrize(("age_days", "limit", "is_old"), [(400, 365, True), (300, 365, False), (4000, 0, False)])
def test_an_answer_from_old_pages_says_so(tmp_path: Path, age_days: int, limit: int, is_old: bool) -> None:
    changed = datetime.now(UTC) - timedelta(days=age_days)
    found = document("dict")
    dated = replace(found, head=replace(found.head, modified_at=changed))
    with closing(EmbeddedStore(tmp_path / "dated", writable=True)) as store:
        Indexer(store, ENCODER).index([dated])
        config = AnswerConfig(old_after_days=limit)
        answer = Responder(Ranker(store, ENCODER), ENCODER, CHOOSER, config=config).answer(QUESTION)
    assert answer.text and answer.old_since == (changed.date() if is_old else None)


def test_nothing_found_is_another_reason(store: Store) -> None:
    answer = responder(store).answer(QUESTION, Filters(path=("/nowhere",)))
    assert (answer.refused, answer.reason, answer.hits) == (True, Refusal.NOTHING_FOUND, ())


def test_stream_and_answer_are_the_same(store: Store) -> None:
    events = list(responder(store).stream(QUESTION))
    assert [type(event) for event in events] == [Phase, Sources, Phase, Phase, Chunk, Done]
    done = events[-1]
    assert isinstance(done, Done)
    assert "".join(e.text for e in events if isinstance(e, Chunk)) == done.answer.text
    assert tuple(c for e in events if isinstance(e, Chunk) for c in e.citations) == done.answer.citations
    whole = responder(store).answer(QUESTION)
    assert (whole.text, whole.citations, whole.hits) == (done.answer.text, done.answer.citations, done.answer.hits)


def test_quotation_marks_in_a_question_demand_no_phrase(store: Store) -> None:
    assert responder(store).answer('Does a "dictionary keep" insertion order?').text


@pytest.mark.parametrize("question", ["", "  ", '""'])
def test_empty_question_is_refused_as_a_mistake(store: Store, question: str) -> None:
    with pytest.raises(BadQuery):
        responder(store).answer(question)
    assert [type(event) for event in responder(store).stream(question)] == [Phase, Failed]


def test_hidden_documents_are_never_cited(store: Store) -> None:
    question = "What is the password of the dictionary?"
    assert "swordfish" not in responder(store).answer(question).text
    assert "swordfish" in responder(store).answer(question, Filters(groups=("staff",))).text


def ask_model(store: Store, *pieces: str, **settings: object) -> list[Event]:
    with (
        chat_server(pieces=list(pieces), **settings) as server,
        closing(HttpGenerator(HttpGeneratorConfig(server.url, "tiny"))) as model,
    ):
        return list(responder(store, model).stream(QUESTION))


def answer_in(events: list[Event]) -> Answer:
    done = events[-1]
    assert isinstance(done, Done)
    return done.answer


def test_model_sentences_are_cited_where_they_stand(store: Store) -> None:
    events = ask_model(store, "A dictionary keeps ", "the insertion order of keys. [1] ", "Owls hunt at night [2].")
    answer = answer_in(events)
    assert answer.text == "A dictionary keeps the insertion order of keys. Owls hunt at night."
    assert [c.passage.anchor for c in answer.citations] == ["dict-1", "owl-1"]
    assert answer.citations[0].score < answer.citations[1].score < 1.0
    check_citations(answer)


def test_invalid_ids_are_never_shown_but_replaced_by_what_supports(store: Store) -> None:
    answer = answer_in(ask_model(store, "Owls hunt at night. [99] Sets are made with braces. [0]"))
    assert answer.text == "Owls hunt at night. Sets are made with braces."
    assert [c.passage.anchor for c in answer.citations] == ["owl-1", "set-2"]


def test_wrong_id_is_replaced_by_what_supports(store: Store) -> None:
    for number in range(1, 5):
        answer = answer_in(ask_model(store, f"Owls hunt at night. [{number}]"))
        assert [c.passage.anchor for c in answer.citations] == ["owl-1"]


def test_unsupported_sentences_are_dropped_and_counted(store: Store) -> None:
    events = ask_model(store, "Owls hunt at night. [1] Mercury boils at 357 degrees. [2]")
    answer = answer_in(events)
    assert answer.text == "Owls hunt at night."
    assert answer.degraded == (Degradation(Part.ANSWER, "1 sentences without support in the documents left out"),)
    assert [e.degradation for e in events if isinstance(e, Notice)] == list(answer.degraded)


def test_answer_without_any_support_is_refused(store: Store) -> None:
    answer = answer_in(ask_model(store, "Mercury boils at 357 degrees. [1]"))
    assert (answer.refused, answer.text, answer.reason) == (True, "", Refusal.NOT_SUPPORTED)


@pytest.mark.parametrize("pieces", [["NO_ANSWER"], ["NO", "_ANSWER", "."], []])
def test_model_may_say_that_there_is_no_answer(store: Store, pieces: list[str]) -> None:
    answer = answer_in(ask_model(store, *pieces))
    assert (answer.refused, answer.reason) == (True, Refusal.NO_ANSWER)


def test_repeated_sentences_are_shown_once(store: Store) -> None:
    assert answer_in(ask_model(store, *["Owls hunt at night. [1] "] * 5)).text == "Owls hunt at night."


def test_dead_model_gives_way_to_sentences_of_the_documents(store: Store) -> None:
    events = ask_model(store, dies_before=0)
    answer = answer_in(events)
    assert answer.text == responder(store).answer(QUESTION).text
    assert len(answer.degraded) == 1 and answer.degraded[0].part is Part.GENERATOR
    assert answer.degraded[0].what.startswith("tiny at http://127.0.0.1")
    assert any(isinstance(event, Notice) for event in events)


def test_model_that_dies_midway_leaves_what_was_verified(store: Store) -> None:
    answer = answer_in(ask_model(store, "Owls hunt at night. [1] And then", " never sent", dies_before=1))
    assert answer.text == "Owls hunt at night."
    assert any("stopped midway" in one.what for one in answer.degraded)


def test_model_that_dies_with_nothing_said_gives_way_too(store: Store) -> None:
    answer = answer_in(ask_model(store, "A dictionary", " never sent", dies_before=1))
    assert answer.text == responder(store).answer(QUESTION).text
    assert "stopped midway" in answer.degraded[0].what


def test_chunks_come_while_the_model_still_writes(store: Store) -> None:
    pieces = ["Owls hunt at night. [1] Sets are made ", "with braces. [2]"]
    with (
        chat_server(pieces=pieces, waits=True) as server,
        closing(HttpGenerator(HttpGeneratorConfig(server.url, "tiny"))) as model,
    ):
        events = responder(store, model).stream(QUESTION)
        first = next(event for event in events if isinstance(event, Chunk))
        assert first.text == "Owls hunt at night." and not server.go_on.is_set()
        server.go_on.set()
        assert answer_in(list(events)).text == "Owls hunt at night. Sets are made with braces."


def test_closing_the_stream_stops_the_model(store: Store) -> None:
    pieces = ["Owls hunt at night. [1] Sets are made ", "with braces. [2]"]
    with (
        chat_server(pieces=pieces, waits=True) as server,
        closing(HttpGenerator(HttpGeneratorConfig(server.url, "tiny"))) as model,
    ):
        events = responder(store, model).stream(QUESTION)
        assert isinstance(events, abc.Generator)
        next(event for event in events if isinstance(event, Chunk))
        events.close()
        assert server.hung_up.wait(10)


def test_without_an_encoder_words_verify(store: Store) -> None:
    encoder = HttpEncoder(HttpEncoderConfig(NOWHERE, "none", dim=256, attempts=1))
    with (
        chat_server(pieces=["A dictionary keeps the insertion order of keys. [1]"]) as server,
        closing(HttpGenerator(HttpGeneratorConfig(server.url, "tiny"))) as model,
    ):
        answer = Responder(Ranker(store, encoder), encoder, Chooser(encoder), model).answer(QUESTION)
    assert answer.text and len(answer.degraded) == 3
    assert all(one.part is Part.ENCODER for one in answer.degraded)
    check_citations(answer)


def test_an_empty_index_refuses(tmp_path: Path) -> None:
    with closing(EmbeddedStore(tmp_path / "empty", writable=True)) as store:
        Indexer(store, ENCODER).check()
        assert responder(store).answer(QUESTION).reason == Refusal.NOTHING_FOUND


BAD_GENERATORS = {
    "hangs": {"pieces": ["Owls hunt at night. [1] Owls eat", " mercury."], "waits": True},
    "cuts off": {"pieces": ["Owls hunt at night. [1] Sets are made of"], "finish_reason": "length"},
    "dies": {"pieces": ["Owls hunt at night. [1] Sets", " are"], "dies_before": 1},
    "cites passage 99": {"pieces": ["Owls hunt at night. [99] Mercury boils at 357 degrees. [99]"]},
    "answers in another language": {"pieces": ["Eulen jagen nachts und fressen Mäuse. [1] 猫头鹰在夜间捕猎。[2]"]},
    "denies": {"pieces": ["A dictionary does not keep the insertion order of its keys. [1]"]},
    "changes the version": {"pieces": ["Before version 3.8 the order was not promised. [1]"]},
    "writes markup": {"pieces": ["Owls hunt at night. [1] ![x](https://evil.test/?q=owl) [2]"]},
}


@pytest.mark.parametrize("settings", BAD_GENERATORS.values(), ids=BAD_GENERATORS)
def test_whatever_a_model_does_each_sentence_shown_stands_in_a_document(
    store: Store, settings: dict[str, object]
) -> None:
    with (
        chat_server(**settings) as server,
        closing(HttpGenerator(HttpGeneratorConfig(server.url, "tiny", answer_timeout_s=0.3))) as model,
    ):
        answer = responder(store, model).answer(QUESTION)
    check_each_sentence_stands_in_a_document(answer)


def check_each_sentence_stands_in_a_document(answer: Answer) -> None:
    texts = [" ".join(part.split()) for name in TEXTS for part in TEXTS[name]]
    assert all(any(citation.sentence in text for text in texts) for citation in answer.citations)
    check_citations(answer)


SCRIPTS = {
    "cuts off": ["Owls hunt at night. [1]", "Sets are made", "of mercury", "and more than three times as much."],
    "cites passage 99": ["Owls hunt at night. [99]", "Mercury boils at 357 degrees. [99]"],
    "answers in another language": ["Eulen jagen nachts und fressen Mäuse. [1]", "猫头鹰在夜间捕猎。[2]"],
    "thinks aloud": ["<think>", "Mercury boils at 357 degrees. [1]", "</think>", "Owls hunt at night. [1]"],
    "does what it likes": [
        "A dictionary does not keep the insertion order of its keys. [1]",
        "Mercury is a metal. [2]",
    ],
}


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["causal", "seq2seq", "chat"])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_whatever_a_model_on_this_machine_does_each_sentence_shown_stands_in_a_document(
    store: Store, tmp_path: Path, script: list[str], kind: str
) -> None:
    folder = save_scripted_generator(tmp_path, kind, script)
    limit = len(script) - 1 if script is SCRIPTS["cuts off"] else 400
    model = TransformersGenerator(TransformersGeneratorConfig(str(folder), max_tokens=limit, device="cpu"))
    answer = responder(store, model).answer(QUESTION)
    check_each_sentence_stands_in_a_document(answer)
    assert ("Owls hunt at night." in answer.text) == any("Owls hunt at night." in piece for piece in script)
    assert any("cut off" in one.what for one in answer.degraded) == (script is SCRIPTS["cuts off"])


@pytest.mark.torch
def test_a_model_on_this_machine_that_hangs_leaves_what_was_verified(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No weights make a model hang, so its step is replaced."""
    from transformers import GPT2LMHeadModel

    forward, release, steps = GPT2LMHeadModel.forward, threading.Event(), count()

    def hang(*args: Any, **named: Any) -> Any:
        if next(steps) >= 3:
            release.wait()
        return forward(*args, **named)

    monkeypatch.setattr(transformers_generator, "STOP_WAIT_S", 0.05)
    monkeypatch.setattr(GPT2LMHeadModel, "forward", hang)
    folder = save_scripted_generator(tmp_path, "chat", ["Owls hunt at night. [1]", "Mercury boils", "at", "noon."])
    model = TransformersGenerator(TransformersGeneratorConfig(str(folder), timeout_s=0.3, device="cpu"))
    answer = responder(store, model).answer(QUESTION)
    release.set()
    assert answer.text == "Owls hunt at night."
    assert any("stopped midway" in one.what for one in answer.degraded)
    check_citations(answer)


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["causal", "seq2seq"])
def test_a_model_on_this_machine_writes_from_end_to_end(store: Store, tmp_path: Path, kind: str) -> None:
    """A model that was never trained writes words without sense: none of it may show."""
    folder = save_tiny_generator(tmp_path, kind)
    model = TransformersGenerator(TransformersGeneratorConfig(str(folder), max_tokens=24, max_input_tokens=200))
    answer = responder(store, model).answer(QUESTION)
    assert "generate" in answer.stages and not any(one.part is Part.GENERATOR for one in answer.degraded)
    check_each_sentence_stands_in_a_document(answer)
    assert answer.text or answer.reason
