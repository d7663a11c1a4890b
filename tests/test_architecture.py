"""Holds the rules of docs/ARCHITECTURE.md: one direction of imports between packages and between the rooms of each,
implementations named in one place, rooms that can be overlooked, one reader of the environment, light imports."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
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
    "pyoxigraph",
    "sqlalchemy",
    "sklearn",
    "gensim",
    "argon2",
)
MAX_MODULES = 20
IMPLEMENTATIONS = (
    "crawler.frontier.postgres",
    "crawler.frontier.sqlite",
    "indexer.elasticsearch",
    "indexer.embedded",
    "indexer.encoders",
    "rag.generators",
    "ranker.scorers",
    "server.ledger.redis",
    "server.ledger.sqlite",
)
"""Rooms and modules behind a seam, named in ``server/assemble.py`` alone. Their settings are values for all to know."""

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


def imported_names(path: Path) -> set[str]:
    """The same with what is imported from them, which may be a module too."""
    names = imported_modules(path)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    allowed = ORDER[: ORDER.index(package) + 1]
    wrong = {m for m in imported_modules(path) if m.split(".")[0] in (*ORDER, "tests", "benchmarks")} - {
        m for m in imported_modules(path) if m.split(".")[0] in allowed
    }
    assert not wrong, f"{package} may import only {allowed}"


def room_of(module: str) -> str:
    """The room of a dotted name: a sub-package, or a module that stands beside the sub-packages."""
    return module.split(".")[1]


@pytest.mark.parametrize("package", ORDER)
def test_rooms_have_an_order(package: str) -> None:
    """Whoever enters a room needs to know those it imports, which no circle of rooms would ever let him finish."""
    imports: dict[str, set[str]] = {}
    for path in (ROOT / package).rglob("*.py"):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        inside = {m for m in imported_names(path) if m.startswith(f"{package}.")}
        imports.setdefault(room_of(dotted), set()).update(map(room_of, inside))
    sorter = TopologicalSorter({room: rooms - {room} for room, rooms in imports.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        pytest.fail(f"rooms of {package} import each other in a circle: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in FILES}), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_folder_can_be_overlooked(folder: Path) -> None:
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MAX_MODULES, "make rooms by subject"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_assemble_names_implementations(path: Path) -> None:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    if dotted == "server.assemble":
        return
    wrong = {
        module
        for module in imported_names(path)
        for seam in IMPLEMENTATIONS
        if ".config." not in f"{module}."
        and f"{module}.".startswith(f"{seam}.")
        and not f"{dotted}.".startswith(f"{seam.rpartition('.')[0] if is_module(seam) else seam}.")
    }
    assert not wrong, "take what you need as an argument; server/assemble.py passes it in"


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_implementations_are_where_the_rule_looks_for_them(name: str) -> None:
    assert is_module(name) or (ROOT.joinpath(*name.split(".")) / "__init__.py").exists()


def is_module(name: str) -> bool:
    return ROOT.joinpath(*name.split(".")).with_suffix(".py").exists()


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
