"""``aelib sweep``, as a user types it."""

import json

import pytest

from aelib import Experiment, evaluate, load_dataset
from aelib.commands import cli

SMALL = ["--hidden", "8", "--epochs", "1", "--device", "cpu"]


def run(capsys, *arguments):
    """(exit status, standard output, standard error)."""
    code = cli.main(["sweep", *arguments])
    return code, *capsys.readouterr()


def test_a_table_with_a_line_for_each_value(capsys):
    line = ["--variant", "denoising", "--knob", "level", "--knob", "emphasis=0.7", "--values", "0.1,0.5", *SMALL]
    code, out, err = run(capsys, *line)
    assert code == 0
    title, head, *rows = out.splitlines()
    assert title == "ν from 0.1 to 0.5 on Denoising · Digits 8×8: held-out figures."
    assert head.split("  ")[-1] == "diverged"
    assert "Denoising gain, squared error" in head
    assert [row.split("  ")[0] for row in rows] == ["ν = 0.1", "ν = 0.5"]
    assert "100% 1/1 epochs" in err


def test_json_in_a_file_with_everything_about_each_cell(capsys, tmp_path):
    file = tmp_path / "sweep.json"
    line = ["--knob", "seed", "--from", "0", "--to", "2", "--count", "3", "--json", "--output", str(file), *SMALL]
    code, out, _ = run(capsys, *line)
    assert (code, out) == (0, "")
    found = json.loads(file.read_text())
    assert (found["title"], found["trade"]) == ("seed from 0 to 2 on Vanilla · Digits 8×8", None)
    data = load_dataset("digits")
    for seed, cell in enumerate(found["cells"]):
        assert (cell["name"], cell["value"], cell["trade"], cell["diverged"]) == (f"seed {seed}", seed, None, 0)
        train = {"epochs": 1, "batch_size": 64, "seed": seed, "evaluate_every": 0}
        training = Experiment.of(network={"hidden": (8,)}, train=train).build(data)
        list(training)
        assert cell["figures"] == pytest.approx(evaluate(training.model, data.test.x), rel=1e-4)


@pytest.mark.parametrize(
    ("option", "values", "names", "trades"),
    [
        ("--code-sizes", "1,3", ["code size 1", "code size 3"], True),
        ("--layers", "8-4,0", ["hidden 8–4", "no hidden layer"], True),
        ("--variants", "variational, denoising", ["Variational (β)", "Denoising"], False),
    ],
)
def test_structure(capsys, option, values, names, trades):
    code, out, err = run(capsys, "--variant", "variational", option, values, "--json", *SMALL)
    assert code == 0
    found = json.loads(out)
    assert [cell["name"] for cell in found["cells"]] == names
    assert bool(found["trade"]) == trades
    assert [cell["trade"] is not None for cell in found["cells"]] == [trades, trades]
    assert "2/2" in err


@pytest.mark.parametrize("structure", [False, True])
def test_a_cell_that_diverged_says_at_which_step(capsys, structure):
    """Eighteen linear layers at such a learning rate leave the range of a float within some steps."""
    wild = ["--variant", "linear", "--hidden", "-".join(["64"] * 8), "--epochs", "2", "--device", "cpu", "--json"]
    swept = ["--knob", "learning_rate=0.3", "--layers", "-".join(["64"] * 8) + ",8"]
    code, out, _ = run(capsys, *wild, *(swept if structure else ["--knob", "learning_rate", "--values", "0.3,0.001"]))
    assert code == 0
    first, second = json.loads(out)["cells"]
    assert 1 < first["diverged"] < 40
    assert second["diverged"] == 0
    assert second["figures"]["loss"] > 0
    # A stack has the last good weights of each cell; a run of its own ends where it was.
    assert (first["figures"]["loss"] is None) == structure


def test_a_sweep_of_which_nothing_came_to_its_end_is_printed_and_refused(capsys):
    wild = ["--variant", "linear", "--hidden", "-".join(["64"] * 8), "--epochs", "2", "--device", "cpu", "--json"]
    code, out, err = run(capsys, *wild, "--knob", "learning_rate", "--values", "0.3,0.4")
    assert code == 1
    assert all(cell["diverged"] for cell in json.loads(out)["cells"])
    assert err.splitlines()[-1] == "aelib: The loss of every cell stopped being a number: choose other values."


BAD = {
    "nothing to sweep": ([], "--code-sizes"),
    "two things to sweep": (["--knob", "seed", "--values", "0,1", "--code-sizes", "1,2"], "one thing"),
    "two knobs": (["--knob", "seed", "--knob", "learning_rate", "--values", "0,1"], "one thing"),
    "no values": (["--knob", "seed"], "--values"),
    "half a range": (["--knob", "seed", "--from", "1"], "--from"),
    "values twice": (["--knob", "seed", "--from", "1", "--to", "2", "--values", "3,4"], "either"),
    "values of a structure": (["--code-sizes", "1,2", "--from", "1"], "--code-sizes"),
    "words as values": (["--knob", "seed", "--values", "1,many"], "many"),
    "an unknown knob": (["--knob", "beta", "--values", "1,2"], "'beta'"),
    "a value out of range": (["--variant", "variational", "--knob", "beta", "--values", "1,101"], "KL weight"),
    "65 values": (["--knob", "seed", "--from", "0", "--to", "64", "--count", "65"], "2 to 64"),
    "a range upside down": (["--knob", "seed", "--from", "3", "--to", "1"], "greater"),
    "from 0 on a logarithmic scale": (["--knob", "learning_rate", "--from", "0", "--to", "1", "--log"], "linear"),
    "a code size beyond the data": (["--code-sizes", "1,65"], "1 to 64"),
    "a code size that is no number": (["--code-sizes", "1,two"], "two"),
    "a huge code size": (["--code-sizes", "1," + "9" * 5000], "whole number"),
    "an unknown variant": (["--variants", "vanilla,magic"], "magic"),
    "layers that are none": (["--layers", "8,wide"], "wide"),
    "an unknown data set": (["--data", "cats", "--knob", "seed", "--values", "0,1"], "cats"),
    "an unknown device": (["--device", "quantum", "--knob", "seed", "--values", "0,1"], "quantum"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "word"), BAD.values(), ids=BAD)
def test_a_bad_argument_gets_one_sentence(capsys, arguments, word):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("aelib: ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1
    assert len(err) < 400
    assert word in err
