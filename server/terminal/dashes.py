"""Is what begins with a dash a query or an option?"""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

LIKE_AN_OPTION = 0.75


def with_query_apart(arguments: Sequence[str], flags: Collection[str], valued: Collection[str]) -> list[str]:
    """The arguments with a query that begins with a dash behind ``--``, as ``-draft report`` or ``--force``.

    ``flags`` are the options that stand alone, ``valued`` those that take the argument after them. What is nearly one
    of either stays where it is, so that whoever mistyped it is told, and so does all where there is a query already.
    """
    options = {*flags, *valued}
    rest, queries = list[str](), list[str]()
    pieces = iter(arguments)
    for piece in pieces:
        name = piece.partition("=")[0]
        is_dashed = piece.startswith("-") and len(piece) > 1
        if piece == "--" or not is_dashed:
            return list(arguments)
        if name in options:
            rest.append(piece)
            if name in valued and piece == name:
                rest += [value for value in (next(pieces, None),) if value is not None]
        elif name.startswith("--") and get_close_matches(name, options, 1, LIKE_AN_OPTION):
            return list(arguments)
        else:
            queries.append(piece)
    return [*rest, "--", *queries] if queries else rest
