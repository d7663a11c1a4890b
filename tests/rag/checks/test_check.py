"""Which facts of a claim are otherwise in its evidence, and which claims state the same."""

import pytest

from rag.checks.check import mismatches
from rag.checks.mismatch import Fact

LIMITS = "The API allows 100 requests per minute for each key. Beyond that the server answers 429."
TLS = "The proxy does not support TLS 1.0, but it supports TLS 1.2. Uploads are disabled by default."
QUEUE = "The producer sends messages to the broker. The broker keeps them for 7 days before it deletes them."
PLANS = "The free plan has 5 projects and 20 users. Backups are restored only if encryption is switched off."
HISTORY = (
    "Version 4 was released on 5 March 2021. Python 3.10 or later is required. Ada Lind wrote the parser in May 1998."
)
CACHE = "Most clients cache answers. You may set max_age_ms = 3000 with the option --max-age. It holds 2 GB at most."

FALSE = [
    (LIMITS, "The API allows 1,000 requests per minute for each key.", Fact.NUMBER),
    (LIMITS, "The API allows 100 requests per hour for each key.", Fact.UNIT),
    (LIMITS, "The API forbids 100 requests per minute for each key.", Fact.NEGATION),
    (LIMITS, "The server answers 429 below 100 requests.", Fact.COMPARISON),
    (LIMITS, "The API allows 100 requests per minute for each user account of the enterprise plan.", Fact.ADDED),
    (LIMITS, "The API allows ninety requests per minute.", Fact.NUMBER),
    (LIMITS, "The API allows at least 100 requests per minute.", Fact.COMPARISON),
    (TLS, "The proxy supports TLS 1.0.", Fact.NEGATION),
    (TLS, "The proxy does not support TLS 1.2.", Fact.NEGATION),
    (TLS, "TLS 1.2 is unsupported by the proxy.", Fact.NEGATION),
    (TLS, "Uploads are enabled by default.", Fact.NEGATION),
    (TLS, "The proxy supports TLS 1.3.", Fact.VERSION),
    (QUEUE, "The broker sends messages to the producer.", Fact.ROLE),
    (QUEUE, "Messages are sent from the broker to the producer.", Fact.ROLE),
    (QUEUE, "The broker keeps messages for 7 hours.", Fact.UNIT),
    (QUEUE, "The broker keeps messages for nine days.", Fact.NUMBER),
    (QUEUE, "The producer always sends only messages to the Kafka broker.", Fact.NAME),
    (PLANS, "The free plan has 20 projects and 5 users.", Fact.NUMBER),
    (PLANS, "Backups are restored.", Fact.CONDITION),
    (PLANS, "Backups are restored unless encryption is switched off.", Fact.CONDITION),
    (PLANS, "Backups are restored only if the disk is new.", Fact.CONDITION),
    (HISTORY, "Version 3 was released on 5 March 2021.", Fact.VERSION),
    (HISTORY, "Version 4 was released on 6 March 2021.", Fact.DATE),
    (HISTORY, "Version 4 was released in April 2021.", Fact.DATE),
    (HISTORY, "Python 3.1 or later is required.", Fact.VERSION),
    (HISTORY, "Ada Berg wrote the parser in May 1998.", Fact.NAME),
    (CACHE, "All clients cache answers.", Fact.QUANTIFIER),
    (CACHE, "You must set max_age_ms.", Fact.QUANTIFIER),
    (CACHE, "You may set min_age_ms = 3000.", Fact.NAME),
    (CACHE, "It is set with --min-age.", Fact.NAME),
    (CACHE, "It holds at least 2 GB.", Fact.COMPARISON),
    (CACHE, "It holds 2 MB at most.", Fact.UNIT),
]
TRUE = [
    (LIMITS, "Each key may send one hundred requests a minute."),
    (LIMITS, "The API allows up to 100 requests/minute."),
    (LIMITS, "With more than 100 requests per minute the server answers 429."),
    (TLS, "The proxy supports TLS 1.2."),
    (TLS, "TLS 1.0 is not supported by the proxy."),
    (TLS, "TLS 1.0 is unsupported."),
    (TLS, "By default, uploads are not enabled."),
    (QUEUE, "Messages are sent to the broker by the producer."),
    (QUEUE, "After 7 days the broker deletes messages."),
    (QUEUE, "The broker keeps messages for seven days."),
    (QUEUE, "The broker keeps messages for 168 hours."),
    (PLANS, "The free plan has 20 users and five projects."),
    (PLANS, "If encryption is switched off, backups are restored."),
    (HISTORY, "Version 4 came out on 2021-03-05."),
    (HISTORY, "Version 4 was released in March 2021."),
    (HISTORY, "Python 3.10 and later will do."),
    (HISTORY, "In May 1998, Ada Lind wrote the parser."),
    (CACHE, "You can set max_age_ms."),
    (CACHE, "It holds no more than 2 GB."),
    (CACHE, "It holds up to 2,000 MB."),
]


@pytest.mark.parametrize(("evidence", "claim", "fact"), FALSE, ids=[claim for _, claim, _ in FALSE])
def test_another_fact_is_found(evidence: str, claim: str, fact: Fact) -> None:
    assert fact in {mismatch.fact for mismatch in mismatches(claim, evidence)}


@pytest.mark.parametrize(("evidence", "claim"), TRUE, ids=[claim for _, claim in TRUE])
def test_the_same_facts_in_other_words_are_none(evidence: str, claim: str) -> None:
    assert [str(mismatch) for mismatch in mismatches(claim, evidence)] == []


@pytest.mark.parametrize("evidence", [LIMITS, TLS, QUEUE, PLANS, HISTORY, CACHE])
def test_a_text_agrees_with_itself(evidence: str) -> None:
    assert mismatches(evidence, evidence) == ()


@pytest.mark.parametrize(
    ("language", "evidence", "claim"),
    [
        ("de", "Der Drucker unterstützt keinen Duplexdruck.", "Der Drucker unterstützt den Duplexdruck."),
        ("fr", "Le client ne gère pas les flux.", "Le client gère les flux."),
        ("es", "El servidor nunca borra los datos.", "El servidor borra los datos."),
        ("zh", "该版本不支持流式传输。", "该版本支持流式传输。"),
        ("ja", "この版はストリーミングに対応していない。", "この版はストリーミングに対応している。"),
        ("de", "Es dauert 10 Minuten.", "Es dauert 45 Minuten."),
        ("zh", "超时为30秒。", "超时为60秒。"),
    ],
)
def test_negation_and_numbers_count_in_other_languages(language: str, evidence: str, claim: str) -> None:
    assert mismatches(claim, evidence, language)
    assert not mismatches(evidence, evidence, language)


def test_headings_may_name_what_the_evidence_takes_as_known() -> None:
    claim = "In Recollect 4 the timeout is 30 seconds."
    assert mismatches(claim, "The timeout is 30 seconds.")
    assert not mismatches(claim, "The timeout is 30 seconds.", context="Recollect 4 › Settings")
