"""Settings and the URL: what is written is read again, and nonsense is told, never raised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import DATASETS, VARIANTS, ConfigError, Experiment
from app.settings import (
    ACTIVATIONS,
    CORRUPTIONS,
    LIKELIHOODS,
    SETTINGS,
    default_values,
    experiment_of,
    from_query,
    read_widths,
    to_query,
    values_of,
    write_widths,
)


@st.composite
def valid(draw):
    """Settings that fit together, and knobs within their ranges."""
    values = default_values(draw(st.sampled_from(sorted(DATASETS))), draw(st.sampled_from(sorted(VARIANTS))))
    values |= {
        "latent": draw(st.integers(1, 64)),
        "hidden": tuple(draw(st.lists(st.integers(1, 300), max_size=8))),
        "tied": draw(st.booleans()),
        "batch": draw(st.integers(1, 65_536)),
        "epochs": draw(st.integers(1, 1_000_000)),
        "seed": draw(st.integers(0, 2**31 - 1)),
        "device": draw(st.sampled_from(("auto", "cpu"))),
    }
    if values["variant"] != "linear":
        values["activation"] = draw(st.sampled_from(ACTIVATIONS))
    if values["variant"] == "denoising":
        values["corruption"] = draw(st.sampled_from(CORRUPTIONS))
    if values["data"] != "swiss_roll" and values["variant"] != "linear":
        values["loss"] = draw(st.sampled_from(LIKELIHOODS))
    knobs = experiment_of(values, {}).knobs
    return values, {name: draw(st.floats(knob.low, knob.high)) for name, knob in knobs.items()}


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
    assert values_of(experiment, values["device"]) == values
    assert experiment.knob_values == knobs
    assert experiment_of(*from_query(to_query(values, knobs))[:2]) == experiment


def test_an_empty_url_gives_the_defaults():
    values, knobs, complaints = from_query({})
    assert values == default_values("digits", "variational")
    assert knobs == experiment_of(values, {}).knob_values
    assert complaints == []


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_defaults_of_every_combination_are_an_experiment(data, variant):
    values = default_values(data, variant)
    assert set(values) == set(SETTINGS)
    assert isinstance(experiment_of(values, {}), Experiment)


def test_a_url_is_short():
    values = default_values("digits", "denoising")
    assert to_query(values, {"level": 0.3, "learning_rate": 1e-3})["learning_rate"] == "0.001"
    assert "corruption" in to_query(values, {})
    assert "corruption" not in to_query(default_values("digits", "vanilla"), {})


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
    "beta": "nan",
    "learning_rate": "inf",
}


@pytest.mark.parametrize(("key", "text"), NONSENSE.items())
def test_nonsense_gets_one_sentence_and_the_default(key, text):
    values, knobs, [complaint] = from_query({key: text})
    assert (values, knobs) == from_query({})[:2]
    assert "in the link" in complaint
    assert complaint.endswith("The default is used.")
    assert "\n" not in complaint


def test_every_nonsense_is_told():
    values, knobs, complaints = from_query(NONSENSE)
    assert (values, knobs) == from_query({})[:2]
    assert len(complaints) == len(NONSENSE)


def test_settings_that_do_not_fit_together():
    values, _, [complaint] = from_query({"variant": "vanilla", "hidden": "4096-4096-4096-4096-4096", "seed": "5"})
    assert values == default_values("digits", "vanilla")
    assert "do not fit together" in complaint
    assert "The defaults are used." in complaint


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


@pytest.mark.parametrize(
    ("text", "widths"),
    [
        ("", ()),
        ("256", (256,)),
        ("256-64", (256, 64)),
        ("256, 64", (256, 64)),
        (" 256 , 64 ", (256, 64)),
        ("1 2,3", (1, 2, 3)),
    ],
)
def test_widths(text, widths):
    assert read_widths(text) == widths
    assert SETTINGS["hidden"].read(write_widths(widths)) == widths


@pytest.mark.parametrize("text", ["x", "0-0", "4097", "1.5", "--x", "1-" * 9])
def test_what_are_no_widths(text):
    with pytest.raises(ConfigError):
        read_widths(text)
