"""Who asks: one value, made at the edge, that goes along with the filters."""

from dataclasses import dataclass, replace

from indexer.store import Filters
from ranker.errors import BadQuery
from server.doors.scope import Scope
from server.errors import Forbidden, NotAllowed
from server.settings.digest import digest

MAX_FILTER_VALUES = 1_000
"""Far more than any page sends; each costs time in every search."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What a caller may do and see.

    ``groups`` are those of ``Filters``; ``sites`` those it is held to, empty for all; ``sources`` those it may push
    into, empty for all. ``payer`` is what its requests
    are counted under. ``key_id`` names its key, empty where it has none; ``is_known`` where a key or token was valid.
    """

    scopes: frozenset[Scope]
    groups: tuple[str, ...] | None = None
    sites: tuple[str, ...] = ()
    payer: str = ""
    key_id: str = ""
    is_known: bool = False
    sources: tuple[str, ...] = ()

    def may(self, scope: Scope) -> bool:
        """Whether this caller may do it."""
        return scope in self.scopes

    def check(self, scope: Scope) -> None:
        """Raise NotAllowed where a key would help, Forbidden where the caller's own key does not allow it."""
        if self.may(scope):
            return
        if self.is_known:
            raise Forbidden(f"This key may not {scope}", f"Ask the server's owner for a key with scope {scope}")
        raise NotAllowed("This server asks for an API key", "Send it as: Authorization: Bearer KEY")

    def session(self, name: str) -> str:
        """The name of a conversation of this caller's: what somebody with another key or other rights said under the
        same name stays unknown to it. Empty where none is named.
        """
        return digest(repr((self.key_id, self.groups, self.sites, name))) if name else ""

    def narrowed(self, asked: Filters) -> Filters:
        """The filters as they hold for this caller. Raises Forbidden where only sites of others are asked for, BadQuery
        for more values than anybody means.
        """
        if (count := _count(asked)) > MAX_FILTER_VALUES:
            raise BadQuery(f"The filters have {count:,} values", f"Send {MAX_FILTER_VALUES:,} at most")
        if not self.sites:
            return replace(asked, groups=self.groups)
        sites = tuple(site for site in asked.site if site in self.sites) if asked.site else self.sites
        if not sites:
            raise Forbidden(
                f"This key is for {', '.join(self.sites)}, not for {', '.join(asked.site)}", "Leave site out"
            )
        return replace(asked, groups=self.groups, site=sites)


def _count(filters: Filters) -> int:
    fields = (filters.site, filters.path, filters.language, filters.source, *filters.metadata.values())
    return len(filters.metadata) + sum(map(len, fields))
