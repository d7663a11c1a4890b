"""The query of a link, spelled as a browser asks for it."""

from urllib.parse import quote


def in_codec(href: str, codec: str) -> str:
    """``href`` with the characters of its query percent-encoded in the codec of its page.

    Paths are always in UTF-8, queries in the encoding of the page that holds the link (HTML standard section 2.4.3, URL
    standard section 4.1), with character references for what the encoding lacks. UTF-16 counts as UTF-8.

    >>> in_codec("/search?q=Gr\u00fcn", "cp1252")
    '/search?q=Gr%FCn'
    """
    if codec.startswith("utf"):
        return href
    path, mark, rest = href.partition("?")
    query, sharp, fragment = rest.partition("#")
    spelled = "".join(part if part.isascii() else _percent(part, codec) for part in _runs(query))
    return f"{path}{mark}{spelled}{sharp}{fragment}"


def _percent(text: str, codec: str) -> str:
    try:
        return quote(text.encode(codec), safe="")
    except UnicodeEncodeError:
        if len(text) > 1:
            return "".join(_percent(character, codec) for character in text)
        return quote(f"&#{ord(text)};", safe="")


def _runs(text: str) -> list[str]:
    """``text`` cut where characters of ASCII and others meet; encodings with states keep theirs within a run."""
    runs: list[str] = []
    for character in text:
        if runs and runs[-1].isascii() == character.isascii():
            runs[-1] += character
        else:
            runs.append(character)
    return runs
