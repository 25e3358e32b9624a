"""What is looked at: the newest weights of a run or a checkpoint, and which examples."""

import shutil

import pytest
import torch

from aelib import Autoencoder, Experiment, load_dataset
from aelib.desk.answers.subject import load_subject
from aelib.errors import CheckpointError
from aelib.home import pretrained_folder
from aelib.runs import RunFolder
from aelib.runs.cell import cell_snapshot
from aelib.runs.commands import Play, Stop
from aelib.runs.live import LiveRun
from aelib.runs.livesweep import LiveSweep
from aelib.sweep import SweepSpec


def test_held_out_examples_come_first_then_those_of_the_training(folder):
    data = load_dataset("digits")
    subject = load_subject(folder, len(data.test) + 10)
    assert subject.examples.held_out == len(data.test)
    assert subject.examples.total == len(data.test) + len(data.train)
    assert torch.equal(subject.examples.x, torch.cat([data.test.x, data.train.x[:10]]))
    assert torch.equal(subject.examples.y, torch.cat([data.test.y, data.train.y[:10]]))


def test_the_codes_are_those_of_encode(folder, checkpoint):
    subject = load_subject(folder, 50)
    with torch.no_grad():
        expected = Autoencoder.load(checkpoint).encode(load_dataset("digits").test.x[:50])
    assert (subject.codes.mean - expected).abs().max() <= 1e-6


def test_a_folder_without_weights_says_so(tmp_path):
    with pytest.raises(CheckpointError, match="no weights yet"):
        load_subject(RunFolder(tmp_path), 10)


def test_of_a_run_that_trains_the_last_snapshot_is_looked_at(open_run):
    run = open_run()
    run.obey(Play())
    for _ in range(5):
        run._train_once()
    run.snapshot()
    model, experiment, step = run.folder.newest_model()
    assert (step, experiment) == (5, run.experiment)
    for name, value in run.training.model.state_dict().items():
        assert torch.equal(model.state_dict()[name], value), name
    before = run.folder.newest_weights()
    run._train_once()
    run.snapshot()
    assert run.folder.newest_weights() > before


def test_salt_and_pepper_are_the_extremes_of_the_data_also_in_a_snapshot(tmp_path):
    experiment = Experiment.of("swiss_roll", "denoising", objective={"corruption": "salt_and_pepper"})
    data = load_dataset("swiss_roll")
    base = experiment.model_copy(update={"train": experiment.train.replace(epochs=1)})
    folders = {name: RunFolder(tmp_path / name) for name in ("sweep", "cell", "run")}
    for folder in folders.values():
        folder.path.mkdir()
    sweep = LiveSweep(
        folders["sweep"], SweepSpec(base=base, knob="level", values=(1.0, 0.5)), data, torch.device("cpu")
    )
    sweep.snapshot()
    folders["cell"].write_state(*cell_snapshot(sweep.folder, 0))
    run = LiveRun(folders["run"], base.with_knobs({"level": 1.0}), data, torch.device("cpu"))
    run.snapshot()
    for name in ("run", "cell"):
        assert not folders[name].is_at_rest
        model, _, _ = folders[name].newest_model()
        seen = model.corrupt(data.test.x, torch.Generator())
        assert set(seen.flatten().tolist()) == {float(data.test.x.new_tensor(end)) for end in data.range}


def test_of_a_run_that_rests_its_checkpoint_is_looked_at(open_run):
    run = open_run()
    run.obey(Play())
    run._train_once()
    run.obey(Stop())
    assert run.folder.is_at_rest
    model, _, step = run.folder.newest_model()
    assert step == 1
    for name, value in run.training.model.state_dict().items():
        assert torch.equal(model.state_dict()[name], value), name


def test_a_damaged_snapshot_is_one_sentence(open_run):
    run = open_run()
    run.folder.state.write_bytes(run.folder.state.read_bytes()[:200])
    with pytest.raises(CheckpointError, match="damaged or not a safetensors"):
        run.folder.newest_model()


def test_without_the_data_the_pictures_of_the_model_are_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("AELIB_DATA", str(tmp_path / "nothing"))
    shutil.copytree(pretrained_folder() / "mnist-vae", tmp_path / "mnist")
    subject = load_subject(RunFolder(tmp_path / "mnist"), 300)
    assert "MNIST is not on this machine" in subject.examples.lacking
    assert subject.examples.held_out == len(subject.examples.x) == len(subject.codes) == 300
    assert subject.examples.x.shape[1:] == (1, 28, 28)
    assert 0 <= float(subject.examples.x.min()) < float(subject.examples.x.max()) <= 1


def test_bytes_cover_the_range(subject):
    x = torch.tensor([[0.0, 0.5, 1.0, 2.0, -1.0]])
    assert subject.examples.to_bytes(x).tolist() == [[0, 128, 255, 255, 0]]
