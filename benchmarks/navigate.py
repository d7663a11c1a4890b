"""Does a query that is a page's title find that page, also with one letter wrong? Run as a command.

    python -m benchmarks.navigate --json
    python -m benchmarks.navigate --sites sqlite3-doc --misses
    python -m benchmarks.navigate --sites sqlite3-doc --queries benchmarks/questions/sqlite3-doc-navigation.tsv

The sites are documentation packages of Debian, unpacked (``apt-get download``, ``dpkg -x``) and indexed by words alone,
once, in the folder ``--cache``. Every title that one page of a site has is a query as it stands, without its part after
the last dash where all titles share that, and with one letter swapped with the next, left out, or doubled. With
``--queries`` they are those of a file: a query, a tab, and the file name of the right page, or several with ``|``.
"""

import argparse
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.answers_sites import unpacked
from ranker.query import Query
from ranker.rank import Ranker
from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig
from server.settings.config import Config

SITES = ("python3.11-doc", "sqlite3-doc", "python-django-doc")
SEED = 7
SHOWN = 3
KINDS = ("exact", "swapped", "dropped", "doubled")
MIN_MISTYPED_CHARS = 5
"""In a shorter word a wrong letter makes another word as often as not."""

Ranks = dict[str, list[int]]
"""Kind of query -> place of the page for each title, 0 where it is not among the first."""


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-navigate"), help="keeps sites and indexes")
    parser.add_argument("--sites", nargs="+", default=list(SITES), metavar="PACKAGE")
    parser.add_argument("--queries", type=Path, metavar="FILE", help="ask these of the one site given")
    parser.add_argument("--misses", action="store_true", help="print each query whose page is not among the first")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.queries and len(args.sites) != 1:
        parser.error("--queries goes with one site")
    measured = {}
    for site in args.sites:
        with Installation(indexed(site, args.cache)) as installation:
            if args.queries:
                ranks = {
                    "listed": [
                        rank_of(installation.ranker(), *line, misses=args.misses) for line in listed(args.queries)
                    ]
                }
            else:
                ranks = ranks_of(installation.ranker(), unique_titles(installation), misses=args.misses)
        measured[site] = figures(ranks)
    print(json.dumps(measured) if args.json else as_text(measured))


def indexed(package: str, cache: Path) -> Config:
    """The settings of an index of every HTML page of a package, made unless it is there and complete."""
    data = cache / "index" / package
    config = replace(Config(), data=data, encoder=EncoderConfig(kind="hashing"), scorer=ScorerConfig(kind="none"))
    done = data / "done"
    if not done.exists():
        shutil.rmtree(data, ignore_errors=True)
        files = sorted(path for path in unpacked(package, cache).rglob("*.html") if not path.is_symlink())
        import_into_index(config, files, ImportOptions(crawl=config.crawl))
        done.touch()
    return config


def unique_titles(installation: Installation) -> dict[str, str]:
    """Title -> doc_id, of the titles that one page alone has, without what nearly all have in common at their end."""
    heads = list(installation.store().scan())
    endings = Counter(title_end(head.title) for head in heads)
    common, count = endings.most_common(1)[0]
    short = [(head.title.removesuffix(common) if count > len(heads) / 2 else head.title, head.doc_id) for head in heads]
    times = Counter(title.casefold() for title, _ in short)
    return {title: doc_id for title, doc_id in short if title.strip() and times[title.casefold()] == 1}


def title_end(title: str) -> str:
    """The last part of a title with its dash."""
    for dash in (" — ", " – ", " | ", " - "):
        if dash in title:
            return dash + title.rpartition(dash)[2]
    return ""


def ranks_of(ranker: Ranker, titles: Mapping[str, str], *, misses: bool) -> Ranks:
    """Each title asked in each way."""
    ranks: Ranks = {kind: [] for kind in KINDS}
    chance = random.Random(SEED)
    for title, doc_id in sorted(titles.items()):
        for kind, text in asked(title, chance):
            hits = ranker.search(Query(text, size=SHOWN, mode="lexical")).hits
            found = [hit.passage.head.doc_id for hit in hits]
            ranks[kind].append(found.index(doc_id) + 1 if doc_id in found else 0)
            if misses and doc_id not in found:
                print(f"{kind}: {text!r} -> {[hit.passage.head.title for hit in hits]}")
    return ranks


def listed(file: Path) -> list[tuple[str, list[str]]]:
    """(query, file names of the right page) of each line."""
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines() if line.strip())
    return [(query, names.split("|")) for query, names in rows]


def rank_of(ranker: Ranker, text: str, names: Sequence[str], *, misses: bool) -> int:
    """The place of the right page, 0 where it is not among the first."""
    hits = ranker.search(Query(text, size=SHOWN, mode="lexical")).hits
    rank = next((i for i, hit in enumerate(hits, 1) if any(hit.passage.head.path.endswith("/" + n) for n in names)), 0)
    if misses and rank != 1:
        print(f"{text!r} -> {[hit.passage.head.title for hit in hits]}")
    return rank


def asked(title: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, query): the title, and it with one letter of one of its longer words wrong."""
    yield "exact", title
    letters = [i for i, a in enumerate(title[:-1]) if a.isalpha() and title[i + 1].isalpha() and _word_at(title, i)]
    if not letters:
        return
    at = chance.choice(letters)
    different = [i for i in letters if title[i] != title[i + 1]]
    if different:
        i = chance.choice(different)
        yield "swapped", title[:i] + title[i + 1] + title[i] + title[i + 2 :]
    yield "dropped", title[:at] + title[at + 1 :]
    yield "doubled", title[:at] + title[at] + title[at:]


def _word_at(title: str, i: int) -> bool:
    start = i
    while start and title[start - 1].isalpha():
        start -= 1
    end = i
    while end < len(title) and title[end].isalpha():
        end += 1
    return end - start >= MIN_MISTYPED_CHARS


def figures(ranks: Ranks) -> dict[str, dict[str, float]]:
    """For each kind how many queries, and which share has the page first and among the first three."""
    return {
        kind: {
            "queries": len(found),
            "first": round(sum(rank == 1 for rank in found) / max(1, len(found)), 4),
            "among_three": round(sum(rank > 0 for rank in found) / max(1, len(found)), 4),
        }
        for kind, found in ranks.items()
    }


def as_text(measured: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """A line for each site and kind."""
    return "\n".join(
        f"{site:20} {kind:8} {of['queries']:5.0f} queries, first {of['first']:.1%}, among three {of['among_three']:.1%}"
        for site, kinds in measured.items()
        for kind, of in kinds.items()
    )


if __name__ == "__main__":
    main()
