"""The architecture, enforced: which layer imports what, and what no file may say.

JavaScript has its rules in `eslint.config.js` and `tsconfig.json`; `tests/web/lint/` shows what they refuse.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.imports import ROOT, imported_modules, python_files, repository_files

#: The rooms that runs, and what is built on them, live in.
BEYOND_THE_CORE = ("frames", "processes", "runs", "desk", "library", "commands")
OUTSIDE_THE_CORE = (*(f"aelib/{room}/" for room in BEYOND_THE_CORE), "aelib/__main__.py", "aelib/report/__main__.py")

# Written in halves, so that this file does not contain what it looks for.
FORBIDDEN_TEXT = tuple(
    map("".join, [("/wo", "rk/"), ("pypi", ".org"), ("files.python", "hosted"), ("registry.", "npmjs")])
)


def imports(path: str, *modules: str) -> list[str]:
    """Which of the modules, or of their submodules, a file imports."""
    return [name for name in imported_modules(path) if any(name == m or name.startswith(f"{m}.") for m in modules)]


def test_the_layers_are_there():
    """The tests below run over these files: none of them may pass for want of files."""
    assert python_files("aelib")
    assert python_files("app")


@pytest.mark.parametrize("path", python_files("aelib"))
def test_aelib_never_imports_streamlit_or_the_app(path):
    assert imports(path, "streamlit", "app", "aelib_app") == []


def test_importing_aelib_leaves_streamlit_unloaded():
    code = "import sys, aelib, aelib.runs; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("path", [p for p in python_files("aelib") if not p.startswith(OUTSIDE_THE_CORE)])
def test_the_core_knows_nothing_of_runs(path):
    assert imports(path, *(f"aelib.{room}" for room in BEYOND_THE_CORE)) == []


@pytest.mark.parametrize("path", [p for p in python_files("aelib") if p != "aelib/data/mnist.py"])
def test_torchvision_is_imported_only_where_its_data_is_loaded(path):
    """The rest works where torchvision is absent or broken."""
    assert imports(path, "torchvision") == []


@pytest.mark.parametrize("path", python_files("app"))
def test_the_app_does_no_mathematics(path):
    assert imports(path, "torch", "torchvision", "sklearn", "numpy") == []


#: `aelib.processes` alone starts some for the app.
STARTERS = ("subprocess", "multiprocessing", "concurrent.futures.process", "concurrent.futures.ProcessPoolExecutor")
STARTING = re.compile(r"os\.(fork|popen|posix_spawn|spawn|system)|\.(create_)?subprocess_|\.ProcessPoolExecutor")


@pytest.mark.parametrize("path", python_files("app"))
def test_the_app_starts_no_processes(path):
    nodes = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    attributes = [ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)]
    assert imports(path, *STARTERS) == []
    assert [name for name in attributes if STARTING.search(name)] == []


@pytest.mark.parametrize("path", python_files("app"))
def test_the_app_does_not_import_itself_by_name(path):
    """It is `app` in the repository and `aelib_app` in a wheel: only relative imports work in both."""
    assert [name for name in absolute_imports(path) if name.split(".")[0] in ("app", "aelib_app")] == []


def absolute_imports(path: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def test_no_file_names_a_package_host_or_a_path_of_one_machine():
    found = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a weights file
        found += [f"{path.relative_to(ROOT)}: {phrase}" for phrase in FORBIDDEN_TEXT if phrase in text]
    assert found == []


def declared_dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everything = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    return [re.match(r"[\w.-]+", requirement)[0] for requirement in everything]


@pytest.mark.parametrize("package", sorted(set(declared_dependencies()), key=str.lower))
def test_the_readme_gives_a_reason_for_each_dependency(package):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_cells = [line.split("|")[1] for line in readme.splitlines() if line.startswith("|") and line.count("|") >= 3]
    named = {name.lower() for cell in first_cells for name in re.findall(r"[\w.-]+", cell)}
    assert package.lower() in named


def test_constraints_hold_a_version_for_each_dependency():
    """`make constraints` was run after the last change of the dependencies."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    constrained = {line.split("==")[0].lower() for line in lines if "==" in line}
    assert {name.lower() for name in declared_dependencies()} <= constrained
