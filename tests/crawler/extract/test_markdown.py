"""Markdown as people write it: front matter, ids of headings, boxes and footnotes."""

import pytest

from crawler.extract.any import extract_any
from crawler.extract.extract import Extracted


def read(text: str) -> Extracted:
    return extract_any(text.encode(), "text/markdown", "https://example.com/a.md")


YAML = """---
title: "Badgers: a guide"
description: >
  They dig setts
  and eat worms.
date: 2024-05-01
lastmod: 2024-06-02T10:00:00Z
tags: [mammals, setts]
author:
  - name: Ada Vole
  - Ben Mole
lang: en
---
# Setts

Text.
"""
TOML = """+++
title = 'Badgers: a guide'
description = \"\"\"They dig setts
and eat worms.\"\"\"
date = 2024-05-01
updated = 2024-06-02T10:00:00Z
tags = ["mammals", "setts"]
authors = ["Ada Vole", "Ben Mole"]
language = "en"
+++
# Setts

Text.
"""


@pytest.mark.parametrize("text", [YAML, YAML.replace("\n", "\r\n"), TOML, TOML.replace("\n", "\r\n"), "\ufeff" + YAML])
def test_front_matter_becomes_the_head(text: str) -> None:
    found = read(text)
    assert (found.title, found.language) == ("Badgers: a guide", "en")
    assert found.description == "They dig setts and eat worms."
    assert found.metadata["keywords"] == "mammals, setts"
    assert found.metadata["author"] == "Ada Vole, Ben Mole"
    assert found.metadata["published_at"].startswith("2024-05-01")
    assert found.metadata["modified_at"].startswith("2024-06-02T10:00")
    assert found.text == "Text."


def test_front_matter_that_does_not_parse_is_read_line_by_line() -> None:
    found = read("---\ntitle: Badgers: a guide\nauthor: Ada\n---\nText.\n")
    assert (found.title, found.metadata["author"], found.text) == ("Badgers: a guide", "Ada", "Text.")


@pytest.mark.parametrize(
    "text", ["---\nJust words.\n---\n\nMore.\n", "---\n\nOne.\n\n* a\n* b\n", "+++ is a mark\n\nOne."]
)
def test_rules_around_text_are_no_front_matter(text: str) -> None:
    assert text.splitlines()[-1].lstrip("* ") in read(text).text


@pytest.mark.parametrize(
    "heading",
    ["## Food {#eats}", "## Food {#eats .wide}", "## Food {: #eats }", "Food {#eats}\n----", "## Food {/* #eats */}"],
)
def test_attributes_of_a_heading_are_its_anchor(heading: str) -> None:
    (section,) = read(f"{heading}\n\nWorms.\n").sections
    assert (section.heading_path[-1], section.anchor, section.text) == ("Food", "eats", "Worms.")


def test_braces_that_are_no_attributes_stay() -> None:
    (section,) = read("## The set {a, b}\n\nWords.\n").sections
    assert section.heading_path[-1] == "The set {a, b}"


@pytest.mark.parametrize(
    "box",
    [
        '!!! note "Mind the sett"\n    Do not dig here.\n',
        '??? warning "Mind the sett"\n    Do not dig here.\n',
        "::: warning Mind the sett\nDo not dig here.\n:::\n",
        ":::tip[Mind the sett]\n\nDo not dig here.\n\n:::\n",
        '=== "Mind the sett"\n\n    Do not dig here.\n',
        '===! "Mind the sett"\n    Do not dig here.\n',
        "> [!WARNING] Mind the sett\n> Do not dig here.\n",
        "> [!tip]- Mind the sett\n>\n> Do not dig here.\n",
        ":::{note} Mind the sett\nDo not dig here.\n:::\n",
    ],
)
def test_boxes_keep_their_words_and_lose_their_marks(box: str) -> None:
    text = read(f"# A\n\nBefore.\n\n{box}\nAfter.\n").text
    assert [line for line in text.splitlines() if line] == ["Before.", "Mind the sett", "Do not dig here.", "After."]


def test_alerts_without_a_title_are_titled_by_their_kind() -> None:
    assert read("# A\n\n> [!IMPORTANT]\n> Knock first.\n").text == "Important\nKnock first."


def test_tabs_in_code_are_code() -> None:
    assert '=== "Linux"' in read('# A\n\n```\n=== "Linux"\n    apt\n```\n').text


def test_footnotes_are_told_once_without_their_marks() -> None:
    text = read("# A\n\nBadgers dig[^1] a lot[^long].\n\n[^1]: With claws.\n[^long]: For hours.\n").text
    assert "[^" not in text
    assert text.count("With claws.") == 1
    assert text.count("For hours.") == 1


def test_definitions_are_read() -> None:
    text = read("# A\n\nSett\n: Where badgers live.\n").text
    assert "Where badgers live." in text
    assert ": Where" not in text
