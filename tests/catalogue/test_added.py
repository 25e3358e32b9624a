"""Data sets that are added: what comes back is what went in, and one content is one data set."""

import hashlib
import itertools
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelib import DATASETS, ConfigError, DataError, Dataset, Split, load_dataset
from aelib.data import add_dataset, added_datasets, content_hash, get_info, list_datasets, remove_dataset
from aelib.data.added import damaged_datasets, describe_added
from aelib.data.content import write_content
from aelib.data.description import is_data_id
from aelib.data.table import TableOptions
from aelib.levels import Levels
from aelib.runs.store import is_run_id
from aelib.spec import Spec


def tensors(data: Dataset) -> dict[str, torch.Tensor | None]:
    return {
        f"{which}.{field}": getattr(getattr(data, which), field)
        for which, field in itertools.product(("train", "test"), ("x", "y", "factors"))
    }


def assert_equal(found: Dataset, expected: Dataset) -> None:
    for name, value in tensors(expected).items():
        other = tensors(found)[name]
        assert (value is None) == (other is None), name
        if value is not None and other is not None:
            assert value.dtype == other.dtype
            assert torch.equal(value, other), name
    assert (found.classes, found.factors, found.shape) == (expected.classes, expected.factors, expected.shape)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(1, 9),
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
    dtype=st.sampled_from([torch.float32, torch.float64]),
    labels=st.sampled_from(["none", "classes", "positions", "words"]),
    factors=st.sampled_from([None, torch.int64, torch.float32, torch.int32, torch.uint8, torch.bool]),
    seed=st.integers(0, 2**32),
)
def test_what_is_loaded_is_what_was_added(tmp_path, n, shape, dtype, labels, factors, seed):
    random = torch.Generator().manual_seed(seed)

    def split(count: int) -> Split:
        y = {
            "none": None,
            "classes": torch.randint(3, (count,), generator=random),
            "positions": torch.rand(count, generator=random),
            "words": ["ab", "c", *["ab"] * count][:count],
        }[labels]
        causes = None if factors is None else torch.randint(2, (count, 2), generator=random).to(factors)
        return Split(torch.rand(count, *shape, generator=random, dtype=dtype), y, causes)

    data = Dataset("any", split(n), split(n + 1), ("a", "b", "c") if labels == "classes" else ())
    info = add_dataset(data, home=tmp_path)
    found = load_dataset(info.name, home=tmp_path)
    assert_equal(found, data)
    assert content_hash(found) == content_hash(data) == info.content_hash == found.content_hash
    assert (info.shape, info.class_names, info.counts) == (data.shape, data.classes, (n, n + 1))
    files = (tmp_path / "data" / info.name).glob("*.npy")
    assert info.size == sum(np.load(path, allow_pickle=False).nbytes for path in files)


def test_an_id_is_told_from_every_other_name(home, make_data):
    name = add_dataset(make_data()).name
    assert is_data_id(name)
    assert not is_run_id(name)
    assert name not in DATASETS


def test_the_hash_is_what_its_description_says_and_never_changes():
    """Of numbers that are the same everywhere. Experiments and checkpoints hold such hashes."""
    x = torch.arange(3 * 4, dtype=torch.float32).reshape(3, 4) / 8
    data = Dataset("fixed", Split(x, [0, 1, 0], x[:, :1]), Split(x[:1], [1], x[:1, :1]), ("no", "yes"), ("first",))
    expected = hashlib.sha256(b'aelib data 1\n{"classes":["no","yes"],"factors":["first"]}\n')
    for which, n, labels in (("train", 3, [0, 1, 0]), ("test", 1, [1])):
        for field, dtype, shape, numbers in (
            ("x", "<f4", f"[{n},4]", struct.pack(f"<{4 * n}f", *(i / 8 for i in range(4 * n)))),
            ("y", "<i8", f"[{n}]", struct.pack(f"<{n}q", *labels)),
            ("factors", "<f4", f"[{n},1]", struct.pack(f"<{n}f", *(i / 2 for i in range(n)))),
        ):
            expected.update(f'["{which}.{field}","{dtype}",{shape}]\n'.encode() + numbers)
    assert content_hash(data) == expected.hexdigest()


def test_the_hash_does_not_depend_on_how_numbers_lie_in_memory(home, make_data):
    data = make_data()
    reversed_twice = data.train.x.flip(0).contiguous().flip(0)
    strided = data.train.x.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0)
    for x in (reversed_twice, strided):
        other = Dataset("other", Split(x, data.train.y, data.train.factors), data.test, data.classes, data.factors)
        assert content_hash(other) == content_hash(data)


def test_numbers_in_another_byte_order_are_the_same_content(tmp_path, make_data, monkeypatch):
    data = make_data()
    expected = write_content(data, tmp_path)
    bytes_then = [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    from aelib.data import content

    swapped = {name: array.astype(array.dtype.newbyteorder(">")) for name, array in content.arrays_of(data).items()}
    monkeypatch.setattr(content, "arrays_of", lambda data: swapped)
    assert write_content(data, tmp_path) == expected
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == bytes_then


def test_the_hash_tells_apart_whatever_differs(make_data):
    data = make_data()
    x, y, factors = data.train.x, data.train.y, data.train.factors
    others = [
        Dataset("mine", Split(x.double(), y, factors), Split(data.test.x.double(), data.test.y, data.test.factors),
                data.classes, data.factors),
        Dataset("mine", Split(x.flatten(1), y, factors), Split(data.test.x.flatten(1), data.test.y, data.test.factors),
                data.classes, data.factors),
        Dataset("mine", Split(x, 1 - y, factors), data.test, data.classes, data.factors),
        Dataset("mine", Split(x, y), Split(data.test.x, data.test.y), data.classes),
        Dataset("mine", data.train, data.test, ("dog", "cat"), data.factors),
        Dataset("mine", data.train, data.test, data.classes, ("angle", "size")),
        Dataset("mine", data.test, data.train, data.classes, data.factors),
        Dataset("mine", data.train.take(slice(39)), data.test, data.classes, data.factors),
    ]  # fmt: skip
    assert len({content_hash(one) for one in (data, *others)}) == 1 + len(others)
    assert content_hash(Dataset("yours", data.train, data.test, data.classes, data.factors)) == content_hash(data)


def test_the_same_content_is_stored_once(home, make_data):
    first = add_dataset(make_data(), title="Photos")
    again = add_dataset(make_data(name="copy"), title="Other photos")
    assert again == first
    assert added_datasets() == [first]
    assert len(added_datasets()) == 1
    assert add_dataset(make_data(seed=1)).name != first.name


def test_another_home_gives_another_id_that_cannot_be_told_from_the_content(tmp_path, make_data):
    first, second = (add_dataset(make_data(), home=tmp_path / name) for name in "ab")
    assert first.content_hash == second.content_hash
    assert first.name != second.name


def test_bytes_are_stored_as_bytes(home, make_data):
    whole = make_data(labelled=False)
    data = Dataset("bytes", *(Split((split.x * 255).to(torch.uint8)) for split in (whole.train, whole.test)))
    assert isinstance(data.train.x, Levels)
    info = add_dataset(data)
    assert info.size == data.train.x.numel() + data.test.x.numel()
    stored = np.load(home / "data" / info.name / "train.x.npy", allow_pickle=False)
    assert stored.dtype == np.uint8
    assert np.array_equal(stored, data.train.x.bytes)
    assert torch.equal(load_dataset(info.name).train.x, data.train.x.bytes.float() / 255)


def test_arrays_are_mapped_and_cannot_be_written_through(home, make_data):
    info = add_dataset(make_data())
    path = home / "data" / info.name / "train.x.npy"
    before, data = path.read_bytes(), load_dataset(info.name)
    assert str(path) in Path("/proc/self/maps").read_text()
    first = data.train.x[0].clone()
    data.train.x[0] = 0.5
    assert path.read_bytes() == before
    data.train.x[0] = first


def test_what_was_loaded_is_shared_and_few_are_kept(home, make_data):
    from aelib.data.lookup import KEPT, _opened

    infos = [add_dataset(make_data(seed=seed)) for seed in range(KEPT + 2)]
    assert load_dataset(infos[0].name) is load_dataset(infos[0].name)
    for info in infos:
        load_dataset(info.name)
    assert len(_opened) == KEPT


def test_built_in_data_is_found_as_before(home):
    assert get_info("digits") is DATASETS["digits"]
    assert load_dataset("digits") is load_dataset("digits")
    assert list_datasets() == list(DATASETS.values())
    assert DATASETS["digits"].content_hash is None


def test_a_title_names_data_where_it_is_the_only_one(home, make_data):
    first = add_dataset(make_data(), title="Photos")
    assert get_info("Photos") == first
    second = add_dataset(make_data(seed=1), title="Photos")
    with pytest.raises(ConfigError, match=f"2 data sets called 'Photos'.*{second.name}"):
        get_info("Photos")
    add_dataset(make_data(seed=2), title="digits")
    assert get_info("digits") is DATASETS["digits"]


def test_what_is_known_of_it(home, make_data):
    class Report(Spec):
        warnings: tuple[str, ...] = ("Few dogs.",)

    info = add_dataset(make_data(), title=" Two \n pets\ud800 ", source="folder", options={"side": 8}, report=Report())
    about = describe_added(info.name)
    assert (about.title, about.source, about.options) == ("Two pets\N{REPLACEMENT CHARACTER}", "folder", {"side": 8})
    assert about.report == {"warnings": ["Few dogs."]}
    assert about.created > 0
    assert info.sentence == "60 grey pictures of 8 × 8 pixels, added here."
    rows = add_dataset(make_data(shape=(3,)), title="x" * 200)
    assert rows.sentence == "60 examples of 3 numbers each, added here."
    assert len(rows.title) == 80
    assert [one.name for one in added_datasets()] == [rows.name, info.name]
    assert json.loads((home / "data" / info.name / "description.json").read_text())["schema_version"] == 1


ROWS = b"""length,size,kind,place
1.5,small,a,here
2.5,large,b,there
3.5,large,a,there
4.0,middle,b,here
9.0,middle,a,here
0.5,small,b,there
"""


def test_a_tables_schema_and_the_names_of_factors_values_come_back(home):
    def read(rows: bytes = ROWS, **options: Any) -> Dataset:
        return Dataset.from_table(rows, TableOptions(**{"labels": ("kind",), "factors": ("place",), **options}))

    data = read()
    assert data.table is not None
    assert data.factor_classes == (("here", "there"),)
    others = (
        read(ROWS.replace(b"length", b"width")),
        read(scaling="unit"),
        read(ROWS.replace(b"there", b"where")),
        replace(data, table=None),
        replace(data, factor_classes=()),
    )
    assert len({content_hash(one) for one in (data, *others)}) == 6
    found = load_dataset(add_dataset(data).name)
    assert (found.table, found.factor_classes) == (data.table, data.factor_classes)
    assert content_hash(found) == content_hash(data)


def test_data_that_is_gone_says_so_by_its_title(home, make_data):
    info = add_dataset(make_data(), title="photos")
    load_dataset(info.name)
    remove_dataset(info.name)
    assert added_datasets() == []
    assert not (home / "data" / info.name).exists()
    said = rf"The data 'photos' \(hash {info.content_hash[:8]}…\) is no longer here: add it again\."
    for ask in (get_info, load_dataset):
        with pytest.raises(DataError, match=said):
            ask(info.name)
    with pytest.raises(DataError, match="no added data"):
        remove_dataset(info.name)
    again = add_dataset(make_data(), title="photos")
    assert again.name == info.name
    assert_equal(load_dataset(info.name), make_data())


def test_data_of_the_same_content_is_found_by_another_id(tmp_path, make_data):
    there, here = (add_dataset(make_data(), home=tmp_path / name) for name in "ab")
    found = get_info(there.name, there.content_hash, home=tmp_path / "b")
    assert found == here
    assert load_dataset(there.name, content_hash=there.content_hash, home=tmp_path / "b") is load_dataset(
        here.name, home=tmp_path / "b"
    )
    with pytest.raises(DataError, match=rf"{there.name} \(hash {'0' * 8}…\)"):
        get_info(there.name, "0" * 64, home=tmp_path / "b")
    with pytest.raises(DataError, match=f"The data {there.name} is no longer here"):
        get_info(there.name, home=tmp_path / "b")


def test_what_is_not_whole_or_not_in_range_is_not_added(home, make_data):
    with pytest.raises(DataError, match="left out"):
        add_dataset(make_data().without_class(0))
    data = make_data()
    with pytest.raises(DataError, match="values from 0 to 1"):
        add_dataset(Dataset("bright", Split(data.train.x * 2), Split(data.test.x)))
    assert damaged_datasets() == []
    assert added_datasets() == []


def test_what_progress_raises_ends_it_and_leaves_nothing(home, make_data):
    class CancelledError(Exception):
        pass

    def cancel(share, text):
        raise CancelledError

    with pytest.raises(CancelledError):
        add_dataset(make_data(), progress=cancel)
    assert list((home / "data").iterdir()) == []


def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_nothing(home, make_data, monkeypatch):
    from aelib.data import added

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(added, "write_content", full)
    with pytest.raises(ConfigError, match=r"cannot be stored in .* \(No space left on device\): make room"):
        add_dataset(make_data())
    assert list((home / "data").iterdir()) == []
