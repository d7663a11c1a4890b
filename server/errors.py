"""Errors of the server.

RecollectError
└── ServerError
    ├── ConfigError      a setting in recollect.yml or a RECOLLECT_* variable is wrong
    ├── BadInput         a file, line or argument given on the command line cannot be used
    ├── NoIndex          nothing has been indexed yet
    ├── NoDocument       a program asks for a document that is not there for it
    ├── NoJob            a program asks for a job that is not there for it
    ├── TooLarge         a program sends more than is taken at once
    ├── WrongKind        a program sends a body of a kind that is not read
    ├── NoSite           a program asks for a site that is not there for it
    ├── Outdated         something was changed by somebody else meanwhile
    ├── NoModel          a program asks for a model that this server does not serve
    ├── NotAllowed       the asker's API key is missing or unknown
    ├── Forbidden        the asker's API key does not allow this
    ├── TooMany          the asker comes too often
    ├── NotReloaded      a server goes on with the settings and the index it had
    ├── PortTaken        the address to listen on cannot be used
    └── ScheduleTaken    another process keeps the schedule
"""

import math

from crawler.errors import RecollectError


class ServerError(RecollectError):
    """Something went wrong between a person or program and the packages."""


class ConfigError(ServerError):
    """A setting is wrong; the message names the place, the key, the value and what is expected.

    ``key`` is its dotted name, where one setting alone is wrong.
    """

    def __init__(self, what: str, cure: str = "", key: str = "") -> None:
        super().__init__(what, cure)
        self.key = key


class BadInput(ServerError):
    """A file, line or argument given by a person cannot be used as it is."""


class NoIndex(ServerError):
    """Nothing has been indexed yet."""


class NoDocument(ServerError):
    """A program asks for a document that is not there, or not for its eyes."""


class NoJob(ServerError):
    """A program asks for a job that is not there, or not for its eyes."""


class TooLarge(ServerError):
    """A program sends more than is taken at once."""


class WrongKind(ServerError):
    """A program sends a body of a kind, or in an encoding, that is not read."""


class NoSite(ServerError):
    """A program asks for a site that is not there, or not for its eyes."""


class Outdated(ServerError):
    """What is to be changed was changed by somebody else since it was read."""


class NoModel(ServerError):
    """A program asks for a model that this server does not serve."""


class NotAllowed(ServerError):
    """The asker's API key is missing or unknown."""


class Forbidden(ServerError):
    """The asker's API key is valid, and does not allow this."""


class TooMany(ServerError):
    """The asker comes too often; ``wait_s`` is how many seconds to wait."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("Too many requests", f"Try again in {math.ceil(wait_s)} s")
        self.wait_s = wait_s


class NotReloaded(ServerError):
    """A server was told to begin anew and could not; it goes on as before."""


class PortTaken(ServerError):
    """The address to listen on cannot be used."""


class ScheduleTaken(ServerError):
    """Another process keeps the schedule of this index, or crawls the site."""


def described(error: Exception) -> str:
    """A bug in one line: its kind, its words, and what was being done when it showed."""
    notes = getattr(error, "__notes__", ())
    return f"{type(error).__name__}: {error}" + (f" ({'; '.join(notes)})" if notes else "")
