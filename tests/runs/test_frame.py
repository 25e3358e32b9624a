"""Frames: what a browser is told is what the model computes."""

import json
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as save_arrays

from aelib import VARIANTS, CheckpointError, Dataset, Experiment, Split, evaluate, load_dataset
from aelib.objectives.variational import unit_kl
from aelib.runs.frame import (
    FLOAT16_MAX,
    MIN_PROBES,
    Probe,
    moment,
    newest_map,
    pack,
    read_meta,
    unpack,
    weights_message,
)
from aelib.runs.framelog import FrameLog


def frame_of(training, probe):
    since = dict.fromkeys(training.knobs, 0)
    message, test = probe.frame(training.model, moment(training, since, {"reconstruction": 2.5}, "paused", rate=10.0))
    return *unpack(message), test


@pytest.fixture(params=VARIANTS)
def trained(request, tiny, small):
    """Every variant after a few steps, with its probe."""
    experiment = small(request.param, latent=3)
    training = experiment.build(tiny)
    for _ in range(7):
        next(training)
    return experiment, training, Probe(tiny, 3)


def test_pack_and_unpack():
    arrays = {
        "a": np.arange(6, dtype=np.float16).reshape(2, 3),
        "b": np.arange(6, dtype=np.uint8).reshape(2, 3).T,  # not contiguous
        "c": np.zeros((0, 4), np.int16),
    }
    meta, found = unpack(pack("frame", {"step": 3, "text": 'β "quoted"'}, arrays))
    assert meta == {"kind": "frame", "step": 3, "text": 'β "quoted"'}
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_arrays_are_aligned_for_the_views_of_the_browser():
    arrays = {"u": np.zeros(3, np.uint8), "h": np.zeros(5, np.float16), "f": np.zeros(7, np.float32)}
    message = pack("frame", {}, arrays)
    length = struct.unpack_from("<Q", message)[0]
    header = json.loads(message[8 : 8 + length])
    for name, array in arrays.items():
        assert (8 + length + header[name]["data_offsets"][0]) % array.itemsize == 0


def test_scene(trained, tiny):
    experiment, training, probe = trained
    meta, arrays = unpack(probe.scene(experiment, "CPU", len(tiny.train), training.steps_per_epoch))
    assert meta["kind"] == "scene"
    assert Experiment.from_json(json.dumps(meta["experiment"])) == experiment
    assert [knob["name"] for knob in meta["knobs"]] == list(experiment.knobs)
    assert meta["variant"]["formula"] == VARIANTS[experiment.variant].formula
    assert (meta["shape"], meta["range"], meta["latent"]) == ([1, 8, 8], [0.0, 1.0], 3)
    assert (meta["train_size"], meta["steps_per_epoch"]) == (192, 6)
    assert np.array_equal(arrays["labels"], tiny.test.y.numpy())
    assert np.array_equal(arrays["images"], np.round(tiny.test.x.flatten(1).numpy() * 255))


def test_the_strip_shows_one_of_each_class(trained, tiny):
    experiment, _, probe = trained
    strip = unpack(probe.scene(experiment, "CPU", 1, 1))[1]["strip"]
    images = np.round(tiny.test.x.flatten(1).numpy() * 255)
    labels = [int(tiny.test.y[(images == row).all(1).argmax()]) for row in strip]
    assert labels == list(range(10))


def test_the_codes_are_those_of_the_model(trained, tiny):
    _, training, probe = trained
    meta, arrays, _ = frame_of(training, probe)
    codes = training.model.encode(tiny.test.x).detach().numpy()
    assert arrays["codes"].dtype == np.float16
    # float16 has 11 bits: half a unit in the last place, and the subnormal step near zero.
    np.testing.assert_allclose(arrays["codes"], codes, rtol=2**-11, atol=2**-25)
    np.testing.assert_allclose(arrays["unit_variance"], codes.var(0), rtol=1e-5)
    assert meta["step"] == 7


def test_the_moment(trained):
    experiment, training, probe = trained
    meta, _, test = frame_of(training, probe)
    assert meta["test"] == test == evaluate(training.model, probe.x)
    assert meta["train"] == {"reconstruction": 2.5}
    assert meta["knobs"] == {name: [value, 0] for name, value in experiment.knob_values.items()}
    assert (meta["epoch"], meta["steps"], meta["status"], meta["rate"]) == (2, 120, "paused", 10.0)


def test_the_strip_is_what_the_model_sees_and_rebuilds(trained):
    _, training, probe = trained
    _, arrays, _ = frame_of(training, probe)
    seen = probe.strip
    if training.model.objective.corrupts:
        seen = torch.from_numpy(arrays["corrupted"] / np.float32(255)).reshape(seen.shape)
    rebuilt = training.model(seen).detach().flatten(1).clamp(0, 1).numpy() * 255
    # One level of rounding, and what half a level of rounding of the input may change.
    assert np.abs(arrays["reconstruction"] - rebuilt).max() <= 2
    assert arrays["reconstruction"].dtype == np.uint8


def test_only_denoising_has_a_corrupted_row_and_only_variational_a_divergence(trained, tiny):
    experiment, training, probe = trained
    _, arrays, _ = frame_of(training, probe)
    assert ("corrupted" in arrays) == (experiment.variant == "denoising")
    assert ("unit_kl" in arrays) == (experiment.variant == "variational")
    if "unit_kl" in arrays:
        posterior = training.model.posterior(tiny.test.x)
        exact = unit_kl(posterior.mean, posterior.variance.log()).mean(0).detach()
        np.testing.assert_allclose(arrays["unit_kl"], exact, rtol=1e-4, atol=1e-6)


def test_more_noise_keeps_the_pattern(tiny, small):
    """Between two frames only the level changes: what 30 % destroys, 60 % destroys too."""
    training, probe = small("denoising").build(tiny), Probe(tiny, 2)
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
    training, probe = small("linear").build(tiny), Probe(tiny, 2)
    with torch.no_grad():
        training.model.network.encoder[-1].bias.fill_(1e9)
    assert frame_of(training, probe)[1]["codes"].max() == FLOAT16_MAX


def test_real_labels_give_a_strip_spread_over_them():
    data = load_dataset("swiss_roll")
    experiment = Experiment.of("swiss_roll")
    probe = Probe(data, 2)
    meta, arrays = unpack(probe.scene(experiment, "CPU", len(data.train), 1))
    assert meta["classes"] == []
    assert arrays["labels"].dtype == np.float32
    assert meta["range"][0] < 0 < meta["range"][1]
    assert arrays["strip"].shape == (10, 3)
    order = [int((probe.x == row).all(1).nonzero()[0]) for row in probe.strip]
    positions = probe.y[order]
    assert (positions.diff() > 0).all()
    assert (positions[0], positions[-1]) == (probe.y.min(), probe.y.max())


@pytest.mark.parametrize(("latent", "count"), [(2, 500), (64, 500), (200, MIN_PROBES)])
def test_a_large_code_gets_fewer_probes(digits, latent, count):
    assert len(Probe(digits, latent).x) == count


def test_few_examples_are_enough(tiny, small):
    data = Dataset("few", tiny.train, Split(tiny.test.x[:3], tiny.test.y[:3]), tiny.classes)
    arrays = frame_of(small().build(data), Probe(data, 2))[1]
    assert len(arrays["codes"]) == len(arrays["reconstruction"]) == 3


def test_weights_are_the_decoder(trained):
    _, training, _ = trained
    meta, arrays = unpack(weights_message(training.model, 7))
    z = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    x = z.numpy()
    named = {"identity": lambda a: a, "relu": lambda a: a.clip(0), "sigmoid": lambda a: 1 / (1 + np.exp(-a))}
    for linear, activation in zip(meta["layers"][::2], meta["layers"][1::2], strict=True):
        assert linear["op"] == "linear"
        x = named[activation["op"]](x @ arrays[linear["weight"]].T + arrays[linear["bias"]])
    assert (meta["kind"], meta["step"], meta["shape"]) == ("weights", 7, [1, 8, 8])
    np.testing.assert_allclose(x, training.model.decode(z).detach().flatten(1), atol=1e-5)


HOSTILE = {
    "nothing": b"",
    "too short": b"\x01\x02",
    "a huge header": b"\xff" * 8 + b"{}",
    "no header": struct.pack("<Q", 2) + b"{}",
    "a list": struct.pack("<Q", 2) + b"[]",
    "not text": struct.pack("<Q", 4) + b"\xff\xfe\xff\xfe",
    "no message": bytes(save_arrays({"a": np.zeros(2)}, metadata={"other": "x"})),
    "a message that is no JSON": bytes(save_arrays({}, metadata={"message": "x"})),
    "a message that is no object": bytes(save_arrays({}, metadata={"message": "[1]"})),
    "deep": struct.pack("<Q", 200_000) + b"[" * 200_000,
    "a pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_message_gets_one_sentence(message):
    for read in (read_meta, unpack):
        with pytest.raises(CheckpointError) as caught:
            read(message)
        assert str(caught.value).endswith(".")
        assert "\n" not in str(caught.value)


GOOD = pack("frame", {"step": 1}, {"codes": np.zeros((3, 2), np.float16)})


@pytest.mark.parametrize("length", range(0, len(GOOD), 5))
def test_a_message_cut_short(length):
    with pytest.raises(CheckpointError):
        unpack(GOOD[:length])


@given(st.binary(max_size=100), st.integers(0, len(GOOD) - 1), st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_message_or_a_checkpoint_error(noise, at, value):
    changed = GOOD[:at] + bytes([value]) + GOOD[at + 1 :]
    for message in (noise, struct.pack("<Q", len(noise)) + noise, changed):
        try:
            meta, _ = unpack(message)
        except CheckpointError:
            continue
        assert isinstance(meta, dict)


def test_newest_map(tmp_path, tiny, small):
    path = tmp_path / "frames.log"
    assert newest_map(path) is None
    experiment = small(latent=3)
    training, probe, log = experiment.build(tiny), Probe(tiny, 3), FrameLog(path)
    log.begin(probe.scene(experiment, "CPU", 192, 6))
    assert newest_map(path) is None
    log.append(probe.frame(training.model, moment(training, dict.fromkeys(training.knobs, 0), {}, "paused"))[0], 0)
    found = np.array(newest_map(path))
    assert found.shape == (64, 3)
    assert (found[:, :2].min(0) == 0).all()
    assert (found[:, :2].max(0) == 1).all()
    assert np.array_equal(found[:, 2], tiny.test.y)
    codes = training.model.encode(tiny.test.x).detach().numpy()
    widest = codes[:, codes.var(0).argsort()[::-1][:2]]
    for i in (0, 1):
        assert np.corrcoef(found[:, i], widest[:, i])[0, 1] == pytest.approx(1, abs=1e-4)
