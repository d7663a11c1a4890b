"""What is asked of a store's words: a value that every store translates in the same way."""

import re
from dataclasses import dataclass

from indexer.languages import analyser_of

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞〟＂", '"'))
_PHRASE = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Form:
    """Another way to write some of the words: ``text`` is one word, or several that stand side by side.

    A passage that holds it counts as one that holds the words; ``weight`` is what it adds to the score, as a share of
    what the same words add. An ``is_exact`` form is looked for as it stands, signs included, without stemming. One of a
    ``language`` is looked for only in texts that are analysed as that language is.
    """

    text: str
    weight: float
    is_exact: bool = False
    language: str | None = None

    def is_for(self, analyser: str) -> bool:
        """Whether texts of this analyser may hold it."""
        return self.language is None or analyser_of(self.language) == analyser


@dataclass(frozen=True, slots=True)
class Asked:
    """One of ``words``, ``forms`` or ``phrases`` must match, and of ``phrases`` each one, as it stands.

    ``wholes`` only add to the score. A document that holds one of ``excluded`` is left out; each of ``titled`` must
    stand in the title. Without anything to match, every document does.
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    wholes: tuple[Form, ...] = ()
    excluded: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing was typed that a passage must hold, so everything matches that is not excluded."""
        return not (self.words.strip() or self.phrases or self.forms or self.titled)


def asked(text: "str | Asked") -> Asked:
    """What a person typed; no character is an operator but the quotation marks around a phrase."""
    if isinstance(text, Asked):
        return text
    plain = with_plain_quotes(text)
    phrases = (" ".join(match.split()) for match in _PHRASE.findall(plain))
    return Asked(" ".join(plain.replace('"', " ").split()), tuple(phrase for phrase in phrases if phrase))


def with_plain_quotes(text: str) -> str:
    """Quotation marks of every kind of print as the one on the keyboard; each stays one character."""
    return text.translate(_QUOTES)
