"""From a question to an answer whose every sentence is cited: search, choose passages, generate, verify, cite."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from crawler.errors import RecollectError
from indexer.document import Passage
from indexer.encoder import Encoder
from indexer.errors import EncoderError
from indexer.store import Filters
from rag.answer import Answer, Citation
from rag.config import AnswerConfig
from rag.context import choose_passages
from rag.errors import AnswerError, GeneratorInterrupted, GeneratorUnavailable
from rag.events import Chunk, Done, Event, Failed, Notice, Phase, Sources
from rag.generator import Generator, Prompt, says_no_answer
from rag.link import link
from rag.marks import CitedSentence, stream_sentences
from rag.verify import Support, best_support
from ranker.errors import BadQuery
from ranker.hit import Hit
from ranker.query import Query
from ranker.rank import Ranker
from ranker.stages import Stages

log = logging.getLogger(__name__)

NOTHING_FOUND = "No document matches the question"
NO_ANSWER = "The documents found do not answer the question"
NOT_SUPPORTED = "Nothing that was written could be found in the documents"


@dataclass(slots=True)
class _Run:
    """One answer as it grows."""

    question: str
    hits: tuple[Hit, ...] = ()
    passages: tuple[Passage, ...] = ()
    text: str = ""
    said: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    unsupported: int = 0
    reason: str = ""
    stages: Stages = field(default_factory=Stages)
    degraded: list[str] = field(default_factory=list)


class Responder:
    """Answers questions from what a ranker finds; thread-safe, since its parts are.

    ``fallback`` writes the answer where ``generator`` is not available.
    """

    def __init__(
        self,
        ranker: Ranker,
        encoder: Encoder,
        generator: Generator,
        config: AnswerConfig = AnswerConfig(),
        fallback: Generator | None = None,
    ) -> None:
        self._ranker = ranker
        self._encoder = encoder
        self._generator = generator
        self._config = config
        self._fallback = fallback

    def answer(self, question: str, filters: Filters = Filters(), size: int | None = None) -> Answer:
        """The answer, or a refusal with its reason. Raises BadQuery, StoreError, GeneratorUnavailable."""
        for event in self._events(question, filters, size):
            if isinstance(event, Done):
                return event.answer
        raise AnswerError("The answer has no end")

    def stream(self, question: str, filters: Filters = Filters(), size: int | None = None) -> Iterator[Event]:
        """The same step by step, see ``rag.events``; errors come as a last event. Closing it stops the work."""
        try:
            yield from self._events(question, filters, size)
        except RecollectError as error:
            yield Failed(error.what, error.cure)

    def _events(self, question: str, filters: Filters, size: int | None) -> Iterator[Event]:
        run = _Run(question)
        yield Phase("search")
        self._search(run, filters, self._config.size if size is None else size)
        yield from (Notice(message) for message in run.degraded)
        yield Sources(run.hits)
        if run.passages:
            yield Phase("generate")
            yield from self._write(run, self._generator, self._fallback)
        yield Done(self._finished(run))

    def _search(self, run: _Run, filters: Filters, size: int) -> None:
        """Quotation marks in a question name things more often than they demand an exact phrase."""
        text = run.question.replace('"', " ").strip()
        if not text:
            raise BadQuery("The question is empty", "Ask something")
        results = self._ranker.search(Query(text, size=size, filters=filters))
        run.hits = results.hits
        run.stages.ms.update(results.stages)
        run.degraded.extend(results.degraded)
        with run.stages.time("choose"):
            run.passages = choose_passages(run.hits, self._config)

    def _write(self, run: _Run, generator: Generator, fallback: Generator | None) -> Iterator[Event]:
        try:
            yield from self._verified(run, generator)
        except GeneratorUnavailable as error:
            if fallback is None:
                raise
            yield self._notice(run, f"generator: {error.what}, answered with sentences of the documents")
            yield from self._write(run, fallback, None)

    def _verified(self, run: _Run, generator: Generator) -> Iterator[Event]:
        """Each of the generator's sentences as soon as it is complete, if a passage supports it."""
        with closing(generator.generate(Prompt(run.question, run.passages))) as pieces:
            try:
                for sentence in run.stages.each("generate", stream_sentences(pieces)):
                    if says_no_answer(sentence.text) or len(run.said) == self._config.max_sentences:
                        break
                    yield from self._shown(run, sentence)
            except GeneratorInterrupted as error:
                if not run.text:
                    raise GeneratorUnavailable(error.what, error.cure) from error
                yield self._notice(run, f"generator: {error.what}, the answer may lack its end")
        if run.unsupported:
            run.reason = NOT_SUPPORTED
            yield self._notice(run, f"answer: {run.unsupported} sentences without support in the documents left out")

    def _shown(self, run: _Run, sentence: CitedSentence) -> Iterator[Event]:
        if sentence.text in run.said:
            return
        with run.stages.time("verify"):
            supports = self._supports(run, sentence)
        if not supports:
            run.unsupported += 1
            return
        separator = sentence.separator if run.text else ""
        start = len(run.text) + len(separator)
        piece = separator + sentence.text
        run.text += piece
        run.said.append(sentence.text)
        citations = tuple(_citation(run, sentence.text, start, support) for support in supports)
        run.citations.extend(citations)
        yield Chunk(piece, citations)

    def _supports(self, run: _Run, sentence: CitedSentence) -> list[Support]:
        """Where the sentence stands: in the passages it cites, else in whichever supports it; nowhere if too weakly."""
        cited = [i - 1 for i in sentence.ids if 0 < i <= len(run.passages)]
        for choices in ([[i] for i in cited], [list(range(len(run.passages)))]):
            found = [self._best_support(run, sentence.text, indices) for indices in choices]
            strong = [support for support in found if support and support.score >= self._config.min_support]
            if strong:
                return strong
        return []

    def _best_support(self, run: _Run, text: str, indices: list[int]) -> Support | None:
        try:
            return best_support(text, run.passages, indices, self._encoder)
        except EncoderError as error:
            log.warning("verifying by words only: %s", error)
            message = f"encoder: {error.what}, sentences verified by words only"
            if message not in run.degraded:
                run.degraded.append(message)
            return best_support(text, run.passages, indices, None)

    def _notice(self, run: _Run, message: str) -> Notice:
        log.warning("%s", message)
        run.degraded.append(message)
        return Notice(message)

    def _finished(self, run: _Run) -> Answer:
        reason = "" if run.text else (run.reason or NO_ANSWER) if run.hits else NOTHING_FOUND
        return Answer(
            question=run.question,
            text=run.text,
            citations=tuple(run.citations),
            hits=run.hits,
            refused=not run.text,
            reason=reason,
            stages=run.stages.ms,
            degraded=tuple(run.degraded),
        )


def _citation(run: _Run, sentence: str, start: int, support: Support) -> Citation:
    passage = run.passages[support.index]
    quote = passage.text[support.start : support.end]
    return Citation(
        sentence=sentence,
        answer_start_char=start,
        answer_end_char=start + len(sentence),
        passage=passage,
        url=link(passage, quote),
        quote=quote,
        start_char=passage.start_char + support.start,
        end_char=passage.start_char + support.end,
        score=support.score,
    )
