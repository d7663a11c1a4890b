"""Questions in another language than English pages, by what both know."""

import pytest

from indexer.document import Head, Passage
from rag.choosing.foreign import in_english
from rag.choosing.question import type_of

TEXT = "To install the KettleOS image on a Samovar 3, write it to a card. Configure the port in kettle.conf."
PASSAGES = [Passage(Head("kettles", "https://a.example/", "KettleOS", "", language="en"), 0, TEXT)]


@pytest.mark.parametrize(
    ("question", "language", "meant"),
    [
        ("Wie installiere ich KettleOS auf einem Samovar 3?", "de", "How do I install KettleOS Samovar 3?"),
        ("Wie exportiere ich das KettleOS Image?", "de", "How do I export KettleOS Image?"),
        ("Wie bekomme ich das Image auf den Samovar?", "de", "How do I use Image Samovar?"),
        ("Was ist KettleOS?", "de", "What is KettleOS?"),
        ("Où est kettle.conf ?", "fr", "Where is kettle.conf?"),
        ("Wie lange muss das Wasser im KettleOS kochen?", "de", ""),
        ("Wie lege ich ein neues Konto an?", "de", ""),
    ],
)
def test_a_question_of_names_is_asked_in_english(question: str, language: str, meant: str) -> None:
    assert in_english(question, language, type_of(question), PASSAGES) == meant
