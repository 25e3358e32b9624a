"""The sample of MNIST in the package: it is one, balanced, and the same as ever."""

import hashlib
import os
from pathlib import Path

import pytest
import torch

from aelib import DataError, load_dataset
from aelib.commands.mnist_sample import chosen
from aelib.data import mnist_sample
from aelib.progress import silent
from aelib.randomness import generator

SHARED = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.fixture(scope="module")
def sample():
    return load_dataset("mnist_sample")


def rows(x):
    """The bytes of each picture."""
    return [picture.numpy().tobytes() for picture in (x * 255).round().byte()]


def test_it_has_as_many_digits_of_every_class(sample):
    assert torch.bincount(sample.train.y).tolist() == [600] * 10
    assert torch.bincount(sample.test.y).tolist() == [100] * 10


def test_no_held_out_digit_is_a_training_digit(sample):
    train, test = set(rows(sample.train.x)), set(rows(sample.test.x))
    assert len(train) == 6000
    assert len(test) == 1000
    assert not train & test


def test_it_has_the_constants_of_mnist(sample):
    """Those with which the whole field normalises it, up to what 7,000 of 70,000 can differ."""
    assert float(sample.train.x.mean()) == pytest.approx(0.1307, abs=3e-3)
    assert float(sample.train.x.std()) == pytest.approx(0.3081, abs=3e-3)


def test_labels_belong_to_their_pictures(sample):
    """The nearest of 6,000 digits tells the class of 95 % (of 60,000: 96.9 %, LeCun et al. 1998)."""
    nearest = torch.cdist(sample.test.x.flatten(1), sample.train.x.flatten(1)).argmin(1)
    assert (sample.train.y[nearest] == sample.test.y).float().mean() > 0.93


def test_the_first_examples_are_of_all_classes(sample):
    """In the order of MNIST, not by class: whoever shows some shows a mixture."""
    assert torch.bincount(sample.test.y[:200], minlength=10).min() >= 8


def test_it_stays_the_same(sample):
    """Checkpoints and links rest on it."""
    digest = hashlib.sha256()
    for split in (sample.train, sample.test):
        digest.update(b"".join(rows(split.x)))
        digest.update(bytes(split.y.tolist()))
    assert digest.hexdigest() == "28bd582d61bc301679117f7a6f66c7ae446c9732f854f0d3aabcb9478c41fd80"


def test_its_files_are_small():
    assert sum(path.stat().st_size for path in mnist_sample.FOLDER.iterdir()) < 1_000_000


def test_its_source_and_licence_are_told_beside_it():
    text = (mnist_sample.FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(name in text for name in ("LeCun", "Cortes", "Attribution-ShareAlike 3.0", "http://yann.lecun.com"))


def test_digits_are_drawn_evenly_and_stay_in_order():
    labels = torch.arange(1000) % 10
    which = chosen(labels, 300, generator(1, "test"))
    assert torch.bincount(labels[which]).tolist() == [30] * 10
    assert torch.equal(which, torch.unique(which))  # sorted, and each once
    assert torch.equal(which, chosen(labels, 300, generator(1, "test")))
    assert not torch.equal(which, chosen(labels, 300, generator(2, "test")))


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-40], lambda whole: b"", lambda whole: b"no xz", None], ids=range(4)
)
def test_a_damaged_installation_is_told(damage, tmp_path, monkeypatch, complains):
    for path in mnist_sample.FOLDER.iterdir():
        content = path.read_bytes()
        if "t10k-images" not in path.name:
            (tmp_path / path.name).write_bytes(content)
        elif damage:
            (tmp_path / path.name).write_bytes(damage(content))
    monkeypatch.setattr(mnist_sample, "FOLDER", tmp_path)
    with complains(DataError, "t10k-images", "install"):
        mnist_sample.load(silent)


def test_a_file_of_another_shape_is_told(tmp_path, monkeypatch, complains):
    for path in mnist_sample.FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "t10k-labels-idx1-ubyte.xz").write_bytes((tmp_path / "train-labels-idx1-ubyte.xz").read_bytes())
    monkeypatch.setattr(mnist_sample, "FOLDER", tmp_path)
    with complains(DataError, "t10k-labels", "install"):
        mnist_sample.load(silent)


def test_every_digit_is_one_of_mnist_from_its_own_file(sample, monkeypatch):
    root = Path(os.environ.get("AELIB_DATA") or SHARED)
    if not (root / "MNIST" / "raw").is_dir():
        pytest.skip(f"real MNIST is not in {root}: set AELIB_DATA to test with it")
    for file, split, count in (("train", sample.train, 60_000), ("t10k", sample.test, 10_000)):
        images = (root / "MNIST" / "raw" / f"{file}-images-idx3-ubyte").read_bytes()[16:]
        labels = (root / "MNIST" / "raw" / f"{file}-labels-idx1-ubyte").read_bytes()[8:]
        whole = {images[784 * k : 784 * (k + 1)]: (k, labels[k]) for k in range(count)}
        found = [whole[row] for row in rows(split.x)]
        assert [label for _, label in found] == split.y.tolist()
        assert [k for k, _ in found] == sorted(k for k, _ in found)
