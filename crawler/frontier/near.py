"""Which page a page repeats but for a few words, and what no longer repeats it."""

from crawler.frontier.minhash import NearDuplicates
from crawler.frontier.rows import Statements
from crawler.frontier.seam import State, Visit


def fold_near(db: Statements, url: str, title: str, sketch: bytes) -> str | None:
    """Remember a page; returns the one it repeats. Without one, what repeated it and no longer does is let go."""
    pages = NearDuplicates(db)
    match = pages.find(url, title, sketch)
    if match is not None:
        pages.add(url, title, sketch, owner=match[0])
        return match[0]
    pages.add(url, title, sketch)
    for other in pages.strayed(url, title, sketch):
        # It may be in somebody's hands now; so ``revive`` queues it when nothing else is left to do.
        pages.remove(other)
    return None


def forget_unless_page(db: Statements, visit: Visit) -> None:
    """Compare no page with this one unless it is one, or failed while its text is in the index."""
    if visit.reason.is_compared:
        return
    if visit.state is State.FAILED:
        row = db.execute("SELECT is_indexed FROM url WHERE url = ?", (visit.url,)).fetchone()
        if row is not None and row[0]:
            return
    NearDuplicates(db).remove(visit.url)
