"""How do other programs in Python ask a server?  ->  a client of its API; the server knows nothing of it"""

from server.client.client import Recollect
from server.client.errors import Refused, Unreachable

__all__ = ["Recollect", "Refused", "Unreachable"]
