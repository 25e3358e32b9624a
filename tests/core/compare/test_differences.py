"""Settings that differ, those that do not, and what can be compared."""

import pytest

from aelib import VARIANTS, ConfigError, DataError, Experiment
from aelib.compare import SettingValues, check_comparable, differences, is_same_but_for_code_size


def test_equal_rows_are_folded_away():
    first = Experiment.of("digits", "denoising", train={"seed": 1})
    second = first.with_knobs({"level": 0.5}).model_copy(update={"train": first.train.replace(seed=2)})
    found = differences([first, second, first])
    assert found.differing == (
        SettingValues("objective.level", (0.3, 0.5, 0.3)),
        SettingValues("train.seed", (1, 2, 1)),
    )
    equal = {row.name: row.values for row in found.equal}
    assert equal["dataset"] == ("digits",) * 3
    assert equal["network.hidden"] == ((256, 64),) * 3
    assert equal["left_out"] == (None,) * 3


def test_a_setting_that_others_do_not_have_is_none_there():
    found = differences([Experiment.of("digits", "vanilla"), Experiment.of("digits", "variational")])
    values = {row.name: row.values for row in found.differing}
    assert values["variant"] == ("vanilla", "variational")
    assert values["objective.beta"] == (None, 1.0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_setting_of_an_experiment_is_in_one_of_the_two(variant):
    """Whatever is flattened can be put together again."""
    first, second = Experiment.of("digits", variant), Experiment.of("digits", "vanilla", train={"seed": 7})
    found = differences([first, second])
    assert not set(found.differing) & set(found.equal)
    tree = {}
    for row in (*found.differing, *found.equal):
        *above, name = row.name.split(".")
        branch = tree
        for part in above:
            branch = branch.setdefault(part, {})
        if row.values[0] is not None or name in ("left_out",):
            branch[name] = row.values[0]
    assert Experiment(**tree) == first


def test_one_experiment_differs_in_nothing():
    assert differences([Experiment.of()]).differing == ()


@pytest.mark.parametrize(
    ("experiments", "sentence"),
    [
        (
            (Experiment.of("digits"), Experiment.of("mnist"), Experiment.of("digits")),
            "Models can be compared on the same data only (got Digits 8×8 and MNIST).",
        ),
        (
            (Experiment.of("digits"), Experiment.of("mnist"), Experiment.of("shapes")),
            "Models can be compared on the same data only (got Digits 8×8, MNIST and Shapes).",
        ),
        (
            (Experiment.of("digits"), Experiment.of("digits", left_out=3)),
            "Models can be compared only when training left out the same class (got none and 3).",
        ),
    ],
)
def test_what_was_trained_on_other_examples_is_refused(experiments, sentence, complains):
    with complains(DataError, sentence):
        check_comparable(experiments)


def test_what_was_trained_on_the_same_examples_is_not():
    check_comparable([Experiment.of("digits", left_out=3), Experiment.of("digits", "variational", left_out=3)])
    check_comparable([Experiment.of()])


def test_another_shape_of_the_same_data_is_refused(complains):
    small = Experiment.of()
    wide = small.model_copy(update={"network": small.network.replace(shape=(1, 9, 9))})
    with complains(DataError, "same shape", "(1, 8, 8) and (1, 9, 9)"):
        check_comparable([small, wide])


def test_nothing_to_compare(complains):
    with complains(ConfigError, "at least one"):
        differences([])


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"network": {"latent": 9}}, True),
        ({"network": {"latent": 9}, "objective": {"level": 0.5}}, False),
        ({"train": {"epochs": 9}}, True),
        ({"train": {"seed": 9}}, False),
        ({"network": {"hidden": (9,)}}, False),
        ({"variant": "stacked_denoising"}, False),
    ],
)
def test_which_models_are_the_same_but_for_their_code_size(changes, same):
    given = {"variant": "denoising", **changes}
    assert is_same_but_for_code_size(Experiment.of(variant="denoising"), Experiment.of(**given)) is same


@pytest.mark.parametrize(("k", "same"), [(3.0, True), (2.0, False)])
def test_a_knob_may_only_give_way_to_a_smaller_code(k, same):
    first = Experiment.of(variant="k_sparse", network={"latent": 16})
    second = Experiment.of(variant="k_sparse", network={"latent": 3}, objective={"k": k})
    assert first.knob_values["k"] > 3
    assert is_same_but_for_code_size(first, second) is same
