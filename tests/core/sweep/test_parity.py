"""A stack equals its cells trained one by one, to rounding."""

import pytest
import torch

from aelib import Experiment, evaluate
from aelib.sweep import StackedTraining, SweepSpec, linear_values, log_values

STEPS = 300
#: Of each kind of objective: beyond the first stage, the first renewal and half of a warm-up.
FEWER = 120
#: Single and batched products add in another order; in 300 steps of Adam the last bit of a float grows to this.
RELATIVE = 1e-4


def experiment(variant, *, batch_size=64, learning_rate=None, epochs=20, evaluate_every=0, network=None, **objective):
    """Small, so that it is fast: 20 steps an epoch, a code of three units unless the variant has another."""
    shape = {"hidden": (16,)} if variant not in ("single_layer", "linear") else {}
    train = {"epochs": epochs, "batch_size": batch_size, "evaluate_every": evaluate_every}
    rate = {} if learning_rate is None else {"learning_rate": learning_rate}
    return Experiment.of("digits", variant, network={**shape, **(network or {})}, objective=objective,
                         train={**train, **rate})  # fmt: skip


def after(training, steps):
    """The record of that step."""
    for _ in range(steps - 1):
        next(training)
    return next(training)


def assert_equals_singles(sweep, data, steps=STEPS):
    stack = StackedTraining(sweep, data)
    record = after(stack, steps)
    for k, cell in enumerate(sweep.cells):
        single = cell.build(data)
        expected = after(single, steps)
        assert record.terms.keys() == expected.terms.keys()
        assert (record.step, record.epoch) == (expected.step, expected.epoch)
        for name, value in expected.terms.items():
            # A term is compared on the scale of the loss: one that is nearly 0 may be any nearly 0.
            assert abs(float(record.terms[name][k]) - value) <= RELATIVE * abs(expected.loss), (k, name)
        assert float(record.loss[k]) == pytest.approx(expected.loss, rel=RELATIVE), k


CASES = {
    "vanilla, seed": (experiment("vanilla"), "seed", (0, 2**31 - 1)),
    "vanilla, learning rate": (experiment("vanilla"), "learning_rate", (0, 3e-3)),
    "vanilla, kl": (experiment("vanilla", likelihood="kl_divergence"), "seed", (1, 2)),
    "vanilla, learned deviation": (experiment("vanilla", likelihood="gaussian"), "learning_rate", (1e-3, 2e-3)),
    "vanilla, fixed deviation": (
        experiment("vanilla", likelihood="gaussian", deviation="fixed"), "sigma", (0.1, 2),
    ),
    "linear": (experiment("linear"), "learning_rate", (1e-3, 5e-3)),
    "single layer": (experiment("single_layer"), "seed", (0, 1)),
    "tied": (experiment("vanilla", network={"tied": True}), "seed", (0, 1)),
    "masking": (experiment("denoising"), "level", (0, 0.3)),
    "masking, seed": (experiment("denoising"), "seed", (3, 4)),
    "masking, emphasis": (experiment("denoising", samples=2), "emphasis", (0, 0.8)),
    "gaussian noise": (experiment("denoising", corruption="gaussian"), "level", (0, 0.4)),
    "gaussian noise, seed": (experiment("denoising", corruption="gaussian", samples=2), "seed", (0, 1)),
    "salt and pepper": (experiment("denoising", corruption="salt_and_pepper"), "level", (0.1, 0.6)),
    "layer by layer": (experiment("stacked_denoising", epochs_per_layer=4), "level", (0.1, 0.5)),
    "sparse": (experiment("sparse", network={"latent": 12}), "weight", (0, 1)),
    "sparse, renewed": (experiment("sparse", network={"latent": 40}, resample_every=4), "weight", (0.5, 3)),
    "sparse, student": (experiment("sparse", prior="student_t", network={"latent": 12}), "weight", (0, 0.1)),
    "sparse KL": (experiment("sparse_kl", network={"latent": 12}), "weight", (1, 10)),
    "sparse KL, target": (experiment("sparse_kl", network={"latent": 12}), "rho", (0.01, 0.3)),
    "k-sparse": (experiment("k_sparse", network={"latent": 12}, resample_every=5), "k", (1, 4)),
    "k-sparse, seed": (experiment("k_sparse", network={"latent": 40}, resample_every=4), "seed", (0, 1)),
    "contractive": (experiment("contractive"), "weight", (0, 1)),
    "contractive, deep": (experiment("contractive", network={"hidden": (24, 12, 8)}), "weight", (0.1, 1)),
    "contractive, flat": (experiment("contractive", network={"hidden": ()}), "weight", (0.1, 1)),
    "variational": (experiment("variational"), "beta", (0, 4)),
    "β-TC variational": (experiment("tc_variational"), "beta", (1, 4)),
    "variational, seed": (experiment("variational", network={"tied": True}), "seed", (0, 1)),
    "variational, warm-up": (experiment("variational", warm_up=20), "beta", (1, 4)),
    "variational, free bits": (experiment("variational"), "free_bits", (0.5, 3)),
    "variational, bounded code": (experiment("variational", network={"code_activation": "tanh"}), "beta", (1, 4)),
    "conditional": (experiment("conditional"), "label_rate", (0.5, 1)),
    "conditional, seed": (experiment("conditional", network={"tied": True}), "seed", (0, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("base", "knob", "values"), CASES.values(), ids=CASES)
def test_cells_equal_single_runs(base, knob, values, digits):
    assert_equals_singles(SweepSpec(base=base, knob=knob, values=values), digits, FEWER)


def test_renewal_took_place(digits):
    """Else the cases above would not tell whether it is stacked rightly."""
    base, knob, values = CASES["sparse, renewed"]
    stack = StackedTraining(SweepSpec(base=base, knob=knob, values=values), digits)
    for _ in range(4 * stack.steps_per_epoch - 1):
        next(stack)
    weight = stack.model.parameters()["encoder.1.weight"]
    before = weight.detach().clone()
    next(stack)
    assert float((weight.detach() - before).abs().amax()) > 0.1  # a step of Adam at this rate moves a weight by 0.003


def test_sixteen_cells_equal_sixteen_single_runs(digits):
    base = experiment("variational", network={"hidden": (32,)})
    assert_equals_singles(SweepSpec(base=base, knob="beta", values=log_values(0.1, 10, 16)), digits)


def test_a_class_that_is_left_out_is_never_seen(digits):
    base = experiment("vanilla").model_copy(update={"left_out": 3})
    sweep = SweepSpec(base=base, knob="seed", values=(0, 1))
    assert len(StackedTraining(sweep, digits)._x) == int((digits.train.y != 3).sum())
    assert_equals_singles(sweep, digits, steps=30)


@pytest.mark.parametrize("variant", ["denoising", "k_sparse", "variational", "conditional"])
def test_what_is_seen_of_the_cells_equals_single_runs(variant, digits):
    """Held-out figures, codes, reconstructions, and models taken out; after the two epochs that these are left."""
    base = experiment(variant, epochs=2, evaluate_every=1)
    sweep = SweepSpec(base=base, knob="seed", values=(0, 1))
    stack = StackedTraining(sweep, digits)
    records = list(stack)
    assert [record.step for record in records if record.test] == [20, 40]
    x, y = digits.test.x, digits.test.y if variant == "conditional" else None
    codes, pictures = stack.model.codes(x), stack.model.reconstruct(x, y)
    for k, cell in enumerate(sweep.cells):
        single = cell.build(digits)
        expected = list(single)[-1].test
        assert records[-1].test.keys() == expected.keys()
        assert {name: float(value[k]) for name, value in records[-1].test.items()} == pytest.approx(expected, rel=1e-5)
        torch.testing.assert_close(codes[k], single.model.encode(x), rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(pictures[k], single.model(x, y), rtol=1e-4, atol=1e-4)
        one = stack.model.model(k)
        assert one.objective == cell.objective
        torch.testing.assert_close(one.encode(x), codes[k])
        ours = {name: float(value[k]) for name, value in stack.evaluate().figures.items()}
        assert evaluate(one, x, y) == pytest.approx(ours, rel=1e-5)


def test_the_knob_of_a_cell_is_that_of_its_model(digits, tmp_path):
    sweep = SweepSpec(base=experiment("variational"), knob="beta", values=(0.5, 2))
    stack = StackedTraining(sweep, digits)
    next(stack)
    model = stack.model.model(1)
    model.save(tmp_path)
    again = type(model).load(tmp_path)
    assert again.objective.beta == 2
    assert torch.equal(again.encode(digits.test.x), model.encode(digits.test.x))


def test_a_model_taken_out_is_a_copy(digits):
    stack = StackedTraining(SweepSpec(base=experiment("vanilla"), knob="seed", values=(0, 1)), digits)
    model, before = stack.model.model(0), stack.model.codes(digits.test.x)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert torch.equal(stack.model.codes(digits.test.x), before)


def test_cells_of_one_seed_share_weights_batches_and_noise(digits):
    """Two levels of noise that are equal to the eye give runs that are equal to the eye."""
    base = experiment("denoising")
    values = (0.3, 0.3 + 1e-7)
    stack = StackedTraining(SweepSpec(base=base, knob="level", values=values), digits)
    first, second = after(stack, 20).loss
    assert float(first) == pytest.approx(float(second), rel=1e-5)


def test_cells_with_seeds_of_their_own_share_nothing(digits):
    sweep = SweepSpec(base=experiment("variational"), knob="seed", values=linear_values(0, 3, 4))
    weights = StackedTraining(sweep, digits).model.parameters()["encoder.0.weight"]
    assert len({float(weight) for weight in weights.detach()[:, 0, 0]}) == 4
    assert len({float(loss) for loss in next(StackedTraining(sweep, digits)).loss}) == 4
