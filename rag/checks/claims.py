"""A sentence as the claims it makes: a pure function."""

import re

_JOINT = re.compile(r";\s+|,\s+(?:and|but|while|whereas|so|although)\s+|\s+(?:while|whereas)\s+", re.IGNORECASE)
MIN_WORDS = 4
"""A shorter piece is no claim of its own."""


def claims(sentence: str) -> tuple[str, ...]:
    """The parts of a sentence that say something by themselves, in order; itself where there is but one."""
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(sentence):
        part, rest = sentence[start : joint.start()], sentence[joint.end() :]
        if len(part.split()) >= MIN_WORDS and len(rest.split()) >= MIN_WORDS:
            parts.append(part.strip())
            start = joint.end()
    return (*parts, sentence[start:].strip())
