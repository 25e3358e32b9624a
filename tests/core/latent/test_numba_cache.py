"""UMAP where nothing but a temporary folder can be written to: a read-only installation without a home."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numba
import pytest

from aelib import ConfigError
from aelib.latent.numba_cache import COMPILED, provide_cache

#: One function that Numba compiles and keeps: real UMAP, which has hundreds, is mapped with in test_umap.py.
KEPT = """
import numba

@numba.njit("f4(f4)", cache=True)
def half(x):
    return x / 2
"""
LOAD = """
from aelib.latent.numba_cache import provide_cache
provide_cache()
import os, umap
print(umap.half(3))
print(os.path.dirname(umap.__file__))
print(os.environ["NUMBA_CACHE_DIR"])
print(sum(len(files) for _, _, files in os.walk(os.environ["NUMBA_CACHE_DIR"])))
"""


@pytest.fixture
def site(tmp_path):
    """Packages of these names beside which nobody, not even root, can make a cache: a file is in its way."""
    for name in COMPILED:
        (tmp_path / "site" / name).mkdir(parents=True)
        (tmp_path / "site" / name / "__init__.py").write_text(KEPT)
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


def load(site, scratch, code):
    """In a process of its own."""
    more = {"PYTHONPATH": f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}", "TMPDIR": str(scratch)}
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    return subprocess.run(
        [sys.executable, "-c", code], env={**kept, **nowhere(), **more}, capture_output=True, text=True, timeout=100,
        check=False,
    )  # fmt: skip


def test_what_is_compiled_is_kept_there_and_left_nowhere(site, scratch):
    done = load(site, scratch, LOAD)
    assert done.returncode == 0, done.stderr
    half, used, cache, files = done.stdout.split()
    assert half == "1.5"
    assert Path(used) == site / "umap"
    assert Path(cache).parent == scratch
    assert int(files) >= 2
    assert list(scratch.iterdir()) == []


def test_without_it_numba_refuses_to_load(site, scratch):
    """So these packages stand for UMAP's."""
    done = load(site, scratch, "import umap")
    assert "no locator available" in done.stderr


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
