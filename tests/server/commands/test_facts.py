"""recollect facts: what pages state is answered from the passage that says it, as long as it does."""

from pathlib import Path

import pytest

from tests.server.conftest import Recollect

PAGE = """<title>Kettle Aurora</title><main><h1>Kettle Aurora</h1>
<p>This page lists what there is to know about a kettle that many people have at home, and much else besides.</p>
<table><tr><td>Maker</td><td>{maker}</td></tr><tr><td>Weight</td><td>930 g</td></tr></table>
<h2>Words</h2><dl><dt>Scale buildup</dt><dd>Lime that settles on the heating plate of a kettle over time.</dd></dl>
</main>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "aurora.html").write_text(PAGE.format(maker="Brewer and Daughters"), "utf-8")
    return folder


def test_facts_are_asked_with_their_passages(recollect: Recollect, site: Path, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "index"))
    assert recollect("import", str(site), *data).status == 0
    report = recollect("facts", *data, "--json").json
    assert report["facts"] >= 3
    asked = ("ask", *data, "--json", "--explain")
    found = recollect(*asked, "Who is the maker of the Kettle Aurora?").json
    (said,) = found["recalled"]
    assert (said["memory"], said["kind"], said["short"]) == ("page-facts", "graph", "Brewer and Daughters")
    assert said["score"] < 0.9
    assert "Brewer and Daughters" in found["answer"]
    meaning = recollect(*asked, "What is the meaning of scale buildup?").json["recalled"][0]
    assert "Lime that settles" in meaning["answer"]
    (site / "aurora.html").write_text(PAGE.format(maker="Kettle Works"), "utf-8")
    assert recollect("import", str(site), *data).status == 0
    (said,) = recollect(*asked, "Who is the maker of the Kettle Aurora?").json["recalled"]
    assert said["short"] == ""
    assert recollect("facts", *data).status == 0
    (said,) = recollect(*asked, "Who is the maker of the Kettle Aurora?").json["recalled"]
    assert said["short"] == "Kettle Works"


def test_without_an_index_there_is_nothing_to_read(recollect: Recollect, tmp_path: Path) -> None:
    ran = recollect("facts", "--data", str(tmp_path / "none"))
    assert ran.status == 1
    assert "Nothing is indexed" in ran.err
