"""Frames of pictures in colour, large ones too: what travels is the picture, small enough, in three planes."""

import numpy as np
import pytest
import torch

from aelib import MLP, Conv, Dataset, Experiment, Split
from aelib.frames.frame import moment, weights_message
from aelib.frames.framelog import FrameLog, read_log
from aelib.frames.heldout import MIN_PROBES, PICTURE_BYTES
from aelib.frames.message import unpack
from aelib.frames.probe import Probe
from aelib.frames.sweepprobe import SweepProbe
from aelib.networks import default_channels
from aelib.sweep import SweepSpec
from aelib.train import Training


def coloured(side: int, count: int = 30) -> Dataset:
    """Two classes: squares of random colours on the left and on the right of a random ground."""
    random = torch.Generator().manual_seed(side)
    x = torch.rand(count, 3, 1, 1, generator=random).expand(-1, -1, side, side).clone()
    y = torch.arange(count) % 2
    for i in range(count):
        place = slice(side // 8 + int(y[i]) * side // 2, side // 8 + int(y[i]) * side // 2 + side // 4)
        x[i, :, side // 4 : side // 2, place] = torch.rand(3, 1, 1, generator=random)
    whole = Split(x, y)
    return Dataset("shapes", whole.take(slice(count // 2)), whole.take(slice(count // 2, None)), classes=("l", "r"))


def experiment_on(data: Dataset, network: Conv | MLP, variant: str = "variational") -> Experiment:
    """As of a data set that the catalogue knows, on pictures of another shape."""
    return Experiment.of("shapes", variant).model_copy(update={"network": network})


@pytest.fixture(params=[16, 64], ids=["16×16", "64×64"])
def run(request):
    data = coloured(request.param)
    network = Conv(data.shape, channels=default_channels(data.shape)[:2], latent=2)
    experiment = experiment_on(data, network)
    training = experiment.build(data)
    return data, experiment, training, Probe(data, experiment)


def small(x: torch.Tensor) -> np.ndarray:
    """Means over squares, as bytes: by hand."""
    factor = max(1, x.shape[-1] // 32)
    side = x.shape[-1] // factor
    means = x.reshape(len(x), 3, side, factor, side, factor).double().mean((3, 5))
    return (means.clamp(0, 1) * 255 + 0.5).byte().flatten(1).numpy()


def frame_of(training: Training, probe: Probe):
    since = dict.fromkeys(training.knob_values, 0)
    return unpack(probe.frame(training.model, moment(training, since, {}, "running")))


def test_the_scene_has_whole_pictures_for_the_map_and_small_ones_for_the_sheets(run):
    data, experiment, training, probe = run
    meta, arrays = unpack(probe.scene(experiment, "cpu", training))
    side = min(32, data.shape[1])
    assert (meta["shape"], meta["small"], meta["range"]) == (list(data.shape), [3, side, side], [0, 1])
    assert np.array_equal(arrays["images"], (data.test.x * 255 + 0.5).byte().flatten(1).numpy())
    assert np.abs(arrays["strip"].astype(int) - small(probe.strip)).max() <= 1
    assert arrays["foreign"].shape == (10, 3 * side * side)
    shapes = {row["name"]: row["shape"] for sheet in meta["sheets"] for row in sheet["rows"] if not row["bars"]}
    assert shapes.pop("fields") == [3, 3, 3]
    assert set(map(tuple, shapes.values())) == {(3, side, side)}
    (fields,) = [sheet for sheet in meta["sheets"] if sheet["name"] == "fields"]
    assert "A colour is for that colour and against its opposite" in fields["sentence"]


def test_a_frame_shows_the_reconstructions_in_colour(run):
    _, _, training, probe = run
    for _ in zip(range(3), training, strict=False):
        pass
    meta, arrays = frame_of(training, probe)
    with torch.no_grad():
        expected = small(training.model(probe.strip))
    assert np.abs(arrays["reconstruction"].astype(int) - expected).max() <= 1
    planes = arrays["reconstruction"].reshape(len(probe.strip), 3, -1).astype(float)
    assert np.abs(planes[:, 0] - planes[:, 1]).max() > 1  # not grey
    for name in ("foreign_rebuilt", "tangent_0", "tangent_1"):
        assert arrays[name].shape == (10, len(expected[0]))
    assert arrays["fields"].shape == (len(training.model.network.receptive_fields()), 27)
    assert weights_message(training.model, 0)
    assert meta["readouts"]["rmse"] > 0


def test_weights_of_a_perceptron_are_pictures_in_colour():
    data = coloured(64)
    experiment = experiment_on(data, MLP(data.shape, hidden=(8,), latent=2), "vanilla")
    training = experiment.build(data)
    _, arrays = frame_of(training, Probe(data, experiment))
    weights = training.model.network.receptive_fields().detach().reshape(8, 3, 32, 2, 32, 2).mean((3, 5)).flatten(1)
    expected = 127.5 + 127.5 * weights / weights.abs().amax(1, keepdim=True)
    assert np.abs(arrays["fields"] - expected.numpy()).max() <= 1


@pytest.mark.parametrize(("side", "count"), [(16, 600), (64, PICTURE_BYTES // (3 * 64 * 64)), (128, MIN_PROBES)])
def test_large_pictures_are_fewer_on_the_map(side, count):
    """The scene goes to every viewer."""
    pictures = Split(torch.zeros(1, 3, 1, 1).expand(600, -1, side, side), torch.arange(600) % 2)
    data = Dataset("shapes", pictures, pictures, classes=("l", "r"))
    experiment = experiment_on(data, MLP(data.shape, hidden=(4,), latent=2), "vanilla")
    assert len(Probe(data, experiment).x) == count


def test_a_sweep_shows_small_pictures_too():
    data = coloured(64)
    base = experiment_on(data, MLP(data.shape, hidden=(8,), latent=2), "variational")
    sweep = SweepSpec.model_construct(base=base, knob="beta", values=(0.5, 1.0), names=("0.5", "1"))
    probe = SweepProbe(data, sweep)
    assert probe.small == (3, 32, 32)
    assert len(probe.strip) == 10  # of whole pictures two would fit
    shown = probe.to_bytes(probe.to_small(probe.strip))
    assert np.abs(shown.astype(int) - small(probe.strip)).max() <= 1


def test_a_large_scene_leaves_the_frames_their_room(tmp_path):
    log = FrameLog(tmp_path / "log", max_bytes=20_000)
    log.begin(bytes(100_000))
    for step in range(20):
        log.append(bytes(500), step)
    _, entries = read_log(log.path)
    assert [entry.step for entry in entries[1:]] == list(range(20))
    again = FrameLog(log.path, max_bytes=20_000)
    again.append(bytes(500), 20)
    assert len(read_log(log.path)[1]) == 22
    for step in range(21, 60):
        again.append(bytes(500), step)
    assert sum(len(entry.payload) for entry in read_log(log.path)[1][1:]) <= 20_000
