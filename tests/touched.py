"""``python -m tests.touched``: the test files that a change touches first, for `make check`.

A change is what differs from the branch ``main``, or from the last commit on ``main`` itself. It touches the tests that
changed, those that import a changed file by themselves or through a helper in ``tests/``, and those of its name.
`make test` has all, and the browser's.
"""

import subprocess
from pathlib import PurePosixPath

from tests.imports import ROOT, git, imported_modules, module_name, python_files

#: They read the whole repository.
ALWAYS = ("tests/test_house.py", "tests/test_project.py")


def changed() -> set[str]:
    """Paths of what differs, relative to the repository."""
    base = subprocess.run(["git", "merge-base", "HEAD", "main"], cwd=ROOT, check=False, capture_output=True, text=True)
    return {
        *git("diff", "--name-only", "--no-renames", base.stdout.strip() or "HEAD"),
        *git("ls-files", "--others", "--exclude-standard"),
    }


def touched(change: set[str]) -> list[str]:
    """The test files to run for a change, none of the browser's."""
    files = python_files("aelib", "app", "benchmarks", "tests")
    modules = {module_name(path): path for path in files}
    direct = {path: {name for name in imported_modules(path) if name != module_name(path)} for path in files}

    def home(name: str, seen: frozenset[str] = frozenset()) -> str | None:
        """The file that a name comes from: itself a module, or what its package imports under that name."""
        if name in modules:
            return modules[name]
        package, _, last = name.rpartition(".")
        if package not in modules or name in seen:
            return None
        given = (other for other in direct[modules[package]] if other.endswith(f".{last}"))
        return next((found for other in given if (found := home(other, seen | {name}))), modules[package])

    def reached(path: str, seen: set[str]) -> set[str]:
        """The files that a test imports, with those that its helpers import."""
        for file in {found for name in direct[path] if (found := home(name))} - seen:
            # `from aelib import X` is about X, not about all that the package imports.
            if PurePosixPath(file).name != "__init__.py" or file.startswith("tests/"):
                seen.add(file)
            if file.startswith("tests/"):
                reached(file, seen)
        return seen

    stems = {PurePosixPath(path).stem for path in change if path.endswith((".py", ".js"))}
    settings = {str(PurePosixPath(path).parent) for path in change if path.endswith("conftest.py")}
    found = []
    for path in (path for path in files if PurePosixPath(path).name.startswith("test_")):
        if path.startswith("tests/browser/"):
            continue
        named = PurePosixPath(path).stem.removeprefix("test_") in stems
        inside = any(str(folder) in settings for folder in PurePosixPath(path).parents)
        if path in ALWAYS or path in change or named or inside or reached(path, set()) & change:
            found.append(path)
    return found


if __name__ == "__main__":
    print(*touched(changed()), sep="\n")
