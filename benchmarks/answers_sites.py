"""How helpful are answers on real documentation sites? Run as a command.

    python -m benchmarks.answers_sites --json
    python -m benchmarks.answers_sites --sites sqlite3-doc --report sqlite3.html

The sites are documentation packages of Debian, unpacked (``apt-get download``, ``dpkg -x``) and indexed once in the
folder ``--cache``; the questions and what a helpful answer shows are in ``$RECOLLECT_DATA/answers/NAME.tsv``, or in
``--questions``.
"""

import argparse
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.evaluation.measure import Outcome, ask_all, figures
from rag.evaluation.questions import Question, read_questions
from rag.evaluation.report import as_html
from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.installation import Installation
from server.settings.config import Config

SITES = ("sqlite3-doc", "python3.11-doc")
WARM_UP = "What is loaded at first use?"


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-answers-sites"), help="keeps the indexes")
    parser.add_argument("--sites", nargs="+", default=list(SITES), metavar="PACKAGE")
    parser.add_argument("--questions", type=Path, help="a file of questions for the one site given")
    parser.add_argument("--rebuild", action="store_true", help="index anew")
    parser.add_argument("--report", type=Path, help="write every question, answer and verdict as HTML")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.questions and len(args.sites) != 1:
        parser.error("--questions goes with one site")
    measured: dict[str, Any] = {}
    read: list[Outcome] = []
    for site in args.sites:
        file = args.questions or args.data / "answers" / f"{site}.tsv"
        questions = read_questions(file)
        outcomes = ask_site(indexed(site, args.cache, is_new=args.rebuild), questions)
        measured[site] = figures(outcomes)
        read += outcomes
    if args.report:
        args.report.write_text(as_html("Answers on " + ", ".join(args.sites), measured, read), "utf-8")
    print(json.dumps(measured) if args.json else as_text(measured))


def indexed(package: str, cache: Path, *, is_new: bool = False) -> Path:
    """The folder with the index of every HTML page of a package, made unless it is there and complete."""
    folder = cache / "index" / package
    done = folder / "done"
    if is_new or not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        pages = sorted(page for page in unpacked(package, cache).rglob("*.html") if not page.is_symlink())
        config = replace(Config(), data=folder)
        import_into_index(config, pages, ImportOptions(crawl=config.crawl))
        done.touch()
    return folder


def unpacked(package: str, cache: Path) -> Path:
    """The folder with what is in a package, downloaded unless it is there."""
    folder = cache / "pages" / package
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", package], cwd=cache, check=True, capture_output=True)
        (archive,) = cache.glob(f"{package}_*.deb")
        folder.mkdir(parents=True)
        subprocess.run(["dpkg", "-x", archive, folder], check=True)
        archive.unlink()
    return folder


def ask_site(index: Path, questions: Sequence[Question]) -> list[Outcome]:
    """Every question, asked of one index after everything is loaded."""
    with Installation(replace(Config(), data=index), is_measured=True) as installation:
        responder = installation.responder()
        responder.answer(WARM_UP)
        return ask_all(responder.answer, questions)


def as_text(measured: dict[str, Any]) -> str:
    """The figures for reading."""
    return "\n\n".join(
        "\n".join([site, *(f"  {key:22} {value}" for key, value in found.items())]) for site, found in measured.items()
    )


if __name__ == "__main__":
    main()
