"""Can a page, a robots.txt, a sitemap, a URL or a document hurt the crawler? Run as a command.

    python -m benchmarks.fuzz [--seconds 60] [--seed 1] [--data DIR] [--keep FOLDER] [--json]

Real samples (tests/site, and the conformance data where DIR or RECOLLECT_DATA has it) are mutated and given to the
parsers in a child process with bounded memory. A case that raises what the parser does not promise, takes longer than
``CASE_S``, or takes the process down is written to FOLDER, and told with the parser it is for. Exit status 1: something
was found.
"""

import argparse
import gzip
import json
import logging
import multiprocessing
import os
import random
import resource
import sys
import tarfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASE_S = 10.0
"""Longest a parser may take for one case: real pages take milliseconds, the limit of a PDF is 60 s."""

START_S = 120.0
"""Longest that a process may take besides for its first case: it starts, and imports the parser."""

MEMORY_BYTES = 3 * 1024**3
MAX_SAMPLES = 200
MAX_CASE_BYTES = 1_000_000
INTERESTING = (
    *(
        b"<",
        b">",
        b"</",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"&#x110000;",
        b"&",
        b'"',
        b"'",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
    ),
    *(
        b"<table><tr><td>",
        b"<dl><dt id=a>",
        b"<svg><p>",
        b"<br>",
        b"<template>",
        b"<plaintext>",
        b"<base href='//[::'>",
    ),
    *(
        b"%",
        b"%00",
        b"%zz",
        b"//",
        b"@",
        b":",
        b"[",
        b"]",
        b"\\",
        b"#",
        b"?",
        b"xn--",
        b"User-agent: *\nDisallow: ",
        b"*",
        b"$",
    ),
    *(
        b"<!ENTITY a '&a;'>",
        b"<loc>",
        b"<sitemap>",
        b"stream",
        b"endobj",
        b"<<",
        b">>",
        b" 0 R",
        b"/Kids",
        b"PK\x03\x04",
    ),
)


@dataclass(frozen=True)
class Target:
    """A parser, and what it is fed."""

    name: str
    run: Callable[[bytes], object]
    samples: Sequence[bytes]


@dataclass
class Report:
    """How many cases each parser took, and what was found: parser, what happened, file that does it again."""

    cases: Counter[str] = field(default_factory=Counter)
    found: list[dict[str, str]] = field(default_factory=list)


def run_html(data: bytes) -> None:
    """A whole page; its offsets must hold, and it must fit a database."""
    from crawler.extract.extract import extract

    found = extract(data, "http://fuzz.example/a/b.html")
    text = "\n\n".join(section.text for section in found.sections)
    for section in found.sections:
        assert text[section.start_char : section.end_char] == section.text, "offsets do not hold"
    for url in (link.url for link in found.links):
        assert url.startswith(("http://", "https://")), url


def run_robots(data: bytes) -> None:
    """A robots.txt, asked about a few URLs."""
    from crawler.urls.robots import parse_rules

    rules = parse_rules(data.decode("utf-8-sig", "replace"), "Recollect", 30.0, "http://fuzz.example")
    for path in ("/", "/a/b?c=d", "/" + "a" * 2000):
        rules.allowed(f"http://fuzz.example{path}")


def run_url(data: bytes) -> None:
    """A link: what is joined stays as it is when it is made canonical again."""
    from crawler.urls.url import canonicalise, resolve

    url = resolve("http://fuzz.example/a/b?c", data.decode("utf-8", "surrogateescape"))
    if url is not None:
        assert canonicalise(url) == url, url


def run_document(data: bytes) -> None:
    """A PDF, Office or CSV file, through the process that reads them."""
    from crawler.documents.draft import DocumentConfig, UnreadableDocument
    from crawler.documents.read import extract_document

    try:
        extract_document(data, "http://fuzz.example/x", DocumentConfig(timeout_s=CASE_S - 2), "text/csv")
    except UnreadableDocument as refused:
        assert refused.reason != "timeout", "reading takes too long"


def mutated(draw: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    """A sample with a few changes: bytes flipped, parts removed, repeated or put in from elsewhere."""
    data = bytearray(sample)
    for _ in range(draw.choice((1, 1, 2, 4, 8, 32))):
        at = draw.randrange(len(data) + 1)
        size = min(len(data) - at, int(draw.paretovariate(0.8)))
        match draw.randrange(6):
            case 0:
                data[at : at + 1] = bytes([draw.randrange(256)])
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = draw.choice(INTERESTING) * min(int(draw.paretovariate(0.5)), 5000)
            case 3:
                data[at:at] = data[at : at + size] * draw.choice((1, 2, 50))
            case 4:
                other = draw.choice(others)
                start = draw.randrange(len(other) + 1)
                data[at:at] = other[start : start + int(draw.paretovariate(0.5))]
            case _:
                del data[at:]
        del data[MAX_CASE_BYTES:]
    return bytes(data)


def targets(data: Path | None) -> list[Target]:
    """The parsers, with what there is to feed them."""
    conformance = data / "conformance" if data else None

    def samples(folder: str, *patterns: str, most_bytes: int = 300_000) -> list[bytes]:
        places = [ROOT / "tests" / "site", ROOT / "tests" / "crawler" / "documents"]
        if conformance is not None and (conformance / folder).is_dir():
            places.append(conformance / folder)
        files = sorted({file for place in places for pattern in patterns for file in place.rglob(pattern)})
        found = [gzip.decompress(b) if b[:2] == b"\x1f\x8b" else b for b in (file.read_bytes() for file in files)]
        found = [sample for sample in found if len(sample) <= most_bytes]
        return random.Random(1).sample(found, min(len(found), MAX_SAMPLES))

    urls = [line.strip(b' ",') for text in samples("url_wpt", "urltestdata.json") for line in text.splitlines()]
    urls += [
        b"//example.org:80/a/../b?c=d&e#f",
        b"HTTP://B\xc3\xbccher.example/%7Ea/%zz",
        b"http://[::1]:8080/",
        b"?x",
        b"#",
    ]
    found = [
        Target("html", run_html, samples("article_extraction", "*.html", "*.html.gz")),
        Target("robots", run_robots, [*samples("robots_real", "robots.txt"), *robots_files(conformance)]),
        Target("sitemap", run_sitemap, samples("sitemaps", "*.xml")),
        Target("url", run_url, urls),
        Target("document", run_document, samples("documents", "*.pdf", "*.docx", "*.pptx", "*.xlsx", "*.csv")),
    ]
    return [target for target in found if target.samples]


def robots_files(conformance: Path | None) -> list[bytes]:
    """Some of the robots.txt files of real sites."""
    archive = conformance / "robots_real" / "fetched.tar.gz" if conformance else None
    if archive is None or not archive.is_file():
        return []
    with tarfile.open(archive) as files:
        members = [member for member in files if member.isfile() and 0 < member.size <= 50_000]
        chosen = random.Random(1).sample(members, min(len(members), MAX_SAMPLES))
        return [content.read() for member in chosen if (content := files.extractfile(member)) is not None]


def run_sitemap(data: bytes) -> None:
    """A sitemap or feed of links."""
    from crawler.errors import CrawlError
    from crawler.visit.sitemap import parse_sitemap

    try:
        parse_sitemap(data, MAX_CASE_BYTES)
    except CrawlError:
        return


def serve(pipe: Connection, run: Callable[[bytes], object]) -> None:
    """The child: runs one case after the other, and says how each went."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()  # what the parsers log of broken pages is of no interest here
    while (case := pipe.recv()) is not None:
        try:
            run(case)
        except Exception:  # noqa: BLE001  whatever comes is what is looked for
            pipe.send(traceback.format_exc())
        else:
            pipe.send("")


class Child:
    """One process for one parser; started again when a case took it down."""

    def __init__(self, run: Callable[[bytes], object]) -> None:
        self._run = run
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._run))
        self._process.start()
        theirs.close()
        self._is_new = True

    def run(self, case: bytes, seconds: float) -> str:
        """What went wrong, in words; empty when nothing did."""
        is_new, self._is_new = self._is_new, False
        try:
            self._pipe.send(case)
            if self._pipe.poll(seconds + START_S if is_new else seconds):
                return str(self._pipe.recv())
            what = f"hangs: no end after {seconds:g} s"
        except (EOFError, OSError):
            self._process.join(1)
            what = f"crashes the process: exit status {self._process.exitcode}"
        self.close()
        self._start()
        return what

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def fuzz(data: Path | None, keep: Path, seconds: float, seed: int) -> Report:
    """Feed all parsers in turn for so long."""
    report = Report()
    parsers = targets(data)
    children = {target.name: Child(target.run) for target in parsers}
    for target in parsers:
        # The first case pays for imports.
        children[target.name].run(target.samples[0], 60.0)
    draw = random.Random(seed)
    until = time.monotonic() + seconds
    reported: set[tuple[str, str]] = set()
    while time.monotonic() < until:
        for target in parsers:
            for _ in range(1 if target.name == "document" else 10):
                case = mutated(draw, draw.choice(target.samples), target.samples)
                what = children[target.name].run(case, CASE_S)
                report.cases[target.name] += 1
                key = (target.name, what.strip().splitlines()[-1][:80] if what else "")
                if what and key not in reported:
                    reported.add(key)
                    keep.mkdir(parents=True, exist_ok=True)
                    place = keep / f"{target.name}-{len(reported)}"
                    place.write_bytes(case)
                    report.found.append({"parser": target.name, "what": what, "file": str(place)})
    for child in children.values():
        child.close()
    return report


def main() -> None:
    """Fuzz as the command line says, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long")
    parser.add_argument("--seed", type=int, default=1, help="another number draws other cases")
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("RECOLLECT_DATA"), help="folder of public test data"
    )
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"), help="folder for the cases that were found")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    report = fuzz(Path(options.data) if options.data else None, options.keep, options.seconds, options.seed)
    if options.json:
        print(json.dumps({"cases": dict(report.cases), "found": report.found}, indent=1))
    else:
        print("\n".join(f"{name}: {count:,} cases" for name, count in sorted(report.cases.items())))
        for one in report.found:
            print(f"\n{one['parser']} ({one['file']}):\n{one['what']}")
    sys.exit(1 if report.found else 0)


if __name__ == "__main__":
    main()
