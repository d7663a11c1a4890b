"""The collections of ``benchmarks.memories``: each a table of facts with questions that no memory was told beforehand.

What is drawn by chance is the same every time.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random

from benchmarks.answers_sites import indexed
from benchmarks.recall_data import Synset, synsets, table_rows
from benchmarks.recall_questions import COUNTS, LOOKUPS, ONE_HOP, REVERSE, TWO_HOPS, Side
from indexer.beir import qrels, queries
from indexer.embedded.store import EmbeddedStore
from indexer.sentences import sentence_spans
from server.comparing.facts import Facts
from server.comparing.questions import Asked

COUNTRIES, LEAST_PARTS, MOST_PARTS = 14, 8, 30
SITE, SECTIONS = "sqlite3-doc", 220
SEED = 11
DEFINITIONS = ("What does {n} mean?", "define {n}", "Could you tell me the definition of {n}?")
TERM = re.compile(r"(?<![\w.(<-])(?:[A-Z]+_[A-Z_]+[A-Z]|[a-z]+_[a-z_]+[a-z]|\d{2,}(?:,\d{3})*)(?![\w.>)-])")
"""What a sentence of technical documentation may be asked for: an identifier, a number."""
CLOZE_WORDS = range(9, 26)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the data of the collections is: a folder of data sets, of iso-codes, of WordNet, and one for an index."""

    data: Path
    iso_codes: Path
    wordnet: Path
    cache: Path


Collection = tuple[Facts, list[Asked]]


def iso_codes(places: Places, size: int) -> Collection:
    """Subdivisions of countries: looked up, found by a value, counted."""
    random = Random(SEED)
    rows = table_rows(places.iso_codes, "iso_3166-2")
    times = Counter(row["name"] for row in rows)
    parts = Counter(row["country"] for row in rows)
    countries = random.sample([one for one, n in parts.items() if LEAST_PARTS <= n <= MOST_PARTS], COUNTRIES)
    chosen = [row for row in rows if row["country"] in countries and times[row["name"]] == 1]
    columns = ("code", "type", "country")
    facts = Facts("subdivision", columns, {row["name"]: {name: row[name] for name in columns} for row in chosen})
    lookups, reverse, counts = (cycle(wordings[Side.MEASURE]) for wordings in (LOOKUPS, REVERSE, COUNTS))
    asked = [
        Asked(next(lookups).format(c=column, n=row["name"]), (row[column],), "look-up")
        for row, column in zip(random.sample(chosen, size // 2), cycle(columns), strict=False)
    ]
    asked += [
        Asked(next(reverse).format(t="subdivision", c="code", v=row["code"]), (row["name"],), "by value")
        for row in random.sample(chosen, size // 4)
    ]
    groups = Counter((row["country"], row["type"].lower()) for row in chosen if row["type"].isalpha())
    for (country, kind), number in random.sample(sorted(groups.items()), min(size // 4, len(groups))):
        several = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
        asked.append(Asked(next(counts).format(p=several, n=country), (str(number),), "count"))
    return facts, asked


def wordnet(places: Places, size: int) -> Collection:
    """Nouns with what they are kinds of: one step, two steps, definitions."""
    random = Random(SEED)
    known = synsets(places.wordnet)
    times = Counter(word.lower() for synset in known.values() for word in synset.words)
    usable = [one for one in known.values() if _is_plain(one, times)]
    ids = {one.id for one in usable}

    def broader(one: Synset) -> Synset | None:
        return next((known[other] for other in one.pointers.get("hypernym", ()) if other in ids), None)

    chains = [
        (one, first, second) for one in usable if (first := broader(one)) is not None and (second := broader(first))
    ]
    chosen = random.sample(chains, 2 * size)
    rows = {}
    for one in {synset.id: synset for chain in chosen for synset in chain}.values():
        above = broader(one)
        rows[one.words[0]] = {"hypernym": above.words[0] if above else "", "definition": one.gloss}
    one_step, two_steps, defined = (cycle(w) for w in (ONE_HOP[Side.MEASURE], TWO_HOPS[Side.MEASURE], DEFINITIONS))
    asked = []
    for number, (one, first, second) in enumerate(islice(chosen, size)):
        name = one.words[0]
        if number % 3 == 0:
            asked.append(Asked(next(one_step).format(r="hypernym", n=name), (first.words[0],), "one step"))
        elif number % 3 == 1:
            question = next(two_steps).format(r="hypernym", q="hypernym", n=name)
            asked.append(Asked(question, (second.words[0],), "two steps"))
        else:
            asked.append(Asked(next(defined).format(n=name), (one.gloss,), "definition"))
    return Facts("noun", ("hypernym", "definition"), rows), asked


def faq(places: Places, size: int) -> Collection:
    """Entries of covid_faq_en, asked in people's words, and a quarter of them as they stand."""
    random = Random(SEED)
    folder = places.data / "beir" / "covid_faq_en"
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        entries = {row["_id"]: row for row in map(json.loads, lines)}
    facts = Facts("question", ("answer",), {row["title"]: {"answer": row["text"]} for row in entries.values()})
    texts, judged = dict(queries(folder)), qrels(folder, "test")
    drawn = random.sample(sorted(judged), size - size // 4)
    asked = [
        Asked(texts[one], tuple(entries[doc]["text"] for doc, grade in judged[one].items() if grade > 0), "paraphrase")
        for one in drawn
    ]
    asked += [
        Asked(row["title"], (row["text"],), "as it stands") for row in random.sample(list(entries.values()), size // 4)
    ]
    return facts, asked


def documentation(places: Places, size: int) -> Collection:
    """Sections of a documentation site; a question is a sentence with one term taken out."""
    random = Random(SEED)
    store = EmbeddedStore(indexed(SITE, places.cache))
    try:
        passages = [one for head in store.scan() for one in store.passages(head.doc_id)]
    finally:
        store.close()
    random.shuffle(passages)
    sections: dict[str, dict[str, str]] = {}
    asked: list[Asked] = []
    for passage in passages:
        thing = ": ".join(dict.fromkeys((passage.head.title, *passage.heading_path)))
        one = next(cloze(passage.text), None)
        if thing in sections or one is None:
            continue
        sections[thing] = {"text": passage.text}
        asked.append(one)
        if len(sections) == SECTIONS:
            break
    return Facts("section", ("text",), sections), asked[:size]


COLLECTIONS: dict[str, Callable[[Places, int], Collection]] = {
    "iso-codes": iso_codes,
    "wordnet": wordnet,
    "faq": faq,
    "documentation": documentation,
}


def _is_plain(one: Synset, times: Counter[str]) -> bool:
    name = one.words[0]
    return times[name.lower()] == 1 and name.replace(" ", "").isalpha()


def cloze(text: str) -> Iterator[Asked]:
    """Sentences of a text, each as often as it has terms, with ``what`` in the place of one."""
    for start, end in sentence_spans(text):
        sentence = text[start:end].strip()
        if "\n" in sentence or len(sentence.split()) not in CLOZE_WORDS or not sentence.endswith("."):
            continue
        for term in TERM.finditer(sentence):
            if sentence.count(term[0]) == 1:
                question = f"{sentence[: term.start()]}what{sentence[term.end() : -1]}?"
                yield Asked(question, (term[0],), "missing term")
