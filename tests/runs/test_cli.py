"""The command line, as a user types it."""

import os
import subprocess
import sys

import pytest

from aelib import Autoencoder, __version__
from aelib.commands import cli, train
from aelib.commands.options import read_experiment
from aelib.runs import RunStore


def run(home, *arguments):
    """A process of its own, from a folder that is not the project's."""
    return subprocess.run(
        [sys.executable, "-m", "aelib", *arguments],
        cwd=home, env={**os.environ, "AELIB_HOME": str(home)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_train_makes_a_run_that_the_app_lists(tmp_path):
    done = run(tmp_path, "train", "--epochs", "3", "--title", "x", "--variant", "denoising", "--knob", "level=0.5",
               "--hidden", "16", "--seed", "4", "--device", "cpu")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "finished at step 60" in done.stdout
    # Into a log, a line now and then.
    assert 2 <= done.stderr.count("\n") <= 4
    assert done.stderr.splitlines()[-1].startswith("100% 3/3 epochs")
    store = RunStore(tmp_path)
    [row] = store.rows(saved=True)
    store.close()
    assert (row.title, row.status, row.epoch) == ("x", "finished", 3)
    assert row.experiment.knob_values["level"] == 0.5
    assert row.experiment.train.seed == 4
    assert str(tmp_path) in done.stdout
    model = Autoencoder.load(done.stdout.strip().split(": ")[1])
    assert model.spec.hidden == (16,)


def test_every_part_of_an_experiment_can_be_said(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(train, "run", lambda options: seen.append(read_experiment(options)) or 0)
    line = "train --variant denoising --network conv --channels 8,16 --upsampling transposed --latent 3 --leave-out 4"
    more = "--set corruption=gaussian --set samples=3 --set likelihood=cross_entropy --knob level=0.2"
    assert cli.main([*line.split(), *more.split()]) == 0
    [experiment] = seen
    network, objective = experiment.network, experiment.objective
    assert (network.kind, network.channels, network.upsampling, network.latent) == ("conv", (8, 16), "transposed", 3)
    assert (objective.corruption, objective.samples, objective.level) == ("gaussian", 3, 0.2)
    assert (objective.likelihood, experiment.left_out) == ("cross_entropy", 4)


def test_the_code_size_is_the_variants_own(monkeypatch):
    seen = []
    monkeypatch.setattr(train, "run", lambda options: seen.append(read_experiment(options)) or 0)
    assert cli.main(["train", "--variant", "k_sparse"]) == 0
    assert seen[0].network.latent == 64


def test_help_names_the_commands(tmp_path):
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert "app" in done.stdout
    assert "train" in done.stdout
    assert done.stderr == ""


def test_version(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.strip() == __version__


BAD = {
    "unknown data set": (["--data", "cats"], "cats"),
    "unknown variant": (["--variant", "magic"], "magic"),
    "no code": (["--latent", "0"], "latent"),
    "no epochs": (["--epochs", "0"], "epochs"),
    "widths that are none": (["--hidden", "wide"], "--hidden"),
    "a negative width": (["--hidden", "-5"], "hidden"),
    "a seed out of range": (["--seed", "-1"], "seed"),
    "a knob without a value": (["--knob", "level"], "--knob"),
    "a knob that is no number": (["--knob", "level=much"], "--knob"),
    "a knob that is NaN": (["--variant", "denoising", "--knob", "level=nan"], "Noise level"),
    "a knob out of range": (["--variant", "denoising", "--knob", "level=2"], "Noise level"),
    "an unknown knob": (["--knob", "magic=1"], "magic"),
    "an unknown network": (["--network", "transformer"], "transformer"),
    "a network that the variant fixes": (["--variant", "linear", "--network", "conv"], "kind = mlp"),
    "channels that are none": (["--variant", "convolutional", "--channels", "wide"], "--channels"),
    "channels of a perceptron": (["--channels", "8"], "channels"),
    "no channels": (["--variant", "convolutional", "--channels", "0"], "channels"),
    "an unknown decoder": (["--variant", "convolutional", "--upsampling", "bilinear"], "upsampling"),
    "an unknown class": (["--leave-out", "10"], "no class 10"),
    "a class of none": (["--data", "swiss_roll", "--leave-out", "0"], "no class 0"),
    "a setting without a value": (["--variant", "sparse", "--set", "prior"], "--set"),
    "a setting that there is not": (["--variant", "vanilla", "--set", "prior=laplace"], "one of likelihood"),
    "a kind of objective": (["--variant", "sparse", "--set", "kind=vanilla"], "--set"),
    "a setting out of its choices": (["--variant", "sparse", "--set", "prior=uniform"], "prior"),
    "a setting that is no number": (["--variant", "denoising", "--set", "samples=many"], "samples"),
    "an unknown device": (["--device", "quantum"], "quantum"),
}


@pytest.mark.parametrize(("arguments", "word"), BAD.values(), ids=BAD)
def test_a_bad_argument_gets_one_sentence_and_leaves_no_run(tmp_path, monkeypatch, capsys, arguments, word):
    monkeypatch.setenv("AELIB_HOME", str(tmp_path / "home"))
    assert cli.main(["train", *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aelib: ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1
    assert word in err
    assert not (tmp_path / "home").exists()


def test_a_bad_argument_as_a_user_sees_it(tmp_path):
    done = run(tmp_path, "train", "--data", "cats")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["fly"], ["train", "--epochs", "many"], ["train", "--nonsense", "1"]])
def test_what_is_no_command_gets_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: aelib" in capsys.readouterr().err
