"""Frames of rows of a table: beside the pictures travel the numbers, from which a page says them as their columns."""

import numpy as np
import torch

from aelib import Experiment, load_dataset
from aelib.frames.message import unpack
from aelib.frames.probe import Probe


def messages(dataset, variant="denoising"):
    experiment = Experiment.of(dataset, variant, network={"hidden": (8,), "latent": 2})
    data = load_dataset(dataset)
    training = experiment.build(data)
    probe = Probe(data, experiment)
    return (
        data,
        training.model,
        unpack(probe.scene(experiment, "cpu", training)),
        unpack(probe.frame(training.model, {})),
    )


def test_values_of_rows_come_back_in_the_units_of_their_table():
    data, model, (scene, fixed), (_, arrays) = messages("iris")
    assert [column["name"] for column in scene["row"]["columns"]] == [*data.table.places]
    assert scene["strip_names"][:3] == [*data.classes]
    np.testing.assert_array_equal(fixed["images_values"], data.test.x)
    petal = scene["row"]["columns"][2]
    places = [int((data.test.x == torch.tensor(row)).all(1).nonzero()[0]) for row in fixed["strip_values"]]
    shown = fixed["strip_values"][:, petal["at"]] * petal["scale"] + petal["shift"]
    expected = data.table.decode(data.test.x[places])["petal length (cm)"]
    np.testing.assert_allclose(shown, expected, rtol=1e-6)
    for name in ("corrupted", "reconstruction", "many_rebuilt", "many_spread"):
        assert arrays[f"{name}_values"].dtype == np.float32
        assert arrays[f"{name}_values"].shape == (len(arrays[name]), 4)
    with torch.no_grad():
        rebuilt = model(torch.tensor(arrays["corrupted_values"]))
    np.testing.assert_allclose(arrays["reconstruction_values"], rebuilt, atol=1e-6)  # of as many rows at a time


def test_pictures_have_no_columns():
    _, _, (scene, fixed), (_, arrays) = messages("digits", "vanilla")
    assert scene["row"] is None
    assert not [name for name in (*fixed, *arrays) if name.endswith("_values")]
