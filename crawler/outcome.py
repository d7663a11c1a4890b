"""What may become of a URL, and why: the words that reports, event logs and the frontier keep, and what each implies.

A word is written here once. Its value is what is stored and printed, and never changes its spelling.
"""

from enum import Flag, StrEnum, auto
from http import HTTPStatus
from typing import Self

_HTTP = "http_"


class Outcome(StrEnum):
    """What became of one URL in a crawl."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    REDIRECT = "redirect"
    CANONICAL = "canonical"
    SKIPPED = "skipped"
    FAILED = "failed"
    RETRY = "retry"
    GONE = "gone"

    @property
    def is_page(self) -> bool:
        """The URL holds a page of its own."""
        return self in (Outcome.FETCHED, Outcome.NOT_MODIFIED)

    @property
    def is_copy(self) -> bool:
        """The URL repeats another page."""
        return self in (Outcome.DUPLICATE, Outcome.NEAR_DUPLICATE)

    @property
    def is_progress(self) -> bool:
        """The site answered with a page, or the index learns that it lost one: a crawl with one of these has a use."""
        return self.is_page or self.is_copy or self is Outcome.GONE

    @property
    def is_failure(self) -> bool:
        """Something is wrong with the URL, at least for now."""
        return self in (Outcome.FAILED, Outcome.GONE, Outcome.RETRY)

    @property
    def is_remembered(self) -> bool:
        """A person may ask later why the URL gave no page."""
        return self.is_failure or self is Outcome.SKIPPED

    @property
    def shortens_queue(self) -> bool:
        """The URL was in the queue and has left it; most skipped ones never were in it."""
        return self not in (Outcome.SKIPPED, Outcome.RETRY)


class _Trait(Flag):
    """What a reason implies."""

    NONE = 0
    SKIPPED = auto()
    RETRIED = auto()
    KEEPS_INDEX = auto()
    FOLDS = auto()
    HAS_LINKS = auto()
    COMPARED = auto()


class Reason(StrEnum):
    """Why a URL came to its outcome. ``words`` say it to a person; the words of ``NONE`` are empty.

    Answers of servers are reasons too: ``Reason("http_502")`` and ``Reason.of_status(502)`` are the same member, which
    is made when it is asked for, since the statuses that servers make up are no closed set.
    """

    words: str
    _traits: _Trait

    def __new__(cls, value: str, words: str = "", traits: _Trait = _Trait.NONE) -> Self:
        """A member with its words and what it implies."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        member._traits = traits
        return member

    NONE = ""
    ADDRESS = (
        "address",
        "it leads to an address inside the network of this machine, which a public site must not reach",
        _Trait.SKIPPED | _Trait.KEEPS_INDEX,
    )
    BAD_ENCODING = "bad_encoding", "its body cannot be decompressed"
    BAD_HTTP = "bad_http", "its server does not answer in correct HTTP", _Trait.RETRIED
    BAD_REDIRECT = "bad_redirect", "it redirects to what is no web address"
    BAD_URL = "bad_url", "it is no valid web address"
    BARREN = "barren", "one of its parameters gives the same page for whatever value"
    BOMB = "bomb", "the file unpacks to far more than its size"
    CANONICAL = (
        "canonical",
        "it names another page as its canonical address, which stands for both",
        _Trait.FOLDS | _Trait.HAS_LINKS,
    )
    COMBINATIONS = "combinations", "its path combines parameters without end (crawl.max_combinations)"
    CONNECT = "connect", "its server does not accept connections", _Trait.RETRIED
    CONTENT_TYPE = "content_type", "it is no page and no document that is read here", _Trait.SKIPPED
    CRASHED = "crashed", "its file broke the process that read it, twice"
    DAMAGED = "damaged", "its file is damaged"
    DNS = "dns", "its host has no address", _Trait.RETRIED
    DUPLICATE = (
        "duplicate",
        "it says the same as another page, which stands for both",
        _Trait.FOLDS | _Trait.HAS_LINKS,
    )
    EMPTY = "empty", "it holds no readable text", _Trait.HAS_LINKS
    ENCRYPTED = "encrypted", "its file is protected by a password"
    EXCLUDED = "excluded", "a pattern of crawl.exclude leaves it out"
    LASTMOD = "lastmod", "its sitemap says that it has not changed since the last visit"
    LOGIN = "login", "signing in to its site failed"
    MAX_PAGES = "max_pages", "the crawl had reached max_pages"
    MAX_PAGES_PER_SITE = "max_pages_per_site", "its site had reached max_pages_per_site"
    MAX_SECONDS = "max_seconds", "the time of the crawl was over"
    MEMORY = "memory", "its file takes more memory to read than allowed"
    MISSING_EXTRA = "missing_extra", "its file needs a package that is not installed"
    NEAR_DUPLICATE = (
        "near_duplicate",
        "it says nearly the same as another page, which stands for both",
        _Trait.FOLDS | _Trait.HAS_LINKS | _Trait.COMPARED,
    )
    NO_TEXT = "no_text", "its file holds no text, as a scan does"
    NOFOLLOW = "nofollow", "every link to it that was found says nofollow"
    NOINDEX = "noindex", "the page asks not to be indexed", _Trait.HAS_LINKS
    NOT_A_PAGE = "not_a_page", "its ending is that of a file that is no page"
    NOT_INCLUDED = "not_included", "no pattern of crawl.include lets it in"
    ORPHAN = "orphan", "no seed, no sitemap and no page leads to it any more (crawl.remove_orphans)"
    OTHER_SITE = "other_site", "it is on another site than the seeds"
    PAGE = "page", "it is a page of its own", _Trait.HAS_LINKS | _Trait.COMPARED
    PERMUTED = "permuted", "it has the same parameters as another URL, in another order"
    PROXY = "proxy", "the proxy does not connect to its server"
    REDIRECT = "redirect", "it redirects to another address", _Trait.FOLDS | _Trait.HAS_LINKS
    REDIRECT_LOOP = "redirect_loop", "it redirects in a circle"
    RENDER = "render", "the browser could not build the page"
    RENDER_MAX_BYTES = "render_max_bytes", "its scripts asked for more bytes than render_max_bytes"
    RENDER_MAX_REQUESTS = "render_max_requests", "its scripts asked more often than render_max_requests"
    RESET = "reset", "its server closed the connection", _Trait.RETRIED
    ROBOTS = "robots", "robots.txt forbids it"
    RULE = "rule", "a rule of crawl.rules leaves it out"
    SAME_CONTENT = "same_content", "its text is the same as at the last visit"
    SCHEME = "scheme", "it is no web address but names a local file or data"
    SCRIPT = "script", "a script of the page may not ask for it"
    SESSION = "session", "its page was visited under the number of another session"
    SET_ASIDE = "set_aside", "it was read, and could not be indexed"
    TIMEOUT = "timeout", "it did not answer, or could not be read, in time", _Trait.RETRIED
    TLS = "tls", "its server has no valid certificate or does not speak TLS"
    TOO_DEEP = "too_deep", "it is more links away from the seeds than max_depth"
    TOO_LARGE = "too_large", "it is larger than allowed", _Trait.SKIPPED | _Trait.KEEPS_INDEX
    TOO_MANY_PARAMETERS = "too_many_parameters", "its address has more parameters than max_query_parameters"
    TOO_MANY_REDIRECTS = "too_many_redirects", "it is behind more redirects than max_redirects"
    TOO_MANY_SEGMENTS = "too_many_segments", "its address has more parts than max_path_segments"
    TRAP = "trap", "its address repeats itself, or a long row of pages before it brought nothing new"
    TRUNCATED = "truncated", "its body ended before its announced length", _Trait.RETRIED
    TYPE = "type", "its file is of a kind that is not read here"
    URL_TOO_LONG = "url_too_long", "its address is longer than max_url_chars"
    UNKNOWN = "unknown", "another version of Recollect recorded it, with a word that this one does not know"

    @classmethod
    def _missing_(cls, value: object) -> "Reason | None":
        status = value.removeprefix(_HTTP) if isinstance(value, str) and value.startswith(_HTTP) else ""
        if not (status.isascii() and status.isdigit()):
            return None
        if status not in _statuses:
            is_overload = int(status) == HTTPStatus.TOO_MANY_REQUESTS or int(status) >= 500
            member = str.__new__(cls, f"{_HTTP}{status}")
            member._name_, member._value_ = f"HTTP_{status}", f"{_HTTP}{status}"
            member.words = _words_of_status(int(status))
            member._traits = _Trait.RETRIED if is_overload else _Trait.NONE
            _statuses[status] = member
        return _statuses[status]

    @classmethod
    def of_status(cls, status: int) -> "Reason":
        """The reason for an answer whose status says that there is nothing to read."""
        return cls(f"{_HTTP}{status}")

    @classmethod
    def stored(cls, value: str) -> "Reason":
        """A reason as a database keeps it; ``UNKNOWN`` for a word of another version."""
        try:
            return cls(value)
        except ValueError:
            return cls.UNKNOWN

    @property
    def outcome(self) -> Outcome:
        """What an error with this reason comes to: a decision of ours, or a failure of the site."""
        return Outcome.SKIPPED if _Trait.SKIPPED in self._traits else Outcome.FAILED

    @property
    def outcome_unchanged(self) -> Outcome:
        """What a URL comes to that is no page, and is still what it was: folded into another one, or left out."""
        return Outcome(self.value) if _Trait.FOLDS in self._traits else Outcome.SKIPPED

    @property
    def is_retried(self) -> bool:
        """Asking again, a little later, may help."""
        return _Trait.RETRIED in self._traits

    @property
    def keeps_index(self) -> bool:
        """It says more of our limits and of name resolution than of the page: what was indexed of it stays."""
        return _Trait.KEEPS_INDEX in self._traits

    @property
    def has_links(self) -> bool:
        """The links of the URL were read; those of a redirect are its target."""
        return _Trait.HAS_LINKS in self._traits

    @property
    def is_compared(self) -> bool:
        """The text of the URL is of use to the pages that come after it."""
        return _Trait.COMPARED in self._traits


_statuses: dict[str, Reason] = {}
"""The members made for statuses."""

_STATUS_WORDS = {
    401: "it wants credentials, or refused those that were sent",
    403: "it is closed to the public or to this crawler",
    404: "it does not exist; a page that was indexed is asked for once more before it is removed",
    407: "the proxy wants credentials",
    410: "it is gone for good",
    429: "its server was asked too often",
    503: "its server was overloaded or under repair",
}


def _words_of_status(status: int) -> str:
    try:
        name = f" {HTTPStatus(status).phrase}"
    except ValueError:
        name = ""
    return _STATUS_WORDS.get(status, f"its server answered {status}{name}")
