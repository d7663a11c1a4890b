"""Sites of many small pages, each linking to the next few."""

from pathlib import Path


def write_pages(folder: Path, count: int, word: str = "badger") -> Path:
    """``count`` pages of one sentence each, ``index.html`` first; robots.txt allows all.

    Each has a word of its own, as honest pages do: one behind the other without news would be a path without end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    names = ["index.html", *(f"page-{number}.html" for number in range(1, count))]
    for number, file in enumerate(names):
        links = "".join(f'<p><a href="/{other}">{other}</a></p>' for other in names[number + 1 : number + 6])
        name = "".join("abcdefghij"[int(digit)] for digit in str(number))
        said = f"Here the {word} number {number}, called {word}{name}, is told of."
        text = f"<h1>The {word} number {number}</h1><p>{said}</p>{links}"
        page = f"<!doctype html><html lang=en><title>{word} {number}</title><body><main>{text}</main></body></html>"
        (folder / file).write_text(page, "utf-8")
    return folder
