"""The decoder as a message, and the newest map of a log."""

import numpy as np
import pytest
import torch

from aelib.frames.frame import PRIOR_SHOWN, has_collapsed, moment, newest_map, weights_message
from aelib.frames.framelog import FrameLog
from aelib.frames.message import unpack
from aelib.frames.probe import Probe
from aelib.palette import CLASS_COLOURS


def test_weights_are_the_decoder(tiny, small):
    training = small("vanilla", latent=3).build(tiny)
    for _ in range(7):
        next(training)
    meta, arrays = unpack(weights_message(training.model, 7))
    z = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    x = z.numpy()
    named = {"identity": lambda a: a, "relu": lambda a: a.clip(0), "sigmoid": lambda a: 1 / (1 + np.exp(-a))}
    for linear, activation in zip(meta["layers"][::2], meta["layers"][1::2], strict=True):
        assert linear["op"] == "linear"
        x = named[activation["op"]](x @ arrays[linear["weight"]].T + arrays[linear["bias"]])
    assert (meta["kind"], meta["step"], meta["shape"]) == ("weights", 7, [1, 8, 8])
    np.testing.assert_allclose(x, training.model.decode(z).detach().flatten(1), atol=1e-5)


def test_newest_map(tmp_path, tiny, small):
    path = tmp_path / "frames.log"
    assert newest_map(path) is None
    experiment = small(latent=3)
    training, probe, log = experiment.build(tiny), Probe(tiny, experiment), FrameLog(path)
    log.begin(probe.scene(experiment, "CPU", training))
    assert newest_map(path) is None
    log.append(probe.frame(training.model, moment(training, dict.fromkeys(training.knobs, 0), {}, "paused")), 0)
    *places, colours = zip(*newest_map(path), strict=True)
    found = np.column_stack(places)
    assert found.shape == (64, 2)
    assert (found.min(0) == 0).all()
    assert (found.max(0) == 1).all()
    assert list(colours) == [CLASS_COLOURS[label] for label in tiny.test.y.tolist()]
    codes = training.model.encode(tiny.test.x).detach().numpy()
    widest = codes[:, codes.var(0).argsort()[::-1][:2]]
    for i in (0, 1):
        assert np.corrcoef(found[:, i], widest[:, i])[0, 1] == pytest.approx(1, abs=1e-4)


@pytest.fixture
def log_of(tmp_path, tiny, small):
    """The log of a variational model with one frame, its encoder's statistics (mean, log-variance) set to constants."""

    def make(mean, log_variance, latent=2):
        experiment = small("variational", latent=latent)
        training, probe, log = experiment.build(tiny), Probe(tiny, experiment), FrameLog(tmp_path / "frames.log")
        *_, weight, bias = training.model.network.encoder.parameters()
        with torch.no_grad():
            weight.zero_()
            bias.copy_(torch.cat([torch.full((latent,), mean), torch.full((latent,), log_variance)]))
        log.begin(probe.scene(experiment, "CPU", training))
        log.append(probe.frame(training.model, moment(training, dict.fromkeys(training.knobs, 0), {}, "paused")), 0)
        return log.path

    return make


@pytest.mark.parametrize(("mean", "place"), [(0.0, 0.5), (1.5, 0.75), (-3.0, 0.0), (9.0, 1.0)])
def test_the_newest_map_of_a_variational_model_has_the_scale_of_its_prior(log_of, mean, place):
    """Codes at the middle of the prior are a dot there; those beyond its share of the map make that grow."""
    found = np.array([(x, y) for x, y, _ in newest_map(log_of(mean, 0.0))])
    np.testing.assert_allclose(found, place, atol=1e-3)
    assert PRIOR_SHOWN == 3


@pytest.mark.parametrize(
    ("mean", "log_variance", "collapsed"), [(0.0, 0.0, True), (0.1, 0.0, True), (0.2, 0.0, False), (0.0, -1.0, False)]
)
def test_a_code_has_collapsed_below_a_hundredth_of_a_nat(log_of, mean, log_variance, collapsed):
    """μ²/2 is 0.005 and 0.02 nats."""
    assert has_collapsed(log_of(mean, log_variance)) is collapsed


def test_no_code_without_a_posterior_or_a_frame_has_collapsed(tmp_path, tiny, small):
    path = tmp_path / "frames.log"
    assert not has_collapsed(path)
    experiment = small("vanilla")
    training, probe, log = experiment.build(tiny), Probe(tiny, experiment), FrameLog(path)
    log.begin(probe.scene(experiment, "CPU", training))
    log.append(probe.frame(training.model, moment(training, dict.fromkeys(training.knobs, 0), {}, "paused")), 0)
    assert not has_collapsed(path)
