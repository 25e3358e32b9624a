"""Scene and frames: what a browser is told is what the model computes."""

import json

import numpy as np
import pytest
import torch

from aelib import VARIANTS, Dataset, Experiment, Split, load_dataset
from aelib.evaluate import evaluate_in_full
from aelib.frames.frame import moment
from aelib.frames.heldout import FLOAT16_MAX, MIN_PROBES
from aelib.frames.message import unpack
from aelib.frames.probe import Probe
from aelib.objectives.variational import unit_kl


def frame_of(training, probe):
    since = dict.fromkeys(training.knobs, 0)
    meta = moment(training, since, {"reconstruction": 2.5}, "paused", rate=10.0)
    return unpack(probe.frame(training.model, meta, training.passes))


@pytest.fixture(params=VARIANTS)
def trained(request, tiny, small):
    """Every variant after a few steps, with its probe."""
    kept = {"hidden", "kind"} & set(VARIANTS[request.param].fixed)  # these have no free hidden layers
    experiment = Experiment.of(variant=request.param, network={"latent": 3}) if kept else small(request.param, latent=3)
    experiment = experiment.model_copy(update={"train": small().train})
    training = experiment.build(tiny)
    for _ in range(7):
        next(training)
    return experiment, training, Probe(tiny, experiment)


def test_scene(trained, tiny):
    experiment, training, probe = trained
    meta, arrays = unpack(probe.scene(experiment, "CPU", training))
    assert meta["kind"] == "scene"
    assert Experiment.from_json(json.dumps(meta["experiment"])) == experiment
    assert [knob["name"] for knob in meta["knobs"]] == list(experiment.knobs)
    assert meta["variant"]["formula"] == VARIANTS[experiment.variant].formula
    assert (meta["shape"], meta["range"], meta["latent"]) == ([1, 8, 8], [0.0, 1.0], 3)
    assert (meta["train_size"], meta["steps_per_epoch"]) == (192, 6)
    assert np.array_equal(arrays["labels"], tiny.test.y.numpy())
    assert np.array_equal(arrays["images"], np.round(tiny.test.x.flatten(1).numpy() * 255))


def test_the_strip_shows_one_of_each_class(trained, tiny):
    experiment, training, probe = trained
    strip = unpack(probe.scene(experiment, "CPU", training))[1]["strip"]
    images = np.round(tiny.test.x.flatten(1).numpy() * 255)
    labels = [int(tiny.test.y[(images == row).all(1).argmax()]) for row in strip]
    assert labels == list(range(10))


def test_the_codes_are_those_of_the_model(trained, tiny):
    _, training, probe = trained
    meta, arrays = frame_of(training, probe)
    codes = training.model.encode(tiny.test.x).detach().numpy()
    assert arrays["codes"].dtype == np.float16
    # float16 has 11 bits: half a unit in the last place, and the subnormal step near zero.
    np.testing.assert_allclose(arrays["codes"], codes, rtol=2**-11, atol=2**-25)
    np.testing.assert_allclose(arrays["unit_variance"], codes.var(0), rtol=1e-5)
    assert meta["step"] == 7


def test_the_moment(trained):
    experiment, training, probe = trained
    meta, _ = frame_of(training, probe)
    assert meta["test"] == evaluate_in_full(training.model, probe.x, probe.y, epoch=training.passes).figures
    assert meta["train"] == {"reconstruction": 2.5}
    assert meta["knobs"] == {name: [value, 0] for name, value in experiment.knob_values.items()}
    assert (meta["epoch"], meta["steps"], meta["status"], meta["rate"]) == (2, 120, "paused", 10.0)


def test_the_strip_is_what_the_model_sees_and_rebuilds(trained):
    _, training, probe = trained
    _, arrays = frame_of(training, probe)
    seen = probe.strip
    if training.model.objective.corrupts:
        seen = torch.from_numpy(arrays["corrupted"] / np.float32(255)).reshape(seen.shape)
    rebuilt = training.model(seen, probe.strip_labels).detach().flatten(1).clamp(0, 1).numpy() * 255
    # One level of rounding, and what half a level of rounding of the input may change.
    assert np.abs(arrays["reconstruction"] - rebuilt).max() <= 2
    assert arrays["reconstruction"].dtype == np.uint8


def test_only_denoising_has_a_corrupted_row_and_only_variational_a_divergence(trained, tiny):
    experiment, training, probe = trained
    _, arrays = frame_of(training, probe)
    assert ("corrupted" in arrays) == ("denoising" in experiment.variant)
    assert ("unit_kl" in arrays) == (experiment.objective.statistics == 2)
    if "unit_kl" in arrays:
        posterior = training.model.posterior(tiny.test.x)
        exact = unit_kl(posterior.mean, posterior.variance.log()).mean(0).detach()
        np.testing.assert_allclose(arrays["unit_kl"], exact, rtol=1e-4, atol=1e-6)


def test_more_noise_keeps_the_pattern(tiny, small):
    """Between two frames only the level changes: what 30 % destroys, 60 % destroys too."""
    experiment = small("denoising")
    training, probe = experiment.build(tiny), Probe(tiny, experiment)
    clean = probe.to_bytes(probe.strip)
    kept = {}
    for level in (0.3, 0.6):
        training.set_knob("level", level)
        corrupted = frame_of(training, probe)[1]["corrupted"]
        assert np.array_equal(corrupted, frame_of(training, probe)[1]["corrupted"])
        assert ((corrupted == clean) | (corrupted == 0)).all()
        kept[level] = (corrupted == clean) & (clean > 0)
    assert (kept[0.6] <= kept[0.3]).all()
    assert 0 < kept[0.6].sum() < kept[0.3].sum() < (clean > 0).sum()


def test_a_frame_leaves_no_trace_in_the_training(trained, tiny):
    experiment, watched, probe = trained
    alone = experiment.build(tiny)
    for _ in range(7):
        next(alone)
    for _ in range(5):
        frame_of(watched, probe)
        next(watched)
        next(alone)
    for ours, theirs in zip(watched.state_dict().values(), alone.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_codes_beyond_float16_are_clamped(tiny, small):
    experiment = small("linear")
    training, probe = experiment.build(tiny), Probe(tiny, experiment)
    with torch.no_grad():
        training.model.network.encoder[-1].bias.fill_(1e9)
    assert frame_of(training, probe)[1]["codes"].max() == FLOAT16_MAX


def test_real_labels_give_a_strip_spread_over_them():
    data = load_dataset("swiss_roll")
    experiment = Experiment.of("swiss_roll")
    probe = Probe(data, experiment)
    meta, arrays = unpack(probe.scene(experiment, "CPU", experiment.build(data)))
    assert meta["classes"] == []
    assert arrays["labels"].dtype == np.float32
    assert meta["range"][0] < 0 < meta["range"][1]
    assert arrays["strip"].shape == (10, 3)
    order = [int((probe.x == row).all(1).nonzero()[0]) for row in probe.strip]
    positions = probe.y[order]
    assert (positions.diff() > 0).all()
    assert (positions[0], positions[-1]) == (probe.y.min(), probe.y.max())


@pytest.mark.parametrize(("latent", "count"), [(2, 500), (64, 500), (200, MIN_PROBES)])
def test_a_large_code_gets_fewer_probes(digits, small, latent, count):
    assert len(Probe(digits, small(latent=latent)).x) == count


def test_few_examples_are_enough(tiny, small):
    data = Dataset("few", tiny.train, Split(tiny.test.x[:3], tiny.test.y[:3]), tiny.classes)
    experiment = small()
    arrays = frame_of(experiment.build(data), Probe(data, experiment))[1]
    assert len(arrays["codes"]) == len(arrays["reconstruction"]) == 3


# --- sheets and readouts ---------------------------------------------------------------------------


def test_every_sheet_that_the_scene_lists_has_its_pictures(trained):
    experiment, training, probe = trained
    scene, fixed = unpack(probe.scene(experiment, "CPU", training))
    _, arrays = frame_of(training, probe)
    names = [sheet["name"] for sheet in scene["sheets"]]
    assert names[0] == "examples"
    for sheet in scene["sheets"]:
        assert sheet["sentence"].endswith(".")
        for row in sheet["rows"]:
            pictures = (fixed if row["fixed"] else arrays)[row["name"]]
            if row["bars"]:
                assert pictures.shape == (3,)
                continue
            assert pictures.dtype == np.uint8
            assert pictures.shape[1] == np.prod(row["shape"] or scene["shape"]), row["name"]
    assert ("many" in names) == experiment.objective.corrupts
    assert ("samples" in names) == (experiment.objective.statistics == 2)
    assert ("classes" in names) == experiment.objective.conditional
    listed = {row["name"] for sheet in scene["sheets"] for row in sheet["rows"]}
    pictures = {name for name, array in arrays.items() if array.dtype == np.uint8}
    assert pictures <= listed  # nothing travels that nobody sees


def test_signed_pictures_have_zero_at_mid_grey(trained):
    _, training, probe = trained
    _, arrays = frame_of(training, probe)
    fields = training.model.network.receptive_fields().detach().flatten(1)[:30].numpy()
    share = fields / np.abs(fields).max(1, keepdims=True)
    assert np.abs(arrays["fields"] - (127.5 + 127.5 * share)).max() <= 0.51
    assert {0, 255} & set(np.unique(arrays["fields"]))


def test_every_readout_that_the_scene_lists_has_a_value(trained):
    experiment, training, probe = trained
    scene, _ = unpack(probe.scene(experiment, "CPU", training))
    meta, _ = frame_of(training, probe)
    assert [readout["name"] for readout in scene["readouts"]] == list(meta["readouts"])
    assert all(value is not None for value in meta["readouts"].values())
    errors = (training.model(probe.x, probe.y) - probe.x).detach()
    assert meta["readouts"]["rmse"] == pytest.approx(float(errors.square().mean().sqrt()), rel=1e-4)
    explained = 1 - float(errors.square().sum() / (probe.x - probe.x.mean(0)).square().sum())
    assert meta["readouts"]["variance_explained"] == pytest.approx(explained, abs=1e-5)


def test_the_anomaly_readout_ranks_the_class_left_out(tiny):
    experiment = Experiment.of(left_out=0, train={"epochs": 60, "batch_size": 32, "evaluate_every": 0})
    training, probe = experiment.build(tiny), Probe(tiny, experiment)
    assert 0 not in training.data.train.y
    assert 0 in probe.y
    for _ in training:
        pass
    assert frame_of(training, probe)[0]["readouts"]["auc"] > 0.6


def test_a_readout_without_a_value_is_none_and_stops_nothing(tiny):
    """No example of the class left out among the probes."""
    experiment = Experiment.of(left_out=3)
    others = tiny.test.y != 3
    data = Dataset("others", tiny.train, Split(tiny.test.x[others], tiny.test.y[others]), tiny.classes)
    meta, _ = frame_of(experiment.build(data), Probe(data, experiment))
    assert meta["readouts"]["auc"] is None


def test_samples_come_with_their_nearest_training_example(tiny):
    experiment = Experiment.of(variant="variational")
    probe, training = Probe(tiny, experiment), experiment.build(tiny)
    _, arrays = frame_of(training, probe)
    train = np.round(tiny.train.x.flatten(1).numpy() * 255)
    nearest = train[((train[None] - arrays["samples"][:, None].astype(float)) ** 2).sum(2).argmin(1)]
    assert np.abs(nearest - arrays["nearest"]).max() <= 1


def test_the_stage_of_training_is_named(tiny):
    experiment = Experiment.of(variant="stacked_denoising", objective={"epochs_per_layer": 1}, train={"batch_size": 32})
    training, probe = experiment.build(tiny), Probe(tiny, experiment)
    stages = []
    for _ in range(4 * training.steps_per_epoch):
        stages.append(frame_of(training, probe)[0]["stage"] if training.step % training.steps_per_epoch == 0 else "")
        next(training)
    told = [stage for stage in stages if stage]
    assert [stage[:7] for stage in told] == ["layer 1", "layer 2", "layer 3", "fine-tu"]
