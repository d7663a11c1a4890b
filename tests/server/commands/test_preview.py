"""recollect search --preview: the order with the rules of rank.steer beside the one without."""

import json
from pathlib import Path

from tests.server.conftest import Recollect


def test_a_preview_shows_both_orders(recollect: Recollect, tmp_path: Path) -> None:
    lines = [
        {"id": str(i), "title": f"Ferry {i}", "text": "The ferry leaves at noon.", "url": f"https://a.example/{i}"}
        for i in range(3)
    ]
    path = tmp_path / "ferries.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)))
    assert recollect("import", path, "--data", "d", "--json").status == 0
    plain = recollect("search", "ferry", "--data", "d", "--mode", "lexical", "--json").json["hits"]
    first, hidden = plain[2]["url"], plain[0]["url"]
    config = tmp_path / "steer.yml"
    config.write_text(
        json.dumps({"rank": {"steer": {"pins": [{"queries": ["ferry"], "first": [first], "hidden": [hidden]}]}}})
    )
    asked = ("search", "ferry", "--data", "d", "--config", config, "--mode", "lexical", "--preview")
    both = recollect(*asked, "--json").json
    assert [hit["url"] for hit in both["plain"]["hits"]] == [hit["url"] for hit in plain]
    assert [hit["url"] for hit in both["steered"]["hits"]] == [first, plain[1]["url"]]
    rows = [line.split()[:2] for line in recollect(*asked).out.splitlines()[1:]]
    assert rows == [["1", "3"], ["2", "2"], ["-", "1"]]
