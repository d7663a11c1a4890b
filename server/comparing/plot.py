"""The comparison as a picture: what is answered, how fast, and how soon a change is known."""

from collections.abc import Mapping
from pathlib import Path

from crawler.errors import MissingExtra
from server.comparing.measure import Measured

LEAST = 1e-3
"""Where a logarithmic scale begins, in its own unit."""


def draw(found: Mapping[str, Measured], title: str, out: Path) -> None:
    """Write ``out``; its ending says in which format. Raises MissingExtra."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("Drawing the comparison", "train") from error
    names = list(found)[::-1]
    panels = {
        "answered rightly (light: answered)": [found[name].accuracy for name in names],
        "milliseconds an answer (median)": [found[name].p50_ms for name in names],
        "seconds until a change is known": [found[name].update_s or 0.0 for name in names],
    }
    with rc_context({"svg.hashsalt": "recollect", "svg.fonttype": "none"}):
        figure = Figure(figsize=(12, 0.42 * len(names) + 1.4), layout="constrained")
        axes = figure.subplots(1, 3, sharey=True)
        figure.suptitle(title)
        for place, (label, values) in zip(axes, panels.items(), strict=True):
            place.set_title(label, fontsize=10)
            place.grid(axis="x", alpha=0.3)
            if place is axes[0]:
                place.barh(names, [found[name].answered for name in names], color="#c6d5e6")
                place.set_xlim(0, 1)
            else:
                place.set_xscale("symlog", linthresh=LEAST)
            place.barh(names, values, color="#2f5d8a")
        figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)
