"""Pictures that stay bytes: the same numbers as of floats, bit for bit, and no more of them at once than are needed."""

import copy
import io
import pickle

import numpy as np
import pytest
import torch

from aelib import (
    MLP,
    Autoencoder,
    DataError,
    Dataset,
    Denoising,
    Experiment,
    Split,
    TrainConfig,
    Variational,
    evaluate,
    levels,
    measure,
    train,
)
from aelib.bounds import log_weights
from aelib.compare.rival import Rival
from aelib.compare.robustness import rebuild_with, robustness
from aelib.compare.subspace import angles_to_pca
from aelib.evaluate import evaluate_in_full
from aelib.frames.probe import Probe
from aelib.latent.codes import encode_all
from aelib.levels import Levels
from aelib.metrics.classification import knn_accuracy
from aelib.metrics.generation import check_generator
from aelib.metrics.reconstruction import variance_explained
from aelib.networks import Conv
from aelib.objectives.base import CHUNK
from aelib.report.pca import PCA
from aelib.sweep import StackedTraining, SweepSpec
from aelib.sweep.outcome import train_sweep
from aelib.sweep.structure import StructureSweep

SHAPE, FEATURES = (1, 8, 8), 64


def bytes_of(count, seed=0, shape=SHAPE):
    """Bright spots on a dark ground."""
    random = torch.Generator().manual_seed(seed)
    found = torch.rand(count, *shape, generator=random) * torch.rand(count, 1, 1, 1, generator=random)
    return (found * 256).to(torch.uint8)


def floats_of(values):
    return values.float() / 255


def data_of(form, train=300, test=290):
    y = torch.arange(max(train, test)) % 3
    parts = (Split(form(bytes_of(n, n)), y[:n]) for n in (train, test))
    return Dataset("digits", *parts, classes=tuple("abc"))


BYTES, FLOATS = bytes_of(20, shape=(3, 4, 4)), floats_of(bytes_of(20, shape=(3, 4, 4)))
PICKS = {
    "slice": lambda x: x[3:8],
    "indices": lambda x: x[torch.tensor([5, 0, 5])],
    "mask": lambda x: x[torch.arange(20) > 4],
    "one": lambda x: x[7],
    "flatten": lambda x: x.flatten(1),
    "function": lambda x: torch.flatten(x, 1),
    "view": lambda x: x.view(20, -1),
    "split": lambda x: x.split(7)[2],
    "cat": lambda x: torch.cat([x, x[:3]]),
    "stack": lambda x: torch.stack([x[0], x[1]]),
    "iteration": lambda x: list(x)[3],
    "index_select": lambda x: x.index_select(0, torch.tensor([2, 2])),
    "channels last": lambda x: x.permute(0, 2, 3, 1),
    "copy": copy.deepcopy,
}
COMPUTES = {
    "sum": lambda x: x + 1,
    "difference": lambda x: 1 - x,
    "of rows": lambda x: x[:4].mean(0),
    "least": lambda x: x.min(),
    "greatest": lambda x: torch.max(x),
    "by axis": lambda x: x.flatten(1).max(1).values,
    "keyword": lambda x: torch.add(input=x, other=x),
    "to double": lambda x: x.to(torch.float64),
    "to another": lambda x: x.to(torch.zeros(2, dtype=torch.float64)),
    "to a device": lambda x: x.to("cpu"),
    "clone": lambda x: x.clone(),
    "equal": lambda x: x == x[0],
    "equal to numbers": lambda x: x == 0.2,
    "finite": lambda x: x.isfinite(),
    "with floats": lambda x: torch.cat([x, torch.ones(1, 3, 4, 4)]),
    "linear": lambda x: torch.nn.functional.linear(x.flatten(1), torch.ones(2, 48)),
    "distances": lambda x: torch.cdist(x.flatten(1), x.flatten(1)),
    "numpy": lambda x: torch.from_numpy(x.numpy()),
    "array": lambda x: torch.from_numpy(np.asarray(x)),
    "list": lambda x: torch.tensor(x.tolist()),
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "into floats": lambda x: torch.zeros(20, 3, 4, 4).copy_(x),
}


@pytest.mark.parametrize("name", PICKS)
def test_what_picks_and_reshapes_stays_bytes(name):
    found, expected = PICKS[name](Levels(BYTES)), PICKS[name](FLOATS)
    assert (type(found), found.bytes.dtype, found.shape) == (Levels, torch.uint8, expected.shape)
    assert torch.equal(found, expected)


@pytest.mark.parametrize("name", COMPUTES)
def test_what_computes_gives_what_it_gives_of_floats(name):
    found, expected = COMPUTES[name](Levels(BYTES)), COMPUTES[name](FLOATS)
    assert (type(found), found.dtype) == (torch.Tensor, expected.dtype)
    assert torch.equal(found, expected)


def test_they_say_of_themselves_what_floats_say():
    x = Levels(BYTES)
    assert (x.shape, len(x), x.dtype, x.ndim, x.device) == ((20, 3, 4, 4), 20, torch.float32, 4, torch.device("cpu"))
    assert (x.is_floating_point(), x.numel(), x.requires_grad) == (True, 960, False)
    assert isinstance(x, torch.Tensor)
    assert "20, 3, 4, 4" in repr(x)
    file = io.BytesIO()
    torch.save(x, file)
    file.seek(0)
    assert torch.equal(torch.load(file, weights_only=True), FLOATS)


WRITES = {
    "item": lambda x: x.__setitem__(0, 1.0),
    "in place": lambda x: x.add_(1),
    "augmented": lambda x: x.__iadd__(1),
    "fill": lambda x: x.zero_(),
    "gradient": lambda x: x.requires_grad_(),
    "memory": lambda x: x.data_ptr(),
}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_to_them(name, complains):
    before = BYTES.clone()
    with complains(DataError, "clone()"):
        WRITES[name](Levels(BYTES))
    assert torch.equal(BYTES, before)


# --- data ----------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
def test_a_mapped_file_and_an_array_are_shared(tmp_path):
    np.save(tmp_path / "x.npy", BYTES.numpy())
    for array in (BYTES.numpy(), np.load(tmp_path / "x.npy", mmap_mode="r", allow_pickle=False)):
        x = Split(array).x
        assert np.shares_memory(x.bytes.numpy(), array)
        assert np.shares_memory(Split(x).take(slice(5)).x.bytes.numpy(), array)
        assert torch.equal(x, FLOATS)
    with pytest.raises(DataError):
        x[0] = 0.0


def test_what_cannot_be_shared_is_copied():
    backwards = BYTES.numpy()[::-1]
    assert torch.equal(Split(backwards).x, FLOATS.flip(0))
    assert torch.equal(Split(BYTES.numpy().tolist()).x, BYTES.float())  # whole numbers in a list are no bytes


def test_a_data_set_of_bytes_says_what_one_of_floats_does():
    ours, theirs = data_of(lambda x: x), data_of(floats_of)
    assert type(ours.train.x) is Levels
    assert (ours.shape, ours.range, ours.extremes) == (theirs.shape, theirs.range, theirs.extremes)
    for left in (ours.without_class(1).train.x, theirs.without_class(1).train.x):
        assert torch.equal(left, floats_of(bytes_of(300, 300))[torch.arange(300) % 3 != 1])


# --- the same numbers ----------------------------------------------------------------------------------

RUNS = {
    "vanilla": {"variant": "vanilla", "network": {"hidden": (9,)}},
    "variational": {"variant": "variational", "network": {"hidden": (9,)}},
    "convolutional": {"variant": "denoising", "network": {"kind": "conv", "channels": (3,)}},
    "contractive": {"variant": "contractive", "network": {"hidden": (9,)}},
    "conditional": {"variant": "conditional", "network": {"hidden": (9,), "classes": 3}},
    "sparse, with units renewed": {
        "variant": "sparse",
        "network": {"hidden": (9,)},
        "objective": {"resample_every": 1},
    },
}


def model_of(name):
    run = RUNS[name]
    base = Experiment.of("digits", run["variant"], network={k: v for k, v in run["network"].items() if k != "classes"})
    network = base.network.replace(classes=3) if name == "conditional" else base.network
    return Autoencoder(network, base.objective.replace(**run.get("objective", {})), seed=3)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_on_bytes_is_that_on_floats(name):
    config = TrainConfig(epochs=2, batch_size=64, seed=1)
    ours, theirs = (train(model_of(name), data_of(form), config) for form in (lambda x: x, floats_of))
    for one, other in zip(ours, theirs, strict=True):
        assert (one.terms, one.test) == (other.terms, other.test)
    state, expected = ours.state_dict(), theirs.state_dict()
    assert state.keys() == expected.keys()
    assert all(torch.equal(state[key], expected[key]) for key in expected)


def test_so_is_a_sweep():
    base = Experiment.of(network={"hidden": (9,)}, train={"epochs": 1, "batch_size": 64})
    ours, theirs = (
        StackedTraining(SweepSpec(base=base, knob="seed", values=(0, 1)), data_of(form))
        for form in (lambda x: x, floats_of)
    )
    for one, other in zip(ours, theirs, strict=True):
        assert torch.equal(one.loss, other.loss)
        assert one.test is None or all(torch.equal(one.test[k], other.test[k]) for k in other.test)
    assert all(torch.equal(a, b) for a, b in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True))


def variational():
    return Autoencoder(MLP(SHAPE, hidden=(9,)), Variational(), seed=2)


def generator():
    return torch.Generator().manual_seed(5)


TAKERS = {
    "encode": lambda x, y: variational().encode(x),
    "posterior": lambda x, y: variational().posterior(x).stddev,
    "call": lambda x, y: variational()(x),
    "flatten": lambda x, y: variational().flatten(x),
    "terms": lambda x, y: variational().terms(x, generator())["reconstruction"],
    "corrupt": lambda x, y: Autoencoder(MLP(SHAPE, hidden=(9,)), Denoising()).corrupt(x, generator()),
    "evaluate": lambda x, y: torch.tensor(list(evaluate(variational(), x, y).values())),
    "evaluate_in_full": lambda x, y: evaluate_in_full(variational(), x).errors,
    "encode_all": lambda x, y: encode_all(variational(), x).errors,
    "log_weights": lambda x, y: log_weights(variational(), x, None, 2, generator()),
    "in double precision": lambda x, y: variational().double().encode(x),
    "convolutions": lambda x, y: Autoencoder(Conv(SHAPE, channels=(3,)), Denoising()).encode(x),
    "PCA": lambda x, y: PCA(x, 3).rebuild(x),
    "rival": lambda x, y: Rival(x[:100], x[100:]).curve,
    "robustness": lambda x, y: robustness({"m": rebuild_with(variational())}, x, "gaussian", (0.0, 0.5))["m"],
    "angles": lambda x, y: angles_to_pca(
        Autoencoder(MLP(SHAPE, hidden=(), activation="identity", output="identity"), Denoising()), x
    ),
    "variance_explained": lambda x, y: torch.tensor(variance_explained(x, x.flip(0))),
    "check_generator": lambda x, y: torch.tensor(check_generator(x[:50] * 0.9, x[:150], x[150:]).two_sample),
    "knn": lambda x, y: torch.tensor(knn_accuracy(x[:150], y[:150], x[150:], y[150:])),
}


@pytest.mark.parametrize("name", TAKERS)
@torch.no_grad()
def test_whoever_takes_examples_takes_levels(name):
    values, y = bytes_of(290, 290), torch.arange(290) % 3
    assert torch.equal(TAKERS[name](Levels(values), y), TAKERS[name](floats_of(values), y))


def test_reports_and_frames_are_the_same():
    ours, theirs = data_of(lambda x: x), data_of(floats_of)
    assert measure(variational(), ours, limit=60).to_json() == measure(variational(), theirs, limit=60).to_json()
    experiment = Experiment.of(variant="variational", network={"hidden": (9,)})
    frames = [Probe(data, experiment).frame(variational(), {}) for data in (ours, theirs)]
    assert frames[0] == frames[1]


# --- a few at a time -----------------------------------------------------------------------------------


@pytest.fixture
def converted(monkeypatch):
    """How many examples were made numbers at once, each time."""
    counts, read = [], levels._read

    def counting(values):
        counts.append(values.numel() // FEATURES)
        return read(values)

    monkeypatch.setattr(levels, "_read", counting)
    return counts


BASE = Experiment.of(network={"hidden": (9,)}, train={"epochs": 1, "batch_size": 50})
WHOLE = {
    "a data set": lambda data: data.extremes,
    "train": lambda data: list(train(variational(), data, TrainConfig(epochs=1, batch_size=50))),
    "evaluate": lambda data: evaluate(variational(), data.test.x),
    "encode_all": lambda data: encode_all(variational(), data.train.x),
    "log_weights": lambda data: log_weights(variational(), data.train.x, None, 2, generator()),
    "rebuild": lambda data: rebuild_with(variational())(data.train.x),
    "a stacked sweep": lambda data: train_sweep(SweepSpec(base=BASE, knob="seed", values=(0, 1)), data),
    "a sweep of structures": lambda data: train_sweep(StructureSweep(base=BASE, setting="latent", values=(1, 2)), data),
}


@pytest.mark.parametrize("name", WHOLE)
def test_all_examples_are_never_numbers_at_once(name, converted):
    data = data_of(lambda x: x)
    WHOLE[name](data)
    assert max(converted, default=0) <= CHUNK < min(len(data.train), len(data.test)) / 2
