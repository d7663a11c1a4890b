"""Text as a person sees it: without what is invisible or only looks like a letter. Pure functions."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e01ef]"
)
"""Controls, marks of direction, variation selectors, fillers and tag characters."""

_JOINERS = re.compile("(?<![\u0600-\u0dff\u2190-\u2bff\U0001f000-\U0001faff])[\u200c\u200d]")
"""Zero-width joiners say something only in Arabic and Indic scripts and between the parts of an emoji."""

_TAG = re.compile("[\U000e0020-\U000e007e]")
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏкмтнвАЕОРСУХІЈЅКМТНВαορνικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlkmthbAEOPCYXIJSKMTHBaopvikTABEZHIKMNOPTYX",
)


def visible(text: str) -> str:
    """The text without characters that nobody sees; everything else stays as it is."""
    return _JOINERS.sub("", _INVISIBLE.sub("", text))


def as_read(text: str) -> str:
    """What a language model may read in it: tag characters and lookalikes as the letters they stand for.

    Only for looking; it is not the text any more.
    """
    plain = _TAG.sub(lambda tag: chr(ord(tag.group()) - 0xE0000), text)
    plain = unicodedata.normalize("NFKC", visible(plain))
    return " ".join(_mixed(word) for word in plain.split(" "))


def _mixed(word: str) -> str:
    """Lookalikes are letters of their own in a word of their script; beside Latin letters they are a disguise."""
    turned = word.translate(_LOOKALIKES)
    return turned if turned.isascii() or any("a" <= letter <= "z" for letter in word.casefold()) else word
