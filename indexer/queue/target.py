"""Where a batch is to go: the index and the encoder of the one who sent it, so that no worker takes it elsewhere."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """``index`` and ``encoder`` in a person's words; ``cluster`` is empty where it is not known, or there is none."""

    index: str
    encoder: str
    cluster: str = ""

    def differences(self, own: "Target") -> list[str]:
        """How a worker's ``own`` target differs, such as ``its index is a, this worker's b``."""
        return [
            f"its {name} is {wanted}, this worker's {getattr(own, name)}"
            for name, wanted in asdict(self).items()
            if wanted != getattr(own, name) and (name != "cluster" or (wanted and own.cluster))
        ]

    def to_dict(self) -> dict[str, str]:
        """As it travels with a batch."""
        return asdict(self)


def target_from_dict(record: Mapping[str, str] | None) -> Target | None:
    """The target of a batch; None for one that was sent without."""
    return Target(record["index"], record["encoder"], record.get("cluster", "")) if record else None
