"""What a second crawl of an unchanged site costs: the share of body bytes avoided, and what is encoded again.

    python -m benchmarks.recrawl --site FOLDER [--max-pages N] [--json]

The FOLDER with a static site is served on loopback with entity tags; it is crawled into an index twice.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.crawl import free_port, serve, wait_until_served


def crawl(url: str, data: Path, max_pages: int | None) -> dict[str, Any]:
    """The report of one crawl with the command line, encoded by hashing."""
    config = data.with_suffix(".yml")
    config.write_text(f"data: {data}\nencoder:\n  kind: hashing\n")
    limit = ["--max-pages", str(max_pages)] if max_pages else []
    command = [sys.executable, "-c", "from server.cli import main; main()", "crawl", url, "--config", str(config)]
    ran = subprocess.run([*command, "--json", *limit], stdout=subprocess.PIPE, text=True, check=True)
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def main() -> None:
    """Print the figures of both crawls."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--max-pages", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    port = free_port()
    folder = str(options.site.resolve())
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, port), daemon=True)
    server.start()
    wait_until_served(port)
    with tempfile.TemporaryDirectory() as data:
        url = f"http://127.0.0.1:{port}/"
        first, second = (crawl(url, Path(data) / "index", options.max_pages) for _ in range(2))
    server.terminate()
    server.join()
    figures = {
        "pages": first["fetched"],
        "not_modified": second["not_modified"],
        "first_bytes": first["size_bytes"],
        "second_bytes": second["size_bytes"],
        "share_of_bytes_avoided": 1 - second["size_bytes"] / max(first["size_bytes"], 1),
        "encoded_passages": second["encoded"],
        "first_seconds": first["seconds"],
        "second_seconds": second["seconds"],
    }
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24}{value:>16,.4g}")


if __name__ == "__main__":
    main()
