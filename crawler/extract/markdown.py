"""Markdown to HTML, so that it is read like any other page."""


def markdown_to_html(text: str) -> str:
    """CommonMark with tables to HTML; YAML front matter is left out except its title and language."""
    from markdown_it import MarkdownIt

    front, body = _front_matter(text)
    title, language = front.get("title", ""), front.get("lang") or front.get("language", "")
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    return f'<html lang="{_escape(language)}"><title>{_escape(title)}</title><body><main>{page}</main></body></html>'


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("---\n"):
        return {}, text
    head, mark, body = text[4:].partition("\n---")
    if not mark:
        return {}, text
    pairs = (line.partition(":") for line in head.splitlines() if ":" in line and not line.startswith((" ", "-")))
    facts = {name.strip().lower(): value.strip().strip("\"'") for name, _, value in pairs}
    return facts, body.partition("\n")[2]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
