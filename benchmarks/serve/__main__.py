"""How many questions a second does a server answer, 99 of 100 within 250 ms? Run as a command.

    python -m benchmarks.serve --json

``recollect serve`` is asked over HTTP for searches by words, by both (hybrid) and reranked, and for answers, by one to
32 people at once who each wait for their answer. Beside it, in the same run, a minimal FastAPI app around txtai's
hybrid search over the same texts and vectors, where txtai is installed. No answer is remembered. Those who ask run on
the same machine and take their share of it. The ratio is given where both do the same work: where the first passage
found there stands on our first page for at least half of the questions.

    python -m benchmarks.serve --keystrokes --passages 100000      # how soon results follow each letter of a query
    python -m benchmarks.serve --mixed 600                         # all at once, with reloads and replaced workers
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx

from benchmarks.peers import installed
from benchmarks.search.__main__ import MIN_AGREEMENT
from benchmarks.search.corpus import questions
from benchmarks.search.index import Corpus, embedded, embedded_folder
from benchmarks.serve.keystrokes import keystrokes
from benchmarks.serve.load import Level, Url, best, measured
from benchmarks.serve.mixed import mixed
from indexer.config import EmbeddedConfig
from indexer.encoders.bundled import BundledEncoder

COMPARED = 50
END_S = 20.0


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each number of people asks")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the public sets")
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-search"), help="keeps the indexes")
    parser.add_argument("--workers", type=int, default=1, help="processes of ours that answer")
    parser.add_argument("--keystrokes", action="store_true", help="measure letter after letter, and nothing else")
    parser.add_argument("--mixed", type=float, metavar="SECONDS", help="ask everything at once, and nothing else")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    embedded(Corpus(args.data, args.cache, BundledEncoder(), args.passages), args.cache, EmbeddedConfig()).close()
    texts = questions(args.data, args.questions)
    figures: dict[str, Any] = {"passages": args.passages, "cores": os.cpu_count(), "workers": args.workers}
    index = embedded_folder(args.cache, args.passages, EmbeddedConfig())
    if args.keystrokes or args.mixed:
        with ours(index, args.workers) as (address, pid):
            if args.keystrokes:
                figures["keystrokes"] = keystrokes(address, texts)
            if args.mixed:
                figures["mixed"] = mixed(address, pid, texts, args.mixed)
        print(json.dumps(figures))
        return
    with ours(index, args.workers) as (address, _):
        for name, url in kinds(address).items():
            figures[name] = told(measured(url, texts, args.seconds))
        pages = {text: our_page(address, text) for text in texts[:COMPARED]}
    for name in list(installed("", [("txtai", "txtai", "")]))[1:]:
        with started([sys.executable, "-m", "benchmarks.serve.peer", *_same(args)]) as (address, _):
            figures[name] = told(measured(_url(f"{address}search?q="), texts, args.seconds))
            found = {text: httpx.get(f"{address}search", params={"q": text}).json()["hits"] for text in pages}
        figures[name]["agreement"] = agreement(pages, found)
        figures["ratio"] = ratio(figures["hybrid"], figures[name])
    print(json.dumps(figures) if args.json else as_text(figures))


def kinds(address: str) -> dict[str, Url]:
    """What is asked of our server."""
    search = f"{address}api/v1/search?mode="
    found = {name: _url(f"{search}{mode}&q=") for name, mode in (("lexical", "lexical"), ("hybrid", "hybrid"))}
    return found | {"reranked": _url(f"{search}rerank&q="), "answers": _url(f"{address}api/v1/answer?q=")}


def our_page(address: str, text: str) -> list[str]:
    """The passages on our first page."""
    hits = httpx.get(f"{address}api/v1/search", params={"q": text, "mode": "hybrid"}).json()["hits"]
    return [one["passage"] for hit in hits for one in (hit, *hit["more"])]


def agreement(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> float:
    """The share of questions whose first passage there stands on our page; there a title stands before it."""
    alike = sum(any(passage in found for found in theirs[text][:1] for passage in page) for text, page in ours.items())
    return round(alike / len(ours), 3)


def ratio(mine: dict[str, Any], theirs: dict[str, Any]) -> float | None:
    """How many times as many questions a second we answer; None where the peer did not do the same work, or none."""
    if theirs["agreement"] < MIN_AGREEMENT or not theirs["per_s"] or not mine["per_s"]:
        return None
    times: float = round(mine["per_s"] / theirs["per_s"], 2)
    return times


def told(levels: Sequence[Level]) -> dict[str, Any]:
    """The most questions a second, and how it came about."""
    return {"per_s": best(levels), "levels": [asdict(level) for level in levels]}


@contextmanager
def ours(index: Path, workers: int) -> Iterator[tuple[str, int]]:
    """``recollect serve`` over the index, without memory of answers."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "recollect.yml"
        config.write_text(f"data: {index}\nserve:\n  kept_answers: 0\n  query_log: 'off'\n  workers: {workers}\n")
        run = "from server.cli import main; main()"
        command = [sys.executable, "-c", run, "serve", "--port", "0", "--config", str(config)]
        with started(command) as found:
            yield found


@contextmanager
def started(command: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The address that a server prints in its first line, and its process; it ends with the block."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "listens on" in line:
                yield line.split()[-1], process.pid
                break
        else:
            raise RuntimeError(f"{' '.join(command)} did not start")
    finally:
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def as_text(figures: dict[str, Any]) -> str:
    """A line for each figure."""
    lines = (f"{of['per_s']} a second" if isinstance(of, dict) else str(of) for of in figures.values())
    return "\n".join(f"{name:10} {line}" for name, line in zip(figures, lines, strict=True))


def _url(start: str) -> Url:
    return lambda text: start + quote(text)


def _same(args: argparse.Namespace) -> list[str]:
    return ["--passages", str(args.passages), "--data", str(args.data), "--cache", str(args.cache)]


if __name__ == "__main__":
    main()
