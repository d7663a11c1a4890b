"""The Elasticsearch client, from settings."""

from base64 import b64encode
from pathlib import Path
from typing import Any

from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.errors import RETRYABLE, mapped_errors
from indexer.errors import StoreRefused

CONNECTIONS_PER_NODE = 40
"""As many as a server has threads for requests."""


def connect(config: ElasticsearchConfig) -> Any:
    """A thread-safe client; nothing is sent yet. Raises StoreRefused for settings that cannot work."""
    from elasticsearch import Elasticsearch

    is_tls = any(host.startswith("https://") for host in config.hosts)
    options: dict[str, Any] = {}
    if config.api_key:
        options["api_key"] = config.api_key
    elif config.username:
        # Given as a pair, the client would take ASCII only.
        options["basic_auth"] = b64encode(f"{config.username}:{config.password}".encode()).decode()
    if is_tls:
        options |= {"verify_certs": config.verify_certs, "ssl_show_warn": False}
        if config.ca_certs:
            options["ca_certs"] = config.ca_certs
        if config.ca_fingerprint:
            options["ssl_assert_fingerprint"] = config.ca_fingerprint
    if config.ca_certs and not Path(config.ca_certs).exists():
        raise StoreRefused(f"There is no certificate file {config.ca_certs}", "Mend elasticsearch.ca_certs")
    try:
        return Elasticsearch(
            [_with_port(host) for host in config.hosts],
            request_timeout=config.timeout_s,
            max_retries=config.max_retries,
            retry_on_timeout=True,
            retry_on_status=RETRYABLE,
            connections_per_node=CONNECTIONS_PER_NODE,
            **options,
        )
    except (ValueError, OSError) as error:
        raise StoreRefused(f"These Elasticsearch settings do not work ({error})", "Mend elasticsearch.*") from error


def _with_port(host: str) -> str:
    """The client wants every port spelled out."""
    scheme, _, rest = host.partition("://")
    place, slash, path = rest.partition("/")
    if not place.rpartition(":")[2].isdigit():
        place += ":443" if scheme == "https" else ":9200"
    return f"{scheme}://{place}{slash}{path}"


def cluster_of(config: ElasticsearchConfig) -> str:
    """The id of the cluster, whatever the address it is reached by; empty where the account may not ask for it."""
    client = connect(config)
    try:
        with mapped_errors(f"Elasticsearch index {config.index}"):
            return str(client.info()["cluster_uuid"])
    except StoreRefused:
        return ""
    finally:
        client.close()
