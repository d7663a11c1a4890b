"""The documentation names every command, option, setting and route, and its links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from bs4 import BeautifulSoup
from fastapi.routing import APIRoute

from server.cli import app
from server.settings.config import Config, keys

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COMMAND_LINE = (DOCS / "command-line.md").read_text("utf-8")
CONFIGURATION = (DOCS / "configuration.md").read_text("utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built documentation."""
    out = tmp_path_factory.mktemp("docs") / "site"
    subprocess.run([sys.executable, DOCS / "build.py", out], check=True, capture_output=True)
    return out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    _, _, section = COMMAND_LINE.partition(f"## recollect {name}\n")
    assert section, f"docs/command-line.md has no section for {name}"
    shared = COMMAND_LINE.partition("## Shared options")[2].partition("\n## ")[0]
    filters = COMMAND_LINE.partition("## recollect search\n")[2].partition("\n## ")[0] if name == "ask" else ""
    documented = section.partition("\n## ")[0] + shared + filters
    command = COMMANDS[name]
    parts = getattr(command, "commands", {"": command})
    for parameter in [parameter for part in parts.values() for parameter in part.params]:
        if parameter.param_type_name == "option" and parameter.name != "help":
            for option in parameter.opts:
                assert re.search(rf"`{option}(?![\w-])", documented), f"{name} {option} is not in docs/command-line.md"


def test_options_of_the_command_itself_are_documented() -> None:
    for parameter in typer.main.get_command(app).params:
        assert f"{parameter.opts[0]}`" in COMMAND_LINE, parameter.opts


def test_every_key_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*?) \|", CONFIGURATION, re.MULTILINE))
    assert set(rows) == set(keys())
    for key, shown in rows.items():
        assert shown == shown_default(key), f"the default of {key} is documented as {shown}"


def shown_default(key: str) -> str:
    """A default as docs/configuration.md shows it."""
    value: object = Config()
    for part in key.split("."):
        value = getattr(value, part)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple) and len(value) > 6:
        return f"{len(value)} names"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`" if value else ""
    if value in (None, "", {}):
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def test_every_route_is_documented() -> None:
    from server.app import ROUTERS

    documented = (DOCS / "http-api.md").read_text("utf-8")
    pages = {"/", "/static/{digest}/{name}", "/favicon.ico"}
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if route.path not in pages:
                for method in route.methods or ():
                    assert f"`{method} {route.path}" in documented, f"{method} {route.path} is not in docs/http-api.md"


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in site.glob("*.html")}
    assert len(pages) >= 13
    for name, page in pages.items():
        for anchor in page.find_all("a", href=True):
            target, _, fragment = str(anchor["href"]).partition("#")
            if "://" in target:
                continue
            assert not target or target in pages, f"{name} links to {target}"
            if fragment:
                assert pages[target or name].find(id=fragment), f"{name} links to {anchor['href']}"


def test_every_page_is_reachable_and_has_one_title(site: Path) -> None:
    index = (site / "index.html").read_text("utf-8")
    for path in site.glob("*.html"):
        assert f'href="{path.name}"' in index, path.name
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        assert len(page.find_all("h1")) == 1, path.name


def test_links_of_the_readme_and_its_neighbours_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / target).exists(), f"{name} links to {target}"


def test_config_examples_in_the_documentation_are_right(tmp_path: Path) -> None:
    from server.settings.config import load

    class Anything(dict[str, str]):
        def get(self, key: str, default: object = None) -> str:
            return "from-the-environment"

    for path in sorted(DOCS.glob("*.md")):
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)):
            file = tmp_path / f"{path.stem}-{number}.yml"
            file.write_text(block, "utf-8")
            load(file, environ=Anything())


def test_commands_in_the_documentation_exist() -> None:
    for path in (*sorted(DOCS.glob("*.md")), ROOT / "README.md"):
        for line in re.findall(r"^recollect (\S+)", path.read_text("utf-8"), re.MULTILINE):
            assert line in COMMANDS or line.startswith("-"), f"{path.name}: recollect {line}"
