"""The alias and the numbered indices behind it."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.mapping import index_mappings, index_settings
from indexer.errors import StoreRefused
from indexer.manifest import Manifest

META = "recollect"
_MANIFEST_FIELDS = tuple(f.name for f in fields(Manifest))
_NUMBER = re.compile(r"-(\d{6})$")


def stored_manifest(client: Any, index: str) -> Manifest | None:
    """What the index (or the one behind the alias) was made with; None where there is none."""
    answer = client.options(ignore_status=404).indices.get_mapping(index=index)
    if answer.meta.status == 404:
        return None
    mappings = [found["mappings"] for found in answer.body.values()]
    meta = mappings[0].get("_meta", {}).get(META)
    if len(mappings) > 1 or meta is None:
        raise StoreRefused(
            f"The Elasticsearch index {index} was not made by Recollect", "Choose another name (elasticsearch.index)"
        )
    return Manifest(**{name: meta.get(name) for name in _MANIFEST_FIELDS})


def version_of(client: Any, index: str) -> str:
    """The index by its own name, and the number of the last operation on each shard; empty where that is not told."""
    answer = client.options(ignore_status=(403, 404)).indices.stats(index=index, metric="docs", level="shards")
    if answer.meta.status != 200:
        return ""
    found = [
        f"{found['uuid']}/{shard}:{max(copy['seq_no']['max_seq_no'] for copy in copies)}"
        for found in answer.body["indices"].values()
        for shard, copies in sorted(found["shards"].items())
    ]
    return " ".join(sorted(found))


def create(client: Any, config: ElasticsearchConfig, name: str, manifest: Manifest, alias: str | None) -> None:
    """Make an empty backing index, and in the same step point the alias at it; one that is there is left alone."""
    from elasticsearch import BadRequestError

    meta = {META: {name: getattr(manifest, name) for name in _MANIFEST_FIELDS}}
    try:
        client.indices.create(
            index=name,
            settings=index_settings(config),
            mappings=index_mappings(config, manifest, meta),
            aliases={alias: {"is_write_index": True}} if alias else None,
        )
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise


def first_name(alias: str) -> str:
    """Name of an alias's first backing index."""
    return f"{alias}-000001"


def next_name(client: Any, alias: str) -> str:
    """A backing index that does not exist yet."""
    return f"{alias}-{max((_number(name) for name in backing_indices(client, alias)), default=0) + 1:06d}"


def backing_indices(client: Any, alias: str) -> Iterator[str]:
    """Every numbered index of this alias, whether the alias points at it or not."""
    found = client.options(ignore_status=404).indices.get(index=f"{alias}-*", expand_wildcards="all")
    return (name for name in found.body if _NUMBER.fullmatch(name.removeprefix(alias)))


def swap(client: Any, alias: str, name: str) -> None:
    """Point the alias at a backing index, in one step; the older indices behind it are then deleted."""
    older = [other for other in backing_indices(client, alias) if _number(other) < _number(name)]
    actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias, "is_write_index": True}}]
    actions += [{"remove_index": {"index": other}} for other in older]
    client.indices.update_aliases(actions=actions)


def drop(client: Any, alias: str) -> None:
    """Delete every backing index, and the alias with them."""
    for name in backing_indices(client, alias):
        client.options(ignore_status=404).indices.delete(index=name)


def _number(name: str) -> int:
    return int(name[-6:])
