"""Questions walk one and two steps from the things they name, either way, and cite the cards of what they pass."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.sources.config import RecallConfig, SourceConfig
from indexer.sources.graph.source import GraphSource
from rag.recall.asked import Asked
from rag.recall.graph.memory import GraphMemory

TURTLE = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:flowsInto rdfs:label "flows into"@en, "mündet in"@de .
:Inn a :River ; rdfs:label "Inn" ; rdfs:comment "A river of the Alps." ; :flowsInto :Danube ; :lengthKm 518 ;
  :source [ rdfs:label "Lake Lunghin" ] .
:Danube rdfs:label "Danube"@en, "Donau"@de ; :flowsInto :BlackSea ; :lengthKm 2850 .
:BlackSea rdfs:label "Black Sea" ; skos:altLabel "Euxine Sea" ; rdfs:comment "A sea of Europe." ; :flowsInto :Danube .
:Mercury1 rdfs:label "Mercury (planet)" ; rdfs:comment "A planet." ; :moons 0 .
:Mercury2 rdfs:label "Mercury (metal)" ; rdfs:comment "A metal." ; :symbol "Hg" ; :meltsAt "-39 °C" .
"""


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[GraphMemory]:
    file = tmp_path / "rivers.ttl"
    file.write_text(TURTLE, "utf-8")
    words = {"lengthKm": ("length",), "^flowsInto": ("tributary", "tributaries"), "meltsAt": ("melting point",)}
    config = SourceConfig(name="g", kind="graph", url=str(file), language="en", recall=RecallConfig(words=words))
    with GraphSource(config, tmp_path / "graph").reading():
        pass
    with closing(GraphMemory(config, tmp_path / "graph")) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is the length of the Inn?", "518"),
        ("What does the Inn flow into?", "Danube"),
        ("Which rivers flow into the Danube?", "Inn"),
        ("What flows into the Danube?", "Black Sea; Inn"),
        ("What are the tributaries of the Donau?", "Black Sea; Inn"),
        ("What is the length of what the Inn flows into?", "2850"),
        ("the Danube's tributaries' length", "518"),
        ("What type is the Inn?", "river"),
        ("Other names of the Black Sea?", "Euxine Sea"),
        ("What is the source of the Inn?", "Lake Lunghin"),
        ("melting point of mercury", "-39 °C"),
        ("What is the definition of the Euxine Sea?", "A sea of Europe."),
        ("What is the capital of the Inn?", None),
        ("How do I cross the Danube?", None),
        ("Inn Danube", None),
    ],
)
def test_a_way_is_found_where_every_word_is_explained(memory: GraphMemory, question: str, short: str | None) -> None:
    found = memory.recall(Asked(question), None)
    assert (sorted(found[0].short.split("; ")) if found else None) == (short.split("; ") if short else None)


def test_each_step_is_said_and_cited(memory: GraphMemory) -> None:
    (found,) = memory.recall(Asked("What is the length of what the Inn flows into?"), None)
    assert found.text == "Inn flows into Danube.\nThe length of Danube is 2850."
    quotes = [evidence.quote for statement in found.statements for evidence in statement.evidence]
    assert quotes == ["flows into: Danube", "length km: 2850"]
    assert found.statements[1].evidence[0].passage.head.title == "Danube"


def test_a_mere_name_is_answered_by_what_describes_it_and_hardly_surely(memory: GraphMemory) -> None:
    (found,) = memory.recall(Asked("What is Mercury?"), None)
    assert set(found.text.splitlines()) == {"Mercury (planet): A planet.", "Mercury (metal): A metal."}
    assert found.score == 0.5


def test_an_unsynced_graph_knows_nothing(tmp_path: Path) -> None:
    config = SourceConfig(name="g", kind="graph", url="x.ttl")
    with closing(GraphMemory(config, tmp_path / "none")) as memory:
        assert memory.recall(Asked("What is the length of the Inn?"), None) == []
