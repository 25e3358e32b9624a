"""Data without labels, which is most data: everything works, and what needs labels says in one sentence that there are
none."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aelib import Autoencoder, DataError, Dataset, Experiment, Split, evaluate, measure, train
from aelib.compare import Contestant, as_html, as_text, compare
from aelib.data.dataset import split_at_random
from aelib.frames.frame import moment, newest_map
from aelib.frames.framelog import FrameLog
from aelib.frames.message import unpack
from aelib.frames.probe import Probe
from aelib.frames.sweepprobe import SweepProbe
from aelib.latent.codes import encode_all
from aelib.latent.export import make_table
from aelib.palette import CLASS_COLOURS
from aelib.sweep import StackedTraining, SweepSpec
from aelib.sweep.outcome import train_sweep


@pytest.fixture(scope="module")
def bare(tiny) -> Dataset:
    return Dataset("bare", Split(tiny.train.x), Split(tiny.test.x))


@pytest.fixture(scope="module")
def vae() -> Experiment:
    settings = {"hidden": (16,), "latent": 3}
    return Experiment.of(variant="variational", network=settings, train={"epochs": 1, "batch_size": 64})


@pytest.fixture(scope="module")
def trained(vae, bare) -> Autoencoder:
    training = vae.build(bare)
    list(training)
    return training.model


def test_nothing_is_known_and_that_is_said(bare, complains):
    assert (bare.is_labelled, bare.train.y, bare.classes) == (False, None, ())
    with complains(DataError, "no labels"):
        _ = bare.test.labels
    with complains(DataError, "no classes"):
        bare.without_class(0)
    first, second = split_at_random(bare.train.x, None, 10)
    assert (len(first), len(second), first.y) == (182, 10, None)


def test_every_variant_that_needs_no_labels_trains_as_on_labelled_data(experiment, bare, tiny, complains):
    if experiment.objective.conditional:
        with complains(DataError, "10 classes", "bare has 0"):
            experiment.build(bare)
        return
    ours, theirs = experiment.build(bare), experiment.build(tiny)
    for _ in range(6):
        assert next(ours).test == next(theirs).test
    assert evaluate(ours.model, bare.test.x, bare.test.y) == evaluate(theirs.model, tiny.test.x, tiny.test.y)


def test_a_report_has_all_but_the_discriminator(trained, bare, tiny):
    found, labelled = measure(trained, bare, limit=60), measure(trained, tiny, limit=60)
    assert [section.name for section in found.sections] == [section.name for section in labelled.sections]
    for ours, theirs in zip(found.sections, labelled.sections, strict=True):
        if ours.name == "discriminator":
            assert (ours.numbers, len(ours.missing)) == ((), 1)
            assert "no labels" in ours.missing[0]
        else:
            assert replace(ours, title="") == replace(theirs, title="")


def test_a_comparison_has_all_but_the_classes(trained, vae, bare, tiny):
    one = Contestant("VAE", trained, vae)
    found, labelled = (compare([one], data, limit=60, levels=(0.3,)) for data in (bare, tiny))
    assert (found.classes, len(labelled.classes)) == ((), 10)
    assert [row.name for row in found.metrics] == ["squared_error", "rmse", "variance_explained"]
    assert (found.curve, found.robustness) == (labelled.curve, labelled.robustness)
    (said,) = found.missing
    assert "no labels" in said
    assert said in as_text(found)
    assert as_html(found)


def test_a_scene_carries_one_colour_and_frames_no_readout_of_classes(vae, bare, tiny):
    training, probe = vae.build(bare), Probe(bare, vae)
    meta, arrays = unpack(probe.scene(vae, "CPU", training))
    assert (meta["labelled"], meta["classes"]) == (False, [])
    assert arrays["labels"].tolist() == [0.0] * len(bare.test)
    images = np.round(bare.test.x.flatten(1).numpy() * 255)
    assert np.array_equal(arrays["strip"], images[:10])
    told = moment(training, dict.fromkeys(training.knobs, 0), {}, "paused")
    ours, _ = unpack(probe.frame(training.model, told))
    theirs, _ = unpack(Probe(tiny, vae).frame(training.model, told))
    assert set(theirs["readouts"]) - set(ours["readouts"]) == {"neighbours"}
    assert set(ours["readouts"]) == {readout["name"] for readout in meta["readouts"]}
    labelled, _ = unpack(Probe(tiny, vae).scene(vae, "CPU", training))
    assert labelled["labelled"]


def test_a_thumbnail_is_in_one_colour(vae, bare, tmp_path):
    training, probe, log = vae.build(bare), Probe(bare, vae), FrameLog(tmp_path / "frames.log")
    log.begin(probe.scene(vae, "CPU", training))
    told = moment(training, dict.fromkeys(training.knobs, 0), {}, "paused")
    log.append(probe.frame(training.model, told), 0)
    assert {colour for _, _, colour in newest_map(log.path)} == {CLASS_COLOURS[0]}


def test_a_sweep_trains_shows_and_ends(bare):
    base = Experiment.of(variant="sparse", network={"hidden": (8,)}, train={"epochs": 1, "batch_size": 64})
    sweep = SweepSpec(base=base, knob="weight", values=(0.1, 1.0))
    training, probe = StackedTraining(sweep, bare), SweepProbe(bare, sweep)
    meta, arrays = unpack(probe.scene(sweep, "cpu", training))
    assert (meta["labelled"], meta["classes"], arrays["labels"].any()) == (False, [], False)
    unpack(probe.frame(training, [next(training).terms], {}))
    assert all(cell.figures["loss"] > 0 for cell in train_sweep(sweep, bare).cells)


def test_a_table_has_no_column_of_labels(trained, bare):
    table = make_table(encode_all(trained, bare.test.x), None, splits=["held out"] * len(bare.test))
    assert table.column_names == ["index", "split", "error", "kl", "unit_1", "unit_2", "unit_3"]


def test_own_rows_from_the_array_to_the_report():
    rows = np.random.default_rng(0).normal(size=(80, 4))
    data = Dataset("mine", Split(rows[:60]), Split(rows[60:].tolist()))
    experiment = Experiment.of("swiss_roll", network={"hidden": (8,)})
    model = Autoencoder(experiment.network.replace(shape=data.shape), experiment.objective)
    records = list(train(model, data, experiment.train.replace(epochs=2, batch_size=20)))
    assert torch.isfinite(torch.tensor(records[-1].loss))
    assert model.encode(rows).shape == (80, 2)
    assert measure(model, data, limit=20).number("reconstruction", "squared_error").value > 0
