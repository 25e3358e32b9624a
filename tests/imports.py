"""Which files the repository has, and what each Python file imports."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def repository_files() -> list[Path]:
    """Tracked files and new ones that git does not ignore."""
    return [
        path
        for name in git("ls-files", "--cached", "--others", "--exclude-standard")
        if (path := ROOT / name).is_file()
    ]


def git(*arguments: str) -> list[str]:
    """The names that a command of git lists."""
    command = ["git", *arguments[:1], "-z", *arguments[1:]]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listing.split("\0") if name]


def python_files(*folders: str) -> list[str]:
    """Paths of the Python files, relative to the repository."""
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_name(path: str) -> str:
    """``aelib.data`` of ``aelib/data/__init__.py``."""
    return ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: str) -> Iterator[str]:
    """Full dotted names of everything that a file imports, wherever in the file; relative imports resolved."""
    package = list(Path(path).parent.parts)
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
