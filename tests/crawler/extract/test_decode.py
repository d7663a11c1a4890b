"""From bytes to text, whatever they claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.decode import decode

RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 4
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 4


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Zürich €".encode(), None, "Zürich €"),
        ("Zürich €".encode(), "iso-8859-1", "ZÃ¼rich â‚¬"),
        ("Zürich".encode("latin-1"), "iso-8859-1", "Zürich"),
        ("5 €".encode("cp1252"), "iso-8859-1", "5 €"),
        ("5 €".encode("cp1252"), "us-ascii", "5 €"),
        (RUSSIAN.encode("koi8-r"), "koi8-r", RUSSIAN),
        (JAPANESE.encode("shift_jis"), "Shift_JIS", JAPANESE),
        (JAPANESE.encode("euc_jp"), '"euc-jp"', JAPANESE),
        ("中文".encode("gb18030"), "gb2312", "中文"),
        (b"\xef\xbb\xbf" + "é".encode(), "latin-1", "é"),
        ("é".encode("utf-16"), "utf-8", "é"),
        (b"\xfe\xff" + "é".encode("utf-16-be"), None, "é"),
        ("é".encode(), "no-such-charset", "é"),
        ("é".encode(), "hex", "é"),
        ("é".encode(), "utf-7\x00", "é"),
    ],
)
def test_declared_charset_is_read_as_browsers_do(body: bytes, charset: str | None, text: str) -> None:
    assert decode(body, charset) == text


@pytest.mark.parametrize(
    "label",
    [
        '<meta charset="koi8-r">',
        '<META http-equiv=Content-Type content="text/html; charset=KOI8-R">',
        '<?xml version="1.0" encoding="koi8-r"?>',
    ],
)
def test_label_inside_the_page_counts(label: str) -> None:
    assert decode((label + RUSSIAN).encode("koi8-r")).endswith(RUSSIAN)


def test_wrong_label_on_utf8_is_ignored() -> None:
    assert decode(('<meta charset="shift_jis">' + RUSSIAN).encode()).endswith(RUSSIAN)


def test_unlabelled_western_bytes_are_windows_1252() -> None:
    assert decode("He said “no”, naïvely. It cost 5 €, and the café was closed.".encode("cp1252")).startswith(
        "He said “no”"
    )


def test_bytes_that_fit_nothing_become_replacement_characters() -> None:
    assert decode("é€ ".encode() + b"\xff caf\xe9", "utf-8") == "é€ \ufffd caf\ufffd"
    assert decode(b"caf\xe9", "utf-8") == "café"
    assert decode(b"\x81\x40\x81", "shift_jis") == "\u3000\ufffd"
    assert "\x00" not in decode(b"a\x00b")


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "latin-1", "gbk", "euc-kr", "utf-16", "base64", "idna", "?"]),
)
def test_any_bytes_decode(body: bytes, charset: str | None) -> None:
    decode(body, charset).encode("utf-8", "surrogatepass")


def test_long_word_beside_bytes_of_no_known_set_is_decoded_at_once() -> None:
    # Found by the fuzz run: detectors that look for words took minutes for such a page.
    body = b"<p>\x81\xff " + b"a" * 60_000 + b"</p>"
    assert decode(body).startswith("<p>")
