"""Each sentence that a model wrote: borne out, cut to what is borne out, put in the evidence's words, or left out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.document import Passage
from indexer.encoder import Encoder
from indexer.errors import EncoderError
from rag.checks.claims import claims
from rag.checks.visible import visible
from rag.config import AnswerConfig
from rag.marks import CitedSentence
from rag.support import coverage
from rag.verifying.best_support import Support, best_support
from ranker.degradation import Degradation, Part
from ranker.errors import ScorerError
from ranker.reader import Reader

log = logging.getLogger(__name__)

SPEAKS_OF_IT = 0.5
"""A place with so much of a sentence's words speaks of the same, and may say it rightly."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``text`` is what may be shown, empty where nothing may; ``supports`` where it stands; ``why`` it was changed."""

    text: str
    supports: tuple[Support, ...] = ()
    why: str = ""


@dataclass(slots=True)
class Verifier:
    """Checks the sentences of one answer against its passages.

    ``degraded`` says which parts were not available, ``claims_checked`` and ``claims_supported`` how many claims were
    looked at, and borne out.
    """

    passages: Sequence[Passage]
    config: AnswerConfig
    encoder: Encoder | None
    reader: Reader | None = None
    degraded: list[Degradation] = field(default_factory=list)
    claims_checked: int = 0
    claims_supported: int = 0

    def judge(self, sentence: CitedSentence) -> Verdict:
        """What of the sentence may be shown; ids that no passage has are looked at as if they were not there."""
        text = visible(sentence.text).strip()
        cited = [i - 1 for i in dict.fromkeys(sentence.ids) if 0 < i <= len(self.passages)]
        parts = claims(text)
        kept, supports = self._kept(parts, cited)
        self.claims_checked += len(parts)
        self.claims_supported += kept
        if kept == len(parts):
            return Verdict(text, supports)
        nearest = self._best(text, cited or self._all()) or self._best(text, self._all())
        why = "; ".join(map(str, nearest.mismatches)) if nearest and nearest.mismatches else "not in the documents"
        if kept:
            end = text.find(parts[kept - 1]) + len(parts[kept - 1])
            return Verdict(f"{text[:end].rstrip(' ,;')}.", supports, why)
        return self._in_their_words(text, nearest, why) or Verdict("", why=why)

    def _borne_out(self, text: str, cited: Sequence[int]) -> tuple[Support, ...]:
        """In the passages it cites, else in whichever bears it out; nowhere if too weakly."""
        for choices in ([[i] for i in cited], [self._all()]):
            found = [self._best(text, indices) for indices in choices]
            strong = [s for s in found if s and not s.mismatches and s.score >= self.config.min_support]
            if strong:
                return tuple(strong)
        return ()

    def _kept(self, parts: Sequence[str], cited: Sequence[int]) -> tuple[int, tuple[Support, ...]]:
        """How many of the claims, from the first on, are borne out, and where."""
        supports: dict[tuple[int, int, int], Support] = {}
        for kept, part in enumerate(parts):
            found = self._borne_out(part, cited)
            if not found:
                return kept, tuple(supports.values())
            supports |= {(support.index, support.start, support.end): support for support in found}
        return len(parts), tuple(supports.values())

    def _in_their_words(self, text: str, nearest: Support | None, why: str) -> Verdict | None:
        """The evidence's own sentence, where it speaks of the same."""
        if nearest is None:
            return None
        passage = self.passages[nearest.index]
        quote = passage.text[nearest.start : nearest.end]
        if coverage(text, quote, passage.head.language) < SPEAKS_OF_IT:
            return None
        shown = " ".join(visible(quote).split())
        support = Support(nearest.index, nearest.start, nearest.end, self.config.min_support)
        return Verdict(shown, (support,), why)

    def _best(self, text: str, indices: Sequence[int]) -> Support | None:
        try:
            return best_support(text, self.passages, indices, self.encoder, self.reader)
        except EncoderError as error:
            self.encoder = None
            self._do_without(Part.ENCODER, f"{error.what}, sentences verified by words only")
        except ScorerError as error:
            self.reader = None
            self._do_without(Part.READER, f"{error.what}, sentences verified without it")
        return self._best(text, indices)

    def _do_without(self, part: Part, what: str) -> None:
        degradation = Degradation(part, what)
        log.warning("%s", degradation)
        self.degraded.append(degradation)

    def _all(self) -> list[int]:
        return list(range(len(self.passages)))
