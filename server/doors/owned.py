"""Files that hold what only this installation's owner may read."""

from pathlib import Path

from indexer.errors import StoreUnavailable

ONLY_OWNER = 0o600


def make_owned(path: Path) -> None:
    """Make the file unless there is one, readable by its owner alone from the first moment. Raises StoreUnavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=ONLY_OWNER)
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written: {error.strerror}") from error
