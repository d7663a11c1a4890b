"""Near duplicates: the same page with another date, counter, banner or sidebar.

Two texts are compared by the share of word triples they have in common (resemblance, Broder 1997), estimated from
sketches of 64 values each, drawn by fast similarity sketching (Dahlgaard, Knudsen, Thorup 2017): one pass of hashing
for ordinary texts, and no bias for short ones. Candidates share a band of values (locality-sensitive hashing).

The usual 64-bit simhash was measured and left: at distance 3 it finds 12 % of pages of 100 to 300 words in which three
words changed, the sketch 88 %. No text measure tells release notes of version 1.3.5 from those of 1.4.3, which share
96 % of their triples; so pages count as duplicates only under equal titles, and where no marks (``marks.py``) tell them
apart.
"""

import re
from hashlib import blake2b
from itertools import count

import numpy as np
from numpy.typing import NDArray

from crawler.frontier.marks import marks, tell_apart
from crawler.frontier.rows import Statements

VALUES = 64
SIMILAR = 0.85
"""Share of equal values from which two pages are one: three words changed in a hundred."""

_BYTES = 2 * VALUES
_SHINGLE_WORDS = 3
_BANDS = 8
_BAND_VALUES = 4  # a page that shares 85 % meets in one of 8 bands of 4 values with probability .997
_BIN_SHIFT = np.uint64(64 - 6)
_NO_HASH = np.uint64(2**64 - 1)
_MAX_KNOWN_WORDS = 200_000

_NO_SPACES = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
"""Scripts written without spaces: each character counts as a word."""

_UNSPACED = re.compile(_NO_SPACES)
_UNSPACED_WORD = re.compile(rf"{_NO_SPACES}|\w+")

Hashes = NDArray[np.uint64]


class _WordHashes(dict[str, int]):
    """Stable 64-bit hashes of words, each computed once."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MAX_KNOWN_WORDS:
            self.clear()
        value = self[word] = _hash(word)
        return value


_word_hashes = _WordHashes()


def sketch(text: str) -> bytes:
    """A sketch of 128 bytes, the same on every machine, and the marks of the text; empty for a text without words.

    >>> similarity(sketch("one two three four"), sketch("One Two\\nThree FOUR"))
    1.0
    """
    words = _words(text)
    if not words:
        return b""
    shingles = _shingles(np.fromiter(map(_word_hashes.__getitem__, words), np.uint64, len(words)))
    values: NDArray[np.uint16] = np.zeros(VALUES, np.uint16)
    is_empty = np.ones(VALUES, np.bool_)
    for round_ in count(1):
        hashes = _mixed(shingles ^ np.uint64(_hash(str(round_))))
        least = np.full(VALUES, _NO_HASH)
        np.minimum.at(least, (hashes >> _BIN_SHIFT).astype(np.intp), hashes)
        is_new = is_empty & (least != _NO_HASH)
        values[is_new] = least[is_new].astype(np.uint16)
        is_empty &= ~is_new
        if not is_empty.any():
            break
    return values.astype("<u2").tobytes() + marks(text)


def similarity(one: bytes, other: bytes) -> float:
    """The estimated share of word triples that two texts have in common, in [0, 1]; standard error at most .06."""
    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one[:_BYTES], "<u2") == np.frombuffer(other[:_BYTES], "<u2")))


def _likeness(one: bytes, other: bytes) -> float:
    """The similarity of pages that may stand for each other; 0 where their marks tell them apart."""
    return 0.0 if tell_apart(one[_BYTES:], other[_BYTES:]) else similarity(one, other)


class NearDuplicates:
    """Sketches of the pages seen, in the tables of ``crawler.frontier.rows.SKETCHES``; the caller commits.

    A page is on its own, and others are compared with it, or it was folded into such a page, its owner.
    """

    def __init__(self, db: Statements) -> None:
        self._db = db

    def add(self, url: str, title: str, page_sketch: bytes, owner: str | None = None) -> None:
        """Remember a page, in place of what was known of its URL."""
        self.remove(url)
        if not page_sketch:
            return
        key = _title_key(title)
        self._db.execute("INSERT INTO sketch VALUES (?, ?, ?, ?)", (url, key, page_sketch, owner))
        if owner is None:
            bands = [(band, url) for band in _bands(key, page_sketch)]
            self._db.executemany("INSERT INTO sketch_band VALUES (?, ?)", bands)

    def find(self, url: str, title: str, page_sketch: bytes) -> tuple[str, float] | None:
        """The page on its own most like this one under the same title, and how like; None if none reaches ``SIMILAR``.

        The page itself (``url``) does not count; of equals the first URL in alphabetical order is taken.
        """
        if not page_sketch:
            return None
        bands = _bands(_title_key(title), page_sketch)
        rows = self._db.execute(
            f"SELECT DISTINCT url, sketch FROM sketch_band JOIN sketch USING (url) "  # noqa: S608  only question marks
            f"WHERE band IN ({', '.join('?' * len(bands))}) AND url <> ? ORDER BY url",
            (*bands, url),
        ).fetchall()
        found = [(other, _likeness(page_sketch, other_sketch)) for other, other_sketch in rows]
        best = max(found, key=lambda match: match[1], default=None)
        return best if best is not None and best[1] >= SIMILAR else None

    def strayed(self, url: str, title: str, page_sketch: bytes) -> list[str]:
        """What was folded into ``url`` and is no longer like what it says now."""
        key = _title_key(title)
        rows = self._db.execute("SELECT url, title, sketch FROM sketch WHERE owner = ? ORDER BY url", (url,)).fetchall()
        return [other for other, its_key, its in rows if its_key != key or _likeness(page_sketch, its) < SIMILAR]

    def remove(self, url: str) -> None:
        """Forget a page; unknown ones are ignored."""
        row = self._db.execute("SELECT title, sketch, owner FROM sketch WHERE url = ?", (url,)).fetchone()
        if row is None:
            return
        title, page_sketch, owner = row
        self._db.execute("DELETE FROM sketch WHERE url = ?", (url,))
        if owner is None:
            bands = [(band, url) for band in _bands(title, page_sketch)]
            self._db.executemany("DELETE FROM sketch_band WHERE band = ? AND url = ?", bands)


def _words(text: str) -> list[str]:
    text = text.lower()
    # White space alone parts words five times as fast as an expression does.
    return text.split() if text.isascii() or not _UNSPACED.search(text) else _UNSPACED_WORD.findall(text)


def _title_key(title: str) -> str:
    return f"{_hash(' '.join(_words(title))):016x}"


def _bands(title_key: str, page_sketch: bytes) -> list[int]:
    """Signed 64-bit keys, each of a title and four neighbouring values of a sketch."""
    key = title_key.encode()
    width = 2 * _BAND_VALUES
    return [
        int.from_bytes(
            blake2b(bytes([i]) + page_sketch[i * width : (i + 1) * width] + key, digest_size=8).digest(),
            "big",
            signed=True,
        )
        for i in range(_BANDS)
    ]


def _shingles(words: Hashes) -> Hashes:
    """One hash for each run of three words; a shorter text is one run."""
    width = min(_SHINGLE_WORDS, len(words))
    total = len(words) - width + 1
    hashes = np.zeros(total, np.uint64)
    for i in range(width):
        hashes = _mixed(hashes + words[i : i + total])
    return hashes


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
