"""Holds the rules of docs/ARCHITECTURE.md: one direction of imports, one reader of the environment, light imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ("crawler", "indexer", "ranker", "rag", "server")
HEAVY = (
    "torch",
    "transformers",
    "elasticsearch",
    "celery",
    "kombu",
    "openvino",
    "faiss",
    "tantivy",
    "py3langid",
    "psycopg",
    "playwright",
    "matplotlib",
)
FILES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]


def imported_modules(path: Path) -> set[str]:
    """Dotted names of every module the file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    allowed = ORDER[: ORDER.index(package) + 1]
    wrong = {m for m in imported_modules(path) if m.split(".")[0] in (*ORDER, "tests", "benchmarks")} - {
        m for m in imported_modules(path) if m.split(".")[0] in allowed
    }
    assert not wrong, f"{package} may import only {allowed}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_config_reads_the_environment(path: Path) -> None:
    if path == ROOT / "server" / "settings" / "config.py":
        return
    reads = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert not reads, f"os.environ is read in lines {reads}; pass a Config instead"


def test_importing_every_package_is_light() -> None:
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES]
    modules = [m.removesuffix(".__init__") for m in modules if not m.endswith("__main__")]
    code = f"import importlib,sys\nfor m in {modules!r}: importlib.import_module(m)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & set(HEAVY)
