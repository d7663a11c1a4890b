"""robots.txt: the cases of others' test suites, real files, and RFC 9309 for what goes wrong."""

import asyncio
import json
import logging
import tarfile
from pathlib import Path
from typing import Any

import pytest

from crawler.config import CrawlConfig
from crawler.errors import FetchError
from crawler.outcome import Reason
from crawler.urls.robots import Robots, RobotsAnswer, Rules, parse_rules

FIRST_WORD = "Google also cuts the name that it is asked about at its first blank; ours is a product token"
KNOWN_DIFFERENCES = {
    "GoogleOnly_AcceptUserAgentUpToFirstSpace": FIRST_WORD,
    "ID_Encoding": "Google compares escapes as written; protego decodes them first, as RFC 9309 section 2.2.2 asks",
}


def google_cases(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "conformance/robots_google/cases.json").read_text())["cases"])


def is_judged_right(case: dict[str, Any]) -> bool:
    return parse_rules(case["robots_txt"], case["agent"]).allowed(case["url"]) is case["allowed"]


def test_cases_of_googles_parser_are_judged_as_expected(public_data: Path) -> None:
    cases = google_cases(public_data)
    wrong = [case for case in cases if not is_judged_right(case)]
    assert {case["test"] for case in wrong} == set(KNOWN_DIFFERENCES)
    assert len(wrong) == 4
    assert len(cases) - len(wrong) > 100


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.xfail(reason=r, strict=True)) for n, r in KNOWN_DIFFERENCES.items()]
)
def test_known_differences_to_googles_parser(public_data: Path, name: str) -> None:
    assert all(is_judged_right(case) for case in google_cases(public_data) if case["test"] == name)


def protego_cases(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "conformance/robots_real/cases.json").read_text())["cases"])


def is_judged_as_by_protego(case: dict[str, Any]) -> bool:
    rules = parse_rules(case["robots_txt"], case["agent"])
    if case["kind"] == "can_fetch":
        return rules.allowed(case["url"]) is case["allowed"]
    return bool(rules.crawl_delay_s == case["value"])


GROUPED_OTHERWISE = "test_grouping_unknown_keys"


def test_cases_of_protego_are_judged_as_expected(public_data: Path) -> None:
    cases = protego_cases(public_data)
    wrong = [case for case in cases if not is_judged_as_by_protego(case)]
    assert {case["test"] for case in wrong} == {GROUPED_OTHERWISE}
    assert len(wrong) == 3
    assert len(cases) - len(wrong) > 300


@pytest.mark.xfail(
    reason="protego ends a group's head at an unknown line, RFC 9309 section 2.2.4 does not", strict=True
)
def test_known_difference_to_protego(public_data: Path) -> None:
    assert all(
        is_judged_as_by_protego(case) for case in protego_cases(public_data) if case["test"] == GROUPED_OTHERWISE
    )


def test_examples_of_rfc_9309_are_judged_as_it_says(public_data: Path) -> None:
    cases = json.loads((public_data / "conformance/url_rfc/cases.json").read_text())["rfc9309_cases"]
    assert len(cases) == 13
    assert [case for case in cases if not is_judged_right(case)] == []


@pytest.mark.parametrize(
    "number",
    [
        0,
        pytest.param(
            1,
            marks=pytest.mark.xfail(
                reason="the RFC escapes / and : before it compares; RFC 3986 and protego tell the two apart",
                strict=True,
            ),
        ),
        2,
        3,
        4,
    ],
)
def test_a_path_is_judged_alike_however_it_is_escaped(public_data: Path, number: int) -> None:
    pairs = json.loads((public_data / "conformance/url_rfc/cases.json").read_text())["rfc9309_2_2_2_path_equivalents"]
    assert len(pairs) == 5
    for rule, path in (pairs[number], reversed(pairs[number])):
        rules = parse_rules(f"User-agent: *\nDisallow: {rule}$", "Recollect")
        assert not rules.allowed(f"http://example.org{path}")


@pytest.mark.parametrize(
    "other", ["Invalid-Unknown-Line: unknown", "Clean-param: ref /articles/", "<html>", "Noindex: /x"]
)
def test_lines_of_no_meaning_do_not_part_the_head_of_a_group(other: str) -> None:
    rules = parse_rules(f"User-agent: Recollect\n{other}\nUser-agent: Other\n{other}\nDisallow: /a", "Recollect")
    assert not rules.allowed("http://example.org/a")
    assert rules.deciding_line("http://example.org/a") == "line 5: Disallow: /a"


def test_no_fetched_robots_file_raises(public_data: Path) -> None:
    count = 0
    with tarfile.open(public_data / "conformance/robots_real/fetched.tar.gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None:
                continue
            rules = parse_rules(stream.read().decode("utf-8-sig", "replace"), "Recollect")
            rules.allowed("http://example.org/a/path?with=query")
            count += 1
    assert count == 4231


class Answers:
    """Plays back one answer (or error) for each request."""

    def __init__(self, *answers: RobotsAnswer | FetchError) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, url: str) -> RobotsAnswer:
        self.asked.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, FetchError):
            raise answer
        return answer


def rules_after(*answers: RobotsAnswer | FetchError, **settings: Any) -> tuple[Rules, Answers]:
    played = Answers(*answers)
    config = CrawlConfig(retry_delay_s=0.0, **settings)
    return asyncio.run(Robots(config, played).rules("http://example.org")), played


FORBIDDING = RobotsAnswer(
    200, "User-agent: *\nDisallow: /private/\nCrawl-delay: 5\nSitemap: http://example.org/map.xml"
)
PRIVATE = "http://example.org/private/x"


def test_rules_delay_and_sitemaps_are_read() -> None:
    rules, played = rules_after(FORBIDDING)
    assert played.asked == ["http://example.org/robots.txt"]
    assert not rules.allowed(PRIVATE)
    assert rules.allowed("http://example.org/public")
    assert rules.crawl_delay_s == 5.0
    assert rules.sitemaps == ("http://example.org/map.xml",)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_unavailable_robots_file_allows_all(status: int) -> None:
    assert rules_after(RobotsAnswer(status))[0].allowed(PRIVATE)


@pytest.mark.parametrize("status", [429, 500, 503, 599])
def test_failing_robots_file_forbids_all_after_retries(status: int) -> None:
    rules, played = rules_after(RobotsAnswer(status))
    assert not rules.allowed("http://example.org/")
    assert len(played.asked) == 3
    assert rules.failure is not None
    assert str(status) in rules.failure.what


def test_unreachable_robots_file_forbids_all_and_says_why() -> None:
    rules, _ = rules_after(FetchError("http://example.org", Reason.TIMEOUT, "it did not answer"))
    assert not rules.allowed("http://example.org/")
    assert rules.failure is not None
    assert rules.failure.reason == "timeout"


def test_robots_file_that_recovers_within_the_retries_counts() -> None:
    rules, _ = rules_after(RobotsAnswer(503), FORBIDDING)
    assert rules.failure is None
    assert not rules.allowed(PRIVATE)


def test_five_redirects_are_followed_also_to_another_host() -> None:
    hops = [RobotsAnswer(301, location=f"http://host{n}.example/robots.txt") for n in range(5)]
    rules, played = rules_after(*hops, FORBIDDING)
    assert not rules.allowed(PRIVATE)
    assert played.asked[-1] == "http://host4.example/robots.txt"


def test_more_redirects_count_as_unavailable() -> None:
    rules, played = rules_after(RobotsAnswer(302, location="/robots.txt?again"))
    assert rules.allowed(PRIVATE)
    assert len(played.asked) == 6


def test_long_crawl_delay_is_capped_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = RobotsAnswer(200, "User-agent: *\nCrawl-delay: 86400")
    with caplog.at_level(logging.WARNING):
        rules, _ = rules_after(answer, max_crawl_delay_s=30.0)
    assert rules.crawl_delay_s == 30.0
    assert "86400" in caplog.text


def test_own_group_wins_over_the_general_one() -> None:
    rules, _ = rules_after(
        RobotsAnswer(200, "User-agent: *\nDisallow: /\n\nUser-agent: recollect\nDisallow: /private/")
    )
    assert rules.allowed("http://example.org/")
    assert not rules.allowed(PRIVATE)


def test_file_is_fetched_once_while_it_is_fresh_and_again_when_expired() -> None:
    async def ask_often(cache_s: float) -> int:
        played = Answers(FORBIDDING)
        robots = Robots(CrawlConfig(robots_cache_s=cache_s), played)
        await asyncio.gather(*(robots.rules("http://example.org") for _ in range(20)))
        await robots.rules("http://example.org")
        return len(played.asked)

    assert asyncio.run(ask_often(3600.0)) == 1
    assert asyncio.run(ask_often(0.0)) == 21


@pytest.mark.parametrize(
    "agent",
    [
        "Recollect/0.1",
        "recollect/2.0 (+https://example.org/bot)",
        "Recollect (bot)",
        "RECOLLECT;",
        "Recollect/0.1 # ours",
    ],
)
def test_agent_with_its_version_is_the_same_agent(agent: str) -> None:
    rules = parse_rules(f"User-agent: {agent}\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n", "Recollect")
    assert (rules.allowed("http://e.org/a"), rules.allowed("http://e.org/private")) == (True, False)


@pytest.mark.parametrize("agent", ["Recollector/1.0", "NotRecollect", "Mozilla/5.0 (compatible; Recollect)"])
def test_another_agent_is_not_ours(agent: str) -> None:
    rules = parse_rules(f"User-agent: {agent}\nDisallow: /\n", "Recollect")
    assert rules.allowed("http://e.org/a")
