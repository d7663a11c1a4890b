"""The promises of ``crawler.frontier.seam.Frontier``, which every implementation keeps."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crawler.errors import FrontierError
from crawler.frontier.minhash import sketch
from crawler.frontier.postgres import PostgresFrontier
from crawler.frontier.seam import Discovery, Frontier, Losses, State, Visit
from crawler.frontier.sqlite import SqliteFrontier
from crawler.outcome import Reason

SITE = "http://example.org"
SEED = f"{SITE}/"
Reopen = Callable[[], Frontier]


@pytest.fixture(params=["sqlite", "postgres"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopen]:
    """Opens the same frontier again, as after a restart."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_database")

    def open_one() -> Frontier:
        if request.param == "sqlite":
            return SqliteFrontier(tmp_path / "deep" / "frontier.db")
        return PostgresFrontier(url)

    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(open_one()))


@pytest.fixture
def frontier(reopen: Reopen) -> Frontier:
    opened = reopen()
    opened.begin([SEED], "v1")
    return opened


def take(frontier: Frontier, limit: int = 100) -> list[str]:
    return [lease.url for lease in frontier.next(SITE, limit, 60.0)]


def finish_page(frontier: Frontier, path: str, etag: str | None = None, content_hash: str = "") -> None:
    frontier.record(Visit(SITE + path, State.FETCHED, Reason.PAGE, 200, etag, content_hash=content_hash or path))
    frontier.acknowledge([SITE + path])


def test_seeds_come_first_then_by_depth_then_as_discovered(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/deep", 2), Discovery(f"{SITE}/b", 1), Discovery(f"{SITE}/a", 1)])
    assert take(frontier) == [SEED, f"{SITE}/b", f"{SITE}/a", f"{SITE}/deep"]


def test_known_url_is_not_queued_again(frontier: Frontier) -> None:
    assert frontier.add([Discovery(f"{SITE}/a", 1)]) == 1
    assert frontier.add([Discovery(f"{SITE}/a", 1), Discovery(f"{SITE}/b", 1)]) == 1
    assert len(take(frontier)) == 3


def test_url_is_leased_to_one_caller_only(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{n}", 1) for n in range(400)])
    taken: list[str] = []

    def work() -> None:
        while urls := take(frontier, 7):
            taken.extend(urls)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 401


def test_expired_lease_is_handed_out_again(frontier: Frontier) -> None:
    assert [lease.url for lease in frontier.next(SITE, 1, -1.0)] == [SEED]
    assert take(frontier) == [SEED]
    assert take(frontier) == []


def test_released_lease_is_handed_out_again_without_an_attempt(frontier: Frontier) -> None:
    frontier.release(take(frontier))
    assert frontier.next(SITE, 1, 60.0)[0].attempts == 0


def test_retry_waits_and_counts(frontier: Frontier) -> None:
    take(frontier)
    frontier.retry(SEED, 60.0)
    assert take(frontier) == []
    due_s = frontier.due_in_s(SITE)
    assert due_s is not None
    assert 50 < due_s <= 60
    frontier.retry(SEED, 0.0)
    assert frontier.next(SITE, 1, 60.0)[0].attempts == 2
    assert frontier.due_in_s(SITE) is None


def test_other_origins_are_not_handed_out(frontier: Frontier) -> None:
    frontier.add([Discovery("http://other.example/", 1)])
    assert take(frontier) == [SEED]
    assert frontier.origins() == (SITE,)


def test_redirect_target_of_a_seed_widens_the_origins(frontier: Frontier) -> None:
    frontier.record(Visit(SEED, State.DONE, Reason.REDIRECT), [Discovery("https://www.example.org/", 0, SEED)])
    assert frontier.origins() == (SITE, "https://www.example.org")


def test_unacknowledged_page_is_fetched_again_in_full_after_a_restart(frontier: Frontier, reopen: Reopen) -> None:
    take(frontier)
    frontier.record(
        Visit(SEED, State.FETCHED, Reason.PAGE, 200, '"etag"', content_hash="h"), [Discovery(f"{SITE}/a", 1)]
    )
    frontier.close()
    again = reopen()
    assert again.begin([SEED], "v1")
    first, second = again.next(SITE, 10, 60.0)
    assert (first.url, first.etag, first.content_hash, first.is_indexed) == (SEED, None, None, False)
    assert second.url == f"{SITE}/a"


def test_leased_url_is_queued_again_after_a_restart(frontier: Frontier, reopen: Reopen) -> None:
    take(frontier)
    frontier.close()
    again = reopen()
    again.begin([SEED], "v1")
    assert take(again) == [SEED]


def test_acknowledged_page_is_not_fetched_again_by_a_restart(frontier: Frontier, reopen: Reopen) -> None:
    take(frontier)
    finish_page(frontier, "/")
    frontier.close()
    again = reopen()
    assert again.begin([SEED], "v1")
    assert take(again) == []
    assert again.visited() == 1


def test_new_round_visits_known_pages_with_their_validators(frontier: Frontier) -> None:
    take(frontier)
    finish_page(frontier, "/", '"etag"')
    frontier.finish()
    assert not frontier.begin([SEED], "v1")
    lease = frontier.next(SITE, 10, 60.0)[0]
    assert (lease.etag, lease.content_hash, lease.is_indexed, lease.reason) == ('"etag"', "/", True, "page")
    assert frontier.visited() == 0


def test_changed_settings_forget_validators_but_not_content(frontier: Frontier) -> None:
    take(frontier)
    finish_page(frontier, "/", '"etag"')
    frontier.finish()
    frontier.begin([SEED], "v2")
    lease = frontier.next(SITE, 10, 60.0)[0]
    assert (lease.etag, lease.content_hash) == (None, "/")


def test_unchanged_page_keeps_what_is_known(frontier: Frontier) -> None:
    take(frontier)
    finish_page(frontier, "/", '"etag"')
    frontier.finish()
    frontier.begin([SEED], "v1")
    take(frontier)
    frontier.unchanged(SEED, 7.0)
    known = frontier.history(SEED)
    assert known is not None
    assert (known.state, known.reason, known.etag, known.fetched_at_s) == (State.DONE, "page", '"etag"', 7.0)


def test_removal_is_offered_until_it_is_acknowledged(frontier: Frontier, reopen: Reopen) -> None:
    take(frontier)
    finish_page(frontier, "/")
    frontier.finish()
    frontier.begin([SEED], "v1")
    take(frontier)
    frontier.record(Visit(SEED, State.GONE, Reason.of_status(404), 404))
    restarted = reopen()
    restarted.begin([SEED], "v1")
    assert take(restarted) == []
    assert restarted.removals("", 10) == [(SEED, "http_404")]
    assert restarted.removals(SEED, 10) == []
    restarted.acknowledge([SEED])
    assert restarted.removals("", 10) == []
    restarted.begin([SEED], "v1")
    assert take(restarted) == []


def test_losses_tell_what_moved_from_what_is_lost(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in ("a", "b", "c", "new")])
    take(frontier)
    for path in ("/", "/a", "/b", "/c"):
        finish_page(frontier, path)
    finish_page(frontier, "/new")
    frontier.record(Visit(f"{SITE}/a", State.GONE, Reason.REDIRECT, 301, target=f"{SITE}/new"))
    frontier.record(Visit(f"{SITE}/b", State.GONE, Reason.REDIRECT, 301, target=f"{SITE}/new"))
    frontier.record(Visit(f"{SITE}/c", State.GONE, Reason.of_status(404), 404))
    assert frontier.losses() == Losses(removals=3, moved=1, indexed=5)


def test_due_round_visits_only_what_is_due(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/soon", 1), Discovery(f"{SITE}/late", 1), Discovery(f"{SITE}/dated", 1)])
    take(frontier)
    now_s = time.time()
    for path, interval_s in (("/", 9e6), ("/soon", 10.0), ("/late", 9e6), ("/dated", 9e6)):
        url = SITE + path
        frontier.record(Visit(url, State.FETCHED, Reason.PAGE, 200, fetched_at_s=now_s - 60, interval_s=interval_s))
        frontier.acknowledge([url])
    frontier.finish()
    assert frontier.next_due_s() == 0.0
    frontier.begin([SEED], "v1", only_due=True)
    frontier.add(
        [Discovery(f"{SITE}/dated", 1, lastmod_s=now_s - 5), Discovery(f"{SITE}/late", 1, lastmod_s=now_s - 90)]
    )
    leases = {lease.url: lease for lease in frontier.next(SITE, 9, 60.0)}
    assert set(leases) == {f"{SITE}/soon", f"{SITE}/dated"}
    assert leases[f"{SITE}/dated"].lastmod_s == now_s - 5
    assert leases[f"{SITE}/soon"].interval_s == 10.0


def test_next_due_is_the_soonest_visit(frontier: Frontier) -> None:
    assert frontier.next_due_s() == 0.0
    assert frontier.next_due_s(["http://elsewhere.example"]) is None
    take(frontier)
    frontier.record(Visit(SEED, State.DONE, Reason.REDIRECT, 301, fetched_at_s=time.time(), interval_s=500.0))
    due_s = frontier.next_due_s([SITE])
    assert due_s is not None
    assert 490.0 < due_s <= 500.0
    frontier.unchanged(SEED, time.time(), 900.0)
    known = frontier.history(SEED)
    assert known is not None
    assert known.revisit_at_s == known.fetched_at_s + 900.0


def test_full_round_does_not_resume_a_due_one(frontier: Frontier) -> None:
    take(frontier)
    finish_page(frontier, "/")
    frontier.finish()
    frontier.begin([SEED], "v1", only_due=True)
    assert frontier.begin([SEED], "v1", only_due=True)
    assert not frontier.begin([SEED], "v1")


def test_changed_settings_make_everything_due(frontier: Frontier) -> None:
    take(frontier)
    frontier.record(Visit(SEED, State.DONE, Reason.EMPTY, 200, '"e"', fetched_at_s=time.time(), interval_s=9e6))
    frontier.finish()
    frontier.begin([SEED], "v2", only_due=True)
    assert [(lease.url, lease.etag) for lease in frontier.next(SITE, 9, 60.0)] == [(SEED, None)]


def test_questions_change_nothing(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in "abc"])
    take(frontier)
    frontier.record(Visit(SEED, State.FETCHED, Reason.PAGE, 200, '"e"', content_hash="h", interval_s=500.0))
    urls = (SEED, f"{SITE}/a", f"{SITE}/b", f"{SITE}/c", f"{SITE}/unknown")

    def everything() -> tuple[object, ...]:
        asked = (frontier.counts(), frontier.visited(), frontier.origins(), frontier.holdings(), frontier.losses())
        known = (frontier.known(SITE, 10), frontier.removals("", 10), [frontier.history(url) for url in urls])
        return (*asked, *known, frontier.next_due_s(), frontier.due_in_s(SITE))

    first = everything()
    assert everything() == first
    assert [lease.url for lease in frontier.next(SITE, 9, 60.0)] == []
    assert frontier.history(SEED) is not None


def test_the_first_page_with_a_content_has_the_claim_to_it(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/a", 1), Discovery(f"{SITE}/b", 1)])
    take(frontier)
    assert frontier.claim("same", f"{SITE}/a") is None
    finish_page(frontier, "/a", content_hash="same")
    assert frontier.claim("same", f"{SITE}/b") == f"{SITE}/a"
    assert frontier.claim("same", f"{SITE}/a") is None


def test_page_folded_into_a_missing_one_is_revived_once(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/a", 1), Discovery(f"{SITE}/gone", 1)])
    take(frontier)
    frontier.record(Visit(f"{SITE}/a", State.DONE, Reason.CANONICAL, 200, target=f"{SITE}/gone"))
    frontier.record(Visit(f"{SITE}/gone", State.GONE, Reason.of_status(404), 404))
    assert frontier.revive() == 1
    lease = frontier.next(SITE, 1, 60.0)[0]
    assert (lease.url, lease.ignores_canonical) == (f"{SITE}/a", True)
    frontier.record(Visit(f"{SITE}/a", State.DONE, Reason.CANONICAL, 200, target=f"{SITE}/gone"))
    assert frontier.revive() == 0


def test_page_folded_into_a_living_one_stays_folded(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/a", 1), Discovery(f"{SITE}/b", 1)])
    take(frontier)
    frontier.record(Visit(f"{SITE}/a", State.DONE, Reason.CANONICAL, 200, target=f"{SITE}/b"))
    finish_page(frontier, "/b")
    assert frontier.revive() == 0


TEXT = " ".join(f"word{number}" for number in range(300))


def fold(frontier: Frontier, path: str, text: str, title: str = "Bees") -> str | None:
    """What the crawl does with a page that says this."""
    url = SITE + path
    owner = frontier.claim_near(url, title, sketch(text))
    if owner is None:
        finish_page(frontier, path, content_hash=text)
    else:
        frontier.record(Visit(url, State.DONE, Reason.NEAR_DUPLICATE, 200, '"etag"', target=owner))
    return owner


def test_near_duplicate_has_one_owner_also_after_a_restart(frontier: Frontier, reopen: Reopen) -> None:
    frontier.add([Discovery(f"{SITE}/a", 1), Discovery(f"{SITE}/b", 1), Discovery(f"{SITE}/c", 1)])
    take(frontier)
    assert fold(frontier, "/a", f"{TEXT} 3 May") is None
    assert fold(frontier, "/b", f"{TEXT} 4 June") == f"{SITE}/a"
    assert fold(frontier, "/c", f"{TEXT} 4 June", title="Wasps") is None
    frontier.close()
    again = reopen()
    again.begin([SEED], "v1")
    assert fold(again, "/b", f"{TEXT} 5 July") == f"{SITE}/a"
    assert fold(again, "/a", f"{TEXT} 6 August") is None
    assert again.revive() == 0


@pytest.mark.parametrize("visit", [(State.GONE, Reason.of_status(404)), (State.DONE, Reason.NOINDEX)])
def test_near_duplicates_of_a_page_that_went_choose_a_new_owner(
    frontier: Frontier, visit: tuple[State, Reason]
) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in "abc"])
    take(frontier)
    for path in ("/a", "/b", "/c"):
        fold(frontier, path, f"{TEXT} {path}")
    frontier.record(Visit(f"{SITE}/a", *visit))
    assert frontier.revive() == 2
    assert [(lease.url, lease.etag) for lease in frontier.next(SITE, 9, 60.0)] == [
        (f"{SITE}/b", None),
        (f"{SITE}/c", None),
    ]
    assert fold(frontier, "/b", f"{TEXT} /b") is None
    assert fold(frontier, "/c", f"{TEXT} /c") == f"{SITE}/b"


def test_indexed_page_that_fails_still_owns_its_near_duplicates(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in "abc"])
    take(frontier)
    fold(frontier, "/a", f"{TEXT} a")
    frontier.record(Visit(f"{SITE}/a", State.FAILED, Reason.TIMEOUT))
    assert fold(frontier, "/b", f"{TEXT} b") == f"{SITE}/a"


def test_page_that_failed_before_it_was_stored_owns_nothing(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in "ab"])
    take(frontier)
    assert frontier.claim_near(f"{SITE}/a", "Bees", sketch(TEXT)) is None
    frontier.record(Visit(f"{SITE}/a", State.FAILED, Reason.TIMEOUT))
    assert fold(frontier, "/b", TEXT) is None


def test_owner_that_changes_sets_its_near_duplicates_free(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in "ab"])
    take(frontier)
    fold(frontier, "/a", f"{TEXT} a")
    fold(frontier, "/b", f"{TEXT} b")
    fold(frontier, "/a", f"{TEXT} c")
    assert frontier.revive() == 0
    fold(frontier, "/a", "Quite another text about other things than before")
    assert frontier.revive() == 1
    assert [(lease.url, lease.etag) for lease in frontier.next(SITE, 9, 60.0)] == [(f"{SITE}/b", None)]
    assert fold(frontier, "/b", f"{TEXT} b") is None


def test_original_that_changes_sets_its_duplicates_free(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/{name}", 1) for name in "ab"])
    take(frontier)
    finish_page(frontier, "/a", content_hash="same")
    frontier.record(Visit(f"{SITE}/b", State.DONE, Reason.DUPLICATE, 200, content_hash="same", target=f"{SITE}/a"))
    assert frontier.revive() == 0
    finish_page(frontier, "/a", content_hash="other")
    assert frontier.revive() == 1


def test_history_and_counts_tell_what_is_known(frontier: Frontier) -> None:
    frontier.add([Discovery(f"{SITE}/a", 1, SEED)])
    take(frontier)
    frontier.record(Visit(f"{SITE}/a", State.FAILED, Reason.TIMEOUT, fetched_at_s=5.0))
    known = frontier.history(f"{SITE}/a")
    assert known is not None
    assert (known.state, known.reason, known.depth, known.referrer) == (State.FAILED, "timeout", 1, SEED)
    assert frontier.history(f"{SITE}/never") is None
    counts = frontier.counts()
    assert (counts[State.FAILED], counts[State.LEASED], counts[State.QUEUED]) == (1, 1, 0)


def test_file_of_an_older_version_is_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "frontier.db"
    SqliteFrontier(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE outlinks")
        db.execute("DROP TABLE sketch")
        db.execute("DROP TABLE sketch_band")
        db.execute("DROP INDEX held")
        db.execute("CREATE INDEX leased ON url (origin, due_at) WHERE state = 'leased'")
        for column in ("worker", "changed_at", "interval_s", "revisit_at", "lastmod"):
            db.execute(f"ALTER TABLE url DROP COLUMN {column}")
        db.execute("ALTER TABLE round DROP COLUMN only_due")
        db.execute("PRAGMA user_version = 1")
    frontier = SqliteFrontier(path)
    frontier.begin([SEED], "v1")
    assert frontier.next(SITE, 1, 60.0)[0].interval_s == 0.0
    frontier.close()


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FrontierError, match="writable") as caught:
        SqliteFrontier(tmp_path / "file" / "frontier.db")
    assert str(tmp_path / "file") in str(caught.value)


def test_file_that_is_no_frontier_is_named(tmp_path: Path) -> None:
    (tmp_path / "frontier.db").write_text("this is not a database, whatever its name says " * 100)
    with pytest.raises(FrontierError, match=r"frontier\.db"):
        SqliteFrontier(tmp_path / "frontier.db")


def linked(frontier: Frontier, links: dict[str, str], seed: str = "") -> None:
    """A finished round in which each page leads to others, a letter each; what is met is visited."""
    frontier.begin([f"{SITE}/{seed}"], "v1", keeps_links=True)
    while leases := frontier.next(SITE, 100, 60.0):
        for lease in leases:
            path = lease.url.removeprefix(f"{SITE}/")
            found = [Discovery(f"{SITE}/{letter}", lease.depth + 1, lease.url) for letter in links.get(path, "")]
            frontier.record(Visit(lease.url, State.FETCHED, Reason.PAGE, 200, content_hash=path), found)
            frontier.acknowledge([lease.url])


def orphans(frontier: Frontier) -> str:
    frontier.mark_orphans()
    return "".join(url.removeprefix(f"{SITE}/") for url, reason in frontier.removals("", 100) if reason == "orphan")


def test_pages_that_nothing_leads_to_are_orphans_even_where_they_lead_to_each_other(reopen: Reopen) -> None:
    frontier = reopen()
    linked(frontier, {"": "abc", "a": "d", "b": "ef", "e": "f", "f": "e"})
    assert orphans(frontier) == ""
    frontier.finish()
    linked(frontier, {"": "ac", "a": "d", "b": "ef", "e": "f", "f": "e"})
    assert orphans(frontier) == "bef"
    frontier.acknowledge([f"{SITE}/{letter}" for letter in "bef"])
    assert frontier.history(f"{SITE}/b") is None
    assert frontier.holdings() == (4, 0)
    frontier.finish()
    linked(frontier, {"": "acb", "a": "d"})
    assert orphans(frontier) == ""
    assert frontier.holdings() == (5, 0)


def test_page_that_only_a_sitemap_lists_is_no_orphan_as_long_as_it_does(reopen: Reopen) -> None:
    frontier = reopen()
    for listed, expected in (("xy", ""), ("y", "x"), ("", "y")):
        frontier.begin([SEED], "v1", keeps_links=True)
        frontier.add([Discovery(f"{SITE}/{letter}", 1) for letter in listed], f"{SITE}/sitemap.xml")
        linked(frontier, {})
        assert orphans(frontier) == expected
        frontier.acknowledge([f"{SITE}/{letter}" for letter in expected])
        frontier.finish()


def test_no_page_is_an_orphan_while_links_are_unknown_or_pages_unread(reopen: Reopen) -> None:
    frontier = reopen()
    frontier.begin([SEED], "v1")
    frontier.add([Discovery(f"{SITE}/a", 1)])
    take(frontier)
    finish_page(frontier, "/")
    finish_page(frontier, "/a")
    frontier.finish()
    frontier.begin([SEED], "v1", keeps_links=True)
    frontier.next(SITE, 1, 60.0)
    frontier.record(Visit(SEED, State.DONE, Reason.PAGE, 200))
    assert frontier.mark_orphans() == 0  # /a waits
    take(frontier)
    frontier.unchanged(f"{SITE}/a", time.time())
    assert frontier.mark_orphans() == 0  # the links of /a were never kept
    frontier.finish()
    frontier.begin([SEED], "v1", keeps_links=True)
    take(frontier)
    frontier.record(Visit(SEED, State.DONE, Reason.PAGE, 200))
    frontier.record(Visit(f"{SITE}/a", State.DONE, Reason.PAGE, 200))
    assert orphans(frontier) == "a"


def test_holdings_tell_what_is_gone_and_yet_in_the_index(frontier: Frontier) -> None:
    assert frontier.holdings() == (0, 0)
    take(frontier)
    finish_page(frontier, "/")
    assert frontier.holdings() == (1, 0)
    frontier.finish()
    frontier.begin([SEED], "v1")
    take(frontier)
    frontier.record(Visit(SEED, State.GONE, Reason.of_status(404), 404))
    assert frontier.holdings() == (1, 1)
    frontier.acknowledge([SEED])
    assert frontier.holdings() == (0, 0)
