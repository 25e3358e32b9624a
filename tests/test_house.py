"""The house: rooms that a newcomer can guess, and arrows between them that never run in a circle."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

import pytest

from tests.imports import ROOT, imported_modules, module_name, python_files, repository_files

#: More files than this in one folder are a crowd.
ROOM_LIMIT = 30
#: What only a host knows, `eslint.config.js` says.
HOSTS = "app/web/host/"
IMPORTED = re.compile(r"""\b(?:from|import)\s*\(?\s*["'`](\.[^"'`]+)["'`]""")


def room(path: str) -> str:
    """The folder of a file.

    The modules directly in `aelib/` and `app/` are rooms of their own: the core's single files, and the façade that
    imports them. So is a ``__main__``: it is started, never imported.
    """
    file = PurePosixPath(path)
    alone = str(file.parent) in ("aelib", "app") or file.name == "__main__.py"
    return path if alone else str(file.parent)


def folders(*tops: str) -> list[str]:
    """All folders below some, with those themselves, that hold files of the repository."""
    files = [path.relative_to(ROOT) for path in repository_files()]
    return sorted({str(path.parent) for path in files if str(path).startswith(tuple(f"{top}/" for top in tops))})


def python_imports() -> Iterator[tuple[str, str]]:
    """(importing file, imported file) within the repository, also those that only a type checker follows."""
    files = python_files("aelib", "app")
    by_module = {module_name(path): path for path in files}
    for path in files:
        for name in imported_modules(path):
            if (target := by_module.get(name)) and target != path:
                yield path, target


def web_files() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "app/web").rglob("*.js"))


def without_comments(javascript: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", javascript, flags=re.DOTALL)


def web_imports() -> Iterator[tuple[str, str]]:
    for path in web_files():
        for module in IMPORTED.findall(without_comments((ROOT / path).read_text(encoding="utf-8"))):
            yield path, str((ROOT / path).parent.joinpath(module).resolve().relative_to(ROOT.resolve()))


def circle(arrows: Iterator[tuple[str, str]]) -> list[str]:
    """Rooms that import each other in a circle; empty where there is none."""
    graph: dict[str, set[str]] = {}
    for source, target in arrows:
        graph.setdefault(room(source), set()).add(room(target))
    for name, targets in graph.items():
        targets.discard(name)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_pages_import_no_pages():
    """What two of them need has a place of its own."""
    pages = [(source, target) for source, target in python_imports() if target.endswith("_page.py")]
    assert pages
    assert {source for source, _ in pages} == {"app/navigation.py"}


def test_a_circle_is_found():
    """What the next tests rely on."""
    assert circle(iter([("aelib/a/x.py", "aelib/b/y.py"), ("aelib/b/z.py", "aelib/a/w.py")]))
    assert not circle(iter([("aelib/a/x.py", "aelib/a/y.py"), ("aelib/a/y.py", "aelib/b/z.py")]))


def test_python_folders_import_each_other_in_no_circle():
    arrows = list(python_imports())
    assert len(arrows) > 500
    assert circle(iter(arrows)) == []


def test_javascript_folders_import_each_other_in_no_circle():
    arrows = list(web_imports())
    assert len(arrows) > 300
    assert circle(iter(arrows)) == []


def test_a_component_imports_no_host():
    assert [pair for pair in web_imports() if pair[1].startswith(HOSTS) and not pair[0].startswith(HOSTS)] == []


def test_nothing_imports_an_entry_point():
    assert [pair for pair in python_imports() if pair[1].endswith("__main__.py")] == []


@pytest.mark.parametrize("folder", folders("aelib", "app", "tests", "benchmarks"))
def test_no_folder_is_crowded(folder):
    assert len([path for path in repository_files() if path.parent == ROOT / folder]) <= ROOM_LIMIT


@pytest.mark.parametrize("folder", folders("aelib", "app"))
def test_the_map_of_the_house_has_a_sentence_for_each_folder(folder):
    rows = re.findall(r"^\| `([^`]+)/` \| (\S.*\.) \|$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M)
    assert folder in {name for name, _ in rows}


def test_the_map_of_the_house_names_no_folder_that_is_gone():
    rows = re.findall(r"^\| `((?:aelib|app)[^`]*)/` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M)
    assert sorted(set(rows) - set(folders("aelib", "app"))) == []


@pytest.mark.parametrize("path", [path for path in python_files("aelib", "app") if path.endswith("__init__.py")])
def test_a_package_says_what_it_is(path):
    assert ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
