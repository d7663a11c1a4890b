"""Settings of the Elasticsearch store."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

VectorIndex = Literal["hnsw", "int8_hnsw", "int4_hnsw", "bbq_hnsw", "flat", "int8_flat", "int4_flat", "bbq_flat"]
_INDEX_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,200}")
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class ElasticsearchConfig:
    """Where the cluster is, who we are there, and how the index is laid out.

    ``index`` is an alias; the data is in ``INDEX-000001`` and, after a rebuild, in the next number. Requests that
    fail because the cluster is busy or a node is gone are repeated ``max_retries`` times; a bulk request is repeated
    until ``retry_s`` have passed. ``shards`` counts when the index is made; ``replicas`` None means one where there is
    a second node. ``rescore_oversample`` times as many quantised neighbours as asked for are compared again by their
    full vectors (0 leaves that out). BM25's ``k1`` and ``b`` are those of the embedded store.
    """

    hosts: tuple[str, ...] = ("http://localhost:9200",)
    index: str = "recollect"
    api_key: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    ca_certs: str = ""
    ca_fingerprint: str = ""
    verify_certs: bool = True
    timeout_s: float = 10.0
    bulk_timeout_s: float = 60.0
    max_retries: int = 3
    retry_s: float = 60.0
    max_bulk_bytes: int = 8_000_000
    shards: int = 1
    replicas: int | None = None
    bm25_k1: float = 1.2
    bm25_b: float = 0.75
    vector_index: VectorIndex = "int8_hnsw"
    vector_oversample: float = 2.0
    rescore_oversample: float = 2.0

    def __post_init__(self) -> None:
        if not self.hosts or not all(host.startswith(("http://", "https://")) for host in self.hosts):
            raise ValueError(f"hosts must begin with http:// or https://, not {self.hosts!r}")
        if not _INDEX_NAME.fullmatch(self.index):
            raise ValueError(f"index {self.index!r} must be lower-case letters, digits, '.', '_' or '-'")
        if self.api_key and self.username:
            raise ValueError("api_key and username exclude each other")

    def with_url(self, url: str) -> "ElasticsearchConfig":
        """These settings with those that a URL carries: ``https://USER:PASSWORD@HOST:9200/INDEX?verify_certs=false``.

        More hosts stand in the query as ``host=https://OTHER:9200``. Raises ValueError for what is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no Elasticsearch URL, which begins with http:// or https:// and names a host")
        hosts = [f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"]
        changes: dict[str, object] = {}
        for key, value in parse_qsl(parts.query):
            if key == "host":
                hosts.append(value)
            elif key in ("api_key", "ca_certs", "ca_fingerprint"):
                changes[key] = value
            elif key == "verify_certs" and value.lower() in _TRUTHS:
                changes[key] = _TRUTHS[value.lower()]
            else:
                raise ValueError(f"{key}={value} is no setting that an Elasticsearch URL may carry")
        if parts.username is not None:
            changes |= {"username": unquote(parts.username), "password": unquote(parts.password or ""), "api_key": ""}
        if name := unquote(parts.path.strip("/")):
            changes["index"] = name
        return replace(self, hosts=tuple(hosts), **changes)  # type: ignore[arg-type]  # the keys above are fields
