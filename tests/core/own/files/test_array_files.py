"""Arrays, .npz, .npy and IDX files as data: the same numbers as were put in, with labels, splits and notes."""

import gzip
import io
import struct

import numpy as np
import pandas as pd
import pytest
import torch

from aelib import DataError, Dataset, Split
from aelib.data.limits import Limits
from aelib.data.options import SplitOptions

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(40, 3)).astype(np.float32)
PICTURES = RANDOM.integers(0, 256, (40, 5, 4), np.uint8)
COLOURED = RANDOM.integers(0, 256, (40, 5, 4, 3), np.uint8)
LABELS = np.arange(40) % 4
PASTEL = RANDOM.uniform(0.2, 0.9, (40, 1, 5, 4)).astype(np.float32)


def npz(**arrays) -> io.BytesIO:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    stream.seek(0)
    return stream


def npy(array) -> io.BytesIO:
    stream = io.BytesIO()
    np.save(stream, array)
    stream.seek(0)
    return stream


def idx(array: np.ndarray) -> bytes:
    code = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}[array.dtype.str[1:]]
    head = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def together(data, of=lambda split: split.x):
    return torch.cat([of(data.train), of(data.test)])


def same_rows(found: torch.Tensor, expected) -> bool:
    """Whether two arrays have the same rows, in any order."""
    mine, theirs = found.double().flatten(1), torch.as_tensor(np.asarray(expected), dtype=torch.float64).flatten(1)
    return sorted(map(tuple, mine.tolist())) == sorted(map(tuple, theirs.tolist()))


@pytest.mark.parametrize(
    "form", [np.asarray, torch.as_tensor, np.ndarray.tolist, pd.DataFrame], ids=["numpy", "torch", "lists", "pandas"]
)
def test_arrays_of_all_kinds_are_split(form):
    data = Dataset.from_arrays(form(ROWS), LABELS, held_out=0.25, name="mine")
    assert (data.name, len(data.train), len(data.test), data.classes) == ("mine", 30, 10, ("0", "1", "2", "3"))
    assert same_rows(together(data), ROWS)
    for x, label in zip(together(data), together(data, lambda split: split.labels), strict=True):
        (place,) = np.flatnonzero((x.numpy() == ROWS).all(1))
        assert label == LABELS[place]
    assert Dataset.from_arrays(form(ROWS)).train.y is None


def test_the_seed_chooses_and_the_same_chooses_the_same():
    first, again, other = (Dataset.from_arrays(ROWS, seed=seed).test.x for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_each_class_has_its_share():
    y = np.array(["rare"] * 8 + ["often"] * 32)
    data = Dataset.from_arrays(ROWS, y, held_out=0.25, at_most=20)
    assert data.classes == ("often", "rare")
    assert [torch.bincount(split.labels).tolist() for split in (data.train, data.test)] == [[12, 3], [4, 1]]


@pytest.mark.parametrize(
    ("y", "classes"),
    [
        (LABELS.astype(np.int16), ("0", "1", "2", "3")),
        (LABELS[:, None], ("0", "1", "2", "3")),
        (LABELS.astype(float), ("0", "1", "2", "3")),
        (LABELS * 10 - 7, ("-7", "3", "13", "23")),
        (np.eye(4)[LABELS], ("0", "1", "2", "3")),
        (LABELS > 1, ("0", "1")),
        (np.array(["é", "b", "a", "c"])[LABELS], ("a", "b", "c", "é")),
        (np.array([b"x", b"y", b"z", b"\xff"])[LABELS], ("x", "y", "z", "\ufffd")),
        (LABELS + 0.5, ()),
        (np.arange(40), ()),
    ],
    ids=["whole", "column", "whole-real", "distant", "one-hot", "truth", "text", "bytes", "real", "many"],
)
def test_labels_of_all_kinds(y, classes):
    data = Dataset.from_arrays(ROWS, y, limits=Limits(max_classes=30))
    assert data.classes == classes
    assert together(data, lambda split: split.labels).is_floating_point() == (not classes)


def test_factors_keep_to_their_examples():
    factors = pd.DataFrame({"first": ROWS[:, 0], "row": np.arange(40)})
    data = Dataset.from_arrays(ROWS, factors=factors)
    assert data.factors == ("first", "row")
    assert torch.equal(together(data, lambda split: split.factors)[:, 0], together(data)[:, 0])


@pytest.mark.parametrize(
    ("x", "expected", "note"),
    [
        (PICTURES, PICTURES[:, None] / 255, "grey pictures, 5 pixels high and 4 wide"),
        (COLOURED, COLOURED.transpose(0, 3, 1, 2) / 255, "Channels come last: coloured"),
        (COLOURED.transpose(0, 3, 1, 2), COLOURED.transpose(0, 3, 1, 2) / 255, "Channels come first: coloured"),
        (PICTURES.astype(np.int64), PICTURES[:, None] / 255, "levels of bytes"),
        (PICTURES.astype(np.float64), PICTURES[:, None] / 255, "divided by 255"),
        (PICTURES.astype(np.uint16) * 257, PICTURES[:, None] / 255, "divided by 65535"),
        (PICTURES // 16, PICTURES[:, None] // 16 / 255, "grey"),
        ((PICTURES // 16).astype(float), PICTURES[:, None] // 16 / 15, "divided by 15"),
        (PICTURES > 99, PICTURES[:, None] > 99, "grey"),
        ((PICTURES > 99).astype(np.uint8), PICTURES[:, None] > 99, "black and white"),
        (PASTEL, PASTEL, "grey"),
        (PASTEL * 2 - 1, PASTEL, "-1 to 1"),
        (PASTEL * 5 - 2, PASTEL * 5 - 2, "stay as they are"),
    ],
    ids=[
        "grey",
        "last",
        "first",
        "int64",
        "float64",
        "uint16",
        "dark",
        "sixteen",
        "truth",
        "bits",
        "unit",
        "centred",
        "wide",
    ],
)
def test_pictures_have_channels_first_and_values_in_the_unit_range(x, expected, note):
    data = Dataset.from_arrays(x)
    assert data.is_image
    assert np.allclose(np.sort(together(data).flatten(1), 0), np.sort(expected.reshape(40, -1), 0), atol=1e-6)
    assert note in " ".join(data.report.notes)


def test_rows_are_not_rescaled():
    assert same_rows(together(Dataset.from_arrays(PICTURES.reshape(40, 20))), PICTURES.reshape(40, 20))


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": PICTURES, "y": LABELS},
        {"X": PICTURES, "Y": LABELS},
        {"images": PICTURES, "labels": LABELS},
        {"data": PICTURES, "target": LABELS},
        {"arr_0": PICTURES, "arr_1": LABELS},
        {"imgs": PICTURES, "label": LABELS, "metadata": np.array([{"author": "me"}], object)},
        {"faces": PICTURES},
    ],
    ids=lambda arrays: "-".join(arrays),
)
def test_arrays_in_a_file_are_known_by_their_names(arrays):
    data = Dataset.from_npz(npz(**arrays), name="faces")
    assert same_rows(together(data) * 255, PICTURES)
    assert data.classes == (() if len(arrays) == 1 else ("0", "1", "2", "3"))


@pytest.mark.parametrize(
    ("train", "test", "further"),
    [
        (("x_train", "y_train"), ("x_test", "y_test"), None),
        (("train_images", "train_labels"), ("test_images", "test_labels"), ("val_images", "val_labels")),
        (("x", "y"), ("x_val", "y_val"), None),
    ],
    ids=str,
)
def test_a_split_in_a_file_is_kept(train, test, further):
    cuts = [slice(0, 28), slice(28, 34), slice(34, 40)]
    names = [train, test] + [further] * (further is not None)
    held_out = slice(28, 40 if further else 34)
    arrays = {
        name: values[cut]
        for pair, cut in zip(names, cuts, strict=False)
        for name, values in zip(pair, (COLOURED, LABELS), strict=True)
    }
    data = Dataset.from_npz(npz(**arrays), SplitOptions(held_out=0.9))
    assert same_rows(data.train.x * 255, COLOURED[:28].transpose(0, 3, 1, 2))
    assert same_rows(data.test.x * 255, COLOURED[held_out].transpose(0, 3, 1, 2))
    assert torch.bincount(data.test.labels).tolist() == np.bincount(LABELS[held_out]).tolist()
    smaller = Dataset.from_npz(npz(**arrays), SplitOptions(at_most=10))
    assert len(smaller.train) + len(smaller.test) == 10
    assert len(smaller.test) in (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    "array", [ROWS, np.asfortranarray(ROWS), ROWS.astype(">f8"), ROWS.astype(np.float16)], ids=["C", "F", "big", "half"]
)
def test_a_single_array_in_a_file(array, tmp_path):
    np.save(tmp_path / "mine.npy", array)
    data = Dataset.from_npz(tmp_path / "mine.npy")
    assert data.name == "mine"
    assert same_rows(together(data), array.astype(np.float32))


def test_what_a_file_holds_decides_and_not_its_name(tmp_path):
    (tmp_path / "mine.csv").write_bytes(npz(x=ROWS).getvalue())
    assert same_rows(together(Dataset.from_npz(tmp_path / "mine.csv")), ROWS)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", ["u1", "i1", "i2", "i4", "f4", "f8"])
def test_idx_files_hold_what_was_written(kind, pack, tmp_path):
    values = (PICTURES // 2).astype(kind).reshape(40, 20)
    (tmp_path / "images").write_bytes(pack(idx(values)))
    (tmp_path / "labels").write_bytes(pack(idx(LABELS.astype("u1"))))
    data = Dataset.from_idx(tmp_path / "images", tmp_path / "labels")
    assert same_rows(together(data), values)
    assert (len(data.test), data.classes) == (8, ("0", "1", "2", "3"))
    assert not Dataset.from_idx(tmp_path / "images").is_labelled


@pytest.mark.parametrize("place", ["", "raw", "MNIST/raw"])
@pytest.mark.parametrize("ending", ["-idx{}-ubyte", ".idx{}-ubyte", "-idx{}-ubyte.gz"])
def test_the_folder_of_mnist_is_split_already(place, ending, tmp_path):
    folder = tmp_path / "data" / place
    folder.mkdir(parents=True)
    pack = gzip.compress if ending.endswith("gz") else bytes
    for name, part in (("train", slice(0, 30)), ("t10k", slice(30, 40))):
        (folder / f"{name}-images{ending.format(3)}").write_bytes(pack(idx(PICTURES[part])))
        (folder / f"{name}-labels{ending.format(1)}").write_bytes(pack(idx(LABELS[part].astype("u1"))))
    data = Dataset.from_idx(tmp_path / "data")
    assert (len(data.train), len(data.test), data.shape) == (30, 10, (1, 5, 4))
    assert same_rows(data.test.x * 255, PICTURES[30:])
    assert torch.bincount(data.test.labels).tolist() == np.bincount(LABELS[30:]).tolist()


def test_oddities_of_rows_are_told():
    odd = ROWS.copy()
    odd[:, 1] = 7
    odd[20:] = odd[:20]
    warnings = Dataset.from_arrays(odd, held_out=0.5, y=["few"] * 2 + ["many"] * 38).report.warnings
    assert [text.split(" ")[0] for text in warnings] == ["1", warnings[1].split(" ")[0], "1"]
    assert "few" in warnings[0]
    assert "also training examples" in warnings[1]
    assert "1 of 3 features are the same" in warnings[2]
    assert not Dataset.from_arrays(ROWS).report.warnings


def test_cancelling_leaves_nothing(tmp_path):
    np.save(tmp_path / "mine.npy", ROWS)

    class CancelledError(OSError):  # which reading itself might raise
        pass

    def cancel(share, text):
        raise CancelledError

    for read in (Dataset.from_npz, Dataset.from_idx):
        with pytest.raises(CancelledError):
            read(tmp_path / "mine.npy", progress=cancel)


def test_the_report_is_not_part_of_what_data_is():
    split = Split(ROWS)
    assert Dataset("mine", split, split) == Dataset("mine", split, split)
    assert Dataset("mine", split, split).report is None


def test_too_much_is_refused_before_it_is_read(complains):
    with complains(DataError, "max_bytes", "480 bytes"):
        Dataset.from_npz(npy(ROWS), limits=Limits(max_bytes=479))
    with complains(DataError, "max_bytes"):
        Dataset.from_npz(npz(x=ROWS, y=LABELS), limits=Limits(max_bytes=500))
    with complains(DataError, "max_features"):
        Dataset.from_npz(npy(ROWS), limits=Limits(max_features=2))
    with complains(DataError, "max_examples", "at_most"):
        Dataset.from_arrays(ROWS, limits=Limits(max_examples=39))
    assert len(Dataset.from_arrays(ROWS, at_most=39, limits=Limits(max_examples=39)).train) == 31
    with complains(DataError, "max_classes"):
        Dataset.from_arrays(ROWS, [f"class {n}" for n in range(40)], limits=Limits(max_classes=30))
