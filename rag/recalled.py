"""What a memory said as citations of the records, triples and entries it was read from. Pure."""

from rag.answer import Citation
from rag.link import link
from rag.recall.memory import Evidence, Recollection

MAX_LINKED_CHARS = 300
"""A link leads to a line of a record, not to the whole of a long one."""


def cited(recollection: Recollection) -> tuple[Citation, ...]:
    """Each statement with the places that bear it out, in the offsets of ``recollection.text``."""
    found: list[Citation] = []
    start = 0
    for statement in recollection.statements:
        end = start + len(statement.text)
        found += [_citation(statement.text, start, end, one, recollection.score) for one in statement.evidence]
        start = end + 1
    return tuple(found)


def _citation(sentence: str, start: int, end: int, evidence: Evidence, score: float) -> Citation:
    passage = evidence.passage
    return Citation(
        sentence=sentence,
        answer_start_char=start,
        answer_end_char=end,
        passage=passage,
        url=link(passage, evidence.quote) if len(evidence.quote) <= MAX_LINKED_CHARS else passage.head.url,
        quote=evidence.quote,
        start_char=passage.start_char + evidence.start,
        end_char=passage.start_char + evidence.start + len(evidence.quote),
        score=score,
    )
