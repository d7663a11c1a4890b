"""JSON may name half of a sign that takes two (a lone surrogate, RFC 8259, 8.2): no text, and nobody can store it."""

import json
import re

_MAY_HOLD = re.compile(rb"\\u[dD][89a-fA-F]")


def has_half_signs(text: bytes) -> bool:
    """Whether a JSON text has such halves in it. What is no JSON has none."""
    if not _MAY_HOLD.search(text):
        return False
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False
