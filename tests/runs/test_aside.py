"""A rewind can be undone, and that in turn: nothing that was trained is lost by one press of a key."""

import pytest

from aelib import ConfigError
from aelib.frames.kept import kept_steps
from aelib.frames.message import unpack
from aelib.runs import FrameReader
from aelib.runs.commands import Pause, Play, Rewind, SetKnob, Undo
from aelib.runs.folder import RunFolder
from tests.runs.steering import assert_same_state, frames, play


def steps_of(run):
    return [meta["step"] for meta, _ in frames(run)]


def test_a_rewind_is_undone_to_the_same_weights_knobs_frames_and_decoders(open_run, small, tiny):
    run = open_run()
    play(run, 20)
    run.obey(SetKnob(name="learning_rate", value=1e-4))
    play(run, 10)
    run.obey(Pause())
    before, kept, told = steps_of(run), kept_steps(run.folder.decoders), run.folder.read_events()
    run.obey(Rewind())
    assert (run.training.step, run.aside) == (0, 30)
    assert frames(run)[-1][0]["aside"] == 30
    run.obey(SetKnob(name="learning_rate", value=1e-2))
    play(run, 7)
    run.obey(Undo())
    assert (run.status, run.training.step, run.aside) == ("paused", 30, 7)
    assert run.training.knob_values["learning_rate"] == pytest.approx(1e-4)
    assert steps_of(run)[: len(before)] == before
    assert kept_steps(run.folder.decoders) == kept
    assert run.folder.read_events() == told
    # It goes on as if it had never been rewound.
    play(run, 5)
    other = small().build(tiny)
    for step in range(35):
        if step == 20:
            other.set_knob("learning_rate", 1e-4)
        next(other)
    assert_same_state(run.training, other)


def test_undone_twice_is_where_it_was(open_run):
    run = open_run()
    play(run, 9)
    run.obey(Rewind())
    play(run, 4)
    for step, aside in ((9, 4), (4, 9), (9, 4)):
        run.obey(Undo())
        assert (run.training.step, run.aside, run.status) == (step, aside, "paused")
        assert steps_of(run)[-1] == step


def test_a_viewer_is_told_to_begin_again(open_run):
    run = open_run()
    play(run, 9)
    reader = FrameReader(run.folder.frames)
    reader.poll()
    for command in (Rewind(), Undo()):
        run.obey(command)
        begins, messages = reader.poll()
        assert begins
        assert unpack(messages[0])[0]["kind"] == "scene"
        assert unpack(messages[-1])[0]["step"] == run.training.step


def test_a_finished_run_is_finished_again(open_run):
    run = open_run()
    run.obey(Play())
    while run.status == "running":
        run.advance(1.0)
    end = run.training.step
    run.obey(Rewind())
    run.obey(Undo())
    assert (run.status, run.training.step) == ("finished", end)


def test_what_can_be_undone_is_known_when_the_run_is_opened_again(open_run):
    run = open_run()
    play(run, 9)
    run.obey(Rewind())
    again = open_run()
    assert again.aside == 9
    again.obey(Undo())
    assert again.training.step == 9


def test_there_is_nothing_to_undo_before_a_rewind(open_run):
    run = open_run()
    play(run, 3)
    with pytest.raises(ConfigError, match="nothing to undo"):
        run.obey(Undo())
    assert run.training.step == 3


def test_a_damaged_past_is_none(open_run):
    run = open_run()
    play(run, 3)
    run.obey(Rewind())
    (run.folder.path / "aside" / "state.safetensors").write_bytes(b"damaged")
    assert open_run().aside is None


def test_a_copy_to_go_on_from_has_only_the_present(open_run, tmp_path):
    run = open_run()
    play(run, 3)
    run.obey(Rewind())
    run.folder.copy_to(tmp_path / "copy")
    assert RunFolder(tmp_path / "copy").aside.step is None
