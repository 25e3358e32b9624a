"""`LiveSweep`: what is seen of all cells, what is saved, and that neither changes what is trained."""

import time

import numpy as np
import pytest
import torch

from aelib import CheckpointError, ConfigError, Experiment, load_dataset
from aelib.frames.framelog import read_log
from aelib.frames.heldout import MIN_PROBES
from aelib.frames.message import unpack
from aelib.frames.sweepprobe import SweepProbe
from aelib.runs import FrameReader, RunFolder
from aelib.runs.cell import cell_snapshot
from aelib.runs.commands import Pause, Rewind, SendWeights, SetKnob, Step, Stop
from aelib.runs.history import History
from aelib.runs.live import LiveRun
from aelib.runs.livesweep import LiveSweep
from aelib.runs.livetraining import FRAME_RATE
from aelib.runs.sweephistory import SweepHistory
from aelib.sweep import StackedTraining, SweepSpec
from tests.runs.steering import assert_same_state, frames, play


def sweep_of(small, variant="denoising", knob="level", values=(0.1, 0.4, 0.7), **options):
    return SweepSpec(base=small(variant, **options), knob=knob, values=values)


#: At such a learning rate the product of eighteen linear layers leaves the range of a float within some steps.
WILD, DEEP = 0.3, {"hidden": (64,) * 8}


def wild_sweep(*rates):
    base = Experiment.of("digits", "linear", network=DEEP, train={"epochs": 10, "batch_size": 32, "evaluate_every": 0})
    return SweepSpec(base=base, knob="learning_rate", values=rates)


@pytest.fixture
def open_sweep(tmp_path, tiny, small):
    """The sweep in a folder, as it lies there, or a fresh one."""

    def make(sweep=None):
        (tmp_path / "sweep").mkdir(exist_ok=True)
        return LiveSweep(RunFolder(tmp_path / "sweep"), sweep or sweep_of(small), tiny, torch.device("cpu"))

    return make


def solo(sweep, data, steps):
    """The same training with nobody watching."""
    training, history = StackedTraining(sweep, data), SweepHistory()
    for _ in range(steps):
        record = next(training)
        history.add(record.step, record.terms)
    return training, history


# --- scene and frames --------------------------------------------------------------------------------


def test_the_scene_says_what_is_swept(open_sweep, small, tiny):
    live = open_sweep()
    meta, arrays = unpack(read_log(live.folder.frames)[1][0].payload)
    assert meta["kind"] == "sweep"
    assert meta["sweep"] == {
        "knob": "level", "label": "Noise level", "symbol": "ν", "scale": "linear", "values": [0.1, 0.4, 0.7],
        "names": ["ν = 0.1", "ν = 0.4", "ν = 0.7"],
    }  # fmt: skip
    assert Experiment.model_validate(meta["experiment"]) == small()
    assert (meta["dataset"], meta["latent"], meta["shape"], meta["range"]) == ("Digits 8×8", 2, [1, 8, 8], [0, 1])
    assert (meta["train_size"], meta["steps_per_epoch"], len(meta["classes"])) == (192, 6, 10)
    assert (meta["trade"]["name"], meta["trade"]["unit"]) == ("gain", "squared error")
    assert np.array_equal(arrays["labels"], tiny.test.y)
    assert np.array_equal(arrays["images"], (tiny.test.x.flatten(1) * 255 + 0.5).byte())
    assert arrays["strip"].shape == (10, 64)


@pytest.mark.parametrize(("variant", "latent"), [("denoising", 1), ("denoising", 2), ("variational", 5)])
def test_a_frame_shows_each_cell(open_sweep, small, tiny, variant, latent):
    knob, values = ("level", (0.1, 0.4)) if variant == "denoising" else ("beta", (0.5, 2))
    live = open_sweep(sweep_of(small, variant, knob, values, latent=latent))
    play(live, 7)
    live.obey(Pause())
    meta, arrays = frames(live)[-1]
    stack = live.training
    assert (meta["kind"], meta["step"], meta["epoch"], meta["steps"]) == ("sweepframe", 7, 2, 120)
    assert (meta["status"], meta["diverged"], meta["pace"]) == ("paused", [0, 0], None)
    found = stack.evaluate()
    for name in ("loss", "squared_error", "reconstruction"):
        assert meta["test"][name] == pytest.approx(found.figures[name].tolist(), rel=1e-5)
    assert meta["trade"] == pytest.approx(found.trade.tolist(), rel=1e-5)
    codes, pictures = stack.model.codes(tiny.test.x), stack.model.reconstruct(live.probe.strip)
    assert arrays["codes"].dtype == np.float16
    assert arrays["codes"].shape == (2, 64, min(latent, 2))
    for k in range(2):
        widest = codes[k].var(0).argsort(descending=True)[:2].tolist() if latent > 2 else list(range(latent))
        assert meta["units"][k] == widest
        assert np.array_equal(arrays["codes"][k], codes[k][:, widest].half())
        assert np.array_equal(arrays["strip"][k], (pictures[k].flatten(1) * 255 + 0.5).byte())
    assert (meta["in_use"] is None) == (variant == "denoising")


def test_a_frame_tells_how_many_units_each_cell_uses(open_sweep, small):
    """The first cell has collapsed, the second uses one unit of two, the third has a KL that is no number."""
    live = open_sweep(sweep_of(small, "variational", "beta", (0.5, 1, 2)))
    parameters = live.training.model.parameters()
    weight, bias = [name for name in parameters if name.startswith("encoder")][-2:]
    with torch.no_grad():
        parameters[weight].zero_()
        parameters[bias].copy_(torch.tensor([[0.1, 0, 0, 0], [0.2, 0.1, 0, 0], [torch.nan, 0, 0, 0]]))
    meta, _ = unpack(live.probe.frame(live.training, [], {}))
    assert meta["in_use"] == [0, 1, None]


def test_a_frame_carries_the_mean_of_the_steps_since_the_last(open_sweep, small, tiny):
    live = open_sweep()
    play(live, 40)
    live.obey(Pause())
    training = StackedTraining(sweep_of(small), tiny)
    losses = torch.stack([next(training).loss for _ in range(40)])
    before = 0
    assert frames(live)[0][0]["train"] == {}
    for meta, _ in frames(live):
        if meta["step"] > before:
            expected = losses[before : meta["step"]].mean(0).tolist()
            assert meta["train"]["reconstruction"] == pytest.approx(expected, rel=1e-5)
            before = meta["step"]
    assert before == 40


@pytest.mark.parametrize(("cells", "probes"), [(2, 500), (64, 500)])
def test_a_frame_is_small_however_many_cells_there_are(tmp_path, small, cells, probes):
    sweep = sweep_of(small, "vanilla", "seed", tuple(range(cells)))
    live = LiveSweep(RunFolder(tmp_path), sweep, load_dataset("digits"), torch.device("cpu"))
    [(_, arrays)] = frames(live)
    assert arrays["codes"].shape == (cells, probes, 2)
    assert arrays["codes"].nbytes <= 128 << 10
    assert arrays["strip"].nbytes <= 64 << 10


def test_large_networks_are_shown_with_fewer_examples():
    """Else 64 of the size of MNIST's would show a frame in twenty seconds."""
    data = load_dataset("digits")
    base = Experiment.of(network={"hidden": (256, 512)})
    for cells, probes in ((2, 500), (64, MIN_PROBES)):
        assert len(SweepProbe(data, SweepSpec(base=base, knob="seed", values=tuple(range(cells)))).x) == probes


def test_frames_cost_training_less_than_five_per_cent(tmp_path, small, monkeypatch):
    """Seconds of the processor; but for the first steps, whose frames have a budget of their own."""
    sweep = sweep_of(small, values=tuple(i / 16 for i in range(16)), epochs=100_000)
    live = LiveSweep(RunFolder(tmp_path), sweep, load_dataset("digits"), torch.device("cpu"))
    monkeypatch.setattr("aelib.runs.livetraining.FIRST_FRAMES_UNTIL", 0)
    play(live, 20)
    live.emit()
    spent, emit = [], LiveSweep.emit

    def timed(self):
        busy = time.thread_time()
        emit(self)
        spent.append(time.thread_time() - busy)

    monkeypatch.setattr(LiveSweep, "emit", timed)
    busy = time.thread_time()
    while len(spent) < 3 or time.thread_time() - busy < 1.0:
        live.advance(0.02)
    assert sum(spent) < 0.05 * (time.thread_time() - busy)


def test_frames_are_rate_limited(open_sweep, small, monkeypatch):
    live = open_sweep(sweep_of(small, epochs=100_000))
    monkeypatch.setattr("aelib.runs.livetraining.FIRST_FRAMES_UNTIL", 0)
    play(live, 20)
    start, count = time.monotonic(), len(frames(live))
    while time.monotonic() - start < 0.5:
        live.advance(0.02)
    assert len(frames(live)) - count <= FRAME_RATE * (time.monotonic() - start) + 1


def test_the_first_frames_may_not_cost_more_than_they_are_allowed_in_all(open_sweep, monkeypatch):
    """Else the frames of 64 cells would take as long as their steps."""
    live = open_sweep()
    play(live, 16)
    shown = len(frames(live))
    assert shown > 8
    monkeypatch.setattr("aelib.runs.livetraining.FIRST_FRAMES_SECONDS", 0.0)
    live.obey(Rewind())
    play(live, 16)
    assert len(frames(live)) < shown / 2


# --- commands ----------------------------------------------------------------------------------------


def test_watching_and_pausing_leave_no_trace(open_sweep, small, tiny):
    live = open_sweep()
    for steps in (3, 1, 26):
        play(live, steps)
        live.obey(Pause())
    live.obey(Step())
    assert frames(live)[-1][0]["step"] == 31
    training, history = solo(sweep_of(small), tiny, 31)
    assert_same_state(live.training, training)
    assert live.history.state_of(1)[1] == history.state_of(1)[1]


@pytest.mark.parametrize(("command", "word"), [(SetKnob(name="level", value=0.5), "knobs"), (SendWeights(), "decoder")])
def test_what_only_a_run_can_do_is_refused(open_sweep, command, word):
    live = open_sweep()
    play(live, 2)
    with pytest.raises(ConfigError, match=word) as caught:
        live.guarded(live.obey, command)
    assert "open one of its cells as a run" in str(caught.value)
    play(live, 1)
    assert (live.status, live.training.step) == ("running", 3)


def test_rewinding_gives_the_same_sweep_again(open_sweep, small, tiny):
    live = open_sweep()
    reader = FrameReader(live.folder.frames)
    play(live, 13)
    reader.poll()
    live.obey(Rewind())
    assert (live.status, live.training.step) == ("running", 0)
    reset, messages = reader.poll()
    assert reset
    assert unpack(messages[0])[0]["kind"] == "sweep"
    play(live, 13)
    assert_same_state(live.training, solo(sweep_of(small), tiny, 13)[0])


def test_a_sweep_ends_after_its_epochs_and_play_extends_it(open_sweep, small, tiny):
    live = open_sweep(sweep_of(small, epochs=2))
    play(live, 13)
    assert (live.status, live.training.step) == ("finished", 12)
    play(live, 13)
    assert (live.status, live.training.step) == ("finished", 24)
    assert live.experiment_now.train.epochs == 4
    assert_same_state(live.training, solo(sweep_of(small, epochs=4), tiny, 24)[0])
    assert open_sweep(sweep_of(small, epochs=2)).training.steps == 24


# --- resting and going on ----------------------------------------------------------------------------


def test_a_resumed_sweep_goes_on_bit_for_bit(open_sweep, small, tiny):
    live = open_sweep()
    play(live, 17)
    live.obey(Pause())
    resumed = open_sweep()
    assert (resumed.training.step, resumed.status) == (17, "paused")
    play(resumed, 28)
    training, history = solo(sweep_of(small), tiny, 45)
    assert_same_state(resumed.training, training)
    assert [resumed.history.state_of(k)[1] for k in range(3)] == [history.state_of(k)[1] for k in range(3)]


def test_after_a_crash_a_sweep_goes_on_from_its_snapshot(open_sweep, small, tiny):
    live = open_sweep()
    play(live, 10)
    live.snapshot()
    play(live, 13)
    live.emit()
    reader = FrameReader(live.folder.frames)
    reader.poll()
    resumed = open_sweep()  # nothing was said to the first one: it was killed
    assert resumed.training.step == 10
    reset, messages = reader.poll()
    assert reset
    assert unpack(messages[-1])[0]["step"] <= 10
    play(resumed, 30)
    assert_same_state(resumed.training, solo(sweep_of(small), tiny, 40)[0])


def test_snapshots_are_spaced_by_what_they_cost(open_sweep, small, monkeypatch):
    live = open_sweep(sweep_of(small, epochs=100_000))
    play(live, 1)
    written = []
    monkeypatch.setattr(live.folder, "write_state", lambda *_: written.append(time.sleep(0.1)))
    monkeypatch.setattr("aelib.runs.livetraining.SNAPSHOT_EVERY", 0.05)
    start = time.monotonic()
    while time.monotonic() - start < 0.8:
        live.advance(0.01)
    assert len(written) == 1


# --- divergence --------------------------------------------------------------------------------------


def test_one_cell_that_diverges_is_marked_and_the_others_go_on(open_sweep, tiny):
    live = open_sweep(wild_sweep(1e-4, WILD, 1e-3))
    play(live, 40)
    live.obey(Pause())
    assert live.status == "paused"
    meta, arrays = frames(live)[-1]
    step = meta["diverged"][1]
    assert meta["diverged"] == [0, step, 0]
    assert 1 < step < 40
    assert meta["train"]["reconstruction"][1] is None
    assert all(value is not None for value in (*meta["test"]["squared_error"], meta["train"]["reconstruction"][0]))
    assert np.isfinite(arrays["codes"]).all()
    assert_same_state(live.training, solo(wild_sweep(1e-4, WILD, 1e-3), tiny, 40)[0])
    assert open_sweep(live.sweep).training.diverged.tolist() == [0, step, 0]


def test_a_sweep_without_a_cell_left_rests(open_sweep):
    live = open_sweep(wild_sweep(WILD, 2 * WILD))
    play(live, 59)
    assert live.status == "diverged"
    assert "every cell" in live.message
    meta, _ = frames(live)[-1]
    assert (meta["status"], 0 in meta["diverged"]) == ("diverged", False)
    last = live.training.step
    play(live, 3)
    assert (live.status, live.training.step) == ("diverged", last)
    live.guarded(live.obey, Step())
    assert (live.status, live.training.step) == ("diverged", last)
    again = open_sweep(live.sweep)
    assert (again.status, again.message) == (live.status, live.message)


def test_figures_that_are_no_numbers_are_null(open_sweep):
    live = open_sweep()
    play(live, 3)
    with torch.no_grad():
        live.training.model.parameters()["encoder.0.weight"][1] = torch.nan
    live.emit()
    meta, arrays = frames(live)[-1]
    assert meta["test"]["loss"][1] is None
    assert meta["trade"][1] is None
    assert None not in (meta["test"]["loss"][0], meta["test"]["loss"][2])
    assert np.isfinite(arrays["codes"]).all()


# --- a cell as a run ---------------------------------------------------------------------------------


def open_cell(live, k, path, tiny):
    """The run that goes on from the sweep's snapshot."""
    folder = RunFolder(path / f"cell{k}")
    folder.path.mkdir()
    state, meta = cell_snapshot(live.folder, k)
    folder.write_state(state, meta)
    return LiveRun(folder, Experiment.from_json(meta["experiment"]), tiny, torch.device("cpu"))


@pytest.mark.parametrize(("knob", "values"), [("level", (0.1, 0.7)), ("seed", (0, 1)), ("learning_rate", (1e-4, 1e-2))])
def test_a_cell_goes_on_as_in_the_undisturbed_sweep(open_sweep, small, tiny, tmp_path, knob, values):
    sweep = sweep_of(small, knob=knob, values=values)
    live = open_sweep(sweep)
    play(live, 23)
    live.obey(Pause())
    runs = [open_cell(live, k, tmp_path, tiny) for k in range(2)]
    training, history = solo(sweep, tiny, 60)
    for k, run in enumerate(runs):
        assert (run.status, run.training.step, run.experiment_now) == ("paused", 23, sweep.cells[k])
        first = unpack(read_log(run.folder.frames)[1][1].payload)[0]
        assert first["test"]["squared_error"] == pytest.approx(
            frames(live)[-1][0]["test"]["squared_error"][k], rel=1e-5
        )
        play(run, 37)
        expected = history.state_of(k)[1]["points"]
        assert [point["step"] for point in run.history.points] == [10, 20, 30, 40, 50, 60]
        for ours, theirs in zip(run.history.points, expected, strict=True):
            assert ours == pytest.approx(theirs, rel=1e-4)
        run.obey(Stop())
        found = frames(run)[-1][0]["test"]
        assert found["squared_error"] == pytest.approx(float(training.evaluate().figures["squared_error"][k]), rel=1e-4)
        run.obey(SetKnob(name="learning_rate", value=0.5))  # it is a run like any other
        assert run.folder.newest_model()[2] == 60


def test_a_diverged_cell_opens_at_its_last_good_weights(open_sweep, tiny, tmp_path):
    live = open_sweep(wild_sweep(1e-4, WILD))
    play(live, 40)
    live.obey(Pause())
    run = open_cell(live, 1, tmp_path, tiny)
    assert (run.status, run.training.step) == ("diverged", 40)
    assert f"step {int(live.training.diverged[1])}" in run.message
    for name, value in live.training.model.parameters().items():
        assert torch.equal(run.training.model.network.get_parameter(name), value[1])
    assert all(np.isfinite(list(point.values())).all() for point in run.history.points)
    assert frames(run)[-1][0]["status"] == "diverged"


def test_a_long_history_is_that_of_the_single_run():
    """Neighbouring windows are merged when there are many: alike in both."""
    history, cells = SweepHistory(), [History() for _ in range(3)]
    random = torch.Generator().manual_seed(0)
    for step in range(1, 20_100):
        terms = {"reconstruction": torch.rand(3, generator=random), "other": torch.rand(3, generator=random)}
        history.add(step, terms)
        for k, cell in enumerate(cells):
            cell.add(step, {name: value[k] for name, value in terms.items()})
    tensors, meta = history.state()
    again = SweepHistory.restored(tensors, meta)
    for k in range(3):
        ours, about = again.state_of(k)
        theirs, expected = cells[k].state()
        assert about["window"] == expected["window"] == 20
        assert [p["step"] for p in about["points"]] == [p["step"] for p in expected["points"]]
        for a, b in zip(about["points"], expected["points"], strict=True):
            assert a == pytest.approx(b, rel=1e-6)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_a_sweep_is_no_model(open_sweep):
    live = open_sweep()
    play(live, 3)
    live.obey(Stop())
    with pytest.raises(CheckpointError, match="cells as a run"):
        live.folder.newest_model()


def test_a_run_has_no_cells(open_run):
    run = open_run()
    with pytest.raises(CheckpointError, match="sweep"):
        cell_snapshot(run.folder, 0)
