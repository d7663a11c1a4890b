"""Which line of a robots.txt decided about a URL."""

from protego import Protego

POLICIES = ("allow", "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
"""As protego reads them, slips of the pen included."""


def deciding_line(text: str, agent: str, url: str) -> tuple[int, str] | None:
    """Number (from 1) and text of the line that allows or forbids ``url``; None where no line is about it.

    The longest path wins, and allowing among equals (RFC 9309 section 2.2.2). Groups are left to protego: a line is
    about the URL if the URL is forbidden once this line forbids and no other does.
    """
    lines = text.splitlines()
    candidates = [i for i, line in enumerate(lines) if _policy(line)]
    matching = _matching(lines, candidates, agent, url)
    if not matching:
        return None
    best = max(matching, key=lambda i: (len(_value(lines[i])), _policy(lines[i]) == "allow"))
    return best + 1, lines[best].partition("#")[0].strip()


def _matching(lines: list[str], candidates: list[int], agent: str, url: str) -> list[int]:
    if not candidates or _allows(lines, candidates, agent, url):
        return []
    if len(candidates) == 1:
        return candidates
    half = len(candidates) // 2
    return [i for part in (candidates[:half], candidates[half:]) for i in _matching(lines, part, agent, url)]


def _allows(lines: list[str], forbidding: list[int], agent: str, url: str) -> bool:
    chosen = set(forbidding)
    # A delay keeps a line's place between the groups without saying anything about URLs.
    kept = (
        f"Disallow: {_value(line)}" if i in chosen else "Crawl-delay: 0" if _policy(line) else line
        for i, line in enumerate(lines)
    )
    return bool(Protego.parse("\n".join(kept)).can_fetch(url, agent))


def _policy(line: str) -> str:
    field, _, value = line.partition("#")[0].partition(":")
    return field.strip().lower() if value.strip() and field.strip().lower() in POLICIES else ""


def _value(line: str) -> str:
    return line.partition("#")[0].partition(":")[2].strip()
