"""What a run keeps to go on from: tensors and counts, and whose they are."""

from pathlib import Path
from typing import Any

from indexer.inference.torch_model import first_line
from ranker.errors import BadTrainingData

CHECKPOINT = "checkpoint.pt"


def save_checkpoint(folder: Path, state: dict[str, Any], identity: str) -> None:
    """Replace the checkpoint of a folder whole."""
    import torch

    fresh = folder / f".{CHECKPOINT}.new"
    torch.save({**state, "run": identity}, fresh)
    fresh.replace(folder / CHECKPOINT)


def load_checkpoint(folder: Path, identity: str, device: str) -> dict[str, Any] | None:
    """What was saved by the same run; None where nothing was.

    Raises BadTrainingData for a damaged file, and for that of a run with another ``identity``.
    """
    import torch

    path = folder / CHECKPOINT
    if not path.is_file():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
        is_ours = state["run"] == identity
    except Exception as error:  # torch raises what its readers raise
        raise BadTrainingData(f"{path} is damaged: {first_line(error)}", "Delete it to begin again") from error
    if not is_ours:
        raise BadTrainingData(
            f"{path} belongs to a run with other data or settings", "Give another folder, or delete this one"
        )
    return state
