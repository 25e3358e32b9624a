"""Settings and the URL: what is written is read again, and nonsense is told, never raised."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import DATASETS, VARIANTS, Experiment
from aelib.activations import ActivationName
from aelib.corruption import CorruptionName
from aelib.likelihood import LikelihoodName
from aelib.objectives.sparse import PriorName
from app.settings.settings import (
    ACTIVATIONS,
    CORRUPTIONS,
    LIKELIHOODS,
    PRIORS,
    SETTINGS,
    Choice,
    ClassOrNone,
    Flag,
    Whole,
    Widths,
    default_values,
    experiment_of,
    fits,
    from_query,
    offered,
    switched,
    to_query,
    values_of,
    with_network,
)

COMBINATIONS = [(data, variant) for data in DATASETS for variant in VARIANTS if fits(data, variant)]
#: Sizes that make small networks; other whole numbers may be anything in their range.
SMALL = {"latent": Whole(1, 64)}


def value_of(key, values):
    """Any value that a setting may have beside the others."""
    match SMALL.get(key, SETTINGS[key].kind):
        case Choice() | ClassOrNone():
            return st.sampled_from(offered(key, values))
        case Whole(low, high):
            return st.integers(low, high)
        case Flag():
            return st.booleans()
        case Widths(least, most):
            return st.lists(st.integers(1, 40), min_size=least, max_size=most).map(tuple)


def value_of_knob(knob):
    """Any value in a knob's range."""
    if knob.integer:
        return st.integers(int(knob.low), int(knob.high)).map(float)
    return st.floats(knob.low, knob.high)


@st.composite
def valid(draw):
    """Settings that fit together, and knobs within their ranges."""
    values = default_values(*draw(st.sampled_from(COMBINATIONS)))
    for key, setting in SETTINGS.items():
        if key not in ("data", "variant") and setting.applies(values):
            values[key] = draw(value_of(key, values))
    knobs = experiment_of(values, {}).knobs
    return values, {name: draw(value_of_knob(knob)) for name, knob in knobs.items()}


@given(valid())
@settings(max_examples=150, deadline=None)
def test_a_url_gives_the_same_settings_and_knobs_again(case):
    values, knobs = case
    query = to_query(values, knobs)
    assert all(isinstance(text, str) for text in query.values())
    assert from_query(query) == (values, knobs, [])
    assert from_query(query)[1] == knobs


@given(valid())
@settings(max_examples=50, deadline=None)
def test_an_experiment_gives_its_settings_again(case):
    values, knobs = case
    experiment = experiment_of(values, knobs)
    again = values_of(experiment, values["device"])
    assert {key: again[key] for key, s in SETTINGS.items() if s.applies(values)} == {
        key: values[key] for key, s in SETTINGS.items() if s.applies(values)
    }
    assert experiment.knob_values == knobs
    assert experiment_of(*from_query(to_query(values, knobs))[:2]) == experiment


def test_an_empty_url_gives_the_defaults():
    values, knobs, complaints = from_query({})
    assert values == default_values("mnist_sample", "variational")
    assert knobs == experiment_of(values, {}).knob_values
    assert complaints == []
    assert from_query({}, "digits")[0] == default_values("digits", "variational")


@pytest.mark.parametrize("link", [{"variant": "vanilla"}, {"seed": "3"}, {"beta": "0.5"}, {"epochs": "many"}])
def test_a_link_that_names_no_data_means_the_digits_as_in_version_0_1_0(link):
    assert from_query(link)[0]["data"] == "digits"


@pytest.mark.parametrize(("data", "variant"), COMBINATIONS)
def test_the_defaults_of_every_combination_are_an_experiment(data, variant):
    values = default_values(data, variant)
    assert set(values) == set(SETTINGS)
    experiment = experiment_of(values, {})
    plain = Experiment.of(data, variant, network={"latent": values["latent"]}, train=experiment.train.model_dump())
    assert experiment.network == plain.network
    assert experiment.knob_values == plain.knob_values


def test_what_fits_what():
    assert {variant for variant in VARIANTS if not fits("swiss_roll", variant)} == {"convolutional", "conditional"}
    assert {variant for variant in VARIANTS if not fits("iris", variant)} == {"convolutional"}
    assert all(fits(data, variant) for data, info in DATASETS.items() if info.is_image for variant in VARIANTS)
    roll, digits = default_values("swiss_roll", "vanilla"), default_values("digits", "vanilla")
    assert offered("loss", roll) == ["squared_error", "gaussian"]
    assert offered("loss", digits) == list(LIKELIHOODS)
    assert offered("loss", default_values("digits", "linear")) == ["squared_error", "gaussian"]
    assert offered("variant", digits) == list(VARIANTS)
    assert offered("left_out", digits) == [None, *range(10)]


@pytest.mark.parametrize(
    ("names", "literal"),
    [(ACTIVATIONS, ActivationName), (CORRUPTIONS, CorruptionName), (LIKELIHOODS, LikelihoodName), (PRIORS, PriorName)],
)
def test_every_choice_of_the_library_has_a_name(names, literal):
    assert set(names) == set(get_args(literal))
    assert len(set(names.values())) == len(names)


#: A link where a setting applies, then links where it does not.
WHERE = {
    "network": ({"variant": "vanilla"}, {"variant": "linear"}, {"variant": "vanilla", "data": "swiss_roll"}),
    "hidden": ({"variant": "vanilla"}, {"variant": "single_layer"}, {"variant": "vanilla", "network": "conv"}),
    "tied": ({"variant": "contractive"}, {"variant": "convolutional"}),
    "initialisation": ({"variant": "overcomplete"}, {"variant": "convolutional"}),
    "channels": ({"variant": "k_sparse", "network": "conv"}, {"variant": "k_sparse"}),
    "upsampling": ({"variant": "convolutional"}, {"variant": "vanilla"}),
    "activation": ({"variant": "vanilla"}, {"variant": "vanilla", "hidden": "0"}, {"variant": "linear"}),
    "code_activation": ({"variant": "sparse"}, {"variant": "sparse_kl"}),
    "corruption": ({"variant": "stacked_denoising"}, {"variant": "vanilla"}),
    "samples": ({"variant": "denoising"}, {"variant": "sparse"}),
    "epochs_per_layer": ({"variant": "stacked_denoising"}, {"variant": "denoising"}),
    "prior": ({"variant": "sparse"}, {"variant": "sparse_kl"}),
    "resample_every": ({"variant": "k_sparse"}, {"variant": "vanilla"}),
    "warm_up": ({"variant": "conditional"}, {"variant": "vanilla"}),
    "deviation": ({"variant": "vanilla", "loss": "gaussian"}, {"variant": "vanilla"}),
    "left_out": ({"variant": "vanilla"}, {"variant": "conditional"}, {"variant": "vanilla", "data": "swiss_roll"}),
}


@pytest.mark.parametrize("key", WHERE)
def test_a_setting_is_there_where_it_means_something(key):
    where, *elsewhere = (from_query(link) for link in WHERE[key])
    assert SETTINGS[key].applies(where[0])
    assert key in to_query(where[0], {})
    for values, _, complaints in elsewhere:
        assert complaints == []
        assert not SETTINGS[key].applies(values)
        assert key not in to_query(values, {})


def test_settings_and_knobs_do_not_share_a_name_in_the_url():
    knobs = {name for data, variant in COMBINATIONS for name in Experiment.of(data, variant).knobs}
    assert not knobs & set(SETTINGS)
    assert not {"run", "preset"} & (knobs | set(SETTINGS))


# --- choosing another variant or data set ----------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "latent"),
    [
        (("digits", "vanilla"), ("digits", "variational"), 7),  # both have 2 by default
        (("digits", "vanilla"), ("shapes", "vanilla"), 7),
        (("digits", "vanilla"), ("digits", "k_sparse"), 64),
        (("digits", "k_sparse"), ("digits", "vanilla"), 2),
        (("digits", "sparse"), ("digits", "k_sparse"), 64),
        (("digits", "overcomplete"), ("shapes", "overcomplete"), 1024),
    ],
)
def test_the_code_size_after_a_switch(before, after, latent):
    values = {**default_values(*before), "latent": 7, "seed": 5, "device": "cpu", "batch": 3}
    new = switched(values, *after)
    assert new == {**default_values(*after), "latent": latent, "seed": 5, "device": "cpu"}


def test_a_variant_that_does_not_fit_the_data_gives_way():
    new = switched(default_values("digits", "conditional"), "swiss_roll", "conditional")
    assert new == default_values("swiss_roll", "vanilla")


def test_a_knob_beyond_its_range_is_moved_to_the_end():
    values = {**default_values("digits", "k_sparse"), "latent": 3}
    assert experiment_of(values, {}).knob_values["k"] == 3
    assert experiment_of(values, {"k": 40.0, "learning_rate": -1.0}).knob_values == {"k": 3, "learning_rate": 0}


def test_knobs_of_another_variant_are_left_out():
    experiment = experiment_of(default_values("digits", "vanilla"), {"beta": 4.0, "learning_rate": 0.5})
    assert experiment.knob_values == {"learning_rate": 0.5}


# --- the URL ---------------------------------------------------------------------------------------


def test_a_url_is_short():
    values = default_values("digits", "denoising")
    assert to_query(values, {"level": 0.3, "learning_rate": 1e-3})["learning_rate"] == "0.001"
    assert "corruption" in to_query(values, {})
    assert "corruption" not in to_query(default_values("digits", "vanilla"), {})
    assert len(to_query(default_values("digits", "vanilla"), {})) <= len(SETTINGS) - 8


NONSENSE = {
    "data": "cats",
    "variant": "<script>alert(1)</script>",
    "latent": "0",
    "hidden": "256-x",
    "activation": "",
    "tied": "yes",
    "loss": "both",
    "batch": "1e3",
    "epochs": "99999999999999999999",
    "seed": "-1",
    "device": "quantum",
    "network": "transformer",
    "code_activation": "step",
    "initialisation": "0",
    "warm_up": "1.5",
    "left_out": "-1",
    "beta": "nan",
    "learning_rate": "inf",
}


@pytest.mark.parametrize(("key", "text"), NONSENSE.items())
def test_nonsense_gets_one_sentence_and_the_default(key, text):
    values, knobs, [complaint] = from_query({key: text})
    assert (values, knobs) == from_query({}, "digits")[:2]
    assert "in the link" in complaint
    assert complaint.endswith("The default is used.")
    assert "\n" not in complaint


ELSEWHERE = {
    "channels": ({"variant": "convolutional"}, "0"),
    "upsampling": ({"variant": "convolutional"}, "bilinear"),
    "corruption": ({"variant": "denoising"}, "coffee"),
    "samples": ({"variant": "denoising"}, "0"),
    "epochs_per_layer": ({"variant": "stacked_denoising"}, "many"),
    "prior": ({"variant": "sparse"}, "uniform"),
    "resample_every": ({"variant": "k_sparse"}, "-1"),
    "deviation": ({"variant": "vanilla", "loss": "gaussian"}, "0.1"),
    "k": ({"variant": "k_sparse"}, "2.5"),
}


@pytest.mark.parametrize(("key", "case"), ELSEWHERE.items())
def test_nonsense_in_a_setting_of_some_variants(key, case):
    link, text = case
    values, knobs, [complaint] = from_query({**link, key: text})
    assert (values, knobs) == from_query(link)[:2]
    assert "in the link" in complaint
    assert complaint.endswith("The default is used.")


def test_every_nonsense_is_told():
    values, knobs, complaints = from_query(NONSENSE)
    assert (values, knobs) == from_query({}, "digits")[:2]
    assert len(complaints) == len(NONSENSE)


def test_settings_that_do_not_fit_together():
    values, _, [complaint] = from_query({"variant": "vanilla", "hidden": "4096-4096-4096-4096-4096", "seed": "5"})
    assert values == default_values("digits", "vanilla")
    assert "do not fit together" in complaint
    assert "The defaults are used." in complaint


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ({"data": "swiss_roll", "variant": "conditional"}, "classes"),
        ({"data": "swiss_roll", "variant": "vanilla", "loss": "cross_entropy"}, "[0, 1]"),
        ({"variant": "linear", "loss": "kl_divergence"}, "between 0 and 1"),
        ({"variant": "vanilla", "left_out": "10"}, "no class 10"),
        ({"data": "mnist", "variant": "convolutional", "channels": "4096-4096-4096"}, "weights"),
    ],
)
def test_a_link_that_contradicts_itself(link, reason):
    values, knobs, [complaint] = from_query(link)
    assert isinstance(experiment_of(values, knobs), Experiment)
    assert reason in complaint
    assert complaint.endswith("The defaults are used.")


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["nan", "inf", "-inf", "1e999", "0x10", "1_000", "٣", "²", "\0", "-", "0-0", "9" * 5000, "'; DROP TABLE runs"]
    ),
)
KEYS = st.sampled_from([*SETTINGS, "beta", "level", "learning_rate", "contraction", "run", "nonsense"])


@given(st.dictionaries(KEYS, HOSTILE, max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_hostile_url_never_raises(query):
    values, knobs, complaints = from_query(query)
    assert isinstance(experiment_of(values, knobs), Experiment)
    for complaint in complaints:
        assert complaint.endswith(".")
        assert "\n" not in complaint
        assert len(complaint) < 400


def test_another_network_brings_its_usual_error():
    """The gradient of the squared error dies in a convolutional network on its way to a black picture."""
    values = default_values("mnist", "vanilla")
    assert values["loss"] == "squared_error"
    convolutional = with_network(values, "conv")
    assert (convolutional["network"], convolutional["loss"]) == ("conv", "cross_entropy")
    assert with_network(convolutional, "mlp")["loss"] == "squared_error"
