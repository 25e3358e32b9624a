"""The MNIST family, read from files in torchvision's layout: a made-up one always, the real one where it is."""

import builtins
import gzip
import os
import struct
import sys
from pathlib import Path
from urllib.error import URLError

import pytest
import torch

from aelib import DataError, load_dataset
from aelib.data import lookup

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FOLDERS = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "kmnist": "KMNIST"}


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """`load_dataset` remembers what it loaded; each test has its own folder."""
    monkeypatch.setattr(lookup, "_loaded", {})


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("AELIB_DATA", str(tmp_path))
    return tmp_path


def write_idx(folder, train=20, test=10):
    """IDX files (a big-endian header, then bytes): picture i is of value i and of class i mod 10."""
    folder.mkdir(parents=True)
    for prefix, n in (("train", train), ("t10k", test)):
        pixels = bytes(i for i in range(n) for _ in range(28 * 28))
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, n, 28, 28) + pixels)
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(
            struct.pack(">2I", 0x801, n) + bytes(i % 10 for i in range(n))
        )


@pytest.mark.parametrize(("name", "folder"), FOLDERS.items())
def test_files_in_torchvisions_layout_are_read_from_the_folder_of_the_environment(name, folder, root):
    write_idx(root / folder / "raw")
    progress = []
    data = load_dataset(name, lambda share, text: progress.append((share, text)))
    assert (data.name, data.shape, len(data.classes)) == (name, (1, 28, 28), 10)
    assert (len(data.train), len(data.test)) == (20, 10)
    expected = torch.arange(20).float().reshape(20, 1, 1, 1) / 255
    assert torch.equal(data.train.x, expected.expand(20, 1, 28, 28))
    assert torch.equal(data.train.y, torch.arange(20) % 10)
    shares = [share for share, _ in progress]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(name in text for _, text in progress)


def test_what_is_missing_is_downloaded_into_that_folder(root, monkeypatch):
    from torchvision.datasets import MNIST

    monkeypatch.setattr(MNIST, "download", lambda self: write_idx(Path(self.raw_folder)))
    assert len(load_dataset("mnist").train) == 20
    assert (root / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file()


@pytest.mark.parametrize(
    "error", [URLError("no route to host"), RuntimeError("Error downloading x:\nTried a\nTried b\n")]
)
def test_not_there_and_no_network(error, root, monkeypatch, complains):
    from torchvision.datasets import MNIST

    def download(self):
        raise error

    monkeypatch.setattr(MNIST, "download", download)
    with complains(DataError, "mnist", str(root), "AELIB_DATA"):
        load_dataset("mnist")
    write_idx(root / "MNIST" / "raw")
    assert len(load_dataset("mnist").test) == 10  # the failure was not remembered


FILES = [f"{split}-{what}-ubyte" for split in ("train", "t10k") for what in ("images-idx3", "labels-idx1")]
DAMAGE = {
    "empty": lambda whole: b"",
    "cut in its header": lambda whole: whole[:3],
    "cut short": lambda whole: whole[:-1],
    "too long": lambda whole: whole + b"\0",
    "another thing": lambda whole: b"<!doctype html>" + whole[15:],
}


def fail_without_a_network(self):
    raise URLError("no route to host")


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_named(file, damage, root, complains):
    write_idx(root / "MNIST" / "raw")
    path = root / "MNIST" / "raw" / file
    path.write_bytes(damage(path.read_bytes()))
    with complains(DataError, f"{path} is damaged", "Delete this file"):
        load_dataset("mnist")


@pytest.mark.parametrize(("name", "folder"), FOLDERS.items())
def test_a_damaged_file_of_a_relative_is_named(name, folder, root, complains):
    write_idx(root / folder / "raw")
    path = root / folder / "raw" / FILES[-1]
    path.write_bytes(b"")
    with complains(DataError, f"{path} is damaged", name):
        load_dataset(name)


@pytest.mark.parametrize(
    "content", [b"", gzip.compress(bytes(10_000))[:-9], b"<!doctype html>"], ids=["empty", "cut short", "a page"]
)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_archive_is_named_where_it_cannot_be_downloaded_again(file, content, root, monkeypatch, complains):
    from torchvision.datasets import MNIST

    monkeypatch.setattr(MNIST, "download", fail_without_a_network)
    path = root / "MNIST" / "raw" / f"{file}.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with complains(DataError, f"{path} is damaged", "Delete this file"):
        load_dataset("mnist")


def test_a_download_that_was_cut_short_is_named(root, monkeypatch, complains):
    from torchvision.datasets import MNIST

    def download(self):
        write_idx(Path(self.raw_folder))
        (Path(self.raw_folder) / FILES[0]).write_bytes(bytes(100))

    monkeypatch.setattr(MNIST, "download", download)
    with complains(DataError, str(root / "MNIST" / "raw" / FILES[0]), "Delete this file"):
        load_dataset("mnist")


@pytest.mark.parametrize("labels", [bytes(3), bytes([10] * 20)])
def test_labels_that_are_not_those_of_the_images(labels, root, complains):
    write_idx(root / "MNIST" / "raw")
    path = root / "MNIST" / "raw" / FILES[1]
    path.write_bytes(struct.pack(">2I", 0x801, len(labels)) + labels)
    with complains(DataError, FILES[0], FILES[1], "Delete"):
        load_dataset("mnist")


@pytest.mark.parametrize("error", [ImportError, RuntimeError])
def test_without_torchvision_the_message_says_what_still_works(error, root, monkeypatch, complains):
    """A build that does not belong to the installed torch raises RuntimeError on import."""
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    real = builtins.__import__

    def broken(name, *rest, **more):
        if name.startswith("torchvision"):
            raise error("operator torchvision::nms does not exist")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", broken)
    with complains(DataError, "torchvision", "digits"):
        load_dataset("mnist")
    assert load_dataset("digits").shape == (1, 8, 8)


def test_real_mnist(monkeypatch):
    root = Path(os.environ.get("AELIB_DATA") or SHARED)
    if not (root / "MNIST" / "raw").is_dir():
        pytest.skip(f"real MNIST is not in {root}: set AELIB_DATA to test with it")
    monkeypatch.setenv("AELIB_DATA", str(root))
    data = load_dataset("mnist")
    assert (len(data.train), len(data.test)) == (60_000, 10_000)
    assert data.train.y[:5].tolist() == [5, 0, 4, 1, 9]
    # The constants with which the whole field normalises MNIST.
    assert float(data.train.x.mean()) == pytest.approx(0.1307, abs=1e-4)
    assert float(data.train.x.std()) == pytest.approx(0.3081, abs=1e-4)
    assert data.is_unit_range
