"""One answer to a request, and the dates in its headers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from multidict import CIMultiDict, CIMultiDictProxy

from crawler.urls.ascii import is_text, percent_encoded


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. ``body`` is decompressed; ``wire_bytes`` is what crossed the network for it,
    ``is_signed_in`` whether credentials cover its URL."""

    url: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes = b""
    content_type: str = ""
    charset: str | None = None
    wire_bytes: int = 0
    is_signed_in: bool = False

    @property
    def location(self) -> str | None:
        """Target of a redirect as written, in ASCII."""
        return location_of(self.headers)

    @property
    def etag(self) -> str | None:
        """Entity tag, weak or strong."""
        return _storable(self.headers.get("ETag"))

    @property
    def last_modified(self) -> str | None:
        """The Last-Modified header as written, to be sent back unchanged."""
        return _storable(self.headers.get("Last-Modified"))

    def without_validators(self) -> "Response":
        """The same, to be asked for in full next time: what it comes to depends on more than its bytes."""
        headers = CIMultiDict(self.headers)
        for name in ("ETag", "Last-Modified"):
            headers.popall(name, None)
        return replace(self, headers=CIMultiDictProxy(headers))

    def retry_after_s(self, now: datetime | None = None) -> float | None:
        """Seconds to wait as the server asks, from either form of Retry-After (RFC 9110 section 10.2.3)."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return float(value)
        moment = http_date(value)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds()) if moment else None


def location_of(headers: Mapping[str, str]) -> str | None:
    """The Location header in ASCII: servers write the bytes of their own encoding into it."""
    location = headers.get("Location")
    return None if location is None else percent_encoded(location)


def _storable(validator: str | None) -> str | None:
    """None for a validator with bytes that are no text, which could not be sent back as it came."""
    return validator if validator is None or is_text(validator) else None


def http_date(value: str | None) -> datetime | None:
    """A date of an HTTP header in UTC; None for what is not one."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
