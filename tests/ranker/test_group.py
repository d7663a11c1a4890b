"""Grouping ranked passages by document."""

from indexer.document import Head, Passage
from ranker.group import group, telling
from ranker.hit import Evidence, Hit
from ranker.ranked import Ranked


def ranked(doc_id: str, ordinal: int, score: float) -> Ranked:
    return Ranked(Passage(Head(doc_id, "", "", ""), ordinal, f"{doc_id}{ordinal}"), score, Evidence(fused_score=score))


def test_documents_keep_the_order_of_their_first_passages() -> None:
    hits = group([ranked("b", 0, 0.9), ranked("a", 0, 0.8), ranked("b", 1, 0.7), ranked("c", 0, 0.6)])
    assert [hit.passage.head.doc_id for hit in hits] == ["b", "a", "c"]


def test_best_passage_represents_with_its_own_score_and_evidence() -> None:
    (hit,) = group([ranked("a", 4, 0.3), ranked("a", 2, 0.9), ranked("a", 1, 0.5)])
    assert (hit.passage.ordinal, hit.score, hit.evidence.fused_score) == (2, 0.9, 0.9)
    assert [passage.ordinal for passage in hit.more] == [1, 4]


def test_first_of_equal_passages_represents() -> None:
    (hit,) = group([ranked("a", 3, 0.0), ranked("a", 1, 0.0)])
    assert hit.passage.ordinal == 3


def test_only_so_many_further_passages_are_kept() -> None:
    (hit,) = group([ranked("a", i, 1 - i / 10) for i in range(9)], more_passages=2)
    assert [passage.ordinal for passage in hit.more] == [1, 2]


def said(*texts: str) -> Hit:
    passages = [Passage(Head("kettle", "", "Kettle", ""), i, text) for i, text in enumerate(texts)]
    return Hit(passages[0], 0.9, Evidence(), more=tuple(passages[1:]))


def test_a_document_is_shown_by_a_passage_that_says_something() -> None:
    long = "It heats water for tea and coffee, and it stops by itself as soon as the water boils in it."
    hit = telling(said("Since: 0.5", "Links:", long), "kettle")
    assert [passage.text for passage in (hit.passage, *hit.more)] == [long, "Since: 0.5", "Links:"]
    assert hit.score == 0.9
    assert telling(said("A kettle.", long), "kettle").passage.text == "A kettle."
    assert telling(said("Since: 0.5", "Links:"), "kettle").passage.text == "Since: 0.5"


def test_nothing_makes_no_hits() -> None:
    assert group([]) == []
