"""UMAP where nothing but a temporary folder can be written to: a read-only installation without a home."""

import os
import stat
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree, ignore_patterns

import numba
import pytest

from aelib import ConfigError
from aelib.latent.numba_cache import COMPILED, provide_cache

MAP = """
import torch
from aelib.latent.projection import ProjectionSpec, project
threads = torch.get_num_threads()
points = project(torch.randn(40, 3, generator=torch.Generator().manual_seed(0)), ProjectionSpec(
    method="umap", neighbours=5)).points
assert points.shape == (40, 2) and points.isfinite().all()
assert torch.get_num_threads() == threads  # Numba takes one for each core when it begins
import os, umap
print(os.path.dirname(umap.__file__))
print(os.environ["NUMBA_CACHE_DIR"])
print(sum(len(files) for _, _, files in os.walk(os.environ["NUMBA_CACHE_DIR"])))
"""


@pytest.fixture
def site(tmp_path):
    """Packages beside which nobody, not even root, can make a cache: a file is in its way."""
    for name in COMPILED:
        package = Path(find_spec(name).origin).parent
        copytree(package, tmp_path / "site" / name, ignore=ignore_patterns("__pycache__"))
        (tmp_path / "site" / name / "__pycache__").touch()
    return tmp_path / "site"


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def sealed(site, scratch, monkeypatch):
    """This process, as if installed there and without a home."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    for name in COMPILED:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(site)
    for name, value in nowhere().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return scratch


def nowhere():
    """A home and a cache below a file: not even root can make them."""
    return {"HOME": f"{os.devnull}/home", "XDG_CACHE_HOME": f"{os.devnull}/cache"}


def test_umap_maps_and_leaves_nothing_behind(site, scratch):
    """In a process of its own, quickly compiled."""
    more = {"PYTHONPATH": f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}", "TMPDIR": str(scratch)}
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", MAP], env={**kept, **nowhere(), **more, "NUMBA_OPT": "0"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    used, cache, files = done.stdout.split()
    assert Path(used) == site / "umap"
    assert Path(cache).parent == scratch
    assert int(files) > 10
    assert list(scratch.iterdir()) == []


def test_the_folder_is_nobody_elses_and_inherited(sealed):
    provide_cache()
    [folder] = sealed.iterdir()
    assert os.environ["NUMBA_CACHE_DIR"] == str(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    provide_cache()  # and one is enough
    assert list(sealed.iterdir()) == [folder]


def test_numba_that_was_loaded_before_uses_it_too(sealed):
    provide_cache()
    [folder] = sealed.iterdir()
    assert str(folder) == numba.config.CACHE_DIR


@pytest.mark.parametrize("name", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME"])
def test_a_folder_that_can_be_written_to_is_left_to_numba(sealed, tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, str(tmp_path / "mine"))
    before = os.environ["NUMBA_CACHE_DIR"]
    provide_cache()
    assert os.environ["NUMBA_CACHE_DIR"] == before
    assert list(sealed.iterdir()) == []


def test_so_is_the_installation(sealed, site):
    for name in COMPILED:
        (site / name / "__pycache__").unlink()
    provide_cache()
    assert os.environ["NUMBA_CACHE_DIR"] == ""
    assert list(sealed.iterdir()) == []


def test_a_chosen_folder_that_cannot_be_written_to_is_replaced(sealed, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", f"{os.devnull}/mine")
    provide_cache()
    [folder] = sealed.iterdir()
    assert os.environ["NUMBA_CACHE_DIR"] == str(folder)


def test_no_folder_at_all_is_one_sentence(sealed):
    sealed.rmdir()
    with pytest.raises(ConfigError, match=r"^UMAP needs a folder .* NUMBA_CACHE_DIR .*PCA[^.]*\.$"):
        provide_cache()
