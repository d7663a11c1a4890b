"""From the bytes of a page to text, whatever they claim to be; never raises."""

import codecs
import re
from typing import NamedTuple

from crawler.text.charset import codec_of, detect

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']", re.IGNORECASE)
PRESCAN_BYTES = 4096
"""The HTML standard looks for a meta charset in the first 1024 bytes; real pages put it later."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_JAPANESE_ESCAPES = re.compile(rb"\x1b\$[@B]|\x1b\(J")
"""What opens a run of ISO-2022-JP, whose bytes are all ASCII and would pass for UTF-8."""

MAX_BROKEN_SHARE = 0.05
"""Of the characters that are not ASCII; above it a label of several bytes a character is refuted."""


class Decoded(NamedTuple):
    """Text and the codec that gave it, in Python's spelling."""

    text: str
    codec: str


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of ``decode_as`` alone."""
    return decode_as(body, charset).text


def decode_as(body: bytes, charset: str | None = None) -> Decoded:
    """Decode by byte order mark, then the HTTP charset, then the page's own label, then by looking.

    A label that does not fit the bytes is refuted: they may be valid UTF-8, fit the other label, or be told by what
    their text looks like. A few broken bytes refute nothing. Bytes that fit nothing become U+FFFD.
    """
    for bom, named in _BOMS:
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(named, "replace"), named)
    if (wide := _without_mark(body)) is not None:
        return Decoded(_without_nul(body.decode(wide, "replace")), wide)
    labels = [codec_of(charset)] if charset else []
    labels += [codec_of(label, in_page=True) for label in _declared(body)]
    has_zeros = b"\x00" in body[:PRESCAN_BYTES]
    named_codecs = list(dict.fromkeys(c for c in labels if c is not None and (has_zeros or not c.startswith("utf-16"))))
    if named_codecs in ([], ["utf-8"]) and _JAPANESE_ESCAPES.search(body):
        named_codecs = ["iso2022_jp_ext"]
    for codec in (*named_codecs[:1], "utf-8"):
        if (text := _strictly(body, codec)) is not None:
            return Decoded(_without_nul(text), codec)
    for codec in dict.fromkeys((*named_codecs[:1], "utf-8", *named_codecs[1:])):
        text = body.decode(codec, "replace")
        if _is_mostly(text, codec):
            return Decoded(_without_nul(text), codec)
    guessed = detect(body)
    return Decoded(_without_nul(body.decode(guessed, "replace")), guessed)


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeError:
        return None


def _is_mostly(text: str, codec: str) -> bool:
    """Some broken bytes among many good ones: a cut-off teaser, a pasted quote, a character of the vendor's own."""
    broken = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - broken
    # UTF-8 has no good sequences by chance.
    return good >= broken if codec == "utf-8" else broken <= max(1, MAX_BROKEN_SHARE * (good + broken))


def _without_mark(body: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of its markup is zero."""
    start = body[:64]
    if len(start) < 4 or b"\x00" not in start:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd * 2 >= len(start[1::2]) and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even * 2 >= len(start[0::2]) and odd == 0 else None


def _declared(body: bytes) -> list[str]:
    start = body[:PRESCAN_BYTES]
    found = (_XML_ENCODING.search(start), _META_CHARSET.search(start))
    return [match[1].decode("ascii") for match in found if match]


def _without_nul(text: str) -> str:
    return text.replace("\x00", "\ufffd") if "\x00" in text else text
