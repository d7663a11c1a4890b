"""From a question to an answer whose every sentence is cited: search, choose, then quote, or generate and verify."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from crawler.errors import RecollectError
from crawler.text.language import detect_language
from indexer.document import Passage
from indexer.encoder import Encoder
from indexer.languages import without_region
from indexer.store import Filters
from rag.answer import Alternative, Answer, AnswerBlock, Citation, Refusal
from rag.apart import Apart, apart
from rag.bridge import named_by
from rag.choosing.choice import Choice, Pick
from rag.choosing.choose import Chooser
from rag.choosing.foreign import in_english
from rag.choosing.question import type_of
from rag.choosing.spelled import as_spelled
from rag.choosing.telling import is_named
from rag.config import AnswerConfig
from rag.context import begins, choose_passages, introductions
from rag.described import Described, described
from rag.errors import AnswerError, GeneratorInterrupted, GeneratorUnavailable
from rag.events import Chunk, Done, Event, Failed, Notice, Phase, Rephrased, Sources
from rag.generator import Generator, Prompt, says_no_answer
from rag.link import link
from rag.marks import CitedSentence, stream_sentences
from rag.quoted import Quoted, quoted
from rag.recall.recall import Recall, Recalled
from rag.recalled import cited
from rag.showing.alternatives import alternatives
from rag.showing.entries import REACHES, entries_of, goes_on, sections_named
from rag.showing.region import neighbour_ids, region_around
from rag.showing.repeats import without_repeats
from rag.showing.section import whole_section
from rag.showing.short import short_answer
from rag.showing.show import show
from rag.verifying.best_support import Support
from rag.verifying.verifier import Verifier
from ranker.degradation import Degradation, Part
from ranker.errors import BadQuery
from ranker.hit import Hit
from ranker.query import Query
from ranker.rank import Ranker
from ranker.stages import Stages
from ranker.understanding.correct import Correction

log = logging.getLogger(__name__)


SURE = 0.8
"""How sure each of two steps must be, so that an answer found by both is no worse than one found at once."""

NAMED = 0.5
"""How much what a text stands under must be of the name of a thing, so that it tells of that one."""

UNCHOSEN = 0.5
"""How sure an answer is where nothing of the passages was chosen as one."""


@dataclass(slots=True)
class _Run:
    """One answer as it grows."""

    question: str
    asked: str = ""
    hits: tuple[Hit, ...] = ()
    passages: tuple[Passage, ...] = ()
    choice: Choice | None = None
    best: AnswerBlock | None = None
    """What the first pick is shown as by itself."""
    blocks: tuple[AnswerBlock, ...] = ()
    short: str = ""
    alternatives: tuple[Alternative, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    correction: Correction | None = None
    is_quoted: bool = False
    text: str = ""
    said: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    unsupported: int = 0
    repaired: int = 0
    claims_checked: int = 0
    claims_supported: int = 0
    reason: str = ""
    stages: Stages = field(default_factory=Stages)
    degraded: list[Degradation] = field(default_factory=list)
    recalled: Recalled | None = None
    is_recalled: bool = False

    @property
    def shown_first(self) -> AnswerBlock:
        """Of what was chosen, the block of the first pick, which need not be the first one shown."""
        return self.best or self.blocks[0]


class Responder:
    """Answers questions from what a ranker finds; thread-safe, since its parts are.

    Without a ``generator``, and where it is not available, the answer is quoted from what the ``chooser`` chose. With a
    ``recall`` the memories are asked first: what one of them knows for sure needs no search.
    """

    def __init__(
        self,
        ranker: Ranker,
        encoder: Encoder,
        chooser: Chooser,
        generator: Generator | None = None,
        config: AnswerConfig = AnswerConfig(),
        *,
        recall: Recall | None = None,
    ) -> None:
        self._ranker = ranker
        self._encoder = encoder
        self._chooser = chooser
        self._generator = generator
        self._config = config
        self._recall = recall

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
        run = _Run(question, question)
        if self._recall is not None and question.strip():
            yield Phase("recall")
            yield from self._ask_memories(run, self._recall, filters)
            if self._recall.is_sure(run.recalled):
                yield Sources(())
                yield from self._say_recalled(run)
                yield Done(self._finished(run))
                return
        yield Phase("search")
        self._search(run, filters, self._config.size if size is None else size)
        yield from (Notice(degradation) for degradation in run.degraded)
        yield Sources(run.hits)
        if run.passages:
            yield Phase("choose")
            yield from self._choose(run, filters)
        if not self._knows_better(run):
            if run.correction and (meant := likely_meant(run.question, run.correction)):
                yield from self._as_meant(run, meant, filters)
            elif run.passages and (run.choice is None or not run.choice.picks):
                yield from self._in_their_language(run, filters)
            if self._config.in_steps and (parts := described(run.question)):
                yield from self._in_steps(run, parts, filters)
            if self._config.in_steps and (two := apart(run.question)):
                yield from self._each(run, two, filters)
        if self._knows_better(run):
            yield from self._say_recalled(run)
        elif run.passages:
            yield Phase("generate")
            yield from self._write(run)
        yield Done(self._finished(run))

    def _ask_memories(self, run: _Run, recall: Recall, filters: Filters) -> Iterator[Event]:
        with run.stages.time("recall"):
            run.recalled = recalled = recall.ask(run.question, filters)
        for problem in recalled.problems:
            yield self._notice(run, Degradation(Part.MEMORY, f"{problem}, answered without it"))

    def _in_steps(self, run: _Run, parts: Described, filters: Filters) -> Iterator[Event]:
        """First what the thing is called that the question describes, then the question about it by that name.

        Two further searches. Unless both have a sure answer, all stays as it was. What a page says about the thing and
        the description together is found as well by the name; a reader that looks for both at once takes what says
        half of it for an answer.
        """
        yield Phase("search")
        first = _Run(parts.first, degraded=run.degraded)
        yield from self._find(first, filters)
        if first.choice is None or not first.choice.picks or first.choice.confidence < SURE:
            return
        named = named_by(first.choice.picks[0], first.short, parts, self._chooser.reader)
        if named is None:
            return
        second = _Run(parts.about(named.name), degraded=run.degraded)
        yield from self._find(second, filters)
        if second.choice is None or not second.choice.picks or second.choice.confidence < SURE:
            return
        run.question, run.choice = second.question, second.choice
        run.quotes = (
            quoted(parts.first, named.pick, first.shown_first),
            quoted(second.question, second.choice.picks[0], second.shown_first),
        )
        run.short, run.alternatives = second.short, second.alternatives
        run.blocks = without_repeats((*second.blocks, first.shown_first))
        self._found_by(run, second, first)
        yield Rephrased(run.question)

    def _as_meant(self, run: _Run, meant: str, filters: Filters) -> Iterator[Event]:
        """What is chosen for the question without its typing errors, where that is surer to answer.

        What was only offered was not searched for yet.
        """
        other = _Run(meant, hits=run.hits, passages=run.passages, degraded=run.degraded)
        if run.correction and run.correction.is_applied:
            yield from self._choose(other, filters)
        elif run.choice is None or not run.choice.picks:
            yield from self._find(other, filters)
        known = run.choice.confidence if run.choice else 0.0
        if other.choice is None or not other.choice.picks or other.choice.confidence < max(SURE, known):
            return
        yield self._taken(run, other)

    def _in_their_language(self, run: _Run, filters: Filters) -> Iterator[Event]:
        """What is chosen for a question in another language than the passages, by the names that both know."""
        theirs = {without_region(passage.head.language or "") for passage in run.passages}
        own = detect_language(run.question)
        if own is None or own in theirs or "" in theirs:
            return
        run.reason = Refusal.OTHER_LANGUAGE
        meant = in_english(run.question, own, type_of(run.question), run.passages) if theirs == {"en"} else ""
        if not meant:
            return
        other = _Run(meant, hits=run.hits, passages=run.passages, degraded=run.degraded)
        yield from self._choose(other, filters)
        if other.choice is not None and other.choice.picks and other.choice.confidence >= SURE:
            yield self._taken(run, other)

    def _taken(self, run: _Run, other: _Run) -> Rephrased:
        """What another wording of the question has found is its answer."""
        run.question, run.choice = other.question, other.choice
        run.best, run.blocks = other.best, other.blocks
        run.hits, run.passages = other.hits, other.passages
        run.short, run.alternatives = other.short, other.alternatives
        return Rephrased(run.question)

    def _each(self, run: _Run, two: Apart, filters: Filters) -> Iterator[Event]:
        """Each of two questions in one by itself: both answers, or the sure one of a question refused as a whole.

        What a page says about the difference of two things comes before what it says about each. Two further searches.
        """
        best = run.choice.picks[0] if run.choice and run.choice.picks else None
        if best and two.are_told_apart_by(best.piece.read):
            return
        parts = [_Run(question, degraded=run.degraded) for question in two.questions]
        for part in parts:
            yield from self._find(part, filters)
        sure = [(part, found) for part in parts if (found := _sure_of(part, two))]
        if len(sure) < len(parts) and (best or two.sides or not sure):
            return
        rest = run.blocks if two.sides else tuple(block for part, _ in sure for block in part.blocks)
        run.quotes = tuple(quoted(part.question, pick, block) for part, (pick, block) in sure)
        run.choice = sure[0][0].choice
        run.blocks = without_repeats((*(block for _, (_, block) in sure), *rest))[: self._chooser.config.max_blocks]
        run.short, run.alternatives = "", ()
        self._found_by(run, *(part for part, _ in sure))

    def _found_by(self, run: _Run, *steps: _Run) -> None:
        """The passages are those of these steps; what they found is found besides."""
        run.passages = tuple({one.passage_id: one for step in steps for one in step.passages}.values())
        known = {hit.passage.head.doc_id: hit for step in reversed(steps) for hit in step.hits}
        run.hits += tuple(known[i] for i in known.keys() - {hit.passage.head.doc_id for hit in run.hits})

    def _find(self, run: _Run, filters: Filters) -> Iterator[Event]:
        """Search for one step of a question, and choose."""
        self._search(run, filters, self._config.size)
        if run.passages:
            yield from self._choose(run, filters)

    def _knows_better(self, run: _Run) -> bool:
        """Whether a memory is surer of what was asked than the passages are of answering it."""
        best = run.recalled.best if run.recalled else None
        if best is None:
            return False
        if run.choice is None or not run.choice.picks or best.score > run.choice.confidence:
            return True
        # The record that was chosen is the one that the memory speaks of: it says the same in fewer words.
        chosen = run.choice.picks[0].passage.head.doc_id
        read = [one for statement in best.statements for one in statement.evidence]
        return all(one.passage.head.doc_id == chosen and one.trust == 1 for one in read)

    def _say_recalled(self, run: _Run) -> Iterator[Event]:
        if run.recalled is None or run.recalled.best is None:
            return
        best = run.recalled.best
        run.text, run.short, run.blocks, run.is_recalled = best.text, best.short, (), True
        run.citations.extend(cited(best))
        yield Chunk(run.text, tuple(run.citations))

    def _search(self, run: _Run, filters: Filters, size: int) -> None:
        """Quotation marks in a question name things more often than they demand an exact phrase."""
        text = run.question.replace('"', " ").strip()
        if not text:
            raise BadQuery("The question is empty", "Ask something")
        depth = self._config.rerank_passages
        query = Query(text, size=size, filters=filters, excludes=False, rerank_passages=depth, collapses=False)
        results = self._ranker.search(query)
        run.hits, run.correction = results.hits, results.correction
        run.stages.ms.update(results.stages)
        run.degraded.extend(results.degraded)
        chosen = choose_passages(text, run.hits, self._config)
        first = introductions(text, run.hits, chosen)
        beginnings = [one for one in self._ranker.get(first, filters) if begins(one, chosen)] if first else []
        run.passages = (*chosen, *beginnings)
        run.question = as_spelled(run.question, run.passages)
        if run.correction:
            run.correction = replace(run.correction, text=as_spelled(run.correction.text, run.passages))

    def _choose(self, run: _Run, filters: Filters) -> Iterator[Event]:
        """What answers, each piece with what makes it whole, which may stand in the passages beside."""
        with run.stages.time("choose"):
            run.choice = choice = self._chooser.choose(run.question, run.passages)
        yield from (self._notice(run, degradation) for degradation in choice.degraded)
        if not choice.picks:
            self._list_entries(run, filters)
            return
        with run.stages.time("show"):
            ids = dict.fromkeys(i for pick in choice.picks for i in neighbour_ids(pick.passage))
            beside = self._ranker.get(list(ids), filters)
            regions = [region_around(pick.passage, beside) for pick in choice.picks]
            blocks = [show(pick, region, choice.type) for pick, region in zip(choice.picks, regions, strict=True)]
            run.best = blocks[0]
            run.blocks = without_repeats((*whole_section(choice.picks[0], regions[0]), *blocks))
            run.short = short_answer(run.question, choice.type, choice.picks[0], blocks[0])
            run.alternatives = alternatives(run.question, choice.picks)
        self._list_entries(run, filters)

    def _list_entries(self, run: _Run, filters: Filters) -> None:
        """Where a section is named after what there is to list, its entries come first."""
        for section in sections_named(run.question, run.choice) if run.choice else ():
            with run.stages.time("show"):
                beside: Sequence[Passage] = ()
                for reach in REACHES:
                    beside = self._ranker.get(neighbour_ids(section.passage, reach), filters)
                    if not goes_on(section, beside, reach):
                        break
                found = entries_of(section, [section.passage, *beside])
            if found and run.choice:
                pick, block = found
                confidence = max(run.choice.confidence, pick.score)
                run.choice = replace(run.choice, picks=(pick, *run.choice.picks), confidence=confidence)
                run.best, run.short = block, ""
                run.blocks = without_repeats((block, *run.blocks))
                return

    def _write(self, run: _Run) -> Iterator[Event]:
        if self._generator is None:
            yield from self._quoted(run)
            return
        try:
            yield from self._verified(run, self._generator)
        except GeneratorUnavailable as error:
            what = f"{error.what}, answered with sentences of the documents"
            yield self._notice(run, Degradation(Part.GENERATOR, what))
            yield from self._quoted(run)

    def _quoted(self, run: _Run) -> Iterator[Event]:
        if run.choice is None or not run.choice.picks:
            return
        for found in run.quotes or (quoted(run.question, run.choice.picks[0], run.shown_first),):
            yield self._said(run, found)
        run.is_quoted = True

    def _said(self, run: _Run, found: Quoted) -> Chunk:
        """A further part of the answer."""
        separator = " " if run.text else ""
        start = len(run.text) + len(separator)
        citation = replace(found.citation, answer_start_char=start, answer_end_char=start + len(found.text))
        run.text += separator + found.text
        run.citations.append(citation)
        return Chunk(separator + found.text, (citation,))

    def _verified(self, run: _Run, generator: Generator) -> Iterator[Event]:
        """Each of the generator's sentences as soon as it is complete, if a passage supports it."""
        verifier = Verifier(run.passages, self._config, self._encoder, self._chooser.reader)
        with closing(generator.generate(Prompt(run.question, run.passages))) as pieces:
            try:
                for sentence in run.stages.each("generate", stream_sentences(pieces)):
                    if says_no_answer(sentence.text) or len(run.said) == self._config.max_sentences:
                        break
                    yield from self._shown(run, verifier, sentence)
            except GeneratorInterrupted as error:
                if not run.text:
                    raise GeneratorUnavailable(error.what, error.cure) from error
                yield self._notice(run, Degradation(Part.GENERATOR, f"{error.what}, the answer may lack its end"))
        run.claims_checked, run.claims_supported = verifier.claims_checked, verifier.claims_supported
        if run.repaired:
            what = f"{run.repaired} sentences put in the words of the documents"
            yield self._notice(run, Degradation(Part.ANSWER, what))
        if run.unsupported:
            run.reason = Refusal.NOT_SUPPORTED
            what = f"{run.unsupported} sentences without support in the documents left out"
            yield self._notice(run, Degradation(Part.ANSWER, what))

    def _shown(self, run: _Run, verifier: Verifier, sentence: CitedSentence) -> Iterator[Event]:
        if sentence.text in run.written:
            return
        run.written.add(sentence.text)
        before = len(verifier.degraded)
        with run.stages.time("verify"):
            verdict = verifier.judge(sentence)
        yield from (self._notice(run, degradation) for degradation in verifier.degraded[before:])
        if not verdict.text:
            run.unsupported += 1
        if verdict.why:
            log.info("not borne out: %r (%s)", sentence.text, verdict.why)
        if not verdict.text or verdict.text in run.said:
            return
        run.repaired += bool(verdict.why)
        separator = sentence.separator if run.text else ""
        start = len(run.text) + len(separator)
        piece = separator + verdict.text
        run.text += piece
        run.said.append(verdict.text)
        citations = tuple(_citation(run, verdict.text, start, support) for support in verdict.supports)
        run.citations.extend(citations)
        yield Chunk(piece, citations)

    def _notice(self, run: _Run, degradation: Degradation) -> Notice:
        log.warning("%s", degradation)
        run.degraded.append(degradation)
        return Notice(degradation)

    def _finished(self, run: _Run) -> Answer:
        reason = "" if run.text else (run.reason or Refusal.NO_ANSWER) if run.hits else Refusal.NOTHING_FOUND
        return Answer(
            question=run.asked,
            understood=run.question if run.question != run.asked else "",
            text=run.text,
            citations=tuple(run.citations),
            hits=run.hits,
            refused=not run.text,
            reason=reason,
            stages=run.stages.ms,
            degraded=tuple(dict.fromkeys(run.degraded)),
            short=run.short if run.text else "",
            blocks=run.blocks if run.text else (),
            choice=run.choice,
            is_quoted=run.is_quoted,
            recalled=run.recalled,
            is_recalled=run.is_recalled,
            passages_read=len(run.passages),
            claims_checked=run.claims_checked,
            claims_supported=run.claims_supported,
            old_since=self._old_since(run),
            alternatives=run.alternatives if run.text and not run.is_recalled else (),
        )

    def _old_since(self, run: _Run) -> date | None:
        """The day of the newest page cited, where all say when they were changed and none did lately."""
        times = [citation.passage.head.modified_at for citation in run.citations]
        known = [time for time in times if time is not None]
        if not self._config.old_after_days or not known or len(known) < len(times):
            return None
        age = datetime.now(UTC) - max(known)
        return max(known).date() if age.days > self._config.old_after_days else None


def _is_under_its_name(part: _Run, pick: Pick) -> bool:
    """Whether a page or a section around is named as what is asked for."""
    head = pick.passage.head
    return any(is_named(name, part.question, head.language) for name in (head.title, *pick.passage.heading_path))


def likely_meant(question: str, correction: Correction) -> str:
    """The question without typing errors, empty where none was taken out or one may be the name of something else."""
    said, meant = question.split(), correction.text.split()
    if len(said) != len(meant):
        return ""
    changed = [(place, word) for place, (word, other) in enumerate(zip(said, meant, strict=True)) if word != other]
    is_name = any(word[:1].isupper() for place, word in changed if place)
    return "" if is_name or not changed else correction.text


def _sure_of(part: _Run, two: Apart) -> tuple[Pick, AnswerBlock] | None:
    """What answers one of two questions for sure; of two things compared, what is said under the name of the one."""
    if part.choice is None or not part.choice.picks or not part.blocks or part.choice.confidence < SURE:
        return None
    pick = part.choice.picks[0]
    told = ("names_subject", "named_verbatim", "defines")
    is_named = max(pick.features.get(name, 0.0) for name in told) >= NAMED or _is_under_its_name(part, pick)
    return (pick, part.shown_first) if is_named or not two.sides else None


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
        score=support.score * (run.choice.confidence if run.choice and run.choice.picks else UNCHOSEN),
    )
