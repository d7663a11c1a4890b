"""The pages: what they show, what their forms change, and that no text from elsewhere becomes part of a page."""

import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from indexer.document import Head
from ranker.steering import BoostConfig, PinConfig, SynonymConfig
from server.admin.pages.index import AGES, OLDER, UNKNOWN, age_of, by_age, counted
from server.admin.pages.queries import begin_of, filled
from server.admin.pages.steering import BOOST_FIELDS, PIN_FIELDS, SYNONYM_FIELDS
from server.assemble import key_file
from server.judged import read_judged
from server.querylog.report import Day
from server.settings.config import load
from tests.server.admin.conftest import EVIL, Signed

BADGERS = [f"https://a.example/{number}" for number in range(4)]
FIELDS = {"synonym": SYNONYM_FIELDS, "pin": PIN_FIELDS, "boost": BOOST_FIELDS}
NO_RULES: dict[str, Any] = {f"{kind}_{name}": "" for kind, names in FIELDS.items() for name in names} | {
    "stop_words": ""
}


def parsed(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def flushed(signed: Signed) -> None:
    signed.installation.query_log().flush()


# --- nothing from elsewhere becomes part of a page


def test_hostile_titles_texts_queries_and_names_are_shown_as_text(signed: Signed) -> None:
    for path in ("/api/v1/search", "/api/v1/answer"):
        signed.client.get(path, params={"q": f"badger {EVIL}"})
    flushed(signed)
    signed.post("/keys/create", name=f"k{EVIL}", scope="search", groups=EVIL)
    log = signed.installation.query_log()
    log.record_judgement(f"badger {EVIL}", f"javascript:alert(1)//{EVIL}", 3, EVIL)
    pages = {
        path: signed.get(path, **parameters)
        for path, parameters in {
            "/queries": {},
            "/explain": {"q": f"badger {EVIL}", "mode": EVIL, "group": EVIL},
            "/judging": {"q": f"badger {EVIL}"},
            "/steering": {"q": EVIL},
            "/why": {"url": EVIL},
            "/keys": {"saved": EVIL},
            "/refused": {"reason": EVIL},
            "/audit": {},
            "/login": {"next": EVIL},
            "/": {"saved": EVIL},
        }.items()
    }
    pages["explained"] = signed.get("/explain", q="badger")
    pages["judged"] = signed.get("/judging", q="badger")
    pages["all judged"] = signed.get("/judging")
    assert "Badger" in pages["explained"].text
    for path, answer in pages.items():
        page = parsed(answer.text)
        assert answer.status_code == 200, path
        assert [str(one.get("src", "")).endswith("admin.js") for one in page.find_all("script")] == [True], path
        for one in page.find_all("a"):
            assert str(one.get("href", "")).startswith(("/", "#", "https://a.example/")), path


def test_a_page_whose_address_browsers_would_run_is_no_link(signed: Signed) -> None:
    from dataclasses import replace

    from tests.server.admin.conftest import document

    evil = document(9, "Quokka", "The quokka smiles.")
    head = replace(evil.head, url="javascript:alert(1)")
    signed.installation.indexer().index([replace(evil, head=head)])
    text = signed.get("/explain", q="quokka").text
    assert "Quokka" in text
    assert 'href="javascript:' not in text


# --- queries


def test_queries_are_listed_with_plots_and_a_table_of_the_same_numbers(signed: Signed) -> None:
    for query in ("badger", "badger", "zebra unheard of"):
        signed.client.get("/api/v1/search", params={"q": query})
    flushed(signed)
    page = parsed(signed.get("/queries").text)
    assert [one.get_text() for one in page.select("figcaption")][:2] == ["Asked each day", "What went wrong each day"]
    for svg in page.find_all("svg"):
        named = page.find(id=str(svg["aria-labelledby"]))
        assert svg["role"] == "img" and named is not None and named.get_text()
    today = page.select_one("details tbody tr")
    assert today is not None
    assert today.get_text(" ").split()[:2] == [f"{datetime.now(UTC):%Y-%m-%d}", "3"]
    rows = page.select("h2 ~ .wide tbody tr")
    assert "badger" in rows[0].get_text()


@pytest.mark.parametrize("show", ["top", "empty", "low-click", "slow", "refused"])
def test_every_list_is_a_page_and_a_table_for_spreadsheets(show: str, signed: Signed) -> None:
    signed.client.get("/api/v1/search", params={"q": "=badger()"})
    flushed(signed)
    assert signed.get("/queries", show=show).status_code == 200
    table = signed.get("/queries.csv", show=show)
    assert table.headers["content-type"].startswith("text/csv")
    assert f'filename="queries-{show}.csv"' in table.headers["content-disposition"]
    assert not re.search(r"^=", table.text, re.MULTILINE)


def test_a_span_or_list_that_is_none_is_refused(signed: Signed) -> None:
    assert signed.get("/queries", show="evil").status_code == 400
    assert signed.get("/queries", span="0").status_code == 400
    assert signed.get("/queries", span="99999").status_code == 400


def test_the_last_requests_name_the_key_where_all_is_kept(signed: Signed) -> None:
    _, secret = key_file(signed.installation.config).create("our website", [])
    from server.doors.scope import Scope

    _, secret = key_file(signed.installation.config).create("our website", [Scope.SEARCH])
    signed.client.get("/api/v1/search", params={"q": "badger"}, headers={"X-API-Key": secret})
    flushed(signed)
    assert "our website" in signed.get("/queries").text


def test_days_without_a_request_are_zeros() -> None:
    now = datetime(2026, 3, 10, 15, tzinfo=UTC)
    since = begin_of(3, now)
    assert since == datetime(2026, 3, 8, tzinfo=UTC)
    asked = Day(datetime(2026, 3, 9, tzinfo=UTC), 5, 1, 0, 0, 0, 2, 12.0)
    assert [(day.day.day, day.searches) for day in filled([asked], since, now)] == [(8, 0), (9, 5), (10, 0)]


# --- explain


def test_a_query_is_explained_stage_by_stage(signed: Signed) -> None:
    page = parsed(signed.get("/explain", q="badger").text)
    bars = [one.get_text() for one in page.select("svg .name")]
    assert "candidates" in bars or len(bars) > 3
    assert [one.get_text() for one in page.select("figcaption")][1] == "Each document from list to list"
    assert len(page.select(".wide tbody tr")) == 4


def test_what_cannot_be_asked_is_told_on_the_page(signed: Signed) -> None:
    answer = signed.get("/explain", q="badger", mode="magic")
    assert answer.status_code == 200
    assert "mode" in parsed(answer.text).select_one(".problem").get_text()  # type: ignore[union-attr]


# --- judging


def test_judgements_are_kept_changed_and_taken_back(signed: Signed) -> None:
    signed.post("/judging", q="badger", url=BADGERS[:3], grade=["3", "0", ""])
    page = parsed(signed.get("/judging", q="badger").text)
    chosen = {
        str(item.select_one("input[name=url]")["value"]): str(item.select_one("option[selected]")["value"])  # type: ignore[index]
        for item in page.select(".judge li")
        if item.select_one("option[selected]")
    }
    assert chosen == {BADGERS[0]: "3", BADGERS[1]: "0"}
    signed.post("/judging", q="Badger ", url=BADGERS[:3], grade=["", "1", "2"])
    lines = [json.loads(line) for line in signed.get("/judgements.ndjson").text.splitlines()]
    assert [(line["url"], line["relevance"], line["judge"]) for line in lines] == [
        (BADGERS[1], 1, "ann"),
        (BADGERS[2], 2, "ann"),
    ]
    last = signed.changes()[0]
    assert (last["who"], last["before"], last["after"]) == (
        "ann",
        {BADGERS[0]: 3, BADGERS[1]: 0},
        {BADGERS[1]: 1, BADGERS[2]: 2},
    )


def test_tune_reads_what_was_judged(signed: Signed) -> None:
    signed.post("/judging", q="badger", url=BADGERS[:2], grade=["3", "0"])
    path = signed.file.with_name("judged.ndjson")
    path.write_text(signed.get("/judgements.ndjson").text, "utf-8")
    assert read_judged(path, signed.installation.store().scan()).qrels == {"badger": {"0": 3, "1": 0}}


@pytest.mark.parametrize("grade", ["4", "-1", "x", "١", "33"])
def test_a_grade_that_is_none_is_refused(grade: str, signed: Signed) -> None:
    assert signed.post("/judging", q="badger", url=BADGERS[0], grade=grade).status_code == 400
    assert signed.get("/judgements.ndjson").text == ""


def test_common_queries_that_nobody_judged_are_proposed(signed: Signed) -> None:
    for query in ("badger", "earthworms"):
        signed.client.get("/api/v1/search", params={"q": query})
    flushed(signed)
    signed.post("/judging", q="badger", url=BADGERS[0], grade="3")
    worth, judged = parsed(signed.get("/judging").text).select(".columns section")
    assert "earthworms" in worth.get_text()
    assert "badger" not in worth.get_text()
    assert "1 pages, 1 relevant" in judged.get_text()


# --- keys


def test_a_key_is_shown_once_opens_what_it_says_and_is_ended(signed: Signed) -> None:
    made = signed.post("/keys/create", name="builds", scope=["search", "push"], sites="a.example, b.example", days="30")
    secret = parsed(made.text).select_one(".secret").get_text()  # type: ignore[union-attr]
    assert secret not in signed.get("/keys").text
    key = key_file(signed.installation.config).all()[0]
    assert (key.name, [str(scope) for scope in key.scopes]) == ("builds", ["search", "push"])
    assert key.sites == ("a.example", "b.example")
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - datetime.now(UTC) <= timedelta(days=30)
    use = {"X-API-Key": secret}
    assert signed.client.get("/api/v1/search?q=badger", headers=use).status_code == 200
    assert signed.post("/keys/revoke", id=key.key_id).status_code == 303
    assert signed.client.get("/api/v1/search?q=badger", headers=use).status_code == 401
    ended, created = signed.changes()
    assert (created["before"], created["after"]["name"], ended["before"]["name"]) == (None, "builds", "builds")
    assert secret not in json.dumps(signed.changes())


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "k", "days": "0"},
        {"name": "k", "days": "1e3"},
        {"name": "k", "days": "99999"},
        {"name": "k", "scope": "admin", "origins": "https://a.example"},
        {"name": "k", "origins": "no origin"},
    ],
)
def test_a_key_that_would_be_wrong_is_not_made(fields: dict[str, str], signed: Signed) -> None:
    assert signed.post("/keys/create", **fields).status_code == 400
    assert key_file(signed.installation.config).all() == []
    assert signed.changes() == []


def test_a_key_that_is_not_there_cannot_be_ended(signed: Signed) -> None:
    assert signed.post("/keys/revoke", id="0123456789ab").status_code == 400


# --- steering


def version(signed: Signed) -> str:
    found = parsed(signed.get("/steering").text).select_one("input[name=version]")
    assert found is not None
    return str(found["value"])


def test_both_orders_are_shown_before_anything_is_saved(signed: Signed) -> None:
    before = signed.file.read_text("utf-8")
    order = [hit["url"] for hit in signed.client.get("/api/v1/search?q=badger").json()["hits"]]
    fields = NO_RULES | {"pin_queries": "badger", "pin_first": order[-1], "pin_hidden": order[0]}
    page = parsed(signed.post("/steering/preview", q="badger", **fields).text)
    rows = [[cell.get_text(" ").strip() for cell in row.find_all("td")] for row in page.select(".wide tbody tr")]
    assert rows[0] == ["4", "1", "up"]
    assert rows[-1] == ["1", "–", "gone"]
    assert page.find("button", string="Save") is not None
    assert signed.file.read_text("utf-8") == before
    assert [hit["url"] for hit in signed.client.get("/api/v1/search?q=badger").json()["hits"]] == order


def test_the_form_has_no_save_before_a_preview(signed: Signed) -> None:
    assert parsed(signed.get("/steering").text).find("button", string="Save") is None


def test_saved_rules_hold_at_once_and_comments_stay(signed: Signed) -> None:
    fields = NO_RULES | {
        "synonym_words": ["badger, brock", "car, auto", ""],
        "synonym_means": ["", "vehicle", ""],
        "synonym_language": ["", "en", ""],
        "synonym_site": ["", "", ""],
        "pin_queries": "badger",
        "pin_first": BADGERS[3],
        "pin_hidden": BADGERS[0],
        "boost_times": "2,5",
        "boost_site": "a.example",
        "stop_words": "the, of",
    }
    assert signed.post("/steering/save", q="badger", version=version(signed), **fields).status_code == 303
    found = [hit["url"] for hit in signed.client.get("/api/v1/search?q=badger").json()["hits"]]
    assert found[0] == BADGERS[3]
    assert BADGERS[0] not in found
    written = signed.file.read_text("utf-8")
    assert "# in stories" in written
    assert "# the settings of a test" in written
    rules = load(signed.file, environ={}).rank.steer
    assert [one.words for one in rules.synonyms] == [("badger", "brock"), ("car", "auto")]
    assert (rules.synonyms[1].means, rules.stop_words, rules.boosts[0].times) == (("vehicle",), ("the", "of"), 2.5)
    assert rules.synonyms[1].language == "en"
    (change,) = signed.changes()
    assert change["before"] == {"synonyms": [{"words": ["badger", "brock"]}]}
    assert change["after"]["pins"] == [{"queries": ["badger"], "first": [BADGERS[3]], "hidden": [BADGERS[0]]}]


def test_the_language_and_the_site_of_a_rule_are_kept(signed: Signed) -> None:
    fields = NO_RULES | {
        "synonym_words": ["badger, brock", "Dachs, Grimbart"],
        "synonym_means": ["", ""],
        "synonym_language": ["", "de"],
        "synonym_site": ["", "a.example"],
        "pin_queries": "badger",
        "pin_first": BADGERS[3],
        "pin_language": "en",
        "pin_site": "a.example",
    }
    assert signed.post("/steering/save", q="badger", version=version(signed), **fields).status_code == 303
    rules = load(signed.file, environ={}).rank.steer
    assert [(one.language, one.site) for one in rules.synonyms] == [("", ""), ("de", "a.example")]
    assert [(one.language, one.site) for one in rules.pins] == [("en", "a.example")]
    form = parsed(signed.get("/steering").text)
    for name, values in (("synonym_language", ["", "de", ""]), ("pin_site", ["a.example", ""])):
        assert [field["value"] for field in form.find_all("input", attrs={"name": name})] == values


def test_answers_follow_saved_rules_too(signed: Signed) -> None:
    def read() -> list[str]:
        answer = signed.client.get("/api/v1/answer", params={"q": "What does the badger eat?"}).json()
        return [hit["url"] for hit in answer["hits"]]

    first = read()[0]
    fields = NO_RULES | {"pin_queries": "What does the badger eat", "pin_hidden": first}
    assert signed.post("/steering/save", version=version(signed), **fields).status_code == 303
    assert read()
    assert first not in read()


@pytest.mark.parametrize(("kind", "rule"), [("synonym", SynonymConfig), ("pin", PinConfig), ("boost", BoostConfig)])
def test_the_form_has_every_setting_of_a_rule(kind: str, rule: type[Any], signed: Signed) -> None:
    """What the form did not know, saving would lose."""
    page = parsed(signed.get("/steering").text)
    named = {str(one["name"]) for one in page.select("input, textarea") if str(one["name"]).startswith(f"{kind}_")}
    assert named == {f"{kind}_{field.name}" for field in dataclasses.fields(rule)}


def test_a_form_that_lost_a_part_changes_nothing(signed: Signed) -> None:
    before = signed.file.read_text("utf-8")
    fields = {name: value for name, value in NO_RULES.items() if name != "synonym_site"}
    assert signed.post("/steering/save", version=version(signed), **fields).status_code == 400
    assert signed.file.read_text("utf-8") == before


def test_an_emptied_row_is_removed(signed: Signed) -> None:
    assert signed.post("/steering/save", q="", version=version(signed), **NO_RULES).status_code == 303
    assert load(signed.file, environ={}).rank.steer.synonyms == ()


def test_what_was_saved_meanwhile_is_not_written_over(signed: Signed) -> None:
    known = version(signed)
    signed.file.write_text(signed.file.read_text("utf-8") + "# by somebody else\n", "utf-8")
    answer = signed.post("/steering/save", version=known, **NO_RULES)
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert "# by somebody else" in signed.file.read_text("utf-8")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"synonym_words": "alone"}, "synonyms, row 1"),
        ({"pin_queries": "badger"}, "pins, row 1"),
        ({"synonym_words": "a, b", "synonym_language": "german"}, "is no code such as"),
        ({"pin_queries": "a", "pin_first": "u", "pin_hidden": "u"}, "both first and hidden"),
        ({"boost_times": "many", "boost_site": "a"}, "boosts, row 1: times is 'many'"),
        ({"boost_times": "0", "boost_site": "a"}, "not above 0"),
        ({"boost_times": "2", "boost_metadata": "team"}, "is not KEY=VALUE"),
    ],
)
def test_a_rule_that_is_wrong_is_named_and_nothing_is_saved(fields: dict[str, str], says: str, signed: Signed) -> None:
    before = signed.file.read_text("utf-8")
    for what in ("preview", "save"):
        answer = signed.post(f"/steering/{what}", q="badger", version=version(signed), **(NO_RULES | fields))
        assert answer.status_code == 400
        assert says in parsed(answer.text).get_text()
    assert signed.file.read_text("utf-8") == before


# --- sites


def test_sites_are_listed_and_a_crawl_that_is_not_there_cannot_be_stopped(signed: Signed) -> None:
    page = parsed(signed.get("/").text)
    assert page.select_one("tbody th").get_text().startswith("127.0.0.1")  # type: ignore[union-attr]
    assert page.find("button", string="Start") is not None
    assert signed.post("/sites/stop", site="127.0.0.1").status_code == 400
    assert signed.post("/sites/start", site="nowhere").status_code == 400
    assert signed.changes() == []


def test_the_schedule_of_a_site_is_changed_paused_and_noted(signed: Signed) -> None:
    link = parsed(signed.get("/").text).find("a", string="change")
    assert link["href"] == "/admin/timing?site=127.0.0.1"  # type: ignore[index]  # there is one
    saved = signed.post("/timing", site="127.0.0.1", kind="own", patterns="0 3 * * *\n30 12 1,15 * *")
    assert saved.headers["location"] == "/admin/timing?saved=1&site=127.0.0.1"
    shown = parsed(signed.get("/timing", site="127.0.0.1").text)
    assert [one.get_text()[-5:] for one in shown.select("ol li")].count("03:00") >= 4
    assert shown.select_one("textarea").get_text().splitlines() == ["0 3 * * *", "30 12 1,15 * *"]  # type: ignore[union-attr]
    assert "0 3 * * *, 30 12 1,15 * *" in signed.get("/").text
    assert signed.post("/timing", site="127.0.0.1", kind="settings", paused="1").status_code == 303
    assert "paused" in signed.get("/").text
    assert [(one["before"], one["after"]) for one in signed.changes()] == [
        (
            {"schedule": ["0 3 * * *", "30 12 1,15 * *"], "paused": False},
            {"schedule": "as in the settings", "paused": True},
        ),
        (
            {"schedule": "as in the settings", "paused": False},
            {"schedule": ["0 3 * * *", "30 12 1,15 * *"], "paused": False},
        ),
    ]


def test_a_schedule_that_is_none_changes_nothing(signed: Signed) -> None:
    for fields in (
        {"site": "127.0.0.1", "kind": "own", "patterns": "every day"},
        {"site": "127.0.0.1", "kind": "own", "patterns": "0 3 31 2 *"},
        {"site": "127.0.0.1", "kind": "own", "patterns": "adaptive\n@daily"},
        {"site": "127.0.0.1", "kind": "own", "patterns": " \n "},
        {"site": "127.0.0.1", "kind": "other"},
        {"site": "nowhere", "kind": "never"},
    ):
        assert signed.post("/timing", **fields).status_code == 400, fields
    assert signed.get("/timing", site="nowhere").status_code == 400
    assert signed.changes() == []


def test_what_became_of_an_address_is_told(signed: Signed) -> None:
    text = parsed(signed.get("/why", url=BADGERS[0]).text).get_text(" ")
    assert "no crawl has met it" in text
    assert "http" in parsed(signed.get("/why", url="no address").text).select_one(".problem").get_text()  # type: ignore[union-attr]


def test_what_was_left_out_is_listed_by_reason(signed: Signed) -> None:
    from crawler.outcome import Outcome, Reason
    from crawler.report import CrawlEvent
    from crawler.visit.refusals import Refusals
    from server.places import refusals_path

    refusals = Refusals(refusals_path(signed.installation.config))
    refusals.note(CrawlEvent(f"https://a.example/{EVIL}", Outcome.FAILED, Reason.SET_ASIDE, detail="no text"))
    refusals.note(CrawlEvent("https://a.example/big", Outcome.SKIPPED, Reason.TOO_LARGE))
    refusals.flush()
    page = parsed(signed.get("/refused").text)
    assert len(page.select("tbody tr")) == 2
    assert "could not be indexed (1)" in page.get_text()
    assert len(parsed(signed.get("/refused", reason=Reason.SET_ASIDE).text).select("tbody tr")) == 1
    assert page.find("script", string=True) is None


# --- the index


def test_the_index_tells_its_size_its_models_and_how_fresh_its_pages_are(signed: Signed) -> None:
    page = parsed(signed.get("/index").text)
    text = page.get_text(" ")
    assert "4 in 4 passages" in text
    assert "hashing" in text
    assert "overlap" in text
    row = page.select_one("details tbody tr")
    assert row is not None
    assert row.get_text(" ").split() == ["a", "day", "4"]


def test_ages_count_to_the_first_name_they_fit() -> None:
    now = datetime(2026, 3, 10, tzinfo=UTC)
    assert [age_of(now - timedelta(days=days), now) for _, days in AGES] == [name for name, _ in AGES]
    assert age_of(now - timedelta(days=1, seconds=1), now) == "a week"
    assert age_of(now - timedelta(days=400), now) == OLDER
    assert age_of(None, now) == UNKNOWN
    assert age_of(datetime(2026, 3, 9, 12), now) == "a day"
    heads = [
        Head("1", "https://a.example/", "A", "h", site="a.example", fetched_at=now),
        Head("2", "https://b.example/", "B", "h"),
    ]
    counts = counted(heads, now)
    assert by_age(counts.fetched) == [("a day", 1), *((name, 0) for name, _ in AGES[1:]), (OLDER, 0), (UNKNOWN, 1)]
    assert counts.modified == {UNKNOWN: 2}
    assert counts.sites == {"a.example": 1, "web": 1}


# --- changes


def test_changes_are_listed(signed: Signed) -> None:
    signed.post("/keys/create", name="builds", scope="search")
    page = parsed(signed.get("/audit").text)
    cells = [cell.get_text() for cell in page.select("tbody tr")[0].find_all(["td", "th"])]
    assert cells[1] == "ann"
    assert cells[2].startswith("create the key")
    assert "builds" in cells[4]


# --- the server


def test_a_process_that_serves_alone_has_no_button_for_its_settings(signed: Signed) -> None:
    assert "/admin/reload" not in signed.get("/index").text
    assert signed.post("/reload").status_code == 409
