"""Experiments on added data name it by id and hash, and can still be looked at when it is gone."""

import ast
import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from aelib import Autoencoder, ConfigError, DataError, Experiment, TrainConfig, load_dataset, train
from aelib.checkpoint import Checkpoint
from aelib.commands.cli import main
from aelib.compare import Contestant
from aelib.compare.differences import check_comparable, differences
from aelib.data import add_dataset, get_info, remove_dataset
from aelib.desk.answers import asks, distribution
from aelib.desk.answers.distribution import samples
from aelib.desk.answers.export import file_stem
from aelib.desk.answers.space import space
from aelib.desk.answers.subject import load_subject
from aelib.frames.message import unpack
from aelib.library import Library
from aelib.library.recipe import read_recipe
from aelib.library.rivals import RivalKey
from aelib.runs import RunFolder, RunStore
from aelib.runs.commands import Step, Stop
from aelib.runs.live import LiveRun
from aelib.runs.worker import Worker
from aelib.script import Recipe, as_script
from aelib.sweep import SweepSpec, read_sweep
from aelib.sweep.structure import StructureSweep


def experiment_of(name: str, variant: str = "vanilla", **settings) -> Experiment:
    settings = {"network": {"hidden": (8,), "latent": 2}, "train": {"batch_size": 8, "epochs": 2}, **settings}
    return Experiment.of(name, variant, **settings)


@pytest.fixture
def photos(home, make_data):
    return add_dataset(make_data(), title="photos")


@pytest.fixture
def store(home):
    found = RunStore(home)
    yield found
    found.close()


def trained(store: RunStore, experiment: Experiment) -> tuple[str, RunFolder]:
    """A run of one step that rests, as a worker would leave it."""
    run_id = store.create(experiment, title="One step")
    folder = RunFolder(store.folder(run_id))
    live = LiveRun(folder, experiment, experiment.load_data(), torch.device("cpu"))
    live.obey(Step())
    live.obey(Stop())
    store.update(run_id, saved=True, status="stopped", step=1)
    return run_id, folder


# --- what is written -------------------------------------------------------------------------------


def test_it_names_its_data_by_id_and_hash(photos):
    experiment = experiment_of("photos")
    assert (experiment.dataset, experiment.data_hash) == (photos.name, photos.content_hash)
    assert Experiment.from_json(experiment.model_dump_json()) == experiment
    assert experiment.replace(left_out=1).data_hash == photos.content_hash
    assert experiment.info == photos
    assert experiment.load_data() is load_dataset(photos.name)


def test_of_the_librarys_data_nothing_more_is_written():
    experiment = Experiment.of("digits")
    assert "data_hash" not in experiment.model_dump()
    assert "data_hash" not in experiment.model_dump_json()
    assert "data_hash" not in SweepSpec(base=experiment, knob="seed", values=(0, 1)).model_dump_json()
    assert list(experiment.model_dump())[:3] == ["schema_version", "dataset", "left_out"]
    assert [row.name for row in differences([experiment]).equal][1:3] == ["dataset", "left_out"]


@pytest.mark.parametrize("changes", [
    {"dataset": "digits", "data_hash": "0" * 64}, {"dataset": "data-" + "a" * 22, "data_hash": "x"},
    {"dataset": "data-" + "a" * 22, "data_hash": 1}, {"dataset": "nothing"},
])  # fmt: skip
def test_what_names_no_data_is_refused(home, changes):
    with pytest.raises(ConfigError):
        Experiment(**{**Experiment.of().model_dump(), **changes})


def test_a_model_that_was_saved_by_hand_tells_its_data_by_hash(photos, tmp_path, make_data):
    data = load_dataset("photos")
    experiment = experiment_of("photos")
    model = Autoencoder(experiment.network, experiment.objective)
    for _ in train(model, data, TrainConfig(epochs=1, batch_size=8)):
        pass
    model.save(tmp_path / "model")
    checkpoint = Checkpoint.read(tmp_path / "model")
    found = Experiment.of_checkpoint(checkpoint, tmp_path / "model")
    assert (found.dataset, found.data_hash) == (photos.name, photos.content_hash)
    remove_dataset(photos.name)
    with pytest.raises(ConfigError, match="trained on 'photos', which is none of the data sets here: name one"):
        Experiment.of_checkpoint(checkpoint, tmp_path / "model")
    add_dataset(make_data(), title="Photos once more")
    assert Experiment.of_checkpoint(checkpoint, tmp_path / "model").dataset == photos.name


def test_a_script_names_what_it_needs_and_repeats_the_training(photos, store):
    _, folder = trained(store, experiment_of("photos"))
    text = as_script(read_recipe(folder))
    said = ast.get_docstring(ast.parse(text))
    assert photos.name in said
    assert photos.content_hash in said
    assert "aelib data add" in said
    assert "photos" not in text
    program: dict = {}
    exec(compile(text, "script.py", "exec"), program)
    weights = Autoencoder.load(folder.path).state_dict()
    again = program["training"].model.state_dict()
    assert all(torch.equal(weights[name], again[name]) for name in weights)


# --- the same content elsewhere --------------------------------------------------------------------


def test_a_checkpoint_from_elsewhere_finds_the_same_content(tmp_path, monkeypatch, make_data):
    monkeypatch.setenv("AELIB_HOME", str(tmp_path / "there"))
    add_dataset(make_data())
    there = experiment_of(get_info("mine").name)
    monkeypatch.setenv("AELIB_HOME", str(tmp_path / "here"))
    here = add_dataset(make_data(), title="called otherwise")
    moved = Experiment.from_json(there.model_dump_json())
    assert moved.dataset != here.name
    assert moved.info == here
    assert moved.load_data() is load_dataset(here.name)
    check_comparable([moved, experiment_of(here.name)])


# --- gone ------------------------------------------------------------------------------------------


@pytest.fixture
def gone(photos, store, request):
    """A run whose data was removed, here (its title is still known) or on another machine."""
    experiment = experiment_of("photos", "conditional", left_out=None)
    run_id, folder = trained(store, experiment)
    remove_dataset(photos.name)
    if request.param == "elsewhere":
        (store.home / "data" / ".removed" / f"{photos.name}.json").unlink()
    return SimpleNamespace(run=run_id, folder=folder, experiment=experiment, info=photos, here=request.param == "here")


both = pytest.mark.parametrize("gone", ["here", "elsewhere"], indirect=True)


@both
def test_a_run_whose_data_is_gone_still_opens(gone, store):
    title = "photos" if gone.here else f"Absent data {gone.info.content_hash[:8]}…"
    assert Experiment.from_json(gone.experiment.model_dump_json()) == gone.experiment
    info = gone.experiment.info
    assert (info.title, info.classes, info.shape, info.is_here()) == (title, 2, (1, 8, 8), False)
    assert [row.id for row in store.rows()] == [gone.run]
    library = Library(store)
    assert gone.run in [entry.key for entry in library.entries()]
    assert library.look_up(gone.run).experiment.info.title == title
    assert library.runs_on(gone.info.name)[0].id == gone.run
    assert gone.folder.newest_model()[1] == gone.experiment
    contestant = Contestant.read(gone.folder.path)
    check_comparable([contestant.experiment, gone.experiment])
    assert title in read_sweep(SweepSpec(base=gone.experiment, knob="seed", values=(0, 1)).model_dump_json()).title
    by_variant = StructureSweep(base=experiment_of_absent(gone), setting="variant", values=("vanilla", "denoising"))
    assert read_sweep(by_variant.model_dump_json()) == by_variant
    assert gone.info.content_hash in as_script(Recipe(gone.experiment, 1))


def experiment_of_absent(gone) -> Experiment:
    return Experiment.of(gone.experiment.info, "vanilla")


@both
def test_its_latent_space_is_looked_at_through_the_pictures_it_kept(gone):
    subject = load_subject(gone.folder, 100)
    assert len(subject.examples.x) == 20
    assert "not on this machine" in subject.examples.lacking
    meta, _ = unpack(space(subject, asks.Space(limit=100), lambda *_: None))
    assert meta["experiment"]["data_hash"] == gone.info.content_hash
    meta, _ = unpack(samples(subject, asks.Samples(limit=100, count=3), lambda *_: None))
    assert meta["compared"] == 0


@both
def test_whatever_needs_the_data_says_that_it_is_gone(gone, store, tmp_path, capsys):
    title = "'photos'" if gone.here else gone.info.name
    sentence = f"The data {title} (hash {gone.info.content_hash[:8]}…) is no longer here: add it again."
    with pytest.raises(DataError) as caught:
        gone.experiment.load_data()
    assert str(caught.value) == sentence
    for line in (["measure", gone.folder.path], ["compare", gone.folder.path]):
        assert main(list(map(str, line))) == 1
        assert sentence in capsys.readouterr().err
    with pytest.raises(DataError, match="is no longer here"):
        Library(store).folder_of(f"pca-{gone.info.name}-2")
    worker = Worker(store, torch.device("cpu"))
    worker._start_loading(gone.run)
    worker._loading[gone.run].exception(20)
    worker._open_what_has_loaded()
    assert (store.get(gone.run).status, store.get(gone.run).message) == ("failed", sentence)


@both
def test_added_again_it_goes_on(gone, store, make_data):
    add_dataset(make_data(), title="back")
    worker = Worker(store, torch.device("cpu"))
    worker._start_loading(gone.run)
    worker._loading[gone.run].exception(20)
    worker._open_what_has_loaded()
    assert worker.runs[gone.run].training.step == 1
    assert gone.experiment.info.title == "back"


@both
def test_the_model_alone_is_measured_on_other_data(gone, capsys):
    capsys.readouterr()
    assert main(["measure", str(gone.folder.path), "--data", "digits", "--limit", "40"]) == 1
    assert "classes" in capsys.readouterr().err  # two classes are not ten: but the data was looked for and found


# --- everything downstream -------------------------------------------------------------------------


def test_added_data_has_rivals_like_any_other(photos, store):
    key = f"pca-{photos.name}-3"
    assert RivalKey.parse(key) == RivalKey(photos.name, 3)
    assert RivalKey.parse(f"pixels-{photos.name}") == RivalKey(photos.name, None)
    entry = Library(store).look_up(key)
    assert (entry.experiment.dataset, entry.experiment.data_hash) == (photos.name, photos.content_hash)
    subject = load_subject(entry.folder, 60)
    assert (len(subject.examples.x), subject.examples.classes) == (60, ("cat", "dog"))
    distribution._unseen.cache_clear()
    meta, arrays = unpack(samples(subject, asks.Samples(limit=60, count=3), lambda *_: None))
    assert meta["compared"] == 40
    assert np.isfinite(arrays["distances"]).all()


def test_the_commands_take_a_run_on_added_data(photos, store, tmp_path, capsys):
    _, folder = trained(store, experiment_of("photos"))
    assert main(["measure", str(folder.path), "--json", "--limit", "40"]) == 0
    assert json.loads(capsys.readouterr().out)["dataset"] == "photos"
    for line in (["compare", folder.path, "--limit", 40], ["script", folder.path],
                 ["export", folder.path, "--output", tmp_path / "codes.csv"],
                 ["measure", folder.path, "--data", photos.name, "--limit", 40],
                 ["measure", folder.path, "--data", "photos", "--limit", 40]):  # fmt: skip
        assert main(list(map(str, line))) == 0, capsys.readouterr().err
    assert len((tmp_path / "codes.csv").read_text(encoding="utf-8-sig").splitlines()) == 61


def test_files_about_a_model_are_called_by_the_title_of_its_data(home, store, make_data):
    """Its id opens the data, and files are passed on."""
    info = add_dataset(make_data(), title="Fotos: Zürich/2024")
    subject = load_subject(Library(store).look_up(f"pca-{info.name}-3").folder, 60)
    meta, _ = unpack(space(subject, asks.Space(limit=60), lambda *_: None))
    assert (meta["stem"], file_stem(subject)) == ("fotos-zürich-2024-linear",) * 2
