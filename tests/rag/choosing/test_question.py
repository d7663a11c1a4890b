"""What kind of answer a question asks for."""

import pytest

from rag.choosing.question import QuestionType as Q
from rag.choosing.question import type_of


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How do I rotate the keys?", Q.HOW_TO),
        ("Which command restarts the worker?", Q.HOW_TO),
        ("What is a lease?", Q.DEFINITION),
        ("What does the pump do?", Q.DEFINITION),
        ("How many seats does the team plan have?", Q.VALUE),
        ("What is the default timeout?", Q.VALUE),
        ("What is the price of the basic plan?", Q.VALUE),
        ("Does the client support streaming?", Q.YES_NO),
        ("Which kinds of filters are there?", Q.LIST),
        ("What plans are available?", Q.LIST),
        ("What is the difference between a lease and a loan?", Q.COMPARISON),
        ("What does error 4012 mean?", Q.MEANING),
        ("When was the bridge opened?", Q.WHEN),
        ("Who designed the bridge?", Q.WHO),
        ("Where are the logs kept?", Q.WHERE),
        ("Why does the build fail?", Q.WHY),
        ("Wie lange gilt die Garantie?", Q.VALUE),
        ("Was ist ein Pachtvertrag?", Q.DEFINITION),
        ("Was macht die Pumpe?", Q.DEFINITION),
        ("Was the bridge opened?", Q.YES_NO),
        ("Combien coûte un billet ?", Q.VALUE),
        ("如何重置密码？", Q.HOW_TO),
        ("保証期間は何年ですか", Q.VALUE),
        ("and how many of them are free?", Q.VALUE),
        ("rotate keys", Q.OTHER),
        ("", Q.OTHER),
    ],
)
def test_type_of_question(question: str, wanted: Q) -> None:
    assert type_of(question) is wanted
