"""What a search costs in indexes of several sizes, as a picture. Run as a command.

    python -m benchmarks.search.plot --sizes 5000 20000 100000 --to docs/search-cost.png

The indexes are those of ``benchmarks.search``, made once in the folder ``--cache``. What is told is the processor's
time for one search, which other work on the machine changes less than the clock's, and the disk that a passage takes.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.search.corpus import questions
from benchmarks.search.index import Corpus, disk_bytes, embedded, embedded_folder
from benchmarks.search.measure import asked, latencies, searches
from indexer.config import EmbeddedConfig
from indexer.encoder import Encoder
from indexer.encoders.bundled import BundledConfig, BundledEncoder
from ranker.rank import Ranker

SIZES = (5_000, 20_000, 100_000)
KINDS = ("hybrid", "hybrid_facets", "dense", "lexical", "as_you_type", "suggest")


def main() -> None:
    """Parse the command line, measure each size, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="PASSAGES")
    parser.add_argument("--questions", type=int, default=220)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the public sets")
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-search"), help="keeps the indexes")
    parser.add_argument("--to", type=Path, metavar="FILE", help="the picture; without it figures alone are printed")
    args = parser.parse_args()
    encoder = BundledEncoder(BundledConfig(cached_queries=0))
    texts = questions(args.data, args.questions)
    costs = {
        size: cost(Corpus(args.data, args.cache, encoder, size), args.cache, encoder, texts) for size in args.sizes
    }
    print(json.dumps(costs, indent=2))
    if args.to:
        draw(costs, args.to)


def cost(corpus: Corpus, cache: Path, encoder: Encoder, texts: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of the processor for each kind of search, and bytes on disk for a passage."""
    config = EmbeddedConfig()
    with closing(embedded(corpus, cache, config)) as store:
        kinds = searches(Ranker(store, encoder), store)
        found = {name: latencies(kinds[name], asked(name, texts))["cpu_ms"] for name in KINDS}
    size = disk_bytes(embedded_folder(cache, corpus.count, config))
    return {"cpu_ms": found, "disk_bytes_per_passage": round(size / corpus.count)}


def draw(costs: Mapping[int, Mapping[str, Any]], to: Path) -> None:
    """A line for each kind of search, over the number of passages."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for kind in KINDS:
        axes.plot(list(costs), [of["cpu_ms"][kind] for of in costs.values()], marker="o", label=kind.replace("_", " "))
    axes.set(xscale="log", xlabel="passages", ylabel="processor milliseconds for one search", ylim=(0, None))
    axes.set_xticks(list(costs), [f"{size:,}" for size in costs])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(to, dpi=120)


if __name__ == "__main__":
    main()
