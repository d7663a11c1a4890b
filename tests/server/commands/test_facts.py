"""recollect facts: what pages state is answered from the passage that says it, as long as it does."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.facts.keep import READ_FILE
from indexer.facts.read_pages import read_pages
from tests.server.conftest import Recollect
from tests.support.site import Site, serve

__all__ = ["serve"]

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
    assert said["short"] == "Kettle Works"


DATA = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
{"@type": "Store", "name": "Tea House Linden", "founder": {"@type": "Person", "name": "Ada Brewer",
 "birthPlace": "Eberswalde"}, "openingHours": "Mo-Fr 09:00-17:00"},
{"@type": "FAQPage", "mainEntity": {"@type": "Question", "name": "How do I descale the kettle?",
 "acceptedAnswer": {"@type": "Answer", "text": "Boil vinegar in it and rinse twice."}}}]}</script>"""


def test_what_a_page_states_in_data_is_answered_as_long_as_it_does(
    recollect: Recollect, site: Path, tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path / "index"))
    (site / "shop.html").write_text(DATA + PAGE.format(maker="nobody"), "utf-8")
    assert recollect("import", str(site), *data).status == 0
    assert recollect("facts", *data).status == 0
    asked = ("ask", *data, "--json", "--explain")
    found = recollect(*asked, "What are the opening hours of Tea House Linden?").json
    assert "Mo-Fr 09:00-17:00" in found["answer"]
    (citation,) = found["citations"]
    assert citation["quote"] == "Tea House Linden, opening hours: Mo-Fr 09:00-17:00"
    assert citation["url"].partition("#")[0].endswith("shop.html")
    two_steps = recollect(*asked, "What is the birth place of the founder of Tea House Linden?").json
    assert two_steps["recalled"][0]["short"] == "Eberswalde"
    faq = recollect(*asked, "How do I descale the kettle?").json
    assert faq["recalled"][0]["answer"] == "Boil vinegar in it and rinse twice."
    (site / "shop.html").write_text(PAGE.format(maker="nobody"), "utf-8")
    assert recollect("import", str(site), *data).status == 0
    assert recollect(*asked, "What are the opening hours of Tea House Linden?").json["recalled"][0]["short"] == ""


def test_only_changed_pages_are_read_again_and_those_that_are_gone_leave(
    recollect: Recollect, site: Path, tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path / "index"))
    other = site / "other.html"
    other.write_text(PAGE.replace("Kettle Aurora", "Mug Borealis").format(maker="Potter"), "utf-8")
    assert recollect("import", str(site), *data).status == 0
    first = recollect("facts", *data, "--json").json
    assert (first["pages_read"], first["pages_gone"]) == (2, 0)
    again = recollect("facts", *data, "--json").json
    assert again == first | {"pages_read": 0}
    (site / "aurora.html").write_text(PAGE.format(maker="Kettle Works"), "utf-8")
    other.unlink()
    facts = tmp_path / "index" / "facts"
    shutil.copytree(facts, tmp_path / "before")
    assert recollect("import", str(site), *data, "--rebuild").status == 0
    left = recollect("facts", *data, "--json").json
    assert (left["pages_read"], left["pages_gone"], left["facts"] < first["facts"]) == (0, 0, True)
    shutil.rmtree(facts)
    shutil.copytree(tmp_path / "before", facts)
    assert recollect("facts", *data, "--json").json == left | {"pages_read": 1, "pages_gone": 1}
    gone = recollect("ask", *data, "--json", "--explain", "Who is the maker of the Mug Borealis?").json
    assert gone["recalled"][0]["short"] == ""


def test_a_crawl_reads_facts_where_they_were_asked_for_once(
    recollect: Recollect, site: Path, serve: Callable[[Path], Site], tmp_path: Path
) -> None:
    served = serve(site)
    crawl = ("crawl", served.at("/aurora.html"), "--data", str(tmp_path / "index"))
    asked = ("ask", "--data", str(tmp_path / "index"), "--json", "--explain", "Who is the maker of the Kettle Aurora?")
    assert recollect(*crawl).status == 0
    assert "recalled" not in recollect(*asked).json
    assert recollect("facts", "--data", str(tmp_path / "index")).status == 0
    served.write("/aurora.html", PAGE.format(maker="Kettle Works"))
    assert recollect(*crawl).status == 0
    assert recollect(*asked).json["recalled"][0]["short"] == "Kettle Works"


def test_an_import_never_reads_facts_that_nobody_asked_for(recollect: Recollect, site: Path, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "index"))
    assert recollect("import", str(site), *data).status == 0
    assert not (tmp_path / "index" / "facts").exists()
    assert "recalled" not in recollect("ask", *data, "--json", "Who is the maker of the Kettle Aurora?").json


def test_an_import_goes_on_where_another_process_reads_the_facts(
    recollect: Recollect, site: Path, tmp_path: Path
) -> None:
    data = tmp_path / "index"
    assert recollect("import", str(site), "--data", str(data)).status == 0
    assert recollect("facts", "--data", str(data)).status == 0
    (site / "aurora.html").write_text(PAGE.format(maker="Kettle Works"), "utf-8")
    with read_pages(data / "facts" / READ_FILE):
        ran = recollect("import", str(site), "--data", str(data))
    assert ran.status == 0
    assert "stay as they were" in ran.err
    assert recollect("facts", "--data", str(data), "--json").json["pages_read"] == 1


def test_facts_that_another_process_reads_are_left_to_it(recollect: Recollect, site: Path, tmp_path: Path) -> None:
    data = tmp_path / "index"
    assert recollect("import", str(site), "--data", str(data)).status == 0
    with read_pages(data / "facts" / READ_FILE):
        ran = recollect("facts", "--data", str(data))
    assert ran.status == 1
    assert "cannot be written" in ran.err
    assert recollect("facts", "--data", str(data)).status == 0


def test_without_an_index_there_is_nothing_to_read(recollect: Recollect, tmp_path: Path) -> None:
    ran = recollect("facts", "--data", str(tmp_path / "none"))
    assert ran.status == 1
    assert "Nothing is indexed" in ran.err
