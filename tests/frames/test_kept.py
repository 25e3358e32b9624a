"""Decoders of the past: few, evenly spread, small, and the same pictures as live."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import Autoencoder, CheckpointError, RunError
from aelib.frames import kept
from aelib.frames.frame import weights_message
from aelib.frames.kept import KeptDecoders, kept_decoder, kept_steps, slot_length
from aelib.frames.message import pack, unpack
from aelib.library.library import pretrained_folder
from aelib.runs.commands import Pause, Rewind
from tests.runs.steering import frames, play


def message(count=40, step=0):
    values = torch.randn(count, generator=torch.Generator().manual_seed(step)).numpy()
    return pack("weights", {"step": step}, {"0.weight": values})


def offer(decoders, steps, count=40):
    for step in steps:
        decoders.offer(step, lambda step=step: message(count, step))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(1, 9))
def test_of_each_slot_the_first_moment_is_kept_however_long_the_run(pauses, slots):
    steps = np.cumsum(pauses).tolist()
    with tempfile.TemporaryDirectory() as folder:
        decoders = KeptDecoders(Path(folder) / "decoders", max_count=slots)
        offer(decoders, steps)
        found = kept_steps(decoders.folder)
    last, length = found[-1], slot_length(found[-1], slots)
    assert found == sorted({step // length: step for step in reversed(steps) if step <= last}.values())
    for step in steps:
        length = slot_length(step, slots)
        assert step <= last or step // length == last // length  # it is in the slot of the last
    assert len(found) <= slots


def test_moments_of_a_steady_run_are_equally_far_apart(tmp_path):
    offer(KeptDecoders(tmp_path, max_count=8), range(0, 1001, 5))
    assert kept_steps(tmp_path) == [0, 130, 260, 385, 515, 640, 770, 900]  # the first of each 128


@pytest.mark.parametrize("most", [0, 6000, 20_000])
def test_bytes_are_bounded_and_larger_decoders_are_fewer(tmp_path, most):
    count = 1000
    decoders = KeptDecoders(tmp_path / "decoders", max_bytes=most)
    counts = []
    for step in range(0, 3000, 7):
        offer(decoders, [step], count)
        files = list(tmp_path.glob("decoders/*"))
        assert sum(path.stat().st_size for path in files) <= most
        counts.append(len(files))
    assert max(counts) == most // len(message(count))


def test_a_weights_message_is_made_only_of_a_moment_that_may_be_kept(tmp_path):
    made = []
    decoders = KeptDecoders(tmp_path, max_count=4)
    for step in range(100):
        decoders.offer(step, lambda step=step: made.append(step) or message(step=step))
    assert len(made) < 4 + 2 * 6  # two in each doubling of 4 to 128
    assert set(kept_steps(tmp_path)) <= set(made)


def test_weights_come_back_equal_to_a_rounding_of_24_bits(tmp_path):
    values = np.concatenate([np.float32([0, 1, -1, 1e-30, -3e30]), unpack(message(1000))[1]["0.weight"]])
    arrays = {"0.weight": values[:1000].reshape(40, 25), "0.bias": values[1000:]}
    about = {"step": 3, "layers": [{"op": "linear"}], "shape": [1, 8, 8]}
    KeptDecoders(tmp_path).offer(3, lambda: pack("weights", about, arrays))
    meta, found = unpack(kept_decoder(tmp_path, 3))
    assert meta == {"kind": "weights", **about, "kept": True}
    for name, array in arrays.items():
        assert (np.abs(found[name] - array) <= 2.0**-16 * np.abs(array)).all()
        assert found[name].dtype == np.float32
    assert (tmp_path / "3.kept").stat().st_size < 2.7 * len(values) + 500


@pytest.mark.parametrize("key", ["digits-convolutional", "digits-denoising", "digits-variational"])
def test_a_picture_is_the_one_that_was_live_then(tmp_path, key):
    """The first two differ most of all models in the library."""
    model = Autoencoder.load(pretrained_folder() / key)
    KeptDecoders(tmp_path).offer(0, lambda: weights_message(model, 0))
    arrays = unpack(kept_decoder(tmp_path, 0))[1]
    codes = 6 * torch.randn(500, model.spec.latent, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        live = model.decode(codes)
        for i, operation in enumerate(model.network.decoder_operations()):
            for name, value in operation.arrays.items():
                value.copy_(torch.from_numpy(arrays[f"{i}.{name}"]))
        then = model.decode(codes)
    assert 0 < float((then - live).abs().max()) < 0.2 / 255


def test_what_is_not_kept_is_told(tmp_path):
    assert kept_steps(tmp_path / "none") == []
    with pytest.raises(RunError, match="step 1,200 are not kept"):
        kept_decoder(tmp_path / "none", 1200)


DAMAGE = {
    "cut short": lambda content: content[:-9],
    "empty": lambda content: b"",
    "another message": lambda content: message(),
    "fewer numbers": lambda content: pack("kept", {"weights": {}, "shapes": [["a", [5]]]}, unpack(content)[1]),
    "high bytes of nothing": lambda content: pack(
        "kept", unpack(content)[0], {**unpack(content)[1], "high": np.zeros(9, np.uint8)}
    ),
    "shapes of nothing": lambda content: pack("kept", {"weights": {}, "shapes": 7}, unpack(content)[1]),
    "shape below nothing": lambda content: pack(
        "kept", {"weights": {}, "shapes": [["a", [-40, -1]]]}, unpack(content)[1]
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told(tmp_path, damage):
    offer(KeptDecoders(tmp_path), [0])
    path = tmp_path / "0.kept"
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    with pytest.raises(CheckpointError):
        kept_decoder(tmp_path, 0)


def test_other_files_are_no_moments(tmp_path):
    for name in ("01.kept", "-1.kept", "1.kept.part", "x.kept", "1"):
        (tmp_path / name).touch()
    assert kept_steps(tmp_path) == []


# --- in a run ----------------------------------------------------------------------------------------


def assert_current(run):
    """The newest frame is of the step that is kept last, with the decoder that the run has now."""
    [*_, step] = kept_steps(run.folder.decoders)
    assert step == run.training.step == frames(run)[-1][0]["step"]
    assert first_bias(run, step) == pytest.approx(bias_now(run), rel=2**-16, abs=1e-9)


def first_bias(run, step):
    return unpack(kept_decoder(run.folder.decoders, step))[1]["0.bias"].tolist()


def bias_now(run):
    return run.training.model.network.decoder_operations()[0].arrays["bias"].tolist()


def test_a_run_keeps_the_decoders_of_its_frames(open_run):
    run = open_run()
    assert_current(run)
    play(run, 6)
    run.obey(Pause())
    assert_current(run)
    assert set(kept_steps(run.folder.decoders)) == {meta["step"] for meta, _ in frames(run)}


def test_rewinding_forgets_and_begins_again(open_run):
    run = open_run()
    play(run, 6)
    run.obey(Pause())
    run.obey(Rewind())
    assert kept_steps(run.folder.decoders) == [0]
    assert_current(run)


def test_what_is_to_be_done_again_after_a_crash_is_forgotten(open_run, tmp_path):
    run = open_run()
    play(run, 5)
    run.obey(Pause())
    before = kept_steps(run.folder.decoders)
    state = run.folder.state.read_bytes()
    play(run, 7)
    run.obey(Pause())
    assert len(kept_steps(run.folder.decoders)) > len(before)
    run.folder.state.write_bytes(state)
    again = open_run()
    assert kept_steps(again.folder.decoders) == before
    play(again, 4)
    again.obey(Pause())
    assert_current(again)


def test_a_run_of_an_older_version_keeps_decoders_from_where_it_goes_on(open_run):
    run = open_run()
    play(run, 9)
    run.obey(Pause())
    shutil.rmtree(run.folder.decoders)
    again = open_run()
    play(again, 3)
    again.obey(Pause())
    assert kept_steps(again.folder.decoders)[0] >= 9
    assert_current(again)


def test_a_copy_has_the_past_of_its_original(open_run, tmp_path):
    run = open_run()
    play(run, 6)
    run.obey(Pause())
    run.folder.copy_to(tmp_path / "copy")
    copy = open_run("copy")
    assert kept_steps(copy.folder.decoders) == kept_steps(run.folder.decoders)
    assert first_bias(copy, 2) == first_bias(run, 2)


def test_a_whole_decoder_is_kept_in_less_than_its_message(tmp_path):
    """That is what the bound on bytes rests on, also where high bytes cannot be compressed."""
    octets = np.random.default_rng(0).integers(0, 256, 4 * 50_000, np.uint8)
    content = pack("weights", {"step": 0}, {"0.weight": octets.view(np.float32)})
    assert len(kept._cut(content)) < len(content)
