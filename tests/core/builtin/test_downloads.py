"""CIFAR-10 and SVHN from small files made in their formats, fetched from a folder in place of a server."""

import hashlib
import io
import tarfile
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.io import savemat

from aelib import DATASETS, DataError
from aelib.data import cifar10, svhn
from aelib.data.download import RemoteFile
from aelib.progress import silent

COUNT = 20


@pytest.fixture
def root(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setenv("AELIB_DATA", str(folder))
    return folder


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    return folder


def remote(known: RemoteFile, path) -> RemoteFile:
    """The same file, with what is at ``path`` as its content."""
    content = path.read_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return replace(known, url=path.as_uri(), size=len(content), md5=md5)


def records(seed):
    """As many as CIFAR-10's files have here, of every class the same number."""
    found = np.random.default_rng(seed).integers(0, 256, (COUNT, cifar10.RECORD), dtype=np.uint8)
    found[:, 0] = np.arange(COUNT) % 10
    return found


def write_tar(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.fixture
def cifar(server, root, monkeypatch):
    """Its archive on the server, by what it holds."""

    def put(files):
        write_tar(server / "cifar.tar.gz", files)
        monkeypatch.setattr(cifar10, "ARCHIVE", remote(cifar10.ARCHIVE, server / "cifar.tar.gz"))
        monkeypatch.setattr(cifar10, "COUNT", COUNT)

    return put


BATCHES = {f"cifar-10-batches-bin/{name}": records(k) for k, name in enumerate((*cifar10.TRAIN, *cifar10.TEST))}
WHOLE = {"cifar-10-batches-bin/readme.html": b"<p>", **{name: batch.tobytes() for name, batch in BATCHES.items()}}


def test_cifar_10_is_fetched_once_and_read(cifar, root, server):
    cifar(WHOLE)
    info, progress = DATASETS["cifar10"], []
    assert not info.is_here()
    data = info.load(lambda share, text: progress.append((share, text)))
    shares = [share for share, _ in progress]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert any("Downloading" in text for _, text in progress)
    assert all("cifar10" in text for _, text in progress)
    assert (data.name, data.shape, data.classes) == (info.name, info.shape, info.class_names)
    whole = np.concatenate(list(BATCHES.values())[:5])
    expected = torch.from_numpy(whole[:, 1:].reshape(-1, 3, 32, 32)).float() / 255
    assert torch.equal(data.train.x.clone(), expected)
    assert data.train.y.tolist() == whole[:, 0].tolist()
    assert len(data.test) == COUNT
    assert [path.name for path in root.iterdir()] == ["cifar-10-binary.tar.gz"]
    (server / "cifar.tar.gz").unlink()
    assert info.is_here()
    assert torch.equal(info.load(silent).test.x.clone(), data.test.x.clone())


def test_red_comes_first_then_rows(cifar):
    """https://www.cs.toronto.edu/~kriz/cifar.html: a byte of class, 1,024 of red, of green, of blue, row by row."""
    first = np.zeros((COUNT, cifar10.RECORD), np.uint8)
    first[0, 1 + 5] = 255  # red of the sixth pixel in the first row
    first[0, 1 + 2048 + 33] = 255  # blue of the second pixel in the second row
    cifar({**WHOLE, "cifar-10-batches-bin/data_batch_1.bin": first.tobytes()})
    x = cifar10.load(silent).train.x[0]
    assert x.nonzero().tolist() == [[0, 0, 5], [2, 1, 1]]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"cifar-10-batches-bin/data_batch_3.bin": b""}, "data_batch_3.bin"),
        ({"cifar-10-batches-bin/test_batch.bin": bytes(COUNT * cifar10.RECORD + 1)}, "test_batch.bin"),
    ],
    ids=["empty", "too long"],
)
def test_an_archive_that_lacks_a_whole_file_is_told(change, named, cifar, root, complains):
    cifar({**WHOLE, **change})
    with complains(DataError, str(root / "cifar-10-binary.tar.gz"), named, "Delete this file"):
        cifar10.load(silent)


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", bytes(1000)], ids=["empty", "a page", "cut short"])
def test_a_damaged_file_is_named_and_kept(content, cifar, root, complains):
    cifar(WHOLE)
    root.mkdir()
    path = root / "cifar-10-binary.tar.gz"
    path.write_bytes(content)
    with complains(DataError, f"{path} is damaged", "Delete this file", "cifar10"):
        cifar10.load(silent)
    assert path.read_bytes() == content


def test_a_whole_file_that_is_no_archive_is_told(server, root, monkeypatch, complains):
    (server / "page").write_bytes(b"<!doctype html>")
    monkeypatch.setattr(cifar10, "ARCHIVE", remote(cifar10.ARCHIVE, server / "page"))
    with complains(DataError, "cannot be read", "Delete this file"):
        cifar10.load(silent)


@pytest.mark.parametrize("content", [b"", b"shorter", b"x" * 2000], ids=["nothing", "less", "more"])
def test_what_comes_is_another_file(content, server, root, monkeypatch, complains):
    (server / "file").write_bytes(bytes(1000))
    file = remote(cifar10.ARCHIVE, server / "file")
    (server / "file").write_bytes(content)
    with complains(DataError, "cifar10 is not in", str(root), "AELIB_DATA", file.path):
        file.fetch("cifar10", silent)
    assert list(root.iterdir()) == []  # nothing half-fetched stays


def test_no_server_and_no_folder_are_told(server, root, complains):
    (server / "file").write_bytes(bytes(10))
    file = remote(cifar10.ARCHIVE, server / "file")
    (server / "file").unlink()
    with complains(DataError, "cifar10 is not in", str(root), "network"):
        file.fetch("cifar10", silent)
    root.rmdir()
    root.write_bytes(b"a file where the folder should be")
    with complains(DataError, "cifar10 is not in", str(root)):
        file.fetch("cifar10", silent)


class StopError(Exception):
    pass


def test_whoever_watches_a_download_can_end_it(server, root):
    (server / "file").write_bytes(bytes(1 << 20))
    file = remote(cifar10.ARCHIVE, server / "file")

    def stop(share, text):
        raise StopError

    with pytest.raises(StopError):
        file.fetch("cifar10", stop)
    assert list(root.iterdir()) == []


def write_mat(path, count, seed):
    """Pictures (height, width, channels, n) and labels 1…10, (n, 1), as SVHN has them."""
    pixels = np.random.default_rng(seed).integers(0, 256, (32, 32, 3, count), dtype=np.uint8)
    labels = (np.arange(count, dtype=np.uint8) % 10 + 1)[:, None]
    savemat(path, {"X": pixels, "y": labels}, do_compression=True)
    return pixels, labels


@pytest.fixture
def numbers(server, root, monkeypatch):
    """What SVHN's two files hold, on the server."""
    found = {}
    for which, count in (("TRAIN", 30), ("TEST", 20)):
        found[which] = write_mat(server / f"{which}.mat", count, seed=count)
        monkeypatch.setattr(svhn, which, remote(getattr(svhn, which), server / f"{which}.mat"))
    return found


def test_house_numbers_are_fetched_and_read(numbers, root):
    info, progress = DATASETS["svhn"], []
    assert not info.is_here()
    data = info.load(lambda share, text: progress.append((share, text)))
    assert info.is_here()
    assert [share for share, _ in progress] == sorted(share for share, _ in progress)
    assert (data.name, data.shape, data.classes) == (info.name, info.shape, info.class_names)
    for split, (pixels, labels) in zip((data.train, data.test), numbers.values(), strict=True):
        for k in (0, 7, len(split) - 1):
            assert torch.equal(split.x[k].clone(), torch.from_numpy(pixels[..., k]).permute(2, 0, 1).float() / 255)
        assert split.y.tolist() == [label % 10 for label in labels.flatten().tolist()]  # 10 means the digit 0
    assert sorted(path.name for path in root.iterdir()) == ["test_32x32.mat", "train_32x32.mat"]


def test_house_numbers_are_found_where_torchvision_puts_them(numbers, root, monkeypatch):
    """Its own class reads the same from the folder that ours wrote."""
    from torchvision.datasets import SVHN

    data = svhn.load(silent)
    monkeypatch.setitem(SVHN.split_list, "test", ["", "test_32x32.mat", svhn.TEST.md5])
    theirs = SVHN(root, split="test")
    assert torch.equal(data.test.x.clone(), torch.from_numpy(theirs.data.copy()).float() / 255)
    assert data.test.y.tolist() == theirs.labels.tolist()


def test_the_checksums_are_those_of_torchvision():
    from torchvision.datasets import SVHN

    for file, which in ((svhn.TRAIN, "train"), (svhn.TEST, "test")):
        assert SVHN.split_list[which] == [file.url, file.path, file.md5]


def test_damaged_house_numbers_are_named(numbers, root, server, monkeypatch, complains):
    root.mkdir()
    (root / "test_32x32.mat").write_bytes(b"MATLAB 5.0 MAT-file")
    with complains(DataError, f"{root / 'test_32x32.mat'} is damaged", "svhn"):
        svhn.load(silent)
    (server / "other.mat").write_bytes(b"MATLAB 5.0 MAT-file" + bytes(300))
    (root / "test_32x32.mat").write_bytes((server / "other.mat").read_bytes())
    monkeypatch.setattr(svhn, "TEST", remote(svhn.TEST, server / "other.mat"))
    with complains(DataError, "cannot be read", "Delete this file"):
        svhn.load(silent)
