"""Errors of the client.

RecollectError
└── ClientError
    ├── Refused       the server answered and said no; ``status`` is the HTTP status
    └── Unreachable   the server did not answer, or what answered is no Recollect
"""

from crawler.errors import RecollectError


class ClientError(RecollectError):
    """A request came to nothing."""


class Refused(ClientError):
    """The server answered and said no: in its own words."""

    def __init__(self, status: int, what: str, cure: str = "") -> None:
        super().__init__(what, cure)
        self.status = status


class Unreachable(ClientError):
    """The server did not answer in time, or what answered is no Recollect."""
