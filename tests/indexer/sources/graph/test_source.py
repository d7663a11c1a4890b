"""Graphs become cards, in every notation and in the language asked for; what cannot be read loses nothing."""

from pathlib import Path

import pytest

from indexer.document import Document
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource, SourceError, SourceUnavailable
from indexer.sources.graph.source import GraphSource
from indexer.sources.source import BadRecord
from tests.support.sparql import endpoint

TURTLE = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:flowsInto a owl:ObjectProperty ; rdfs:label "flows into"@en, "mündet in"@de .
:Inn a :River ; rdfs:label "Inn" ; skos:altLabel "En"@rm ; rdfs:comment "A river of the Alps."@en ;
  :flowsInto :Danube ; :length "518"^^xsd:integer ; :odd "x"^^<urn:none> ; :mouth [ :town "Passau" ] .
:Danube rdfs:label "Danube"@en, "Donau"@de, "Dunaj"@pl ; :flowsInto :Sea .
:Sea :flowsInto :Danube .
"""


def source(url: str, folder: Path | None = None, **settings: str) -> GraphSource:
    return GraphSource(SourceConfig(name="g", kind="graph", url=url, **settings), folder)  # type: ignore[arg-type]  # texts


def cards(of: GraphSource) -> dict[str, Document]:
    with of.reading() as reading:
        found = [one for one in reading.records(None) if isinstance(one, Document)]
    return {one.head.title: one for one in found}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rivers.ttl"
    path.write_text(TURTLE, "utf-8")
    return path


def test_a_thing_tells_its_names_its_facts_and_what_leads_to_it(file: Path) -> None:
    found = cards(source(str(file)))
    assert set(found) == {"Inn", "Danube", "sea"}
    assert found["Inn"].text.splitlines() == [
        "name: Inn",
        "also called: En",
        "description: A river of the Alps.",
        "type: river",
        "flows into: Danube",
        "length: 518",
        "odd: x",
        "mouth: Passau",
    ]
    assert "what flows into it: Inn; sea" in found["Danube"].text
    assert found["Inn"].head.url == "record:g/http%3A%2F%2Fexample.org%2FInn"


def test_a_relation_that_has_a_name_is_no_thing(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . <http://x/p> rdfs:label "part of"@en . '
        '<http://x/a> rdfs:label "leaf" ; <http://x/p> <http://x/b> . <http://x/b> rdfs:label "tree" .',
        "utf-8",
    )
    found = cards(source(str(path)))
    assert set(found) == {"leaf", "tree"}
    assert "part of: tree" in found["leaf"].text


def test_names_come_in_the_language_of_the_source(file: Path) -> None:
    found = cards(source(str(file), language="de"))
    assert "mündet in: Donau" in found["Inn"].text
    assert "also called: Danube, Dunaj" in found["Donau"].text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.nt", '<http://x/a> <http://www.w3.org/2000/01/rdf-schema#label> "Alpha" .'),
        (
            "a.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:s="http://www.w3.org/2000/01/rdf-schema#"><rdf:Description rdf:about="http://x/a">'
            "<s:label>Alpha</s:label></rdf:Description></rdf:RDF>",
        ),
        ("a.jsonld", '{"@id": "http://x/a", "http://www.w3.org/2000/01/rdf-schema#label": "Alpha"}'),
        ("a.nq", '<http://x/a> <http://schema.org/name> "Alpha" <http://x/graph> .'),
    ],
)
def test_every_notation_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert list(cards(source(str(tmp_path / name)))) == ["Alpha"]


def test_nothing_is_read_twice_where_nothing_changed(file: Path, tmp_path: Path) -> None:
    of = source(str(file), tmp_path / "kept")
    with of.reading() as reading:
        mark = reading.mark
        assert len(list(reading.records(None))) == 3
    with of.reading() as reading:
        assert reading.mark == mark
        assert list(reading.records(mark)) == []
        assert len(list(reading.doc_ids())) == 3


def test_a_file_with_mistakes_is_named_and_stays_as_it_was(file: Path, tmp_path: Path) -> None:
    of = source(str(tmp_path), tmp_path / "kept")
    before = cards(of)
    file.write_text(TURTLE[:400] + " broken", "utf-8")
    (tmp_path / "new.nt").write_text("no triple\n<http://x/a> <http://schema.org/name> <http://x/b> .\n", "utf-8")
    with of.reading() as reading:
        found = list(reading.records(None))
        ids = set(reading.doc_ids())
    assert {one.key for one in found if isinstance(one, BadRecord)} == {str(file), str(tmp_path / "new.nt")}
    assert all("is not all RDF" in one.why for one in found if isinstance(one, BadRecord))
    assert ids >= {card.head.doc_id for card in before.values()}
    assert "a" in {one.head.title for one in found if isinstance(one, Document)}


def test_a_part_of_an_endpoint_is_what_its_query_makes(tmp_path: Path) -> None:
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.load(TURTLE, format=RdfFormat.TURTLE)
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <http://example.org/River> ; ?p ?o }"
    with endpoint(store) as url:
        assert list(cards(source(url, tmp_path / "kept", query=query))) == ["Inn"]


@pytest.mark.parametrize(
    ("status", "content_type", "kind", "said"),
    [
        (401, "text/plain", BadSource, "wants a password"),
        (503, "text/plain", SourceUnavailable, "does not answer"),
        (400, "text/plain", BadSource, "refuses"),
        (200, "text/html", BadSource, "not RDF"),
    ],
)
def test_what_an_endpoint_says_instead_is_reported(
    status: int, content_type: str, kind: type[SourceError], said: str
) -> None:
    from pyoxigraph import Store

    with (
        endpoint(Store(), status=status, content_type=content_type) as url,
        pytest.raises(kind, match=f"source g: .*{said}"),
        source(url).reading(),
    ):
        pass
