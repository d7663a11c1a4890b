"""The line of a setting in its file."""

from pathlib import Path

import pytest

from server.errors import ConfigError
from server.settings.lines import line_of, with_line

TEXT = """\
# birds
serve:
  title: Birds
  limits: {per_minute: 3}
sites:
  - name: a
    seeds: [https://a.example/]
  - name: b
    crawl:
      max_pages: 7
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("serve", 2),
        ("serve.title", 3),
        ("serve.limits.per_minute", 4),
        ("serve.limits.max_at_once", 4),
        ("sites[1].crawl.max_pages", 10),
        ("sites[0].seeds[0]", 7),
        ("sites[9]", 5),
        ("rank.mode", 0),
    ],
)
def test_a_setting_is_found(tmp_path: Path, key: str, line: int) -> None:
    (tmp_path / "recollect.yml").write_text(TEXT, "utf-8")
    assert line_of(tmp_path / "recollect.yml", key) == line


def test_an_error_without_a_place_stays_as_it_is(tmp_path: Path) -> None:
    error = ConfigError("wrong", "mend it", "serve.title")
    assert with_line(error, None) is error
    assert with_line(error, tmp_path / "none.yml") is error
    (tmp_path / "recollect.yml").write_text(TEXT, "utf-8")
    found = with_line(error, tmp_path / "recollect.yml")
    assert found.what == f"wrong (line 3 of {tmp_path / 'recollect.yml'})"
    assert found.cure == "mend it"
