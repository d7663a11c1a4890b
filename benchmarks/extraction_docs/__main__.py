"""How much of documentation pages is found: text, code, tables? Run as a command.

    python -m benchmarks.extraction_docs [--fetch [FOLDER]] [--site PACKAGE=FOLDER ...] [--json]

The pages come from Debian packages: ``--fetch`` downloads them into a cache, ``--site`` names where one is unpacked.
Only pages are measured that are byte by byte those that were checked by hand; any other is named on standard error.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import mean

from benchmarks.extraction_docs.pages import CheckedPage, checked_pages, fetch
from benchmarks.extraction_docs.score import Shares, score
from crawler.extract.extract import extract


def measure(pages: Iterable[CheckedPage], roots: dict[str, Path]) -> dict[str, Shares]:
    """Score every page whose HTML is the one that was checked, by package and path."""
    found: dict[str, Shares] = {}
    for page in pages:
        body = page.html(roots[page.package]) if page.package in roots else None
        if body is None:
            print(f"skipped {page.path}: it is not that of {page.package} {page.version}", file=sys.stderr)
        else:
            url = f"http://docs.example/{page.path}"
            found[f"{page.package} {page.path}"] = score(page.blocks, extract(body, url))
    return found


def means(pages: dict[str, Shares]) -> dict[str, float]:
    """Each share's mean over the pages that have it."""
    return {
        key: mean(value for page in pages.values() if (value := asdict(page)[key]) is not None)
        for key in ("text_f1", "code", "tables")
    }


def main() -> None:
    """Print a table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fetch", type=Path, nargs="?", const=Path(".cache/extraction_docs"), metavar="FOLDER")
    parser.add_argument("--site", action="append", default=[], metavar="PACKAGE=FOLDER")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pages = list(checked_pages())
    roots = {package: Path(folder) for package, _, folder in (site.partition("=") for site in options.site)}
    if options.fetch:
        roots |= {name: fetch(name, options.fetch) for name in sorted({p.package for p in pages}) if name not in roots}
    measured = measure(pages, roots)
    if not measured:
        parser.exit(2, "no page to measure: give --fetch, or --site PACKAGE=FOLDER for each package that is unpacked\n")
    whole = means(measured)
    if options.json:
        each = {name: asdict(shares) for name, shares in measured.items()}
        print(json.dumps({**whole, "pages": len(measured), "skipped": len(pages) - len(measured), "each": each}))
        return
    for name, shares in measured.items():
        print("  ".join(f"{'-' if value is None else f'{value:.3f}':>5}" for value in asdict(shares).values()), name)
    print("  ".join(f"{whole[key]:.3f}" for key in whole), f"mean of {len(measured)} pages: text F1, code, tables")


if __name__ == "__main__":
    main()
