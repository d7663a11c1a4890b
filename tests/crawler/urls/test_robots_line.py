"""Which line of a robots.txt decided."""

import pytest

from crawler.urls.robots import parse_rules

FILE = """# who may what
User-agent: Recollect
User-agent: Other
Disallow: /private # not for machines
Allow: /private/open
Disallow: /*.php$

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/private/a", "line 4: Disallow: /private"),
        ("/private/open/a", "line 5: Allow: /private/open"),
        ("/a.php", "line 6: Disallow: /*.php$"),
        ("/", ""),
    ],
)
def test_the_longest_path_of_the_own_group_decides(path: str, line: str) -> None:
    rules = parse_rules(FILE, "Recollect")
    assert rules.deciding_line(f"https://example.org{path}") == line
    assert rules.allowed(f"https://example.org{path}") is ("Disallow" not in line)


def test_others_are_told_by_the_group_for_all() -> None:
    assert parse_rules(FILE, "Somebody").deciding_line("https://example.org/") == "line 9: Disallow: /"
