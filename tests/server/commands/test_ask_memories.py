"""recollect ask: what a table, an FAQ or a graph knows is answered from it and cited; the rest from passages."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.server.conftest import Recollect

TURTLE = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://x/aurora> rdfs:label "Kettle Aurora" ; <http://x/designer> <http://x/ada> .
<http://x/ada> rdfs:label "Ada Brewer" ; <http://x/birthplace> "Bergen" .
<http://x/spout> rdfs:label "gooseneck" ; rdfs:comment "A long thin spout from which water is poured exactly." ;
  <http://x/birthplace> "Bergen" .
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute("CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT, warranty TEXT, care TEXT)")
        connection.execute(
            "INSERT INTO product VALUES (1, 'Kettle Aurora', 'two years', "
            "'To descale the kettle, boil vinegar in it and rinse it twice.')"
        )
        connection.commit()
    (tmp_path / "people.ttl").write_text(TURTLE, "utf-8")
    settings = {
        "data": "index",
        "sources": [
            {
                "name": "products",
                "url": f"sqlite:///{tmp_path / 'shop.db'}",
                "table": "product",
                "key": ["id"],
                "recall": {"names": ["name"], "nouns": ["product", "kettle"]},
            },
            {"name": "people", "kind": "graph", "url": str(tmp_path / "people.ttl"), "language": "en"},
        ],
    }
    file = tmp_path / "recollect.yml"
    file.write_text(json.dumps(settings), "utf-8")
    return str(file)


def test_the_memory_that_knows_answers(recollect: Recollect, config: str) -> None:
    assert recollect("sync", "--config", config).status == 0
    asked = ("ask", "--config", config, "--json", "--explain")
    by_table = recollect(*asked, "What is the warranty of the Kettle Aurora?").json
    assert by_table["answer"] == "The warranty of Kettle Aurora is two years."
    assert by_table["short"] == "two years"
    assert by_table["memory"]["name"] == "products"
    assert by_table["citations"][0]["url"].startswith("record:products/1")
    assert by_table["citations"][0]["quote"] == "warranty: two years"
    assert {one["memory"] for one in by_table["recalled"]} == {"products", "people"}
    by_graph = recollect(*asked, "What is the birthplace of the designer of the Kettle Aurora?").json
    assert (by_graph["short"], by_graph["memory"]["kind"]) == ("Bergen", "graph")
    assert [citation["title"] for citation in by_graph["citations"]] == ["Kettle Aurora", "Ada Brewer"]
    by_passage = recollect(*asked, "How can I descale my kettle?").json
    assert by_passage["memory"] is None
    assert "boil vinegar" in by_passage["answer"]
    shown = recollect("ask", "--config", config, "--explain", "What is the warranty of the Kettle Aurora?")
    assert "two years" in shown.out
    assert "does not know" in shown.out


def test_what_is_found_on_the_very_card_is_said_as_the_memory_says_it(recollect: Recollect, config: str) -> None:
    assert recollect("sync", "--config", config).status == 0
    found = recollect("ask", "--config", config, "--json", "--explain", "What is a gooseneck?").json
    assert found["answer"] == "gooseneck: A long thin spout from which water is poured exactly."
    assert found["memory"]["name"] == "people"
    (said,) = [one for one in found["recalled"] if one["memory"] == "people"]
    assert said["score"] < 0.9
