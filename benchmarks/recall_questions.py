"""Questions for ``benchmarks.recall``: by template from the data, changed by rule; apart for building and measuring.

An entity belongs to one side by a hash of its name, and each side has wordings of its own, so that what was built while
looking at one says something of the other.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from pathlib import Path
from random import Random

from benchmarks.recall_data import TABLES, Synset, faq, table_rows


class Side(StrEnum):
    """Which questions: those for building, or those that are only measured."""

    BUILD = "build"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a kind, the source that should answer it, and what the answer must hold: one of ``answers``."""

    kind: str
    question: str
    source: str
    answers: tuple[str, ...]


LOOKUPS = {
    Side.BUILD: ("What is the {c} of {n}?", "{n} {c}?", "Which {c} does {n} have?", "tell me the {c} for {n}"),
    Side.MEASURE: (
        "Could you give me the {c} of {n}, please?",
        "what's {n}'s {c}",
        "I need to know which {c} is assigned to {n}.",
        "{c} of {n}",
    ),
}
REVERSE = {
    Side.BUILD: ("Which {t} has the {c} {v}?", "What {t} is {v}, by {c}?"),
    Side.MEASURE: ("Do you know which {t} uses the {c} {v}?", "{t} with {c} {v}", "What is the {t} whose {c} is {v}?"),
}
COUNTS = {
    Side.BUILD: ("How many {p} are there in {n}?", "What is the number of {p} in {n}?"),
    Side.MEASURE: ("How many {p} does {n} have?", "Count the {p} of {n}.", "Please tell me how many {p} exist in {n}"),
}
LISTS = {
    Side.BUILD: ("Which {p} are in {n}?", "List the {p} of {n}."),
    Side.MEASURE: ("What {p} does {n} have?", "Show me all {p} of {n}", "name the {p} in {n}"),
}
ONE_HOP = {
    Side.BUILD: ("What is the {r} of {n}?", "{n}'s {r}?", "Which {r} does {n} have?"),
    Side.MEASURE: ("Give me the {r} of {n}, please", "I wonder what the {r} of {n} is.", "what {r} is known for {n}?"),
}
TWO_HOPS = {
    Side.BUILD: ("What is the {r} of the {q} of {n}?", "the {n}'s {q}'s {r}"),
    Side.MEASURE: ("Can you tell me the {r} of the {q} of {n}?", "{r} of the {q} of {n}", "What is {n}'s {q}'s {r}?"),
}
POLITE: dict[Side, tuple[Callable[[str], str], ...]] = {
    Side.BUILD: (str.lower, lambda q: f"Please tell me: {q}", lambda q: q.rstrip("?"), lambda q: f"Hi, {q}"),
    Side.MEASURE: (
        str.upper,
        lambda q: f"Could you tell me, {q[:1].lower()}{q[1:]}",
        lambda q: q.replace("What is", "What's").replace("do not", "don't").replace("What are", "What're"),
        lambda q: f"{q.rstrip('?')} please ??",
        lambda q: q.replace("Can I", "Could I").replace("Should I", "Must I").replace("How do", "How can"),
        lambda q: " ".join(word for word in q.split() if word.lower() not in ("the", "a", "an", "any", "my", "your")),
    ),
}


def side_of(name: str) -> Side:
    """The side that an entity belongs to."""
    return Side.BUILD if zlib.crc32(name.encode()) % 2 else Side.MEASURE


def table_cases(folder: Path, side: Side, size: int) -> list[Case]:
    """Look-ups both ways, counts and lists over iso-codes; names that several rows have are left out."""
    random = Random(19)
    found: list[Case] = []
    lookups, reverse = cycle(LOOKUPS[side]), cycle(REVERSE[side])
    for source, (file, _, _, recall) in TABLES.items():
        rows = [row for row in table_rows(folder, file) if side_of(row["name"]) is side]
        times: dict[str, int] = {}
        for row in table_rows(folder, file):
            times[row["name"]] = times.get(row["name"], 0) + 1
        plain = [row for row in rows if times[row["name"]] == 1 and row["name"].replace(" ", "").isalpha()]
        columns = [column for column in recall.words if column != "flag" or source == "countries"]
        for row in random.sample(plain, size // 8):
            held = [column for column in columns if row.get(column)]
            column = random.choice(held)
            word = random.choice(recall.words[column])
            question = next(lookups).format(c=word, n=row["name"])
            found.append(Case("table look-up", question, source, (row[column],)))
            if column not in ("type", "scope", "flag"):
                question = next(reverse).format(t=recall.nouns[0], c=word, v=row[column])
                found.append(Case("table reverse", question, source, (row["name"],)))
    found += _subdivision_cases(folder, side, random, size // 5)
    random.shuffle(found)
    return found[:size]


def _subdivision_cases(folder: Path, side: Side, random: Random, size: int) -> Iterator[Case]:
    groups: dict[tuple[str, str], list[str]] = {}
    for row in table_rows(folder, TABLES["subdivisions"][0]):
        groups.setdefault((row["country"], row["type"]), []).append(row["name"])
    usable = [
        (country, kind, names)
        for (country, kind), names in groups.items()
        if 1 < len(names) <= 40 and kind.isalpha() and country.replace(" ", "").isalpha() and side_of(country) is side
    ]
    counts, lists = cycle(COUNTS[side]), cycle(LISTS[side])
    for i, (country, kind, names) in enumerate(random.sample(usable, size)):
        kinds = f"{kind[:-1]}ies".lower() if kind.endswith("y") else f"{kind}s".lower()
        if i % 2:
            yield Case("table count", next(counts).format(p=kinds, n=country), "subdivisions", (str(len(names)),))
        else:
            question = next(lists).format(p=kinds, n=country)
            yield Case("table list", question, "subdivisions", ("; ".join(sorted(names)),))


def graph_cases(known: dict[str, Synset], side: Side, size: int) -> tuple[list[Case], list[Case]]:
    """(one step, two steps) over WordNet, from words that name one noun only; any value of the relation is right."""
    from benchmarks.recall_data import WORDS

    random = Random(20)
    times: dict[str, int] = {}
    for synset in known.values():
        for word in synset.words:
            times[word.lower()] = times.get(word.lower(), 0) + 1
    usable = [
        synset
        for synset in known.values()
        if side_of(synset.words[0]) is side
        and times[synset.words[0].lower()] == 1
        and synset.words[0].replace(" ", "").isalpha()
        and synset.pointers
    ]
    one: list[Case] = []
    two: list[Case] = []
    singles, doubles = cycle(ONE_HOP[side]), cycle(TWO_HOPS[side])
    for synset in random.sample(usable, 6 * size):
        name = synset.words[0]
        relation = random.choice(sorted(synset.pointers))
        targets = [known[target] for target in synset.pointers[relation]]
        word = WORDS[relation][0]
        answers = tuple(target.words[0] for target in targets)
        one.append(Case("graph, one step", next(singles).format(r=word, n=name), "wordnet", answers))
        onward = [other for target in targets for other in sorted(target.pointers)]
        if not onward:
            continue
        second = random.choice(onward)
        ends = tuple(known[end].words[0] for target in targets for end in target.pointers.get(second, ()))
        question = next(doubles).format(r=WORDS[second][0], q=word, n=name)
        two.append(Case("graph, two steps", question, "wordnet", ends))
    return one[:size], two[:size]


def entry_cases(data: Path, side: Side, size: int) -> list[Case]:
    """Entries of the FAQ by their questions, changed by rule; right is the entry's own text."""
    entries = [(key, question, text) for key, question, text in faq(data) if side_of(question) is side]
    changed = cycle(POLITE[side])
    return [
        Case("key-value", next(changed)(question), "faq", (text[:200],))
        for _, question, text in islice(cycle(entries), min(size, 2 * len(entries)))
    ]


def site_cases(file: Path) -> list[Case]:
    """Questions that pages answer, and some that nothing does: no memory may claim them."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [Case("documentation", line.partition("\t")[0], "", ()) for line in lines]
