"""The folder of an exported model: model.json lists its files with their SHA-256, so that damage is found at load.

The two models that come with Recollect have one tokenizer, whose file is there once: ``file_of`` finds it for both.
"""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from indexer.errors import EncoderError

CURE = "Install recollect again: pip install --force-reinstall recollect"


TOKENIZER = "tokenizer.json"
SHARED = Path(__file__).parents[1] / "models" / "all-MiniLM-L6-v2"
"""Holds the tokenizer of every folder that has none of its own."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What ``model.json`` says: the name, the longest input in tokens, and numbers that one kind of model has."""

    name: str
    max_tokens: int
    numbers: Mapping[str, float]


def file_of(folder: Path, name: str) -> Path:
    """A file of the model; its tokenizer may be the shared one, and is so only where the checksum says it."""
    own = folder / name
    return own if name != TOKENIZER or own.exists() else SHARED / name


def read_card(folder: Path) -> ModelCard:
    """The model's card. Raises EncoderError, naming the file, if one is absent or not as it was exported."""
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        for name, expected in card["sha256"].items():
            path = file_of(folder, name)
            with path.open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    if path != folder / name:
                        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder / name))
                    raise EncoderError(f"the model file {folder / name} is damaged", CURE)
        numbers = {key: float(value) for key, value in card.items() if isinstance(value, int | float)}
        return ModelCard(card["name"], int(card["max_tokens"]), numbers)
    except OSError as error:
        raise EncoderError(f"the model file {error.filename} cannot be read ({error.strerror})", CURE) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(f"the model file {folder / 'model.json'} is damaged", CURE) from error
