"""A real HTTP server of embeddings and rerank scores, whose models are the deterministic ones of Recollect."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from indexer.encoders.hashing import HashingEncoder
from ranker.scorers.overlap import OverlapScorer

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class ModelServer:
    """``faults`` are answered first, in order, each once; ``requests`` keeps (path, authorization, payload)."""

    port: int = 0
    faults: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, str | None, dict[str, Any]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, payload: dict[str, Any]) -> Answer:
        if self.faults:
            return self.faults.pop(0)
        if path == "/v1/embeddings":
            return 200, {}, json.dumps(embeddings(payload)).encode()
        if path == "/v1/rerank":
            return 200, {}, json.dumps(reranked(payload)).encode()
        return 404, {}, b"no such endpoint"


def embeddings(payload: dict[str, Any]) -> dict[str, Any]:
    """OpenAI's shape, rows in reverse and three times as long: ``index`` and the client's scaling must put it right."""
    rows = 3 * HashingEncoder(dim=64).encode_passages(payload["input"])
    return {"data": [{"index": i, "embedding": row.tolist()} for i, row in enumerate(rows)][::-1]}


def reranked(payload: dict[str, Any]) -> dict[str, Any]:
    """Cohere's shape: best first, with the index of each document."""
    scores = OverlapScorer().score(payload["query"], payload["documents"])
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return {"results": [{"index": i, "relevance_score": float(scores[i])} for i in order]}


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A running server on a free port of 127.0.0.1."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.requests.append((self.path, self.headers["authorization"], payload))
            status, headers, body = state.answer(self.path, payload)
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
