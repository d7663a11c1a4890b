"""The promises of ``crawler.frontier.Frontier``, which every implementation keeps."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.errors import FrontierError
from crawler.frontier import Found, Frontier, State, Visit
from crawler.frontier_sqlite import SqliteFrontier

SITE = "http://example.org"
SEED = f"{SITE}/"
Reopen = Callable[[], Frontier]


@pytest.fixture
def reopen(tmp_path: Path) -> Reopen:
    """Opens the same frontier again, as after a restart."""
    return lambda: SqliteFrontier(tmp_path / "deep" / "frontier.db")


@pytest.fixture
def frontier(reopen: Reopen) -> Frontier:
    opened = reopen()
    opened.begin([SEED], "v1")
    return opened


def take(frontier: Frontier, limit: int = 100) -> list[str]:
    return [lease.url for lease in frontier.next(SITE, limit, 60.0)]


def finish_page(frontier: Frontier, path: str, etag: str | None = None, content_hash: str = "") -> None:
    frontier.record(Visit(SITE + path, State.FETCHED, "page", 200, etag, content_hash=content_hash or path))
    frontier.acknowledge([SITE + path])


def test_seeds_come_first_then_by_depth_then_as_discovered(frontier: Frontier) -> None:
    frontier.add([Found(f"{SITE}/deep", 2), Found(f"{SITE}/b", 1), Found(f"{SITE}/a", 1)])
    assert take(frontier) == [SEED, f"{SITE}/b", f"{SITE}/a", f"{SITE}/deep"]


def test_known_url_is_not_queued_again(frontier: Frontier) -> None:
    assert frontier.add([Found(f"{SITE}/a", 1)]) == 1
    assert frontier.add([Found(f"{SITE}/a", 1), Found(f"{SITE}/b", 1)]) == 1
    assert len(take(frontier)) == 3


def test_url_is_leased_to_one_caller_only(frontier: Frontier) -> None:
    frontier.add([Found(f"{SITE}/{n}", 1) for n in range(400)])
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
    frontier.add([Found("http://other.example/", 1)])
    assert take(frontier) == [SEED]
    assert frontier.origins() == (SITE,)


def test_redirect_target_of_a_seed_widens_the_origins(frontier: Frontier) -> None:
    frontier.record(Visit(SEED, State.DONE, "redirect"), [Found("https://www.example.org/", 0, SEED)])
    assert frontier.origins() == (SITE, "https://www.example.org")


def test_unacknowledged_page_is_fetched_again_in_full_after_a_restart(frontier: Frontier, reopen: Reopen) -> None:
    take(frontier)
    frontier.record(Visit(SEED, State.FETCHED, "page", 200, '"etag"', content_hash="h"), [Found(f"{SITE}/a", 1)])
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


def test_gone_page_is_offered_again_until_its_removal_is_acknowledged(frontier: Frontier) -> None:
    take(frontier)
    finish_page(frontier, "/")
    frontier.finish()
    frontier.begin([SEED], "v1")
    take(frontier)
    frontier.record(Visit(SEED, State.GONE, "http_404", 404))
    frontier.begin([SEED], "v1")
    assert frontier.next(SITE, 1, 60.0)[0].is_indexed
    frontier.record(Visit(SEED, State.GONE, "http_404", 404))
    frontier.acknowledge([SEED])
    frontier.begin([SEED], "v1")
    assert take(frontier) == []


def test_owner_is_the_first_page_with_the_same_content(frontier: Frontier) -> None:
    frontier.add([Found(f"{SITE}/a", 1), Found(f"{SITE}/b", 1)])
    take(frontier)
    assert frontier.owner("same", f"{SITE}/a") is None
    finish_page(frontier, "/a", content_hash="same")
    assert frontier.owner("same", f"{SITE}/b") == f"{SITE}/a"
    assert frontier.owner("same", f"{SITE}/a") is None


def test_page_folded_into_a_missing_one_is_revived_once(frontier: Frontier) -> None:
    frontier.add([Found(f"{SITE}/a", 1), Found(f"{SITE}/gone", 1)])
    take(frontier)
    frontier.record(Visit(f"{SITE}/a", State.DONE, "canonical", 200, target=f"{SITE}/gone"))
    frontier.record(Visit(f"{SITE}/gone", State.GONE, "http_404", 404))
    assert frontier.revive() == 1
    lease = frontier.next(SITE, 1, 60.0)[0]
    assert (lease.url, lease.ignores_canonical) == (f"{SITE}/a", True)
    frontier.record(Visit(f"{SITE}/a", State.DONE, "canonical", 200, target=f"{SITE}/gone"))
    assert frontier.revive() == 0


def test_page_folded_into_a_living_one_stays_folded(frontier: Frontier) -> None:
    frontier.add([Found(f"{SITE}/a", 1), Found(f"{SITE}/b", 1)])
    take(frontier)
    frontier.record(Visit(f"{SITE}/a", State.DONE, "canonical", 200, target=f"{SITE}/b"))
    finish_page(frontier, "/b")
    assert frontier.revive() == 0


def test_history_and_counts_tell_what_is_known(frontier: Frontier) -> None:
    frontier.add([Found(f"{SITE}/a", 1, SEED)])
    take(frontier)
    frontier.record(Visit(f"{SITE}/a", State.FAILED, "timeout", fetched_at_s=5.0))
    known = frontier.history(f"{SITE}/a")
    assert known is not None
    assert (known.state, known.reason, known.depth, known.referrer) == (State.FAILED, "timeout", 1, SEED)
    assert frontier.history(f"{SITE}/never") is None
    counts = frontier.counts()
    assert (counts[State.FAILED], counts[State.LEASED], counts[State.QUEUED]) == (1, 1, 0)


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FrontierError, match="writable") as caught:
        SqliteFrontier(tmp_path / "file" / "frontier.db")
    assert str(tmp_path / "file") in str(caught.value)


def test_file_that_is_no_frontier_is_named(tmp_path: Path) -> None:
    (tmp_path / "frontier.db").write_text("this is not a database, whatever its name says " * 100)
    with pytest.raises(FrontierError, match=r"frontier\.db"):
        SqliteFrontier(tmp_path / "frontier.db")
