"""From bytes to text, whatever they claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.decode import decode

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


RUSSIAN_CHARTER = "Мы открыты с понедельника по пятницу, с девяти утра до шести вечера. Доставка по телефону."
CHINESE = "我们每周一到周五营业，您可以通过电话或网站订购，周末休息，欢迎光临。"
POLISH = (
    "Jesteśmy otwarci od poniedziałku do piątku. Zamówienia można składać także przez naszą stronę, płatność gotówką."
)
GREEK = "Είμαστε ανοιχτά από Δευτέρα έως Παρασκευή. Μπορείτε να παραγγείλετε τηλεφωνικά."
HEBREW = "אנחנו פתוחים בימים ראשון עד חמישי. אפשר להזמין משלוח בטלפון או באתר שלנו."
KOREAN = "월요일부터 금요일까지 영업합니다. 전화나 홈페이지에서 주문하실 수 있습니다."
SCRIPT = (
    "<script>" + "var analytics = analytics || [];\n" * 120 + "</script><style>" + "body{margin:0}" * 80 + "</style>"
)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("sjis", "shift_jis", JAPANESE),
        ("shift-jis", "shift_jis", JAPANESE),
        ("ms_kanji", "shift_jis", JAPANESE),
        ("x-sjis", "cp932", JAPANESE),
        ("windows-31j", "cp932", "髙橋① " + JAPANESE),
        ("x-euc-jp", "euc_jp", JAPANESE),
        ("csiso2022jp", "iso2022_jp", JAPANESE),
        ("x-gbk", "gb18030", CHINESE),
        ("chinese", "gb18030", CHINESE),
        ("big5-hkscs", "big5", "我們每週一到週五營業，歡迎光臨。"),
        ("ksc5601", "cp949", KOREAN),
        ("x-cp1251", "cp1251", RUSSIAN),
        ("win1251-of-nobody", "utf-8", RUSSIAN),
        ("koi8-ru", "koi8-u", RUSSIAN),
        ("koi", "koi8-r", RUSSIAN),
        ("866", "cp866", RUSSIAN),
        ("x-mac-cyrillic", "mac-cyrillic", RUSSIAN),
        ("l2", "iso8859-2", POLISH),
        ("greek8", "iso8859-7", GREEK),
        ("logical", "iso8859-8", HEBREW),
        ("dos-874", "cp874", "เราเปิดทำการวันจันทร์ถึงวันศุกร์"),
        ("x-x-big5", "big5", "我們每週一到週五營業"),
        ("unicode-1-1-utf-8", "utf-8", RUSSIAN),
        ("utf-16", "utf-16-le", "<p>" + RUSSIAN),
        (" ISO-8859-1\t", "cp1252", "5 €"),
    ],
)
def test_labels_are_those_of_the_encoding_standard(label: str, codec: str, text: str) -> None:
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize(
    ("header", "page", "codec", "text"),
    [
        ("utf-8", "windows-1251", "cp1251", RUSSIAN),
        ("utf-8", "gb2312", "gb18030", CHINESE),
        ("euc-jp", "x-sjis", "cp932", JAPANESE),
        ("utf-8", "iso-8859-2", "iso8859-2", POLISH),
        ("utf-8", "no-such-label", "cp1251", RUSSIAN),
        ("utf-16", "windows-1251", "cp1251", RUSSIAN),
    ],
)
def test_label_of_the_page_is_tried_where_that_of_the_header_is_refuted(
    header: str, page: str, codec: str, text: str
) -> None:
    assert decode(f'<meta charset="{page}"><p>{text}'.encode(codec), header).endswith(text)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1250", "Łaźnia jest otwarta codziennie od siódmej rano do dziewiątej wieczorem. Źródło ćwiczeń. " * 3),
        ("cp1250", "Žluťoučký kůň šel do šatny, když začal pršet déšť, a žádné štěstí ho nečekalo. " * 3),
        ("iso8859-2", "Łaźnia jest otwarta codziennie od siódmej rano do dziewiątej wieczorem. Źródło ćwiczeń. " * 3),
    ],
)
def test_letters_where_iso_has_none_are_those_of_windows(codec: str, text: str) -> None:
    assert decode(f"<p>{text}".encode(codec)).endswith(text)


def test_few_broken_bytes_do_not_refute_the_header() -> None:
    body = ('<meta charset="windows-1251">' + RUSSIAN).encode() + b"\xd0"
    assert decode(body, "utf-8").endswith(RUSSIAN + "\ufffd")


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", RUSSIAN_CHARTER),
        ("koi8-r", RUSSIAN_CHARTER),
        ("gb18030", CHINESE),
        ("big5", "我們每週一到週五營業，您可以透過電話或網站訂購，週末休息，歡迎光臨。"),
        ("euc_jp", JAPANESE),
        ("shift_jis", JAPANESE),
        ("iso2022_jp", JAPANESE),
        ("cp949", KOREAN),
        ("cp1253", GREEK),
        ("cp1255", HEBREW),
        ("cp1250", POLISH),
        ("utf-16-le", RUSSIAN),
        ("utf-16-be", JAPANESE),
    ],
)
def test_pages_without_label_are_told_by_their_text_not_by_their_scripts(codec: str, text: str) -> None:
    page = f"<!doctype html><html><head><title>Shop</title>{SCRIPT}</head><body class='front page'><p>{text}</p></body>"
    assert decode(page.encode(codec)) == page
    assert decode(page.encode(codec), "utf-8") == page
