"""A stack can be stopped and resumed, and survives a cell that diverges."""

import pytest
import torch

from aelib import ConfigError, DataError, Experiment
from aelib.sweep import StackedTraining, SweepSpec, state_of_cell


def sweep_of(variant="variational", knob="seed", values=(0, 1, 2), *, learning_rate=1e-3, **objective):
    network = {"hidden": (16,)} if variant != "linear" else {}
    train = {"epochs": 4, "batch_size": 32, "learning_rate": learning_rate}
    base = Experiment.of("digits", variant, network=network, objective=objective, train=train)
    return SweepSpec(base=base, knob=knob, values=values)


def trace(records):
    """Everything that the records say, exact; NaN as a word, so that it equals itself."""

    def exact(values):
        return [repr(value) for value in values.tolist()]

    def all_exact(figures):
        return figures and {name: exact(values) for name, values in figures.items()}

    return [(r.step, r.epoch, all_exact(r.terms), all_exact(r.test)) for r in records]


RESUMED = {
    "noise of one seed": sweep_of("denoising", "level", (0.1, 0.5)),
    "seeds": sweep_of("conditional"),
    "learning rates": sweep_of("variational", "learning_rate", (1e-4, 1e-3, 1e-2)),
    "renewal": sweep_of("k_sparse", "k", (1, 5), resample_every=1),
    "stages": sweep_of("stacked_denoising", "level", (0.1, 0.5), epochs_per_layer=1),
}


@pytest.mark.parametrize("sweep", RESUMED.values(), ids=RESUMED)
@pytest.mark.parametrize("stop", [0, 1, 6, 9])
def test_a_resumed_stack_goes_on_bit_for_bit(sweep, stop, tiny):
    undisturbed = StackedTraining(sweep, tiny)
    expected = trace(undisturbed)
    assert len(expected) == 24  # 4 epochs of ⌊192 / 32⌋ steps
    first = StackedTraining(sweep, tiny)
    found = trace(next(first) for _ in range(stop))
    state = first.state_dict()
    list(first)  # the state is a copy: that its owner goes on does not change it
    second = StackedTraining(sweep, tiny)
    second.load_state_dict(state)
    assert found + trace(second) == expected
    for name, ours in undisturbed.model.parameters().items():
        assert torch.equal(ours, second.model.parameters()[name]), name


def test_the_global_generator_has_no_say_and_is_left_alone(tiny):
    expected = trace(StackedTraining(sweep_of(), tiny))
    torch.manual_seed(99)
    before = torch.get_rng_state()
    assert trace(StackedTraining(sweep_of(), tiny)) == expected
    assert torch.equal(torch.get_rng_state(), before)


def test_looking_does_not_disturb(tiny):
    expected = trace(StackedTraining(sweep_of("denoising"), tiny))
    watched, found = StackedTraining(sweep_of("denoising"), tiny), []
    for record in watched:
        found.append(record)
        watched.evaluate()
        watched.state_dict()
        watched.model.reconstruct(tiny.test.x)
        watched.model.model(1)
    assert trace(found) == expected


# --- divergence ------------------------------------------------------------------------------------


WILD = 0.3


def diverging(values):
    """Eighteen linear layers: at such a learning rate their product leaves the range of a float within some steps."""
    network = {"hidden": (64,) * 8}
    base = Experiment.of("digits", "linear", network=network, train={"epochs": 4, "batch_size": 32})
    return SweepSpec(base=base, knob="learning_rate", values=values)


def test_a_cell_that_diverges_is_marked_and_held_and_the_others_do_not_notice(tiny):
    stack = StackedTraining(diverging((1e-4, WILD, 1e-3)), tiny)
    records = list(stack)
    step = int(stack.diverged[1])
    assert 1 < step < 24
    assert stack.diverged.tolist() == [0, step, 0]
    losses = torch.stack([record.loss for record in records])
    assert losses[: step - 1].isfinite().all()
    assert not losses[step - 1 :, 1].isfinite().any()
    assert losses[step:, 1].isnan().all()
    assert stack.model.codes(tiny.test.x).isfinite().all()
    assert all(value.isfinite().all() for value in stack.state_dict().values() if value.is_floating_point())
    tame = StackedTraining(diverging((1e-4, 5e-3, 1e-3)), tiny)
    tame_losses = torch.stack([record.loss for record in tame])
    assert tame.diverged.tolist() == [0, 0, 0]
    # The highest learning rate of the two sweeps differs, and with it the rounding of the shares of it.
    torch.testing.assert_close(losses[:, [0, 2]], tame_losses[:, [0, 2]], rtol=1e-4, atol=0)


@pytest.mark.parametrize("damage", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("at", [0, 4, 13])
def test_the_others_are_equal_bit_for_bit_to_those_of_a_sweep_where_none_diverges(damage, at, tiny):
    sweep = sweep_of("vanilla")
    healthy, hurt = StackedTraining(sweep, tiny), StackedTraining(sweep, tiny)
    for _ in range(at):
        next(healthy), next(hurt)
    with torch.no_grad():
        hurt.model.parameters()["encoder.0.weight"][1] = damage
        hurt.model.parameters()["decoder.1.bias"][1] = damage  # a sigmoid would hide what the encoder does
        if damage == 1e30:
            hurt.model.parameters()["decoder.1.weight"][1] = float("nan")
    for ours, theirs in zip(hurt, healthy, strict=True):
        for name in theirs.terms:
            assert torch.equal(ours.terms[name][[0, 2]], theirs.terms[name][[0, 2]])
    for name, parameter in healthy.model.parameters().items():
        assert torch.equal(hurt.model.parameters()[name][[0, 2]], parameter[[0, 2]]), name
    assert hurt.diverged.tolist() == [0, at + 1, 0]


@pytest.mark.parametrize("steps", [14, 20])  # step 21 would copy the weights
def test_a_diverged_cell_is_held_at_weights_that_it_had_at_most_ten_steps_before(steps, tiny):
    stack, seen = StackedTraining(sweep_of("vanilla"), tiny), []
    for _ in range(steps):
        seen.append(stack.model.parameters()["decoder.0.weight"][1].detach().clone())
        next(stack)
    with torch.no_grad():
        stack.model.parameters()["decoder.0.weight"][1] = torch.nan
    list(stack)
    held = stack.model.parameters()["decoder.0.weight"][1]
    assert [i for i, weights in enumerate(seen) if torch.equal(weights, held)] == [10]


def test_a_stack_with_a_diverged_cell_can_be_resumed(tiny):
    sweep = diverging((1e-4, WILD, 1e-3))
    undisturbed = StackedTraining(sweep, tiny)
    expected = trace(undisturbed)
    for stop in (int(undisturbed.diverged[1]), 20):
        first, second = StackedTraining(sweep, tiny), StackedTraining(sweep, tiny)
        found = trace(next(first) for _ in range(stop))
        second.load_state_dict(first.state_dict())
        assert found + trace(second) == expected
        assert torch.equal(second.diverged, undisturbed.diverged)


# --- misuse ----------------------------------------------------------------------------------------


def test_a_state_of_another_sweep_is_refused(tiny, complains):
    state = StackedTraining(sweep_of("vanilla", values=(0, 1, 2)), tiny).state_dict()
    with complains(ConfigError, "another sweep"):
        StackedTraining(sweep_of("vanilla", values=(0, 1)), tiny).load_state_dict(state)
    with complains(ConfigError, "another sweep"):
        StackedTraining(sweep_of("variational", values=(0, 1, 2)), tiny).load_state_dict(state)
    del state["step"]
    with complains(ConfigError, "another sweep"):
        StackedTraining(sweep_of("vanilla", values=(0, 1, 2)), tiny).load_state_dict(state)


def test_convolutions_are_not_stacked(tiny, complains):
    sweep = SweepSpec(base=Experiment.of(variant="convolutional"), knob="seed", values=(0, 1))
    with complains(ConfigError, "Convolutional", "runs of their own"):
        StackedTraining(sweep, tiny)


def test_data_and_examples_that_do_not_fit_are_refused(tiny, complains):
    with complains(DataError, "(3,)", "(1, 8, 8)", "tiny"):
        StackedTraining(SweepSpec(base=Experiment.of("swiss_roll"), knob="seed", values=(0, 1)), tiny)
    model = StackedTraining(sweep_of("conditional"), tiny).model
    with complains(DataError, "(1, 8, 8)", "(5, 3)"):
        model.codes(torch.zeros(5, 3))
    with complains(DataError, "5 whole numbers"):
        model.reconstruct(torch.zeros(5, 64), torch.zeros(4, dtype=torch.int64))


# --- one cell goes on alone ------------------------------------------------------------------------


@pytest.mark.parametrize("sweep", RESUMED.values(), ids=RESUMED)
@pytest.mark.parametrize("stop", [0, 6, 9])
def test_a_cell_goes_on_alone_as_it_would_have_in_the_sweep(sweep, stop, tiny):
    stack = StackedTraining(sweep, tiny)
    for _ in range(stop):
        next(stack)
    singles = [cell.build(tiny) for cell in sweep.cells]
    state = stack.state_dict()
    for k, single in enumerate(singles):
        single.load_state_dict(state_of_cell(state, k))
        assert single.step == stop
    for _ in range(24 - stop):
        expected, found = next(stack), [next(single) for single in singles]
        assert [record.loss for record in found] == pytest.approx(expected.loss.tolist(), rel=1e-4)


def test_a_cell_that_diverged_goes_on_alone_from_its_last_good_weights(tiny):
    stack = StackedTraining(diverging((1e-4, WILD, 1e-3)), tiny)
    list(stack)
    single = stack.sweep.cells[1].build(tiny)
    single.load_state_dict(state_of_cell(stack.state_dict(), 1))
    assert single.step == 24
    for name, value in stack.model.parameters().items():
        assert torch.equal(single.model.network.get_parameter(name), value[1])
    single.set_knob("learning_rate", 1e-5)
    single.extend()
    assert all(torch.isfinite(torch.tensor(next(single).loss)) for _ in range(3))


def test_weights_that_are_no_numbers_before_anybody_noticed_are_not_handed_on(tiny):
    stack = StackedTraining(sweep_of("vanilla"), tiny)
    for _ in range(3):
        next(stack)
    with torch.no_grad():
        stack.model.parameters()["decoder.0.weight"][1] = torch.nan
    state = state_of_cell(stack.state_dict(), 1)
    assert all(value.isfinite().all() for name, value in state.items() if name.startswith("model."))


def test_a_state_that_is_none_has_no_cells(complains):
    with complains(ConfigError, "incomplete"):
        state_of_cell({}, 0)


def test_a_stack_can_be_extended(tiny):
    longer = sweep_of("denoising")
    longer = longer.replace(base=longer.base.replace(train=longer.base.train.replace(epochs=8)))
    expected = trace(StackedTraining(longer, tiny))
    stack = StackedTraining(sweep_of("denoising"), tiny)
    found = trace(stack)
    stack.extend()
    assert found + trace(stack) == expected
