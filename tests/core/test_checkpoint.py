"""Checkpoint folders: they give back the very same model, and nothing in a foreign one is ever run."""

import json
import pickle
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from aelib import MLP, Autoencoder, CheckpointError, Experiment, Sparse, Vanilla
from aelib.checkpoint import MAX_CONFIG_BYTES, MAX_WEIGHTS_BYTES, Checkpoint


def test_load_gives_back_what_was_saved_bit_for_bit(experiment, tiny, tmp_path, between):
    training = experiment.build(tiny)
    for name, knob in training.model.knobs.items():
        training.set_knob(name, between(knob, 1 / 3))
    for _ in range(3):
        next(training)
    model = training.model
    model.save(tmp_path / "a" / "b")
    again = Autoencoder.load(str(tmp_path / "a" / "b"))
    assert (again.spec, again.objective) == (model.spec, model.objective)
    assert again.state_dict().keys() == model.state_dict().keys()
    assert all(torch.equal(v, again.state_dict()[k]) for k, v in model.state_dict().items())
    assert torch.equal(again(tiny.test.x, tiny.test.y), model(tiny.test.x, tiny.test.y))
    assert {k: float(v) for k, v in again.knob_tensors().items()} == {
        k: float(v) for k, v in model.knob_tensors().items()
    }


def test_a_learned_deviation_is_part_of_the_weights(tiny, tmp_path):
    training = Experiment.of(objective={"likelihood": "gaussian"}).build(tiny)
    next(training)
    training.model.save(tmp_path)
    learned = training.model.network.log_deviation
    assert learned != 0
    assert torch.equal(Autoencoder.load(tmp_path).network.log_deviation, learned)


@pytest.mark.parametrize("upsampling", ["nearest", "transposed"])
def test_a_convolutional_network_with_a_conditional_decoder_comes_back(upsampling, tiny, tmp_path):
    settings = {"kind": "conv", "channels": (3, 5), "upsampling": upsampling}
    model = Experiment.of(variant="conditional", network=settings).build(tiny).model
    model.save(tmp_path)
    again = Autoencoder.load(tmp_path)
    assert again.spec == model.spec
    assert torch.equal(again(tiny.test.x, tiny.test.y), model(tiny.test.x, tiny.test.y))


def test_a_folder_is_plain_files(tmp_path):
    model = Autoencoder(MLP((4,), hidden=()), Vanilla())
    config = Checkpoint(network=model.spec, objective=model.objective, title="Four numbers")
    config.write(tmp_path, model, history=[{"step": 1, "loss": 2.5}], card="# Four numbers\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "README.md",
        "config.json",
        "history.json",
        "model.safetensors",
    ]
    assert json.loads((tmp_path / "history.json").read_text()) == [{"step": 1, "loss": 2.5}]
    assert json.loads((tmp_path / "config.json").read_text())["schema_version"] == 1
    assert Checkpoint.read(tmp_path) == config
    assert load_file(tmp_path / "model.safetensors").keys() == model.state_dict().keys()


@pytest.fixture
def folder(tmp_path):
    """A checkpoint to be spoilt."""
    Autoencoder(MLP((4,), hidden=(3,), latent=2), Sparse()).save(tmp_path)
    return tmp_path


def edit(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def without(folder, key):
    config = json.loads((folder / "config.json").read_text())
    del config[key]
    (folder / "config.json").write_text(json.dumps(config))


def refill(folder, change):
    tensors = {name: change(value) for name, value in load_file(folder / "model.safetensors").items()}
    save_file(tensors, folder / "model.safetensors")


def shorten(folder, keep):
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: int(keep * len(content))])


SPOILS = {
    "no configuration": lambda f: (f / "config.json").unlink(),
    "no weights": lambda f: (f / "model.safetensors").unlink(),
    "empty configuration": lambda f: (f / "config.json").write_bytes(b""),
    "garbage as configuration": lambda f: (f / "config.json").write_bytes(bytes(range(256))),
    "a foreign configuration": lambda f: (f / "config.json").write_text('{"model_type": "bert", "hidden_size": 768}'),
    "a list as configuration": lambda f: (f / "config.json").write_text("[1, 2]"),
    "a bottomless configuration": lambda f: (f / "config.json").write_text('{"network":' * 90_000),
    "a folder as configuration": lambda f: ((f / "config.json").unlink(), (f / "config.json").mkdir()),
    "a later schema": lambda f: edit(f, schema_version=2),
    "no network": lambda f: without(f, "network"),
    "an unknown key": lambda f: edit(f, self="x" * 5000),
    "a knob of NaN": lambda f: edit(f, objective={"kind": "sparse", "weight": float("nan")}),
    "a network of another shape": lambda f: edit(f, network={"shape": [4], "hidden": [3], "latent": 3}),
    "a deeper network": lambda f: edit(f, network={"shape": [4], "hidden": [3, 3], "latent": 2}),
    "an objective with two statistics": lambda f: edit(f, objective={"kind": "variational"}),
    "an impossible model": lambda f: edit(
        f,
        network={"shape": [4], "hidden": [3], "output": "identity"},
        objective={"kind": "sparse", "likelihood": "cross_entropy"},
    ),
    "empty weights": lambda f: (f / "model.safetensors").write_bytes(b""),
    "half of the weights": lambda f: shorten(f, 0.5),
    "all but the last of the weights": lambda f: shorten(f, 0.99),
    "a header that lies about its length": lambda f: (f / "model.safetensors").write_bytes(
        struct.pack("<Q", 2**60) + b"{}"
    ),
    "a header that is not JSON": lambda f: (f / "model.safetensors").write_bytes(struct.pack("<Q", 3) + b"abc"),
    "no tensors": lambda f: save_file({}, f / "model.safetensors"),
    "a foreign tensor": lambda f: save_file({"bert.weight": torch.zeros(3)}, f / "model.safetensors"),
    "weights of NaN": lambda f: refill(f, lambda w: w * float("nan")),
    "weights too large for float32": lambda f: refill(f, lambda w: w.double() + 1e300),
    "transposed weights": lambda f: refill(f, lambda w: w.T.contiguous()),
}


@pytest.mark.filterwarnings("ignore:The use of `x.T` on tensors of dimension")
@pytest.mark.parametrize("spoil", SPOILS)
def test_a_spoilt_folder_is_refused_with_one_sentence(spoil, folder, complains):
    SPOILS[spoil](folder)
    with complains(CheckpointError, str(folder)):
        Autoencoder.load(folder)


@pytest.mark.parametrize(
    ("name", "limit", "words"),
    [("config.json", MAX_CONFIG_BYTES, "is too large"), ("model.safetensors", MAX_WEIGHTS_BYTES, "is larger than")],
)
def test_a_file_of_absurd_size_is_not_even_read(name, limit, words, folder, complains):
    with (folder / name).open("wb") as file:
        file.truncate(limit + 1)  # takes no room on the disk
    with complains(CheckpointError, name, words):
        Autoencoder.load(folder)


@pytest.mark.parametrize("place", ["nowhere", "model.safetensors"])
def test_a_path_that_is_no_folder_is_refused(place, folder, complains):
    with complains(CheckpointError, place):
        Autoencoder.load(folder / place)


def test_a_pickle_renamed_to_safetensors_is_never_run(folder, complains):
    trap = folder / "trap"
    harmful = f"cbuiltins\nopen\n(V{trap}\nVw\ntR.".encode()  # calls open(trap, "w") when unpickled
    pickle.loads(harmful).close()
    assert trap.exists()  # the pickle works, so that the test can fail
    trap.unlink()
    (folder / "model.safetensors").write_bytes(harmful)
    with complains(CheckpointError, "safetensors"):
        Autoencoder.load(folder)
    assert not trap.exists()
    torch.save({"weight": torch.zeros(3)}, folder / "model.safetensors")
    with complains(CheckpointError, "safetensors"):
        Autoencoder.load(folder)


def test_other_number_formats_are_read_as_float32(folder):
    expected = Autoencoder.load(folder)
    refill(folder, torch.Tensor.double)
    again = Autoencoder.load(folder)
    assert all(
        v.dtype == torch.float32 and torch.equal(v, expected.state_dict()[k]) for k, v in again.state_dict().items()
    )
