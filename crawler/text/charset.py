"""Labels of encodings as browsers read them, and the encoding of bytes that carry none."""

import codecs
import re

DETECT_BYTES = 64 * 1024
"""More text changes the answer hardly ever."""

LEAD_BYTES = 256
"""So much is looked at before the first byte that is not ASCII."""

_LARGER = {"gbk": "gb18030", "iso2022_jp": "iso2022_jp_ext", "x-user-defined": "cp1252"}
"""What the Encoding standard decodes with more than Python's codec of that name knows; its prescan reads
x-user-defined as windows-1252."""

_UNSAFE = {"iso-2022-kr": "iso2022_kr", "csiso2022kr": "iso2022_kr", "hz-gb-2312": "hz"}
"""Browsers refuse to show these, because scripts could hide in them; for reading they are harmless."""

NO_CHARACTER_SETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})
"""Codecs of Python that no page may ask for; "hex", "zip" and their like are told by what they decode to."""

OF_THE_WEB = (
    *("utf-8", "big5-hkscs", "euc-jp", "cp932", "cp949", "gb18030", "iso-2022-jp", "koi8-r", "koi8-u", "cp866"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-10"),
    *("iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16", "mac-cyrillic", "mac-roman"),
)
"""What pages without a label may be in: the encodings of the standard."""

_OF_WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
    "iso8859-16": "cp1250",
}
"""Encodings of Windows that share most letters with one of ISO, and have some of theirs where ISO has no character."""

_NO_ISO = re.compile(rb"[\x80-\x9f]")

_MARKUP = re.compile(
    rb"<(script|style)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>?|&#?\w{1,12};", re.DOTALL | re.IGNORECASE
)
FEW_HIGH_BYTES = 8
LOW_SHARE = 0.15
"""A handful of lone accents and curly quotes among ASCII letters: windows-1252, as browsers assume."""


def codec_of(label: str, *, in_page: bool = False) -> str | None:
    """Python's codec for a label of HTTP or (``in_page``) of a page; None for a label that means nothing.

    The table is that of the Encoding standard. A label inside a page that says UTF-16 was read as ASCII, so the page is
    in UTF-8 (HTML standard section 13.2.3.2).
    """
    import webencodings

    label = label.strip("\t\n\f\r \"'").lower()
    if label in _UNSAFE:
        return _UNSAFE[label]
    known = webencodings.lookup(label)
    if known is not None:
        name = known.codec_info.name
        return "utf-8" if in_page and name.startswith("utf-16") else _LARGER.get(name, name)
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in NO_CHARACTER_SETS else None


def detect(body: bytes) -> str:
    """The likely codec of bytes that are neither labelled nor UTF-8, judged by their text alone, without markup."""
    import chardet

    text = body if b"\x1b$" in body else _MARKUP.sub(b" ", body)
    first = re.search(rb"[\x1b\x80-\xff]", text)
    if first is None:
        text, first = body, re.search(rb"[\x1b\x80-\xff]", body)
    start = max(0, (first.start() if first else 0) - LEAD_BYTES)
    sample = text[start : start + DETECT_BYTES]
    high = sum(byte > 127 for byte in sample)
    letters = high + sum(65 <= byte & 0xDF <= 90 for byte in sample if byte < 128)
    if high < FEW_HIGH_BYTES and high < LOW_SHARE * letters:
        return "cp1252"
    codec = codec_of(chardet.detect(sample, include_encodings=OF_THE_WEB)["encoding"] or "") or "cp1252"
    twin = _OF_WINDOWS.get(codec)
    if twin is None or not any(byte.decode(twin, "replace").isalpha() for byte in set(_NO_ISO.findall(sample))):
        return codec
    return twin
