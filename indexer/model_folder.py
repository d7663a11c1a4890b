"""The folder of an exported model: model.json lists its files with their SHA-256, so that damage is found at load."""

import json
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from indexer.errors import EncoderError

CURE = "Install recollect again: pip install --force-reinstall recollect"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What ``model.json`` says: the model's name, the length of a row, and the longest input in tokens."""

    name: str
    dim: int
    max_tokens: int


def read_card(folder: Path) -> ModelCard:
    """The model's card. Raises EncoderError, naming the file, if one is absent or not as it was exported."""
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        for name, expected in card["sha256"].items():
            with (folder / name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    raise EncoderError(f"the model file {folder / name} is damaged", CURE)
        return ModelCard(card["name"], int(card["dim"]), int(card["max_tokens"]))
    except OSError as error:
        raise EncoderError(f"the model file {error.filename} cannot be read ({error.strerror})", CURE) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(f"the model file {folder / 'model.json'} is damaged", CURE) from error
