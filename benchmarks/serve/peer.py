"""A minimal FastAPI app around txtai's hybrid search, as its documentation shows it; run by ``benchmarks.serve``."""

import argparse
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from benchmarks.search.index import Corpus
from benchmarks.search.peers import txtai_hybrid
from indexer.encoders.bundled import BundledConfig, BundledEncoder
from server.commands.serve import address_of, listen


def main() -> None:
    """Serve until told to stop; prints its address first, as ``recollect serve`` does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    args = parser.parse_args()
    encoder = BundledEncoder(BundledConfig(cached_queries=0))
    search = txtai_hybrid(Corpus(args.data, args.cache, encoder, args.passages), encoder, args.cache)
    app = FastAPI()

    # One after the other: threads share txtai's cursor over its texts, which fails ("Recursive use of cursors").
    @app.get("/search")
    async def get_search(q: str) -> dict[str, Any]:
        return {"hits": search(q)}

    listening = listen("127.0.0.1", 0)
    print(f"Recollect's peer listens on {address_of(listening)}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
