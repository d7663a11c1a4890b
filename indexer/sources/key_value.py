"""Key-value stores: Redis by prefix, Memcached by the keys that are named, for it cannot list its own, a JSON file.

A hash is a record of its fields, JSON a record of its members, any other text a record with the field ``value``; a
record with ``question`` and ``answer`` is an entry of an FAQ.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from crawler.errors import MissingExtra
from indexer.document import Document
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource, SourceUnavailable
from indexer.sources.source import BadRecord
from indexer.sources.template import Templates

KEYS_AT_ONCE = 500
MAX_VALUE_BYTES = 1_048_576
"""What is larger is a file; Memcached itself keeps no more under a key."""
BYTES_AT_ONCE = 16_000_000
"""So much is fetched in one go: 500 values of a megabyte would be no small memory."""
MAX_HASH_BYTES = 16_777_216
"""What a hash of Redis may take there, names of fields and overhead included."""
TIMEOUT_S = 10.0


Value = Mapping[str, Any] | bytes | BadRecord | None
"""What stands under a key; None where nothing does, or nothing of a kind that is read."""


class _Store(Protocol):
    """What is asked of a key-value store."""

    def keys(self) -> Iterator[str]: ...

    def values(self, keys: list[str]) -> Iterable[tuple[str, Value]]: ...

    def close(self) -> None: ...


class KeyValueSource:
    """The entries of a key-value store; they have no time of change, so all are read and the unchanged left alone."""

    def __init__(self, config: SourceConfig, timeout_s: float = TIMEOUT_S) -> None:
        self._config = config
        self._timeout_s = timeout_s
        self._templates = Templates(config)
        scheme = config.url.partition(":")[0]
        if scheme not in _STORES:
            known = "redis://host:6379/0, memcached://host:11211 or file:entries.json"
            raise BadSource(config.name, "url names no key-value store that is known here", f"Write it as {known}")
        self._open = _STORES[scheme]

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._config.name

    @property
    def settings(self) -> str:
        """What its documents are made by."""
        return self._config.digest

    def close(self) -> None:
        """Nothing stays open between readings."""

    @contextmanager
    def reading(self) -> Iterator["_KeyValueReading"]:
        """A connection; entries may change while they are read, for such stores have no snapshots."""
        store = self._open(self._config, self._timeout_s)
        try:
            yield _KeyValueReading(self._config, self._templates, store)
        finally:
            store.close()


class _KeyValueReading:
    mark = None

    def __init__(self, config: SourceConfig, templates: Templates, store: _Store) -> None:
        self._config = config
        self._templates = templates
        self._store = store

    def records(self, since: str | None) -> Iterator[Document | BadRecord]:
        """Every entry; ``since`` is never known here."""
        for keys in _in_batches(self._store.keys()):
            for key, value in self._store.values(keys):
                if value is not None:
                    yield self._record(key, value)

    def entry(self, key: str) -> Document | BadRecord | None:
        """What stands under a key of the source now; None where nothing does, or no longer."""
        value = dict(self._store.values([key])).get(key)
        return None if value is None else self._record(key, value)

    def doc_ids(self) -> Iterator[str]:
        """The ids of all entries."""
        for keys in _in_batches(self._store.keys()):
            yield from (self._templates.doc_id([key]) for key, value in self._store.values(keys) if value is not None)

    def _record(self, key: str, value: Mapping[str, Any] | bytes | BadRecord) -> Document | BadRecord:
        if isinstance(value, BadRecord):
            return value
        if isinstance(value, bytes) and len(value) > MAX_VALUE_BYTES:
            return BadRecord(key[:80], f"is larger than {MAX_VALUE_BYTES:,} bytes")
        try:
            fields = value if isinstance(value, Mapping) else _fields(value.decode())
        except UnicodeDecodeError:
            return BadRecord(key[:80], "is no text")
        return self._templates.document([key], {"key": key, **fields})


def _fields(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {"value": text}
    return found if isinstance(found, dict) else {"value": text}


def _in_batches(keys: Iterator[str], size: int = KEYS_AT_ONCE) -> Iterator[list[str]]:
    while batch := list(islice(keys, size)):
        yield batch


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is read of Redis: the commands that tell its size and what it holds, and how large it may be."""

    size: str
    read: str
    max_bytes: int


_KINDS = {
    b"string": _Kind("STRLEN KEY", "GET KEY", MAX_VALUE_BYTES),
    b"hash": _Kind("MEMORY USAGE KEY SAMPLES 0", "HGETALL KEY", MAX_HASH_BYTES),
}


class _Redis:
    def __init__(self, config: SourceConfig, timeout_s: float) -> None:
        try:
            import redis
        except ImportError as error:
            raise MissingExtra("Reading Redis", "key-value") from error
        self._config = config
        self._errors, self._refused = redis.RedisError, redis.AuthenticationError
        try:
            self._redis: Any = redis.Redis.from_url(
                config.url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s
            )
        except ValueError as error:
            raise BadSource(config.name, f"url is not right: {error}", "Write it as redis://host:6379/0") from error

    def keys(self) -> Iterator[str]:
        """SCAN may give a key twice; a set would not be flat in memory, and twice does no harm."""
        pattern = "".join(f"\\{c}" if c in "*?[]\\^" else c for c in self._config.prefix) + "*"
        with self._mapped():
            for key in self._redis.scan_iter(match=pattern, count=KEYS_AT_ONCE):
                yield key.decode("utf-8", "replace")

    def values(self, keys: list[str]) -> Iterator[tuple[str, Value]]:
        with self._mapped():
            batch: list[tuple[str, _Kind]] = []
            held = 0
            for key, kind, size in self._sized(keys):
                if size > kind.max_bytes:
                    yield key, BadRecord(key[:80], f"is larger than {kind.max_bytes:,} bytes")
                    continue
                batch.append((key, kind))
                held += size
                if held >= BYTES_AT_ONCE:
                    yield from self._read(batch)
                    batch, held = [], 0
            yield from self._read(batch)

    def _sized(self, keys: list[str]) -> Iterator[tuple[str, "_Kind", int]]:
        """The keys of a kind that is read, and about how many bytes each takes; 0 where Redis does not tell."""
        kinds = [_KINDS.get(name) for name in self._each((key, "TYPE KEY") for key in keys)]
        known = [(key, kind) for key, kind in zip(keys, kinds, strict=True) if kind is not None]
        sizes = self._each(((key, kind.size) for key, kind in known), is_told=False)
        for (key, kind), size in zip(known, sizes, strict=True):
            yield key, kind, size if isinstance(size, int) else 0

    def _read(self, batch: list[tuple[str, "_Kind"]]) -> Iterator[tuple[str, Value]]:
        found = self._each((key, kind.read) for key, kind in batch)
        for (key, _), value in zip(batch, found, strict=True):
            yield key, (_decoded(value) or None) if isinstance(value, dict) else value

    def close(self) -> None:
        self._redis.close()

    def _each(self, asked: Iterable[tuple[str, str]], *, is_told: bool = True) -> list[Any]:
        """What a command says of each key, in one go; errors are values where they need not be told."""
        pipeline = self._redis.pipeline(transaction=False)
        for key, command in asked:
            pipeline.execute_command(*(key if part == "KEY" else part for part in command.split()))
        return list(pipeline.execute(raise_on_error=is_told)) if len(pipeline) else []

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            if isinstance(error, self._refused) or "HELLO AUTH" in str(error):
                what, cure = "Redis wants a password, or another one", "Write url as redis://:${PASSWORD}@host:6379/0"
                raise SourceUnavailable(self._config.name, f"{what} ({_why(error)})", cure) from error
            raise _unavailable(self._config, "Redis", error) from error


def _decoded(fields: Mapping[bytes, bytes]) -> dict[str, Any]:
    return {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in fields.items()}


class _Memcached:
    def __init__(self, config: SourceConfig, timeout_s: float) -> None:
        try:
            from pymemcache.client.base import Client, check_key_helper
            from pymemcache.exceptions import MemcacheError, MemcacheIllegalInputError
        except ImportError as error:
            raise MissingExtra("Reading Memcached", "key-value") from error
        if not config.keys:
            raise BadSource(config.name, "keys names no entry, and Memcached cannot list them", "Name them in keys")
        self._config = config
        self._errors = (MemcacheError, OSError)
        self._check: Any = check_key_helper
        self._illegal = MemcacheIllegalInputError
        host, _, port = config.url.partition("://")[2].rstrip("/").partition(":")
        self._client: Any = Client(
            (host, int(port or 11211)), connect_timeout=timeout_s, timeout=timeout_s, allow_unicode_keys=True
        )

    def keys(self) -> Iterator[str]:
        yield from (self._config.prefix + key for key in self._config.keys)

    def values(self, keys: list[str]) -> Iterator[tuple[str, Value]]:
        bad = {key: record for key in keys if (record := self._refused(key))}
        for some in _in_batches((key for key in keys if key not in bad), BYTES_AT_ONCE // MAX_VALUE_BYTES):
            try:
                found = self._client.get_many(some)
            except self._errors as error:
                raise _unavailable(self._config, "Memcached", error) from error
            yield from ((key, found.get(key)) for key in some)
        yield from bad.items()

    def close(self) -> None:
        self._client.close()

    def _refused(self, key: str) -> BadRecord | None:
        """A key that Memcached can hold nothing under must not keep the others from being read."""
        try:
            self._check(key, allow_unicode_keys=True)
        except self._illegal as error:
            return BadRecord(key[:80], f"is no key of Memcached ({str(error).partition(':')[0].lower()})")
        return None


class _File:
    """One JSON object whose members are the entries; read anew by each reading."""

    def __init__(self, config: SourceConfig, timeout_s: float) -> None:
        path = Path(config.url.removeprefix("file:").removeprefix("//"))
        try:
            found = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise _unavailable(config, f"The file {path}", error) from error
        if not isinstance(found, dict):
            raise BadSource(config.name, f"{path} is not one JSON object", 'Write it as {"key": {"field": "value"}}')
        self._entries = {key: value for key, value in found.items() if key.startswith(config.prefix)}

    def keys(self) -> Iterator[str]:
        yield from self._entries

    def values(self, keys: list[str]) -> list[tuple[str, Value]]:
        return [(key, self._value(self._entries[key]) if key in self._entries else None) for key in keys]

    def close(self) -> None:
        """Nothing stays open."""

    def _value(self, value: Any) -> bytes:
        return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


def _unavailable(config: SourceConfig, what: str, error: BaseException) -> SourceUnavailable:
    return SourceUnavailable(config.name, f"{what} does not answer ({_why(error)})", "Check url, and that it runs")


def _why(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


_STORES: dict[str, type[_Redis] | type[_Memcached] | type[_File]] = {
    "file": _File,
    "redis": _Redis,
    "rediss": _Redis,
    "memcached": _Memcached,
}
