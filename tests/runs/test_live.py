"""`LiveRun`: what is seen, what is saved, and that neither changes what is trained."""

import errno
import json
import math
import time

import numpy as np
import pytest
import torch

from aelib import Autoencoder, CheckpointError, ConfigError
from aelib.checkpoint import Checkpoint
from aelib.frames.frame import unpack
from aelib.frames.framelog import read_log
from aelib.runs import FrameReader
from aelib.runs.commands import Pause, Rewind, SendWeights, SetKnob, SetPace, Step, Stop
from aelib.runs.history import History
from aelib.runs.live import LiveRun
from aelib.runs.livetraining import FRAME_RATE
from tests.runs.steering import assert_same_state, frames, play


def pause(run):
    run.obey(Pause())


def finish(run):
    play(run, 1)
    while run.status == "running":
        run.advance(1.0)


def solo(experiment, data, steps, knobs=()):
    """The same training with nobody watching; ``knobs``: (step, name, value)."""
    training, history = experiment.build(data), History()
    for step in range(steps):
        for at, name, value in knobs:
            if at == step:
                training.set_knob(name, value)
        record = next(training)
        history.add(record.step, record.tensors)
    return training, history


# --- frames ------------------------------------------------------------------------------------------


def test_a_fresh_run_shows_the_map_of_the_initial_weights(open_run, small, tiny):
    run = open_run()
    [(meta, arrays)] = frames(run)
    assert (meta["step"], meta["status"], meta["train"]) == (0, "paused", None)
    fresh = Autoencoder(small().network, small().objective, seed=0)
    assert np.array_equal(arrays["codes"], fresh.encode(tiny.test.x).half().detach().numpy())


def test_playing_shows_the_first_steps_closely(open_run):
    run = open_run()
    play(run, 12)
    steps = [meta["step"] for meta, _ in frames(run)]
    assert steps == sorted(steps)
    assert {0, 1, 2, 3, 4, 6, 8, 11} <= set(steps)


def test_step_advances_by_exactly_one_and_shows_it(open_run):
    run = open_run()
    play(run, 9)
    for expected in (10, 11, 12):
        run.obey(Step())
        assert (run.status, run.training.step) == ("paused", expected)
        assert frames(run)[-1][0]["step"] == expected


def test_a_frame_carries_the_mean_of_the_steps_since_the_last(open_run, small, tiny):
    run = open_run()
    play(run, 40)
    pause(run)
    training = small().build(tiny)
    losses = [next(training).terms["reconstruction"] for _ in range(40)]
    before = 0
    for meta, _ in frames(run):
        if meta["step"] > before:
            mean = sum(losses[before : meta["step"]]) / (meta["step"] - before)
            assert meta["train"]["reconstruction"] == pytest.approx(mean, rel=1e-5)
            before = meta["step"]
    assert before == 40


def test_pausing_freezes_the_run(open_run):
    run = open_run()
    play(run, 5)
    pause(run)
    assert not run.wants_time
    run.advance(0.1)
    assert run.training.step == 5
    assert frames(run)[-1][0]["status"] == "paused"


def test_frames_are_rate_limited(open_run, small):
    run = open_run(experiment=small(epochs=100_000))
    play(run, 1)
    start = time.monotonic()
    while time.monotonic() - start < 0.8 or run.training.step < 1000:
        run.advance(0.02)
    elapsed = time.monotonic() - start
    late = [meta["step"] for meta, _ in frames(run) if meta["step"] > 500]
    assert len(late) <= FRAME_RATE * elapsed + 1


def test_watching_and_pausing_leave_no_trace(open_run, small, tiny):
    run = open_run()
    for steps in (3, 1, 26):
        play(run, steps)
        pause(run)
        run.obey(SendWeights())
    run.obey(Step())
    training, history = solo(small(), tiny, 31)
    assert_same_state(run.training, training)
    assert run.history.points == history.points


# --- knobs -------------------------------------------------------------------------------------------


def test_a_knob_acts_from_the_step_where_it_was_turned_and_is_recorded(open_run, small, tiny):
    run = open_run()
    play(run, 7)
    run.obey(SetKnob(name="level", value=0.8))
    play(run, 8)
    pause(run)
    assert_same_state(run.training, solo(small(), tiny, 15, [(7, "level", 0.8)])[0])
    assert frames(run)[-1][0]["knobs"] == {
        "level": [0.8, 7],
        "emphasis": [0.5, 0],
        "learning_rate": [0.001, 0],
    }
    assert [vars(event) for event in run.folder.read_events()] == [{"step": 7, "name": "level", "value": 0.8}]


def test_a_knob_turned_at_rest_shows_at_once(open_run):
    run = open_run()
    run.obey(SetKnob(name="level", value=1.0))
    meta, arrays = frames(run)[-1]
    assert meta["knobs"]["level"] == [1.0, 0]
    assert not arrays["corrupted"].any()


@pytest.mark.parametrize(("name", "value"), [("nope", 1.0), ("level", 1.1), ("level", -0.1), ("learning_rate", 2.0)])
def test_a_knob_that_is_none_or_out_of_range_is_refused(open_run, name, value):
    run = open_run()
    play(run, 3)
    with pytest.raises(ConfigError):
        run.guarded(run.obey, SetKnob(name=name, value=value))
    assert run.status == "running"
    assert run.folder.read_events() == []
    play(run, 1)
    assert run.training.step == 4


# --- rewind ------------------------------------------------------------------------------------------


def test_rewinding_gives_the_same_run_again(open_run):
    run = open_run()
    play(run, 30)
    pause(run)
    first, points = frames(run)[0], run.history.points
    for _ in range(2):
        run.obey(Rewind())
        assert (run.training.step, run.status) == (0, "paused")
        play(run, 30)
        pause(run)
        again = frames(run)[0]
        assert again[0]["test"] == first[0]["test"]
        assert all(np.array_equal(again[1][name], array) for name, array in first[1].items())
        assert run.history.points == points


def test_rewinding_a_running_run_keeps_it_running_with_the_knobs_where_they_stand(open_run, small, tiny):
    run = open_run()
    reader = FrameReader(run.folder.frames)
    play(run, 10)
    run.obey(SetKnob(name="level", value=0.1))
    reader.poll()
    run.obey(Rewind())
    assert run.status == "running"
    reset, messages = reader.poll()
    assert reset
    assert unpack(messages[0])[0]["kind"] == "scene"
    play(run, 12)
    assert_same_state(run.training, solo(small(), tiny, 12, [(0, "level", 0.1)])[0])


# --- resting and going on ----------------------------------------------------------------------------


def test_a_resumed_run_goes_on_bit_for_bit(open_run, small, tiny):
    run = open_run()
    play(run, 17)
    pause(run)
    resumed = open_run()
    assert (resumed.training.step, resumed.status) == (17, "paused")
    play(resumed, 28)
    training, history = solo(small(), tiny, 45)
    assert_same_state(resumed.training, training)
    assert resumed.history.points == history.points


def test_after_a_crash_a_run_goes_on_from_its_snapshot_and_repeats_the_knobs(open_run, small, tiny):
    run = open_run()
    play(run, 10)
    run.snapshot()
    run.obey(SetKnob(name="level", value=0.6))  # at the very step of the snapshot
    play(run, 7)
    run.obey(SetKnob(name="level", value=0.9))
    play(run, 6)
    run.emit()
    reader = FrameReader(run.folder.frames)
    reader.poll()
    resumed = open_run()  # nothing was said to the first one: it was killed
    assert resumed.training.step == 10
    assert resumed.training.knob_values["level"] == 0.6
    reset, messages = reader.poll()
    assert reset
    assert unpack(messages[-1])[0]["step"] <= 10
    play(resumed, 30)
    pause(resumed)
    training, history = solo(small(), tiny, 40, [(10, "level", 0.6), (17, "level", 0.9)])
    assert_same_state(resumed.training, training)
    assert resumed.history.points == history.points
    assert frames(resumed)[-1][0]["knobs"]["level"] == [0.9, 17]


def test_whoever_turns_a_knob_while_a_crash_is_made_good_for_has_the_last_word(open_run, small, tiny):
    run = open_run()
    play(run, 10)
    run.snapshot()
    play(run, 7)
    run.obey(SetKnob(name="level", value=0.9))
    run.obey(SetKnob(name="learning_rate", value=0.01))
    second = open_run()
    play(second, 2)
    second.obey(SetKnob(name="level", value=0.1))
    expected = solo(small(), tiny, 30, [(12, "level", 0.1), (17, "learning_rate", 0.01)])[0]
    play(second, 18)
    assert_same_state(second.training, expected)
    third = open_run()  # a second crash, still from the snapshot at step 10
    play(third, 20)
    assert_same_state(third.training, expected)


def test_a_knob_turned_at_rest_is_not_lost(open_run):
    run = open_run()
    play(run, 5)
    pause(run)
    run.obey(SetKnob(name="level", value=0.7))
    run.rest_before_exit("The server was stopped here.")
    resumed = open_run()
    assert resumed.training.knob_values["level"] == 0.7
    resumed.obey(SetKnob(name="level", value=0.2))
    play(resumed, 3)
    assert resumed.training.knob_values["level"] == 0.2


def test_single_steps_are_not_lost(open_run):
    run = open_run()
    for _ in range(3):
        run.obey(Step())
    run.rest_before_exit("The server was stopped here.")
    assert open_run().training.step == 3


def test_a_running_run_is_saved_before_exit(open_run):
    run = open_run()
    play(run, 8)
    run.rest_before_exit("The server was stopped here.")
    resumed = open_run()
    assert (resumed.training.step, resumed.status) == (8, "paused")
    assert resumed.message == "The server was stopped here."


@pytest.mark.parametrize("status", ["stopped", "finished"])
def test_opening_a_run_does_not_change_what_it_says(open_run, small, status):
    run = open_run(experiment=small(epochs=3))
    if status == "finished":
        finish(run)
    else:
        play(run, 4)
        run.obey(Stop())
    count = len(frames(run))
    again = open_run()
    assert (run.status, again.status) == (status, status)
    again.obey(SendWeights())
    assert again.status == status
    assert len(frames(again)) == count


def test_a_run_ends_after_its_epochs_and_play_extends_it(open_run, small, tiny):
    run = open_run(experiment=small(epochs=3))
    finish(run)
    assert (run.status, run.training.step) == ("finished", 18)
    assert frames(run)[-1][0]["status"] == "finished"
    finish(run)
    assert (run.status, run.training.step) == ("finished", 36)
    assert run.experiment.train.epochs == 6
    training, _ = solo(small(epochs=6), tiny, 36)
    assert_same_state(run.training, training)
    run.obey(Step())
    assert run.training.step == 37
    assert open_run().training.steps == run.training.steps


def test_a_rested_run_is_a_checkpoint(open_run, small):
    run = open_run()
    play(run, 25)
    run.obey(SetKnob(name="level", value=0.5))
    run.obey(Stop())
    model = Autoencoder.load(run.folder.path)
    assert model.objective.level == 0.5
    for ours, theirs in zip(model.state_dict().values(), run.training.model.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)
    assert json.loads((run.folder.path / "history.json").read_text()) == run.history.points
    checkpoint = Checkpoint.read(run.folder.path)
    assert checkpoint.experiment == small().with_knobs({"level": 0.5}).model_dump(mode="json")


def test_a_checkpoint_without_a_state_is_gone_on_from(open_run, tiny):
    run = open_run()
    play(run, 25)
    pause(run)
    run.folder.state.unlink()
    resumed = open_run()
    assert resumed.training.step == 25
    for ours, theirs in zip(resumed.training.model.parameters(), run.training.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    play(resumed, 15)
    steps = [point["step"] for point in resumed.history.points]
    assert steps == [10, 20, 30, 40]
    assert all(
        0.5 < p["reconstruction"] / run.history.points[-1]["reconstruction"] < 1.5 for p in resumed.history.points
    )


@pytest.mark.parametrize("damage", [b"", b"\xff" * 1000])
def test_a_damaged_state_is_told(open_run, damage):
    run = open_run()
    run.folder.state.write_bytes(damage)
    with pytest.raises(CheckpointError):
        open_run()


@pytest.mark.parametrize("damage", [None, b"", b"\xff" * 1000])
def test_a_damaged_log_is_begun_anew_where_the_run_stands(open_run, damage):
    run = open_run()
    play(run, 6)
    pause(run)
    if damage is None:
        run.folder.frames.unlink()
    else:
        run.folder.frames.write_bytes(damage)
    resumed = open_run()
    play(resumed, 1)
    pause(resumed)
    assert unpack(read_log(run.folder.frames)[1][0].payload)[0]["kind"] == "scene"
    assert [meta["step"] for meta, _ in frames(resumed)][:2] == [6, 6]


def test_weights_are_written_only_when_the_step_changed(open_run):
    run = open_run()
    run.obey(SendWeights())
    meta, arrays = unpack(run.folder.weights.read_bytes())
    assert meta["step"] == 0
    assert np.array_equal(arrays["0.weight"], run.training.model.network.decoder[0].weight.detach())
    run.folder.weights.unlink()
    run.obey(SendWeights())
    assert not run.folder.weights.exists()
    run.obey(Step())
    run.obey(SendWeights())
    assert unpack(run.folder.weights.read_bytes())[0]["step"] == 1
    run.obey(Rewind())
    run.obey(SendWeights())
    assert unpack(run.folder.weights.read_bytes())[0]["step"] == 0


def test_the_encoder_is_written_only_for_who_asks_for_it(open_run):
    run = open_run()
    run.obey(SendWeights())
    assert not run.folder.network.exists()
    run.obey(SendWeights(encoder=True))
    meta, arrays = unpack(run.folder.network.read_bytes())
    assert meta["encoder"][0]["op"] == "linear"
    assert np.array_equal(arrays["encoder.0.weight"], run.training.model.network.encoder[0].weight.detach())
    run.folder.network.unlink()
    run.obey(SendWeights(encoder=True))
    assert not run.folder.network.exists()
    run.obey(Step())
    run.obey(SendWeights())
    run.obey(SendWeights(encoder=True))
    assert unpack(run.folder.network.read_bytes())[0]["step"] == 1


# --- what goes wrong ---------------------------------------------------------------------------------


def poison(run):
    with torch.no_grad():
        run.training.model.network.encoder[0].weight[0, 0] = float("nan")


def test_divergence_stops_the_run_with_a_message_and_keeps_the_last_good_weights(open_run):
    run = open_run()
    play(run, 3)
    run.emit()
    good = {name: value.clone() for name, value in run.training.model.state_dict().items()}
    poison(run)
    while run.status == "running":
        play(run, 1)
    assert run.status == "diverged"
    assert "learning rate" in run.message
    assert "\n" not in run.message
    assert run.training.step <= 10
    for name, value in run.training.model.state_dict().items():
        assert torch.equal(value, good[name])
    assert frames(run)[-1][0]["status"] == "diverged"
    assert all(math.isfinite(value) for value in frames(run)[-1][0]["test"].values())
    Autoencoder.load(run.folder.path)  # raises if they were not finite
    again = open_run()
    assert (again.status, again.message) == (run.status, run.message)


def test_a_diverged_run_can_be_rewound(open_run, small, tiny):
    run = open_run()
    play(run, 3)
    poison(run)
    play(run, 10)
    run.obey(SetKnob(name="learning_rate", value=1e-4))
    run.obey(Rewind())
    assert (run.status, run.message) == ("paused", "")
    play(run, 15)
    assert_same_state(run.training, solo(small(), tiny, 15, [(0, "learning_rate", 1e-4)])[0])


def test_a_diverged_run_can_go_on_from_the_good_weights(open_run):
    run = open_run()
    play(run, 13)
    poison(run)
    play(run, 10)
    step = run.training.step
    play(run, 25)
    assert (run.status, run.training.step) == ("running", step + 25)
    assert all(math.isfinite(value) for point in run.history.points for value in point.values())


def test_a_snapshot_is_never_of_weights_that_are_no_numbers(open_run):
    run = open_run()
    play(run, 5)
    pause(run)
    poison(run)
    run.status = "running"
    run.guarded(run.snapshot)
    assert run.status == "diverged"
    assert all(value.isfinite().all() for value in open_run().training.model.state_dict().values())


def test_a_learning_rate_that_is_far_too_high_ends_finite(open_run, small):
    """Adam's steps are bounded by the learning rate: such a run ends badly, or diverges with a message."""
    run = open_run(experiment=small("linear", epochs=50))
    run.obey(SetKnob(name="learning_rate", value=1.0))
    finish(run)
    assert run.status in ("finished", "diverged")
    assert all(value.isfinite().all() for value in run.training.model.state_dict().values())


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk"),
    ],
)
def test_what_the_machine_lacks_ends_the_run_with_a_message(open_run, monkeypatch, error, word):
    run = open_run()

    def fail(*_):
        raise error

    monkeypatch.setattr(LiveRun, "_train_once", fail)
    play(run, 1)
    assert run.status == "failed"
    assert word in run.message


# --- pace --------------------------------------------------------------------------------------------


def test_a_pace_gives_a_step_for_each_of_its_parts_of_time(open_run):
    run = open_run()
    run.obey(SetPace(steps_per_second=10))
    play(run, 3)
    assert run.training.step == 0
    for i in range(20):
        run.earn(0.05)
        run.advance(1.0)
        assert run.training.step == (i + 1) // 2
    run.earn(60)  # time that passed while nobody could train is not made up for
    run.advance(1.0)
    assert run.training.step == 11


def test_a_pace_set_after_full_speed_holds_at_once(open_run):
    run = open_run()
    play(run, 50)
    run.obey(SetPace(steps_per_second=100))
    run.earn(0.011)
    run.advance(1.0)
    assert run.training.step == 51
    run.obey(SetPace())
    play(run, 5)
    assert run.training.step == 56


def test_a_finished_run_goes_on_when_a_knob_is_turned(open_run, small):
    run = open_run(experiment=small(epochs=1))
    finish(run)
    assert run.status == "finished"
    end = run.training.step
    run.obey(SetKnob(name="level", value=0.7))
    assert run.status == "running"
    run.advance(0.0)
    while run.training.step == end:
        run.advance(0.01)
    assert frames(run)[-1][0]["knobs"]["level"] == [0.7, end]


@pytest.mark.parametrize("command", [Pause(), Stop()])
def test_a_run_that_somebody_halted_stays_so_when_a_knob_is_turned(open_run, command):
    run = open_run()
    play(run, 3)
    run.obey(command)
    before = run.status
    run.obey(SetKnob(name="level", value=0.7))
    assert (run.status, run.training.step) == (before, 3)
