"""``aelib data``: add, list, show and remove, and the commands that are given added data."""

import io
import json
from typing import Any

import numpy as np
import pytest

from aelib import Dataset, Experiment
from aelib.commands.cli import main
from aelib.data import add_dataset, added_datasets, get_info, read
from aelib.data.read import Reader
from aelib.library import Library
from aelib.runs import RunStore
from aelib.spec import Spec


@pytest.fixture
def said(capsys):
    """Runs a command that succeeds; what it printed."""

    def say(*line: Any) -> str:
        assert main(list(map(str, line))) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return say


@pytest.fixture
def refusal(capsys):
    """Runs a command that fails; its sentence."""

    def say(*line: Any) -> str:
        assert main(list(map(str, line))) == 1
        error = capsys.readouterr().err
        assert error.startswith("aelib: ")
        assert error.count("\n") == 1
        return error

    return say


@pytest.fixture
def added(home, make_data):
    return add_dataset(make_data(), title="photos", source="folder", options={"side": 8})


@pytest.fixture
def run(home, added):
    store = RunStore(home)
    yield store.create(Experiment.of(added.name), title="A run")
    store.close()


class SomeOptions(Spec):
    """Of a reader that is there for the test alone."""

    side: int = 8
    labels: tuple[str, ...] | None = None


@pytest.fixture
def reader(monkeypatch, make_data):
    """What was read, by a reader of tables and arrays."""
    calls = []

    def take(path, options, progress, **others):
        progress(0.5, "Reading")
        calls.append((path, options))
        return make_data(name=path.stem)

    monkeypatch.setattr(Dataset, "from_test", staticmethod(take), raising=False)
    for kind in ("arrays", "table"):
        monkeypatch.setitem(read.READERS, kind, Reader("from_test", SomeOptions))
    return calls


def test_a_file_is_added_and_named_by_its_id(home, reader, tmp_path, said, capsys):
    file = tmp_path / "pets.bin"
    with file.open("wb") as stream:
        np.save(stream, np.zeros(3))
    name = said("data", "add", file, "--title", "Pets", "--set", "side=16", "--set", "labels=kind, breed").strip()
    assert reader == [(file, SomeOptions(side=16, labels=("kind", "breed")))]
    (info,) = added_datasets()
    assert (info.name, info.title) == (name, "Pets")
    shown = json.loads(said("data", "show", "Pets", "--json"))
    assert (shown["source"], shown["options"]) == ("arrays", {"side": 16, "labels": ["kind", "breed"]})
    assert main(["data", "add", str(file)]) == 0
    out, error = capsys.readouterr()
    assert out.strip() == name
    assert "The same data was there already, as 'Pets'.\n" in error
    assert "45% Reading" in error
    assert main(["data", "add", str(file), "--title", "Cats"]) == 0
    assert "as 'Pets', and keeps that title.\n" in capsys.readouterr().err


def test_an_id_is_told_where_standard_output_is_closed(home, reader, tmp_path, monkeypatch, capsys):
    """Who adds data has no other way to learn it."""
    np.save(tmp_path / "pets.npy", np.zeros(3))
    monkeypatch.setattr("sys.stdout", None)
    assert main(["data", "add", str(tmp_path / "pets.npy")]) == 0
    assert added_datasets()[0].name in capsys.readouterr().err.splitlines()


def test_a_folder_that_is_named_by_where_it_is_gives_its_own_name(home, reader, tmp_path, monkeypatch, capsys):
    """What a reader calls the data after."""
    folder = tmp_path / "pets"
    (folder / "below").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setitem(read.READERS, "folder", read.READERS["arrays"])
    for given in (".", "below/..", str(folder)):
        assert main(["data", "add", given]) == 0
        assert reader.pop() == (folder, SomeOptions())
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["data", "add", ""])
    assert capsys.readouterr().err.endswith("name a file or a folder: . is the folder that you are in.\n")
    assert not reader


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("add", "{nowhere}"), "cannot be read"),
        (("add", "{empty}"), "empty is empty: there is nothing to add.\n"),
        (("add", "{table}", "--set", "size=3"), "has no option 'size'; it has side, labels"),
        (("add", "{table}", "--set", "side=big"), "side: "),
        (("add", "{table}", "--set", "side"), "--set takes NAME=VALUE"),
        (("show", "nothing"), "There is no data set 'nothing'"),
        (("show", "data-" + "a" * 22), "is no longer here"),
        (("remove", "../x"), "No data called '../x' was added: aelib data list shows what was."),
        (("remove", "digits"), "belongs to the library"),
        (("remove", "data-" + "a" * 22), "There is no added data"),
    ],
)
def test_what_cannot_be_is_one_sentence(home, reader, tmp_path, refusal, line, sentence):
    (tmp_path / "empty").touch()
    (tmp_path / "table").write_text("a,b\n1,2\n")
    places = {name: tmp_path / name for name in ("nowhere", "empty", "table")}
    assert sentence in refusal("data", *(part.format(**places) for part in line))
    assert added_datasets() == []


def test_what_was_added_is_listed_and_shown(home, added, run, said, capsys):
    head, row = said("data", "list").splitlines()
    assert head.split() == ["ID", "TITLE", "EXAMPLES", "SHAPE", "SIZE"]
    assert row.split() == [added.name, "photos", "60", "1×8×8", "16.8", "kB"]
    assert [one["name"] for one in json.loads(said("data", "list", "--json"))] == [added.name]
    text = said("data", "show", "photos")
    for part in (added.content_hash, "40 training and 20 held-out", "2 classes: cat, dog", "side = 8", "use it: 1"):
        assert part in text
    assert "Digits" in said("data", "show", "digits")
    (home / "data" / "data-foreign").mkdir()
    said_before = said("data", "list")
    assert added.name in said_before
    main(["data", "list"])
    assert "is no data set of this library" in capsys.readouterr().err


def test_data_that_runs_use_is_not_removed_without_a_word(home, added, run, refusal, said, monkeypatch):
    assert "1 run of 'photos' could not go on without it: A run." in refusal("data", "remove", "photos")
    assert added_datasets() == [added]
    said("data", "remove", added.name, "--yes")
    assert added_datasets() == []


@pytest.mark.parametrize(
    ("answer", "left"), [(b"n\n", 1), (b"\n", 1), (b"y\n", 0), (b"Yes\n", 0), (b"", 1), (b"\xff\n", 1)]
)
def test_on_a_terminal_it_is_asked(home, added, run, monkeypatch, capsys, answer, left):
    """On standard error, as standard output may be a file. Nothing is b"", as after Ctrl-D, or what is no text."""
    keys = io.TextIOWrapper(io.BytesIO(answer), encoding="utf-8")
    keys.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", keys)
    assert main(["data", "remove", "photos"]) == left
    assert len(added_datasets()) == left
    out, error = capsys.readouterr()
    assert not out
    assert "Remove it all the same? [y/N]" in error
    assert ("Nothing was removed" in error) == bool(left)


def test_that_nothing_was_added_is_written_like_everything(home, tmp_path, said):
    head = said("data", "list")
    assert head.split() == ["ID", "TITLE", "EXAMPLES", "SHAPE", "SIZE"]
    said("data", "list", "--output", tmp_path / "list.txt")
    assert (tmp_path / "list.txt").read_text() == head.rstrip("\n")


def test_data_that_nobody_uses_and_what_is_damaged_is_removed(home, added, said):
    said("data", "remove", "photos")
    assert added_datasets() == []


def test_damaged_data_is_removed(home, added, said):
    (home / "data" / added.name / "description.json").unlink()
    said("data", "remove", added.name)
    assert not (home / "data" / added.name).exists()


def test_its_rivals_go_with_it(home, added, make_data):
    store = RunStore(home)
    library = Library(store)
    library.folder_of(f"pca-{added.name}-2")
    library.folder_of("pixels-digits")
    library.remove_data(added.name)
    store.close()
    assert [path.name for path in (home / "rivals").iterdir()] == ["pixels-digits"]


def test_added_data_is_swept_by_its_title(home, added, said):
    line = ["--data", "photos", "--code-sizes", "1,2", "--epochs", 1, "--hidden", "8"]
    found = json.loads(said("sweep", *line, "--json"))
    assert found["sweep"]["base"]["dataset"] == added.name
    assert found["sweep"]["base"]["data_hash"] == added.content_hash
    assert get_info("photos") == added
