"""The example of a dictionary that a T5 reads runs as it is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.need import missing
from tests.support.tiny_generators import save_scripted_generator

ROOT = Path(__file__).parents[2]


@pytest.mark.torch
def test_the_dictionary_is_looked_up_and_read_by_the_model(tmp_path: Path) -> None:
    try:
        import transformers  # noqa: F401
    except ImportError:
        missing("transformers", "pip install 'recollect[torch]'")
    model = save_scripted_generator(tmp_path / "t5", "seq2seq", ["A", " river", " of", " ice"])
    words = tmp_path / "dictionary.tsv"
    words.write_text("glacier\ta slow river of ice\nmoraine\tstones left by a glacier\n", "utf-8")
    command = [sys.executable, "docs/examples/dictionary.py", str(model), str(words), "What does glacier mean?"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=250)
    assert ran.returncode == 0, ran.stderr
    memory, written = ran.stdout.splitlines()
    assert memory == "memory: The meaning of glacier is a slow river of ice."
    assert "river" in written
