"""The library: what ships with the product and what somebody saved."""

import json

import pytest

from aelib import Autoencoder, Experiment, RunError
from aelib.commands import pretrain
from aelib.frames.frame import unpack
from aelib.frames.framelog import read_log
from aelib.library import Library
from aelib.runs import RunFolder
from aelib.sweep import StructureSweep, SweepSpec


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    """Two checkpoints made as the real ones are, and things beside them that are none."""
    target = tmp_path_factory.mktemp("checkpoints")
    for key, variant in (("b-digits", "linear"), ("a-digits", "variational")):
        experiment = pretrain.experiment_of({"variant": variant, "network": {"hidden": (8,)}, "train": {"epochs": 2}})
        pretrain.pretrain(key, key.title(), experiment, target)
    (target / "README.md").write_text("not a checkpoint")
    (target / "empty").mkdir()
    (target / "foreign").mkdir()
    (target / "foreign" / "config.json").write_text('{"model_type": "other"}')
    (target / "broken").mkdir()
    (target / "broken" / "config.json").write_bytes(b"\xff\xfe")
    # A model saved by hand that nobody trained tells no data: it can be loaded, but not shown as a run.
    Autoencoder(experiment.network, experiment.objective).save(target / "by-hand")
    return target


@pytest.fixture
def library(store, pretrained):
    return Library(store, pretrained)


def test_pretrained_checkpoints_are_listed_and_nothing_else(library):
    entries = library.entries()
    assert [(e.key, e.title, e.kind) for e in entries] == [
        ("a-digits", "A-Digits", "pretrained"), ("b-digits", "B-Digits", "pretrained"),
    ]  # fmt: skip
    assert entries[0].experiment.variant == "variational"
    assert "error" in entries[0].summary


def test_a_model_that_was_trained_and_saved_by_hand_is_listed_too(store, digits, tmp_path):
    experiment = Experiment.of(variant="sparse", network={"hidden": (8,)})
    training = experiment.build(digits)
    next(training)
    training.model.save(tmp_path / "mine")
    (entry,) = Library(store, tmp_path).entries()
    assert (entry.key, entry.title, entry.experiment) == ("mine", "Sparse (prior)", experiment)


def test_a_pretrained_checkpoint_can_be_shown_and_decoded(library):
    folder = library.folder_of("b-digits")
    entries = read_log(folder.frames)[1]
    steps = [unpack(entry.payload)[0]["step"] for entry in entries[1:]]
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (0, 40)
    meta, _ = unpack(folder.decoder_message())
    assert (meta["kind"], meta["step"]) == ("weights", 40)
    assert [p["step"] for p in json.loads((folder.path / "history.json").read_text())] == [10, 20, 30, 40]
    assert "python -m aelib.commands.pretrain --only b-digits" in (folder.path / "README.md").read_text()


def test_making_it_again_gives_the_same_weights(pretrained, tmp_path):
    experiment = pretrain.experiment_of({"variant": "variational", "network": {"hidden": (8,)}, "train": {"epochs": 2}})
    pretrain.pretrain("a-digits", "A-Digits", experiment, tmp_path)
    for name in ("model.safetensors", "config.json", "history.json", "README.md"):
        assert (tmp_path / "a-digits" / name).read_bytes() == (pretrained / "a-digits" / name).read_bytes()


def test_saved_runs_follow_newest_first(library, store, small):
    ids = [store.create(small(), title=f"Run {i}") for i in range(3)]
    for run_id in ids[:2]:
        store.update(run_id, saved=True, step=1200)
    saved = library.entries()[2:]
    assert [(e.key, e.title, e.kind) for e in saved] == [(ids[1], "Run 1", "saved"), (ids[0], "Run 0", "saved")]
    assert saved[0].summary == "step 1,200"
    assert library.find(ids[0]).folder.path == store.folder(ids[0])
    with pytest.raises(RunError):
        library.find(ids[2])  # a run, but not in the library
    assert library.folder_of(ids[2]).path == store.folder(ids[2])


def test_runs_of_sweeps_are_listed_with_their_sweeps(library, store, small):
    alone = store.create(small())
    stacked = store.create_sweep(SweepSpec(base=small(), knob="level", values=(0.1, 0.5)))
    parallel = store.create_sweep(StructureSweep(base=small(), setting="latent", values=(1, 2)))
    assert [entry.key for entry in library.recent()] == [alone]
    assert library.sweeps() == [parallel, stacked]
    assert library.sweeps(limit=1) == [parallel]
    store.update(parallel.members[1], saved=True)
    assert [entry.key for entry in library.entries()[2:]] == [parallel.members[1]]
    assert library.unlisted(parallel.members[0]).key == parallel.members[0]
    assert library.unlisted(stacked.id) is None  # it is no model
    assert library.folder_of(stacked.id).path == store.folder(stacked.id)  # but it has frames


@pytest.mark.parametrize(
    "key", ["", ".", "..", "../x", "../../etc", "empty", "foreign", "by-hand", "A-DIGITS", "a" * 22]
)
def test_a_key_that_is_none(library, key):
    for look_up in (library.find, library.folder_of):
        with pytest.raises(RunError) as caught:
            look_up(key)
        assert str(caught.value).endswith(".")


def test_no_pretrained_folder_is_an_empty_library(store, tmp_path):
    assert Library(store, tmp_path / "missing").entries() == []


def test_the_table_of_pretrained_models_is_valid():
    keys = [key for key, _, _ in pretrain.MODELS]
    assert len(set(keys)) == len(keys)
    for _, title, changes in pretrain.MODELS:
        assert title
        assert isinstance(pretrain.experiment_of(changes), Experiment)


@pytest.mark.parametrize("steps", [1, 20, 40, 8000, 10_000])
def test_moments_begin_closely_and_end_at_the_end(steps):
    for frames in (pretrain.MIN_FRAMES, pretrain.MAX_FRAMES):
        kept = sorted(pretrain.moments(steps, frames))
        assert (kept[0], kept[-1]) == (0, steps)
        assert len(kept) <= frames + 1
        assert steps < 8000 or kept[:2] == [0, 1]


def test_a_folder_without_a_checkpoint_has_no_decoder(tmp_path):
    from aelib import CheckpointError

    with pytest.raises(CheckpointError):
        RunFolder(tmp_path).decoder_message()


@pytest.mark.parametrize(
    ("experiment", "key"),
    [
        (Experiment.of("digits", "variational"), "a-digits"),
        (Experiment.of("digits", "linear"), "b-digits"),
        (Experiment.of("digits", "vanilla"), None),
        (Experiment.of("swiss_roll", "linear"), None),
    ],
)
def test_a_pretrained_model_is_like_an_experiment_of_its_data_and_variant_alone(library, experiment, key):
    found = library.pretrained_like(experiment)
    assert (found and found.key) == key


def test_of_several_pretrained_models_the_most_alike_is_found(store):
    for changes, key in (({}, "digits-variational"), ({"network": {"latent": 10}}, "digits-vae-10")):
        found = Library(store).pretrained_like(Experiment.of("digits", "variational", **changes))
        assert found
        assert found.key == key


@pytest.mark.parametrize("title", ["Mine", "Mine on Digits 8×8"])
def test_a_title_names_its_data_once(library, title):
    run_id = library.store.create(Experiment.of("digits", "vanilla"), title=title)
    library.store.update(run_id, saved=True)
    assert library.find(run_id).title_on_data == "Mine on Digits 8×8"
