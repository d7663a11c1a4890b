"""A dictionary as memory, and a T5 that reads it: python docs/examples/dictionary.py MODEL dictionary.tsv "question".

The file has a word, a tab and its meaning on each line; MODEL is an encoder-decoder of Hugging Face, by name or folder.
"""

import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.sources.config import RecallConfig, SourceConfig
from rag.config import TransformersGeneratorConfig
from rag.generator import Prompt
from rag.generators.transformers import TransformersGenerator
from rag.recall.asked import Asked
from rag.recall.tables.memory import TableMemory


def main(model: str, dictionary: Path, question: str) -> None:
    """Look the question up, let the model read what was found, print both."""
    rows = [line.split("\t", 1) for line in dictionary.read_text("utf-8").splitlines() if "\t" in line]
    with TemporaryDirectory() as folder:
        with sqlite3.connect(f"{folder}/dictionary.db") as connection:
            connection.execute("CREATE TABLE entry (word TEXT, meaning TEXT)")
            connection.executemany("INSERT INTO entry VALUES (?, ?)", rows)
        words = RecallConfig(nouns=("word",), names=("word",), words={"meaning": ("meaning", "definition", "mean")})
        url = f"sqlite:///{folder}/dictionary.db"
        memory = TableMemory(SourceConfig(name="dictionary", url=url, table="entry", key=("word",), recall=words))
        for found in memory.recall(Asked(question), None):
            passages = tuple(evidence.passage for one in found.statements for evidence in one.evidence)
            written = TransformersGenerator(TransformersGeneratorConfig(model)).generate(Prompt(question, passages))
            print(f"memory: {found.text}\nT5:     {''.join(written)}")
        memory.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
