"""The checked pages: what they say, and where their HTML comes from.

Each JSON file here is one site: ``package`` and ``version`` of Debian, the documents' ``licence``, and its ``pages``. A
page's ``blocks`` are its main content in reading order: ``text`` (a heading, a paragraph, a list item), ``code`` as
written, ``table`` as rows of cells. The blocks were written without our extractor: a draft by selectors chosen for each
site was read beside the page in a browser; ``mended`` says what was put right by hand. Code in every tab and the text
of closed ``details`` are content; navigation, tables of contents, permalink signs and footers are not.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Block:
    """``kind`` is text, code or table; ``rows`` are those of a table, ``text`` is that of all others."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """One page: the path in its package, the SHA-256 of the HTML that was checked, and its content."""

    package: str
    version: str
    path: str
    sha256: str
    blocks: tuple[Block, ...]

    def html(self, root: Path) -> bytes | None:
        """The page's HTML below ``root``, where its package is unpacked; None when it is not the one checked."""
        file = root / self.path
        body = file.read_bytes() if file.is_file() else b""
        return body if hashlib.sha256(body).hexdigest() == self.sha256 else None


def checked_pages() -> Iterator[CheckedPage]:
    """Every page, site by site."""
    for file in sorted(FOLDER.glob("*.json")):
        site = json.loads(file.read_text(encoding="utf-8"))
        for page in site["pages"]:
            blocks = tuple(_block(block) for block in page["blocks"])
            yield CheckedPage(site["package"], site["version"], page["path"], page["sha256"], blocks)


def _block(block: Mapping[str, object]) -> Block:
    ((kind, value),) = block.items()
    if kind == "table":
        assert isinstance(value, list), value
        return Block(kind, rows=tuple(tuple(row) for row in value))
    return Block(kind, text=str(value))


def fetch(package: str, cache: Path) -> Path:
    """Where the package is unpacked; downloaded with apt-get on the first call. Raises CalledProcessError."""
    root = cache / package
    if not (root / "usr").is_dir():
        downloads = cache / "downloads" / package
        downloads.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", package], cwd=downloads, check=True, stdout=subprocess.DEVNULL)
        newest = max(downloads.glob("*.deb"), key=lambda file: file.stat().st_mtime)
        subprocess.run(["dpkg", "-x", str(newest.resolve()), str(root)], check=True)
    return root
