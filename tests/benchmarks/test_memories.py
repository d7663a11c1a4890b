"""The comparison over collections: questions are made from sentences, and one table tells of all collections."""

from pathlib import Path
from typing import Any

from benchmarks.memories import as_markdown, kinds_of, write
from benchmarks.memories_data import cloze
from server.comparing.facts import Facts, read_facts
from server.comparing.questions import Asked, read_questions


def report(**by_kind: float) -> dict[str, Any]:
    figures = {"grounded": 1.0, "p50_ms": 2.0, "build_s": 0.5, "update_s": None, "disk_kib": 1, "memory_mib": 0.0}
    return {"kinds": dict.fromkeys(by_kind, 3), "memories": {"graph": {"by_kind": by_kind, **figures}}}


def test_a_sentence_asks_for_the_one_number_or_identifier_in_it() -> None:
    text = "The cache holds pages. By default the cache of a new database connection holds 2000 pages at the same time."
    (asked,) = cloze(text)
    assert asked.answers == ("2000",)
    assert asked.question == "By default the cache of a new database connection holds what pages at the same time?"


def test_a_term_that_comes_twice_or_in_a_version_is_not_asked_for() -> None:
    assert not list(cloze("Since version 3.38.12 the page_size and again the page_size may be set for each database."))


def test_what_is_found_is_one_table_of_all_collections() -> None:
    found = {"rivers": report(count=1.0), "faq": report(paraphrase=0.37)}
    assert kinds_of(found) == [("rivers", "count"), ("faq", "paraphrase")]
    lines = as_markdown(found).splitlines()
    assert lines[0] == "| memory | rivers: count (3) | faq: paraphrase (3) |"
    assert lines[2] == "| graph | 1.00 | .37 |"
    assert "| graph | None | None |" in lines


def test_a_collection_is_written_as_the_command_reads_it(tmp_path: Path) -> None:
    facts = Facts("question", ("answer",), {'May I say "yes"?': {"answer": "Yes,\nyou\tmay."}})
    asked = [Asked("Is yes allowed?", ("Yes,\nyou\tmay.", "yes"), "paraphrase")]
    write("small", (facts, asked), tmp_path)
    assert read_facts(tmp_path / "small.tsv") == facts
    assert read_questions(tmp_path / "small.questions.tsv") == asked
