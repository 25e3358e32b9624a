"""A model that `aelib.train` trained and `model.save` wrote opens in every command: its data's name goes along."""

import contextlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pyarrow.csv as pa_csv
import pytest
import torch

from aelib import MLP, Autoencoder, Dataset, Denoising, Experiment, Split, TrainConfig, Vanilla, evaluate, train
from aelib.checkpoint import Checkpoint
from aelib.commands.cli import main
from aelib.registry import VARIANTS, variant_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def saved(tmp_path_factory, digits):
    """The folder that the first program of the README leaves, with fewer epochs."""
    program = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)
    assert "epochs=20" in program
    folder = tmp_path_factory.mktemp("readme")
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(program.replace("epochs=20", "epochs=2"), "readme.py", "exec"), {"__name__": "__main__"})
    return folder / "my-run"


def said(capsys, *line):
    assert main(list(map(str, line))) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def refusal(capsys, *line):
    assert main(list(map(str, line))) == 1
    error = capsys.readouterr().err
    assert error.startswith("aelib: ")
    assert error.count("\n") == 1
    return error


def test_it_is_exported(saved, digits, tmp_path, capsys):
    said(capsys, "export", saved, "--output", tmp_path / "codes.csv")
    table = pa_csv.read_csv(tmp_path / "codes.csv")
    assert len(table) == len(digits.train) + len(digits.test)
    first = Autoencoder.load(saved).encode(digits.test.x[:20]).detach().numpy()
    # Encoded in batches of another size, which some processors sum in another order.
    np.testing.assert_allclose(table["unit_1"].to_numpy()[:20], first[:, 0], rtol=1e-4, atol=1e-4)


def test_it_is_measured_and_compared(saved, digits, capsys):
    model = Autoencoder.load(saved)
    expected = evaluate(model, digits.test.x, digits.test.y)["squared_error"]
    report = json.loads(said(capsys, "measure", saved, "--json", "--limit", 500))
    assert report["sections"][0]["numbers"][0]["value"] == pytest.approx(expected, rel=1e-5)
    found = json.loads(said(capsys, "compare", saved, "--json", "--limit", 60))
    (origin,) = found["origins"]
    assert origin["name"] == "Denoising"
    assert origin["error"] == pytest.approx(expected, rel=1e-5)
    assert "EXPERIMENT" in origin["script"]


def error_of_script(script):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(script, "again.py", "exec"), {"__name__": "__main__"})
    return float(printed.getvalue().split()[-1])


def test_its_script_comes_to_its_weights(saved, digits, capsys):
    expected = evaluate(Autoencoder.load(saved), digits.test.x)["squared_error"]
    assert error_of_script(said(capsys, "script", saved)) == pytest.approx(expected, rel=1e-5)  # as printed


def small(variant="denoising", **train_settings):
    settings = {"epochs": 2, "batch_size": 64, "evaluate_every": 0, **train_settings}
    return Experiment.of(variant=variant, network={"hidden": (8,)}, train=settings)


def test_so_does_one_whose_knobs_were_turned_and_that_lacks_a_class(digits, tmp_path, capsys):
    experiment = small().model_copy(update={"left_out": 3})
    training = experiment.build(digits)
    for step in range(30):
        if step == 10:
            training.set_knob("level", 0.6)
            training.set_knob("learning_rate", 0.01)
        next(training)
    training.model.save(tmp_path / "model")
    script = said(capsys, "script", tmp_path / "model")
    assert '"left_out": 3' in script
    expected = evaluate(training.model, digits.test.x)["squared_error"]
    assert error_of_script(script) == pytest.approx(expected, rel=1e-5)
    report = json.loads(said(capsys, "measure", tmp_path / "model", "--json", "--limit", 60))
    assert report["left_out"] == "3"


def other_seed(digits):
    experiment = small()
    return train(Autoencoder(experiment.network, experiment.objective, seed=1), digits, experiment.train)


def trained_twice(digits):
    first = small().build(digits)
    list(first)
    return train(first.model, digits, small().train)


def taken_up(digits):
    training = small().build(digits)
    training.load_state_dict(training.state_dict())
    return training


def turned_by_hand(digits):
    training = small().build(digits)
    training.model.set_knob("level", 0.1)
    return training


@pytest.mark.parametrize("start", [other_seed, trained_twice, taken_up, turned_by_hand])
def test_no_script_is_made_up_of_weights_that_came_otherwise(start, digits, tmp_path, capsys):
    training = start(digits)
    next(training)
    training.model.save(tmp_path / "model")
    assert "does not follow from the seed" in refusal(capsys, "script", tmp_path / "model")
    said(capsys, "measure", tmp_path / "model", "--limit", 20)  # its data are known all the same


def test_data_are_named_where_nobody_noted_them(tmp_path, capsys):
    folder = tmp_path / "own"
    Autoencoder(MLP((1, 8, 8), hidden=(4,)), Denoising()).save(folder)
    assert Checkpoint.read(folder).origin is None
    tasks = {
        "export": ("--output", tmp_path / "codes.csv", "--limit", 30),
        "measure": ("--limit", 20),
        "compare": ("--limit", 20),
    }
    for command, options in tasks.items():
        assert "--data" in refusal(capsys, command, folder, *options)
        assert "digits" in refusal(capsys, command, folder, *options, "--data", "nothing")
        said(capsys, command, folder, *options, "--data", "digits")
        assert "shape" in refusal(capsys, command, folder, *options, "--data", "swiss_roll")
    assert "--data" in refusal(capsys, "script", folder)


def test_data_of_ones_own_are_named_by_what_they_are_called(digits, tmp_path, capsys):
    mine = Dataset("my scans", Split(digits.train.x[:64]), Split(digits.test.x[:32]))
    training = train(Autoencoder(MLP(mine.shape, hidden=(4,)), Vanilla()), mine)
    next(training)
    training.model.save(tmp_path / "model")
    for command in ("measure", "compare", "script"):
        assert "'my scans'" in refusal(capsys, command, tmp_path / "model")
    said(capsys, "measure", tmp_path / "model", "--data", "digits", "--limit", 20)


def test_what_is_loaded_and_saved_again_keeps_the_name(saved, tmp_path):
    for name, folder in (("saved", saved), ("of a run", ROOT / "checkpoints" / "digits-denoising")):
        Autoencoder.load(folder).save(tmp_path / name)
        again = Checkpoint.read(tmp_path / name)
        assert Experiment.of_checkpoint(again, tmp_path / name).dataset == "digits"
        first, second = (Autoencoder.load(place).encode(torch.ones(1, 64)) for place in (folder, tmp_path / name))
        assert torch.equal(first, second)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_told_by_its_network_and_objective(name):
    experiment = Experiment.of(variant=name, network={"latent": 3})
    assert variant_of(experiment.network, experiment.objective).name == name


def test_a_training_is_noted_as_it_is(digits):
    experiment = small(seed=5)
    training = experiment.build(digits)
    for _ in range(3):
        next(training)
    origin = training.model.origin
    assert (origin.dataset, origin.left_out, origin.steps, origin.from_seed) == ("digits", None, 3, True)
    assert TrainConfig(**origin.train) == experiment.train
    assert origin.knobs == experiment.knob_values
    assert (origin.device, origin.threads, origin.turns) == ("cpu", torch.get_num_threads(), [])
