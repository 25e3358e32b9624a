"""What a run's map is coloured by: factors go into the scene once, errors into frames where there are no labels."""

import numpy as np
import pytest
import torch

from aelib import Dataset, Split
from aelib.evaluate import evaluate_in_full
from aelib.frames.heldout import MAX_FACTORS
from aelib.frames.message import unpack
from aelib.frames.probe import Probe


@pytest.fixture
def bare(digits) -> Dataset:
    """Digits without labels, each with its brightness and whether it is bright as factors."""

    def part(split, count):
        x = split.x[:count]
        light = x.flatten(1).mean(1)
        return Split(x, None, torch.stack([light, (light > 0.3).float()], dim=1))

    return Dataset(
        "digits", part(digits.train, 60), part(digits.test, 30), factors=("light", "is bright"),
        factor_classes=((), ("no", "yes")),
    )  # fmt: skip


def test_a_scene_tells_the_factors(bare, small):
    experiment = small()
    meta, arrays = unpack(Probe(bare, experiment).scene(experiment, "cpu", experiment.build(bare)))
    assert (meta["labelled"], meta["factors"], meta["factor_classes"]) == (
        False,
        ["light", "is bright"],
        [[], ["no", "yes"]],
    )
    assert np.array_equal(arrays["factors"], bare.test.factors)
    assert meta["label"] is None


def test_of_very_many_factors_it_tells_the_first(bare, small):
    many = torch.rand(30, MAX_FACTORS + 3, generator=torch.Generator().manual_seed(0))
    names = tuple(map(str, range(MAX_FACTORS + 3)))
    train = Split(bare.train.x, None, torch.zeros(60, MAX_FACTORS + 3))
    data = Dataset("digits", train, Split(bare.test.x, None, many), factors=names)
    meta, arrays = unpack(Probe(data, small()).scene(small(), "cpu", small().build(data)))
    assert (len(meta["factors"]), arrays["factors"].shape) == (MAX_FACTORS, (30, MAX_FACTORS))


def test_frames_tell_errors_only_where_there_are_no_labels(bare, digits, small):
    training = small().build(bare)
    frame = Probe(bare, small()).frame(training.model, {"step": 0})
    errors = unpack(frame)[1]["errors"]
    expected = evaluate_in_full(training.model, bare.test.x).errors
    assert errors.dtype == np.float16
    np.testing.assert_allclose(errors, expected, rtol=1e-3)
    assert "errors" not in unpack(Probe(digits, small()).frame(training.model, {"step": 0}))[1]
