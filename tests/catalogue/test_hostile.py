"""Ids and folders that somebody made up: one sentence each, nothing touched elsewhere, the others undisturbed."""

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aelib import ConfigError, DataError, Experiment, load_dataset
from aelib.data import add_dataset, added_datasets, get_info, remove_dataset
from aelib.data.added import damaged_datasets, describe_added
from aelib.library.rivals import RivalKey

IDS = [
    "", ".", "..", "../../etc/passwd", "data-", "data-" + "a" * 21, "data-" + "a" * 23, "data-" + "a" * 21 + "/",
    "data-" + "." * 22, "data-../../../../../../../../tmp", "data-" + "a" * 21 + "\n", "data-" + "ä" * 22, ".key",
    ".removed", "data-" + "a" * 21 + "\x00", "DATA-" + "a" * 22, "/etc", "data-" + "a" * 22 + "/../x", "𝐝𝐚𝐭𝐚", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("data_id", IDS, ids=ascii)
def test_what_is_no_id_is_never_made_into_a_path(home, make_data, data_id):
    kept = add_dataset(make_data())
    before = sorted(home.rglob("*"))
    for refuse in (remove_dataset, describe_added):
        with pytest.raises(DataError, match="is not the id of added data"):
            refuse(data_id)
    for refuse in (get_info, load_dataset):
        with pytest.raises((ConfigError, DataError)):
            refuse(data_id)
    with pytest.raises(ConfigError):
        Experiment(**{**Experiment.of().model_dump(), "dataset": data_id})
    assert RivalKey.parse(f"pca-{data_id}-2") is None
    assert sorted(home.rglob("*")) == before
    assert added_datasets() == [kept]


class Bomb:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("exploded"),))


def described(folder: Path, **changes: Any) -> None:
    path = folder / "description.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def array_described(folder: Path, **changes: Any) -> None:
    arrays = json.loads((folder / "description.json").read_text())["arrays"]
    arrays["train.x"] |= changes
    described(folder, arrays=arrays)


def npy_of(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def with_header(folder: Path, **changes: Any) -> None:
    """The header of the first array says something else than the description."""
    path = folder / "train.x.npy"
    numbers = np.load(path).tobytes()
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (40, 1, 8, 8), **changes}
        np.lib.format.write_array_header_2_0(file, header)
        file.write(numbers)


#: What is seen from the description and the sizes of the files alone.
FOREIGN = {
    "no description": lambda folder: (folder / "description.json").unlink(),
    "an empty description": lambda folder: (folder / "description.json").write_bytes(b""),
    "no JSON": lambda folder: (folder / "description.json").write_bytes(b"\xff\xfe{"),
    "a list": lambda folder: (folder / "description.json").write_text("[1, 2]"),
    "a number": lambda folder: (folder / "description.json").write_text("1"),
    "deep brackets": lambda folder: (folder / "description.json").write_text("[" * 100_000),
    "a long description": lambda folder: (folder / "description.json").write_text(" " * (1 << 25) + "{}"),
    "a folder for a description": lambda folder: (
        (folder / "description.json").unlink(), (folder / "description.json").mkdir()
    ),
    "another version": lambda folder: described(folder, schema_version=2),
    "an unknown field": lambda folder: described(folder, run="rm -rf"),
    "the id of another": lambda folder: described(folder, id="data-" + "a" * 22),
    "no id": lambda folder: described(folder, id="../x"),
    "no hash": lambda folder: described(folder, content_hash="x" * 64),
    "a title of the wrong kind": lambda folder: described(folder, title={"a": 1}),
    "a long title": lambda folder: described(folder, title="x" * 81),
    "classes of the wrong kind": lambda folder: described(folder, classes=[1, None]),
    "another shape": lambda folder: described(folder, shape=[1, 8, 9]),
    "a negative shape": lambda folder: described(folder, shape=[-1, 8, 8]),
    "an infinite time": lambda folder: described(folder, created=1e999),
    "a huge array": lambda folder: array_described(folder, shape=[1 << 40] * 8),
    "many examples": lambda folder: array_described(folder, shape=[1 << 39, 1, 8, 8]),
    "objects": lambda folder: array_described(folder, dtype="|O"),
    "a wrong size": lambda folder: described(folder, size=1),
    "a foreign array": lambda folder: described(folder, arrays={"../../x": {"dtype": "<f4", "shape": [1]}}),
    "no arrays": lambda folder: described(folder, arrays={}, size=0),
    "a missing file": lambda folder: (folder / "train.x.npy").unlink(),
    "a file cut short": lambda folder: (folder / "test.x.npy").write_bytes((folder / "test.x.npy").read_bytes()[:900]),
}  # fmt: skip
#: What is seen when it is loaded.
DAMAGED = {
    "a pickle": lambda folder: (folder / "train.x.npy").write_bytes(pickle.dumps([Bomb()] * 10_000)),
    "pickled objects": lambda folder: (folder / "train.x.npy").write_bytes(
        npy_of(np.array([Bomb()] + ["x" * 20_000] * 40, dtype=object))
    ),
    "an archive": lambda folder: (folder / "train.x.npy").write_bytes(b"PK\x03\x04" + bytes(20_000)),
    "zeros": lambda folder: (folder / "train.x.npy").write_bytes(bytes(20_000)),
    "another shape": lambda folder: with_header(folder, shape=(40, 64)),
    "a huge shape": lambda folder: with_header(folder, shape=(1 << 62, 1 << 62)),
    "a huger shape": lambda folder: with_header(folder, shape=(1 << 50, 8, 8)),
    "a negative shape": lambda folder: with_header(folder, shape=(-1, 8, 8)),
    "another type": lambda folder: with_header(folder, descr="<i4"),
    "columns first": lambda folder: with_header(folder, fortran_order=True, shape=(8, 8, 1, 40)),
    "no numbers": lambda folder: (folder / "train.x.npy").write_bytes(
        npy_of(np.full((40, 1, 8, 8), np.nan, dtype=np.float32))
    ),
    "labels of no class": lambda folder: (folder / "train.y.npy").write_bytes(npy_of(np.full(40, 7))),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_folder_is_one_sentence_and_disturbs_nobody(home, make_data, what, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    kept, bad = add_dataset(make_data()), add_dataset(make_data(seed=1))
    folder = home / "data" / bad.name
    FOREIGN[what](folder)
    assert added_datasets() == [kept]
    (sentence,) = damaged_datasets()
    assert str(folder) in sentence
    assert sentence.count("\n") == 0
    assert len(sentence) < 500
    with pytest.raises(DataError, match="no longer here"):
        get_info(bad.name)
    load_dataset(kept.name)
    again = add_dataset(make_data(seed=1))  # which makes it whole
    assert again.name == bad.name
    assert damaged_datasets() == []
    load_dataset(again.name)


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_array_is_one_sentence_and_nothing_is_unpickled(home, make_data, what, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    kept, bad = add_dataset(make_data()), add_dataset(make_data(seed=1))
    DAMAGED[what](home / "data" / bad.name)
    with pytest.raises(DataError) as caught:
        load_dataset(bad.name)
    assert "damaged" in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert not Path("exploded").exists()
    load_dataset(kept.name)
    remove_dataset(bad.name)
    assert added_datasets() == [kept]


def test_what_else_lies_there_disturbs_nobody(home, make_data):
    kept = add_dataset(make_data())
    (home / "data" / "notes.txt").write_text("mine")
    (home / "data" / ("data-" + "a" * 22)).write_text("a file")
    (home / "data" / "photos").mkdir()
    (home / "data" / ("data-" + "b" * 22)).symlink_to(home / "data" / "nowhere")
    assert added_datasets() == [kept]
    assert len(damaged_datasets()) == 4
    with pytest.raises(DataError, match="no longer here"):
        load_dataset("data-" + "a" * 22)


def test_a_key_that_is_damaged_is_one_sentence(home, make_data):
    add_dataset(make_data())
    (home / "data" / ".key").write_bytes(b"short")
    with pytest.raises(ConfigError, match=r"\.key is damaged: delete it"):
        add_dataset(make_data(seed=1))
    (home / "data" / ".key").unlink()
    add_dataset(make_data(seed=1))
    assert len(added_datasets()) == 2


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path, make_data):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be stored in"):
        add_dataset(make_data(), home=tmp_path / "home")
    assert added_datasets(tmp_path / "home") == []
