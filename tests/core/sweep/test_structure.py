"""What a sweep over code sizes, variants or hidden layers may consist of."""

import pytest

from aelib import VARIANTS, ConfigError, Experiment
from aelib.sweep import StackedTraining, StructureSweep, SweepSpec, read_sweep

TRAIN = {"seed": 5, "batch_size": 48, "epochs": 7, "evaluate_every": 0}
VANILLA = Experiment.of("digits", "vanilla", train=TRAIN)
DENOISING = Experiment.of("digits", "denoising", network={"latent": 4}, objective={"level": 0.6}, train=TRAIN)
K_SPARSE = Experiment.of("digits", "k_sparse", network={"latent": 8}, objective={"k": 5})


def cells(base, setting, *values):
    return StructureSweep(base=base, setting=setting, values=values).cells


def test_code_sizes():
    found = cells(DENOISING, "latent", 1, 64)
    assert [cell.network.latent for cell in found] == [1, 64]
    assert {cell.replace(network=DENOISING.network) for cell in found} == {DENOISING}


def test_a_knob_that_is_too_large_for_a_smaller_code_gives_way():
    assert [cell.objective.k for cell in cells(K_SPARSE, "latent", 2, 5, 16)] == [2, 5, 5]


def test_hidden_layers():
    sweep = StructureSweep(base=DENOISING, setting="hidden", values=("256, 64", "32", "0"))
    assert [cell.network.hidden for cell in sweep.cells] == [(256, 64), (32,), ()]
    assert {cell.replace(network=DENOISING.network) for cell in sweep.cells} == {DENOISING}
    assert sweep.names == ("hidden 256–64", "hidden 32", "no hidden layer")


def test_variants_share_data_seed_batches_code_size_and_the_knobs_that_both_have():
    names = [name for name in VARIANTS if name != "denoising"]
    for name, cell in zip(names, cells(DENOISING, "variant", *names), strict=True):
        assert (cell.variant, cell.dataset, cell.network.latent) == (name, "digits", 4)
        shared = ("seed", "batch_size", "epochs", "evaluate_every")
        assert [getattr(cell.train, setting) for setting in shared] == [TRAIN[setting] for setting in shared]
        own = Experiment.of("digits", name, network={"latent": 4}, train=TRAIN)
        level = {"level": 0.6} if name == "stacked_denoising" else {}
        assert cell == own.with_knobs(level), name


def test_a_variant_keeps_what_the_base_changed_where_it_has_that_setting():
    changed = {"hidden": (48,), "activation": "tanh"}
    base = Experiment.of("digits", "vanilla", network=changed, train={"learning_rate": 2e-3})
    denoising, linear, convolutional = cells(base, "variant", "denoising", "linear", "convolutional")
    assert (denoising.network.hidden, denoising.network.activation) == ((48,), "tanh")
    assert (linear.network.hidden, linear.network.activation) == ((48,), "identity")  # which is what makes it linear
    assert (convolutional.network.kind, convolutional.network.activation) == ("conv", "tanh")
    assert {cell.train.learning_rate for cell in (denoising, linear, convolutional)} == {2e-3}


def test_a_weight_of_another_penalty_is_not_kept():
    base = Experiment.of("digits", "sparse", network={"latent": 4}, objective={"weight": 3})
    contractive, itself = cells(base, "variant", "contractive", "sparse")
    assert contractive.objective.weight == Experiment.of("digits", "contractive").objective.weight
    assert itself == base


@pytest.mark.parametrize(
    ("setting", "values"), [("latent", (1, 2)), ("variant", ("linear", "sparse")), ("hidden", ("0", "8"))]
)
def test_it_survives_json_and_is_told_from_a_sweep_of_a_knob(setting, values):
    sweep = StructureSweep(base=VANILLA, setting=setting, values=values)
    knob = SweepSpec(base=VANILLA, knob="seed", values=(0, 1))
    assert [read_sweep(each.model_dump_json()) for each in (sweep, knob)] == [sweep, knob]


def test_it_says_what_it_is():
    assert StructureSweep(base=VANILLA, setting="latent", values=(2, 32, 8)).title == (
        "code size from 2 to 32 on Vanilla · Digits 8×8"
    )
    variants = StructureSweep(base=VANILLA, setting="variant", values=("linear", "variational"))
    assert variants.title == "2 variants on Digits 8×8"
    assert variants.names == ("Linear", "Variational (β)")


MISUSE = {
    "code size beyond the data": (VANILLA, "latent", (2, 65), ["1 to 64", "Digits", "65"]),
    "of points": (Experiment.of("swiss_roll"), "latent", (1, 4), ["1 to 3", "Swiss roll", "4"]),
    "no code": (VANILLA, "latent", (0, 2), ["1 to 64", "got 0"]),
    "words": (VANILLA, "latent", ("many", 2), ["whole number", "many"]),
    "half a unit": (VANILLA, "latent", (1.5, 2), ["values"]),
    "65 values": (VANILLA, "latent", tuple(range(65)), ["2 to 64 values", "65"]),
    "one value": (VANILLA, "latent", (2,), ["2 to 64 values", "got 1"]),
    "twice the same": (VANILLA, "hidden", ("64, 32", "64-32"), ["64-32 more than once"]),
    "unknown variant": (VANILLA, "variant", ("linear", "magic"), ["'magic'", "denoising"]),
    "a variant without classes": (Experiment.of("swiss_roll"), "variant", ("vanilla", "conditional"), ["class"]),
    "convolutions of points": (Experiment.of("swiss_roll"), "variant", ("vanilla", "convolutional"), ["pictures"]),
    "a width of none": (VANILLA, "hidden", ("64", "wide"), ["Widths", "wide"]),
    "hidden layers that the variant fixes": (Experiment.of(variant="single_layer"), "hidden", ("0", "8"), ["hidden"]),
    "hidden layers of convolutions": (Experiment.of(variant="convolutional"), "hidden", ("0", "8"), ["perceptron"]),
    "an unknown setting": (VANILLA, "colour", (1, 2), ["setting", "colour"]),
}  # fmt: skip


@pytest.mark.parametrize(("base", "setting", "values", "words"), MISUSE.values(), ids=MISUSE)
def test_misuse_is_refused(base, setting, values, words, complains):
    with complains(ConfigError, *words):
        StructureSweep(base=base, setting=setting, values=values)


def test_it_is_not_stacked(tiny, complains):
    sweep = StructureSweep(base=VANILLA, setting="latent", values=(1, 2))
    assert not sweep.is_stackable
    with complains(ConfigError, "different shapes", "runs of their own"):
        StackedTraining(sweep, tiny)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "magic"}', '{"kind": "knob"}', "1" * 5000])
def test_what_is_no_sweep_is_refused(text, complains):
    with complains(ConfigError):
        read_sweep(text)
