"""The wheel: what is in it, and that it works away from the repository."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this working tree, built with the installed hatchling: no network, nothing written here."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(ROOT)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture
def unpacked(wheel, tmp_path) -> Path:
    folder = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_it_holds_every_module_of_the_library(names):
    expected = {str(path.relative_to(ROOT)) for path in (ROOT / "aelib").rglob("*.py")}
    assert expected <= set(names)


def test_it_holds_the_whole_app(names):
    files = {path for path in (ROOT / "app").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {f"aelib_app/{path.relative_to(ROOT / 'app')}" for path in files} <= set(names)
    assert "aelib_app/asgi.py" in names
    assert "aelib_app/.streamlit/config.toml" in names
    assert any(re.fullmatch(r"aelib_app/web/.+\.js", name) for name in names)


def test_checkpoints_and_data_are_a_small_part_of_it():
    folders = (ROOT / "checkpoints", ROOT / "aelib/data/files")
    assert sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()) < 14_000_000


def test_it_holds_the_data_of_the_library_with_its_licence(names):
    files = {path.name for path in (ROOT / "aelib/data/files").iterdir()}
    assert {"README.md", "train-images-idx3-ubyte.xz"} <= files
    assert {f"aelib/data/files/{file}" for file in files} <= set(names)


def test_it_holds_the_pretrained_checkpoints(names):
    checkpoints = {path.name for path in (ROOT / "checkpoints").iterdir() if (path / "config.json").is_file()}
    assert checkpoints
    for checkpoint in checkpoints:
        assert f"aelib/checkpoints/{checkpoint}/config.json" in names
        assert f"aelib/checkpoints/{checkpoint}/model.safetensors" in names


def test_it_holds_nothing_else(names):
    roots = {name.split("/")[0] for name in names}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"aelib", "aelib_app"}
    assert [name for name in names if "__pycache__" in name or "test" in name.split("/")] == []


def test_it_declares_the_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        assert "aelib = aelib.commands.cli:main" in archive.read(entry_points).decode()


def test_its_version_is_that_of_the_library(wheel):
    import aelib

    assert wheel.name.startswith(f"autoencoder_explorer-{aelib.__version__}-")


def test_the_command_works_from_any_folder(unpacked, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}

    def python(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=elsewhere, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # The repository is on the path too (editable install): make sure that the unpacked wheel answers.
    assert python("-c", "import aelib; print(aelib.__file__)").startswith(str(unpacked))
    helped = python("-m", "aelib", "--help")
    assert "app" in helped
    assert "train" in helped
    assert list(elsewhere.iterdir()) == []
