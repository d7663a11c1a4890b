"""From the bytes of a page to text, whatever they claim to be; never raises."""

import codecs
import re

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']", re.IGNORECASE)
PRESCAN_BYTES = 4096
"""The HTML standard looks for a meta charset in the first 1024 bytes; real pages put it later."""

DETECT_BYTES = 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_AS_BROWSERS_READ = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
}
"""Labels that the Encoding standard reads as a larger set; a meta element cannot truthfully say UTF-16."""

NO_CHARACTER_SETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})
"""Codecs of Python that no page may ask for; "hex", "zip" and their like are told by what they decode to."""


def decode(body: bytes, charset: str | None = None) -> str:
    """Decode by byte order mark, then the HTTP charset, then the page's own label, then by looking.

    A label that does not fit the bytes is ignored when they are valid UTF-8. Bytes that fit nothing become U+FFFD.
    """
    for bom, named in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(named, "replace")
    declared = charset or _declared(body)
    encoding = _known(declared) if declared else None
    for candidate in (encoding, "utf-8"):
        if candidate is not None:
            try:
                return _without_nul(body.decode(candidate))
            except UnicodeError:
                continue
    if encoding is not None and encoding != "utf-8":
        return _without_nul(body.decode(encoding, "replace"))
    as_utf8 = body.decode("utf-8", "replace")
    return _without_nul(as_utf8 if _is_mostly_utf8(as_utf8) else _detected(body))


def _is_mostly_utf8(text: str) -> bool:
    """Some broken bytes among more good sequences: a cut-off teaser, a pasted quote."""
    broken = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - broken >= broken


def _declared(body: bytes) -> str | None:
    start = body[:PRESCAN_BYTES]
    found = _XML_ENCODING.search(start) or _META_CHARSET.search(start)
    return found[1].decode("ascii") if found else None


def _known(label: str) -> str | None:
    label = label.strip().strip("\"'").lower()
    label = _AS_BROWSERS_READ.get(label, label)
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in NO_CHARACTER_SETS else None


def _detected(body: bytes) -> str:
    """No usable label and not UTF-8: a sample is judged by its bytes, in time that does not grow with long words."""
    from charset_normalizer import from_bytes

    sample = body[:DETECT_BYTES]
    if _looks_western(body):
        try:
            sample.decode("cp1252")
            return body.decode("cp1252", "replace")
        except UnicodeError:
            pass
    guess = from_bytes(sample).best()
    return body.decode(guess.encoding if guess is not None else "cp1252", "replace")


def _looks_western(body: bytes) -> bool:
    """Too short to tell, or few bytes above 127: accented letters and curly quotes, as in windows-1252."""
    sample = body[:DETECT_BYTES]
    return len(sample) < 64 or sum(byte > 127 for byte in sample) < len(sample) * 0.1


def _without_nul(text: str) -> str:
    return text.replace("\x00", "\ufffd") if "\x00" in text else text
