"""Rivals as folders: made once, from keys that are compared with what there is and never become paths as they come."""

import threading
from dataclasses import replace
from unittest.mock import ANY

import pytest
import torch

from aelib import Autoencoder, ConfigError, DataError, RunError, load_dataset
from aelib.checkpoint import Checkpoint
from aelib.data import DATASETS
from aelib.desk.answers.subject import load_subject
from aelib.errors import AelibError
from aelib.library import Library, rivals
from aelib.library.rivals import RivalKey, Rivals
from aelib.sweep import SweepSpec


@pytest.mark.parametrize(
    ("key", "dataset", "units"),
    [
        ("pca-digits-2", "digits", 2),
        ("pca-swiss_roll-3", "swiss_roll", 3),
        ("pixels-fashion_mnist", "fashion_mnist", None),
    ],
)
def test_a_key_names_a_data_set_and_a_code_size(key, dataset, units):
    assert RivalKey.parse(key) == RivalKey(dataset, units)
    assert str(RivalKey.parse(key)) == key


@pytest.mark.parametrize(
    "key",
    [
        "", "pca", "pca-digits", "pca-digits-", "pca-digits-0", "pca-digits-02", "pca-digits--2", "pca-digits-2.0",
        "pca-digits-2 ", "pca-digits-2\n", "pca-digits-٢", "pca-digits-²", "pca-digits-1e3", "pca-zebra-2",
        "PCA-digits-2", "pca-digits-2/../../x", "pca-../digits-2", "pixels-", "pixels-digits-2", "pixels-../digits",
        "pixels-digits/", "pca-digits-" + "9" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_no_key(key, store):
    assert RivalKey.parse(key) is None
    with pytest.raises(RunError):
        Library(store).folder_of(key)
    assert not (store.home / "rivals").exists()


def test_the_library_makes_a_folder_once(store, monkeypatch):
    folder = Library(store).folder_of("pca-digits-2")
    assert folder.path == store.home / "rivals" / "pca-digits-2"
    monkeypatch.setattr(rivals, "_made", lambda key: pytest.fail("it was there already"))
    assert Library(store).folder_of("pca-digits-2").path == folder.path


def test_rivals_are_in_no_list(store):
    library = Library(store)
    library.folder_of("pca-digits-2")
    assert [entry.key for entry in [*library.entries(), *library.recent()] if "pca" in entry.key] == []


def test_a_rival_is_looked_at_as_any_model_is(store):
    folder = Library(store).folder_of("pca-digits-2")
    subject = load_subject(folder, 2000)
    data = load_dataset("digits")
    with torch.no_grad():
        expected = Autoencoder.load(folder.path).encode(torch.cat([data.test.x, data.train.x]))
    # Encoded in batches of another size, which some processors sum in another order: of 64 products of about 1.
    torch.testing.assert_close(subject.codes.mean, expected, rtol=1e-5, atol=1e-5)
    assert (subject.experiment.dataset, subject.step) == ("digits", 0)
    assert folder.decoder_message()


def test_two_who_come_at_once_find_it_whole(tmp_path, monkeypatch):
    """Both make it, at the same time; one is first, and nothing of the other is left."""
    made, both = rivals._made, threading.Barrier(2)

    def slowly(key):
        found = made(key)
        both.wait(30)
        return found

    monkeypatch.setattr(rivals, "_made", slowly)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(Rivals(tmp_path).folder_of(RivalKey("digits", 3))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({folder.path for folder in found}) == 1
    assert len(found) == 2
    assert Autoencoder.load(found[0].path).spec.latent == 3
    assert [path.name for path in (tmp_path / "rivals").iterdir()] == ["pca-digits-3"]


def test_a_code_beyond_the_data_is_refused_and_leaves_nothing(store):
    with pytest.raises(ConfigError, match="up to 64 units"):
        Library(store).folder_of("pca-digits-65")
    assert not list(store.home.glob("rivals/*"))


def test_data_that_are_not_here_are_not_fetched(store, monkeypatch):
    absent = replace(
        DATASETS["kmnist"], is_here=lambda: False, load=lambda progress: pytest.fail("this would download")
    )
    monkeypatch.setitem(DATASETS, "kmnist", absent)
    with pytest.raises(DataError, match="not on this machine"):
        Library(store).folder_of("pca-kmnist-2")


def test_what_breaks_off_leaves_nothing(store, monkeypatch):
    monkeypatch.setattr(Checkpoint, "write", lambda *_, **__: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        Library(store).folder_of("pca-digits-2")
    assert not list(store.home.glob("rivals/*"))
    monkeypatch.undo()
    assert Library(store).folder_of("pca-digits-2").is_at_rest


@pytest.mark.parametrize(
    ("key", "title", "latent"),
    [("pca-digits-1", "PCA, 1 unit", 1), ("pca-digits-2", "PCA, 2 units", 2), ("pixels-digits", "Pixels", 64)],
)
def test_the_library_tells_what_a_rival_is(store, key, title, latent):
    entry = Library(store).look_up(key)
    assert (entry.key, entry.title, entry.kind, entry.experiment.dataset) == (key, title, "rival", "digits")
    assert entry.experiment.network.latent == latent
    assert Library(store).unlisted(key) == replace(entry, folder=ANY)


def test_whatever_is_looked_up_in_vain_gets_a_sentence(store, small):
    library = Library(store)
    run = store.create(small())
    sweep = store.create_sweep(SweepSpec(base=small(), knob="level", values=(0.1, 0.2)))
    assert library.look_up(run).kind == "recent"
    store.update(run, saved=True, title="Kept")
    assert (library.look_up(run).kind, library.look_up(run).title) == ("saved", "Kept")
    for key, said in {
        "zebra": "nothing of this name",
        "A" * 22: "not here",
        "pca-digits-65": "up to 64 units",
        sweep.id: "sweep of many models",
    }.items():
        with pytest.raises(AelibError, match=said):
            library.look_up(key)
        assert library.unlisted(key) is None
