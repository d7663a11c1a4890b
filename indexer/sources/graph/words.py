"""What relations are called in English: "length" is of a thing, "flows into" is what a thing does."""

_PREPOSITIONS = frozenset(("at", "by", "for", "from", "in", "into", "of", "on", "to", "with"))
_VERBS = frozenset(("is", "has", "was", "are", "were", "had"))


def as_verb(word: str) -> str:
    """What stands between two things: ``flows into``, ``is part of`` for "part of"; empty for a noun as "length"."""
    parts = word.split()
    if len(parts) < 2:
        return ""
    first = parts[0]
    if first in _VERBS:
        return word
    if parts[-1] not in _PREPOSITIONS:
        return ""
    is_active = first.endswith("s") and not first.endswith("ss")
    return word if is_active else f"is {word}"


def inverse(word: str) -> str:
    """What a relation is called on the card of the thing that it leads to: ``is author of``, ``what flows into it``."""
    verb = as_verb(word)
    return f"what {verb} it" if verb else f"is {word} of"
