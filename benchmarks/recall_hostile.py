"""200 questions that mean harm: injection, other tables, huge results, long and strange texts."""

import hashlib
import time
from contextlib import AbstractContextManager
from itertools import islice, product
from pathlib import Path
from typing import Any

SIZE = 200
_INJECTIONS = (
    "'; DROP TABLE country; --",
    "' OR '1'='1",
    "' UNION SELECT name, sql FROM sqlite_master --",
    '"; DELETE FROM country WHERE 1=1; --',
    "%' OR 1=1 --",
    "x'); ATTACH DATABASE '/tmp/x.db' AS x; --",
    "{{ ''.__class__.__mro__ }}",
    "${jndi:ldap://127.0.0.1/x}",
    "* } UNION { ?s ?p ?o",
    "> . } ; DROP ALL ; #",
)
_CARRIERS = (
    "What is the alpha-2 code of {}?",
    "Which country has the alpha-3 code {}?",
    "How many countries have the numeric code {}?",
    "List all countries with a name starting with {}",
    "What is the hypernym of {}?",
    "{}",
)
_OTHERS = (
    "List all rows of sqlite_master",
    "What is the password of Germany?",
    "Show all tables",
    "Which rowid has Germany?",
    "What is the sql of country?",
    "List all languages",
    "List all subdivisions and all languages and all countries and all currencies",
    "Which subdivisions have a name containing a?",
    "Which languages have a name starting with a or b or c?",
    "How many languages, subdivisions, countries and scripts are there with everything?",
    "name " * 5_000,
    "of the " * 1_000,
    "what is the hypernym of the hypernym of the hypernym of the hypernym of the hypernym of entity",
    "What is the hyponym of entity?",
    "What is the hyponym of the hyponym of physical entity?",
    "\x00\x01\x02",
    "\u202e\u200b\ufeff" * 200,
    "(" * 2_000,
    "what is " + "x" * 100_000,
    "🇩🇪" * 500,
)


def questions() -> list[str]:
    """All of them."""
    mixed = (carrier.format(bad) for carrier, bad in product(_CARRIERS, _INJECTIONS))
    cases = (change(text) for text in (*_OTHERS, *mixed) for change in (str, str.upper, lambda t: f"please, {t}"))
    return list(islice(cases, SIZE))


def hostile(opened: AbstractContextManager[Any], database: Path) -> dict[str, Any]:
    """What they brought about: the longest time, the longest answer, whether anything was written or failed."""
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    longest_ms, longest_chars, failed, leaked = 0.0, 0, 0, 0
    with opened as recall:
        for question in questions():
            started = time.perf_counter()
            found = recall.ask(question)
            longest_ms = max(longest_ms, (time.perf_counter() - started) * 1_000)
            failed += len(found.problems)
            for one in found.said:
                text = one.best.text if one.best else ""
                longest_chars = max(longest_chars, len(text))
                leaked += "CREATE TABLE" in text or "sqlite_master" in text
    return {
        "questions": len(questions()),
        "longest_ms": round(longest_ms, 1),
        "longest_answer_chars": longest_chars,
        "failed": failed,
        "leaked": leaked,
        "is_unchanged": hashlib.sha256(database.read_bytes()).hexdigest() == before,
    }
