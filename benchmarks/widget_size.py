"""How much does a visitor load for a search box? Ours beside Pagefind's and DocSearch's, as npm delivers them, gzipped.

    python -m benchmarks.widget_size

Pagefind's script reads an index of its own on top, which is not counted; ours needs a server.
"""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from server.widget.routes import FILES, packed

PEERS = {
    "@docsearch/js": ("dist/umd/index.js",),
    "@docsearch/css": ("dist/style.css",),
    "@pagefind/default-ui": ("npm_dist/mjs/ui-core.mjs", "css/ui.css"),
}
"""Package -> the files that a page loads."""

KILO = 1000


@dataclass(frozen=True, slots=True)
class Measured:
    """What one box weighs, in bytes."""

    name: str
    plain: int
    gzipped: int


def main() -> None:
    """Measure all and print them."""
    for one in (ours(), *peers()):
        print(f"{one.name:40} {one.gzipped / KILO:8.1f} kB gzipped {one.plain / KILO:8.1f} kB")


def ours() -> Measured:
    """As the server sends it, in all languages."""
    sent = [packed(name)[0] for name in FILES]
    return Measured("recollect-search", sum(len(gzip.decompress(one)) for one in sent), sum(map(len, sent)))


def peers() -> Iterator[Measured]:
    """Each package at its newest version."""
    if shutil.which("npm") is None:
        print("npm is missing, so there is nothing to compare with: apt-get install nodejs npm")
        return
    with TemporaryDirectory() as folder:
        command = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", *PEERS]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for package, files in PEERS.items():
            root = Path(folder) / "node_modules" / package
            version = json.loads((root / "package.json").read_text("utf-8"))["version"]
            found = [(root / name).read_bytes() for name in files]
            yield Measured(
                f"{package} {version}", sum(map(len, found)), sum(len(gzip.compress(one, mtime=0)) for one in found)
            )


if __name__ == "__main__":
    main()
