"""Which memory answers which kind of question?  Four collections, each kept in every kind of memory.

    python -m benchmarks.memories iso-codes wordnet faq documentation --out FOLDER
    python -m benchmarks.memories --out FOLDER --plot memories.svg

The first writes facts and questions of each collection into ``FOLDER`` (as ``recollect compare-memory`` reads them),
compares, and keeps what it found; the second draws what is kept there. The collections are made of Debian's iso-codes,
WordNet (package wordnet-base), covid_faq_en, and the pages of a documentation package; see
``benchmarks.memories_data``.
"""

import argparse
import csv
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.memories_data import COLLECTIONS, Collection, Places
from server.commands.memories.compare import compared, report_json
from server.comparing.questions import HEADER
from server.settings.config import Config

Found = Mapping[str, Mapping[str, Any]]


def main() -> None:
    """Compare the collections that are named, print a table of all that is kept, draw it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="*", metavar="COLLECTION", help=", ".join(COLLECTIONS))
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--questions", type=int, default=48, help="of each collection, at most")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--iso-codes", type=Path, default=Path("/usr/share/iso-codes/json"))
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-answers-sites"), help="keeps the index")
    args = parser.parse_args()
    if unknown := set(args.collections) - set(COLLECTIONS):
        parser.error(f"there is no collection {', '.join(sorted(unknown))}")
    args.out.mkdir(parents=True, exist_ok=True)
    places = Places(args.data, args.iso_codes, args.wordnet, args.cache)
    for name in args.collections:
        facts, asked = COLLECTIONS[name](places, args.questions)
        write(name, (facts, asked), args.out)
        report = report_json(facts, asked, compared(Config(), facts, asked))
        (args.out / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    found = {
        name: json.loads(path.read_text("utf-8")) for name in COLLECTIONS if (path := kept(args.out, name)).exists()
    }
    print(as_markdown(found))
    if args.plot:
        draw(found, args.plot)


def kept(folder: Path, name: str) -> Path:
    """The file with what was found of a collection."""
    return folder / f"{name}.json"


def write(name: str, collection: Collection, out: Path) -> None:
    """Its facts and its questions, as the command reads them."""
    facts, asked = collection
    with (out / f"{name}.tsv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow((facts.noun, *facts.properties))
        rows.writerows((thing, *row.values()) for thing, row in facts.rows.items())
    with (out / f"{name}.questions.tsv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(HEADER)
        rows.writerows((one.question, one.kind, *one.answers) for one in asked)


def as_markdown(found: Found) -> str:
    """A row for each memory: what it answers rightly of each kind, and its times in each collection."""
    if not found:
        return "nothing is kept there"
    memories = list(next(iter(found.values()))["memories"])
    columns = kinds_of(found)
    lines = [
        ("memory", *(f"{name}: {kind} ({found[name]['kinds'][kind]})" for name, kind in columns)),
        ("---",) * (len(columns) + 1),
        *(
            (memory, *(_share(found[n]["memories"][memory]["by_kind"][kind]) for n, kind in columns))
            for memory in memories
        ),
    ]
    for figure in ("grounded", "p50_ms", "build_s", "update_s", "disk_kib", "memory_mib"):
        lines += [
            ("",),
            (figure, *found),
            ("---",) * (len(found) + 1),
            *((memory, *(str(one["memories"][memory][figure]) for one in found.values())) for memory in memories),
        ]
    return "\n".join(f"| {' | '.join(line)} |" if line != ("",) else "" for line in lines)


def kinds_of(found: Found) -> list[tuple[str, str]]:
    """(collection, kind of question), in order."""
    return [(name, kind) for name, report in found.items() for kind in report["kinds"]]


def draw(found: Found, out: Path) -> None:
    """Memories by kinds of questions: the darker, the more is answered rightly."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    columns = kinds_of(found)
    memories = list(next(iter(found.values()))["memories"])
    shares = [[found[name]["memories"][memory]["by_kind"][kind] for name, kind in columns] for memory in memories]
    with rc_context({"svg.hashsalt": "recollect", "svg.fonttype": "none"}):
        figure = Figure(figsize=(1.15 * len(columns) + 2, 0.4 * len(memories) + 1.6), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        axes.set_yticks(range(len(memories)), memories)
        axes.set_xticks(range(len(columns)), [f"{name}\n{kind}" for name, kind in columns], fontsize=8)
        axes.xaxis.tick_top()
        for row, line in enumerate(shares):
            for column, share in enumerate(line):
                axes.text(
                    column, row, _share(share), ha="center", va="center", color="white" if share > 0.6 else "black"
                )
        figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)


def _share(share: float) -> str:
    return "1.00" if share == 1 else f"{share:.2f}".removeprefix("0") if share else "0"


if __name__ == "__main__":
    main()
