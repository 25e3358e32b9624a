"""The names of `aelib`: all there, found when they are asked for, and nothing imported before."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import aelib

ROOT = Path(aelib.__file__).parents[1]
#: What takes long to import; each command needs some of it, and its name, version or help none.
HEAVY = ("torch", "numpy", "sklearn", "scipy", "pydantic", "sqlalchemy", "pyarrow", "PIL", "umap", "tqdm", "streamlit")


def python(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_a_checker_sees_is_what_there_is():
    tree = ast.parse(Path(aelib.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("aelib.")
        for alias in node.names
    }
    assert seen == aelib._HOMES
    assert sorted(seen) == sorted(aelib.__all__)
    assert set(aelib.__all__) <= set(dir(aelib))
    for name in aelib.__all__:
        assert getattr(aelib, name) is not None


@pytest.mark.parametrize("first", ["aelib.train", "aelib.report"])
def test_names_mean_the_same_whatever_was_imported_first(first):
    """Importing a module binds it to its name in the package, which is a function's for two of them."""
    code = f"import {first}, aelib; from aelib import *; print(train.__name__, aelib.evaluate.__name__)"
    assert python(code) == "train evaluate\n"


def test_modules_are_there_without_being_imported():
    assert python("import aelib; print(aelib.registry.VARIANTS['vanilla'].name, aelib.data.DATASETS is aelib.DATASETS)")


def test_a_name_that_there_is_not():
    with pytest.raises(AttributeError, match="module 'aelib' has no attribute 'nothing'"):
        _ = aelib.nothing
    with pytest.raises(ImportError, match="cannot import name 'nothing' from 'aelib'"):
        exec("from aelib import nothing")
    assert not hasattr(aelib, "__main__")


def test_importing_it_imports_nothing_else():
    code = f"import sys, aelib, aelib.errors; print([name for name in {HEAVY} if name in sys.modules])"
    assert python(code) == "[]\n"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], [], ["fly"], ["--no-such-option"]])
def test_the_command_alone_imports_nothing_else(arguments):
    code = (
        "import json, sys\n"
        "from aelib.commands.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        f"except SystemExit:\n    print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    assert json.loads(python(code, *arguments).splitlines()[-1]) == []


@pytest.mark.parametrize(
    ("command", "spared"),
    [("script", ("pyarrow", "umap", "streamlit")), ("train", ("pyarrow", "umap", "streamlit"))],
)
def test_a_command_imports_what_it_needs(command, spared):
    code = f"import sys, aelib.commands.{command}; print([name for name in {spared} if name in sys.modules])"
    assert python(code) == "[]\n"
