"""The decoder as a message, and the newest map of a log."""

import numpy as np
import pytest
import torch

from aelib.frames.frame import moment, newest_map, weights_message
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
