"""The memories of ``benchmarks.recall``: tables of Debian's iso-codes, WordNet as a graph, an FAQ in Redis."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.sources.config import RecallConfig, SourceConfig

WORDNET = "http://wordnet.test/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ALIAS = "http://www.w3.org/2004/02/skos/core#altLabel"
DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
POINTERS = {
    "@": "hypernym",
    "%p": "partMeronym",
    "%m": "memberMeronym",
    "%s": "substanceMeronym",
    "!": "antonym",
}
"""Those of wninput(5WN) that people ask for."""
WORDS = {
    "hypernym": ("hypernym", "superordinate", "broader term"),
    "^hypernym": ("hyponym", "narrower term", "subordinate"),
    "partMeronym": ("part", "component"),
    "^partMeronym": ("whole",),
    "memberMeronym": ("member",),
    "substanceMeronym": ("substance", "material"),
    "antonym": ("antonym", "opposite"),
}


@dataclass(frozen=True, slots=True)
class Synset:
    """One line of data.noun and the like: its id, its words, its gloss, and pointer -> ids."""

    id: str
    words: tuple[str, ...]
    gloss: str
    pointers: dict[str, tuple[str, ...]]


def synsets(folder: Path) -> dict[str, Synset]:
    """The nouns of WordNet, wndb(5WN)."""
    found = {}
    for line in (folder / "data.noun").read_text("utf-8").splitlines():
        if line.startswith(" "):
            continue
        data, _, gloss = line.partition(" | ")
        parts = data.split()
        count = int(parts[3], 16)
        words = tuple(parts[4 + 2 * i].replace("_", " ") for i in range(count))
        at = 4 + 2 * count
        pointers: dict[str, tuple[str, ...]] = {}
        for i in range(int(parts[at])):
            symbol, target, part_of_speech, _ = parts[at + 1 + 4 * i : at + 5 + 4 * i]
            if symbol in POINTERS and part_of_speech == "n":
                pointers[POINTERS[symbol]] = (*pointers.get(POINTERS[symbol], ()), target)
        definition = gloss.partition('; "')[0].strip()
        found[parts[0]] = Synset(parts[0], words, definition, pointers)
    return found


def write_graph(known: dict[str, Synset], path: Path) -> None:
    """The synsets as N-Triples."""
    with path.open("w", encoding="utf-8") as file:
        for synset in known.values():
            subject = f"<{WORDNET}{synset.id}>"
            for i, word in enumerate(synset.words):
                file.write(f"{subject} <{ALIAS if i else LABEL}> {_literal(word)} .\n")
            file.write(f"{subject} <{DEFINITION}> {_literal(synset.gloss)} .\n")
            for name, targets in synset.pointers.items():
                for target in targets:
                    file.write(f"{subject} <{WORDNET}{name}> <{WORDNET}{target}> .\n")


def _literal(text: str) -> str:
    return json.dumps(text) + "@en"


TABLES: dict[str, tuple[str, str, tuple[str, ...], RecallConfig]] = {
    "countries": (
        "iso_3166-1",
        "country",
        ("alpha_2", "alpha_3", "numeric", "name", "official_name", "common_name", "flag"),
        RecallConfig(
            nouns=("country", "nation", "state"),
            names=("name", "common_name", "official_name"),
            words={
                "alpha_2": ("alpha-2 code", "two-letter code", "2-letter code", "alpha 2"),
                "alpha_3": ("alpha-3 code", "three-letter code", "3-letter code", "alpha 3"),
                "numeric": ("numeric code", "number", "number code"),
                "official_name": ("official name", "full name", "formal name"),
                "flag": ("flag", "flag emoji"),
            },
        ),
    ),
    "languages": (
        "iso_639-3",
        "language",
        ("alpha_3", "alpha_2", "name", "scope", "type", "inverted_name", "bibliographic"),
        RecallConfig(
            nouns=("language", "tongue"),
            names=("name", "inverted_name"),
            words={
                "alpha_3": ("ISO 639-3 code", "three-letter language code", "language code"),
                "alpha_2": ("ISO 639-1 code", "two-letter language code"),
            },
        ),
    ),
    "currencies": (
        "iso_4217",
        "currency",
        ("alpha_3", "name", "numeric"),
        RecallConfig(
            nouns=("currency",),
            names=("name",),
            words={"alpha_3": ("currency code", "currency symbol"), "numeric": ("numeric currency code",)},
        ),
    ),
    "scripts": (
        "iso_15924",
        "script",
        ("alpha_4", "name", "numeric"),
        RecallConfig(
            nouns=("script", "writing system"),
            names=("name",),
            words={"alpha_4": ("four-letter code", "script code"), "numeric": ("script number",)},
        ),
    ),
    "subdivisions": (
        "iso_3166-2",
        "subdivision",
        ("code", "name", "type", "country"),
        RecallConfig(
            nouns=("subdivision", "administrative division"),
            names=("name",),
            words={"code": ("subdivision code", "ISO 3166-2 code"), "type": ("type", "kind of subdivision")},
        ),
    ),
}
"""Source -> file of iso-codes, table, columns, how people ask for them."""


def write_tables(folder: Path, database: Path) -> list[SourceConfig]:
    """The tables in SQLite, and their sources."""
    sources = []
    with closing(sqlite3.connect(database)) as connection:
        for name, (file, table, columns, recall) in TABLES.items():
            connection.execute(f"CREATE TABLE {table} ({', '.join(f'{c} TEXT' for c in columns)})")
            marks = ", ".join("?" * len(columns))
            rows = [tuple(row.get(c) for c in columns) for row in table_rows(folder, file)]
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            url = f"sqlite:///{database}"
            key = columns[:1]
            sources.append(SourceConfig(name=name, url=url, table=table, key=key, language="en", recall=recall))
        connection.commit()
    return sources


def table_rows(folder: Path, file: str) -> list[dict[str, Any]]:
    """The rows of one file; a subdivision is told its country by name."""
    (rows,) = json.loads((folder / f"{file}.json").read_text("utf-8")).values()
    if file == "iso_3166-2":
        (countries,) = json.loads((folder / "iso_3166-1.json").read_text("utf-8")).values()
        names = {row["alpha_2"]: row.get("common_name", row["name"]) for row in countries}
        rows = [row | {"country": names[row["code"].partition("-")[0]]} for row in rows]
    return list(rows)


def faq(data: Path) -> Iterator[tuple[str, str, str]]:
    """(key, question, answer) of covid_faq_en."""
    with gzip.open(data / "beir" / "covid_faq_en" / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield f"faq:{row['_id']}", row["title"], row["text"]
