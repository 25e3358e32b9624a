"""Configurations: they survive JSON, and whatever is wrong with one is said in one sentence."""

import json
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import (
    DATASETS,
    MLP,
    VARIANTS,
    Autoencoder,
    ConfigError,
    Contractive,
    Denoising,
    Experiment,
    Sparse,
    TrainConfig,
    Vanilla,
    Variational,
    available_devices,
    choose_device,
)
from aelib.activations import ACTIVATIONS

networks = st.builds(
    lambda shape, **rest: MLP(tuple(shape), **rest),
    st.lists(st.integers(1, 8), min_size=1, max_size=3),
    hidden=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    latent=st.integers(1, 80),
    activation=st.sampled_from(list(ACTIVATIONS)),
    code_activation=st.sampled_from(list(ACTIVATIONS)),
    output=st.sampled_from(["sigmoid", "identity"]),
    tied=st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(networks)
def test_any_network_survives_json_and_maps_examples_to_codes_and_back(network):
    """Under- and overcomplete, shallow and deep, tied and not."""
    assert MLP.from_json(network.model_dump_json()) == network
    model = Autoencoder(network, Vanilla())
    x = torch.rand(3, *network.shape)
    assert model.encode(x).shape == (3, network.latent)
    assert model(x).shape == x.shape


@settings(deadline=None, max_examples=40)
@given(
    dataset=st.sampled_from(list(DATASETS)),
    variant=st.sampled_from(list(VARIANTS)),
    rate=st.floats(0, 1),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**31 - 1),
)
def test_any_experiment_survives_json(dataset, variant, rate, share, seed):
    experiment = Experiment.of(dataset, variant, train={"seed": seed})
    values = {name: knob.low + share * (knob.high - knob.low) for name, knob in experiment.knobs.items()}
    turned = experiment.with_knobs({**values, "learning_rate": rate})
    again = Experiment.from_json(turned.model_dump_json())
    assert again == turned
    assert again.train.learning_rate == rate
    assert again.train.seed == seed
    assert type(again.objective) is type(VARIANTS[variant].objective)
    assert json.loads(turned.model_dump_json())["schema_version"] == 1


@pytest.mark.parametrize(("dataset", "variant"), [(d, v) for d in DATASETS for v in VARIANTS])
def test_every_variant_has_defaults_for_every_data_set(dataset, variant):
    experiment = Experiment.of(dataset, variant)
    assert experiment.network.shape == DATASETS[dataset].shape
    assert experiment.objective.likelihood == "squared_error" or experiment.network.output == "sigmoid"


def test_a_description_cannot_be_changed_in_place():
    network = MLP((64,))
    with pytest.raises(ValueError, match="frozen"):
        network.latent = 3
    assert network.replace(latent=3) == MLP((64,), latent=3) != network


MISUSE = {
    "no shape": (lambda: MLP(), "shape"),
    "shape not a list": (lambda: MLP(64), "shape"),
    "empty shape": (lambda: MLP(()), "shape"),
    "four axes": (lambda: MLP((1, 2, 3, 4)), "shape"),
    "code of 0": (lambda: MLP((64,), latent=0), "latent"),
    "code of -1": (lambda: MLP((64,), latent=-1), "latent"),
    "code of a million": (lambda: MLP((64,), latent=10**6), "latent"),
    "code of 2.5": (lambda: MLP((64,), latent=2.5), "latent"),
    "code of NaN": (lambda: MLP((64,), latent=math.nan), "latent"),
    "code of None": (lambda: MLP((64,), latent=None), "latent"),
    "hidden layer of 0": (lambda: MLP((64,), hidden=(8, 0)), "hidden"),
    "nine hidden layers": (lambda: MLP((64,), hidden=(8,) * 9), "hidden"),
    "hidden as text": (lambda: MLP((64,), hidden="wide"), "hidden"),
    "too many weights": (lambda: MLP((3, 4096, 4096), hidden=(64,)), "50 million"),
    "too many weights inside": (lambda: MLP((64,), hidden=(4096,) * 8), "50 million"),
    "unknown activation": (lambda: MLP((64,), activation="swish!"), "activation"),
    "output that is no output": (lambda: MLP((64,), output="relu"), "output"),
    "unknown setting": (lambda: MLP((64,), latents=2), "latents"),
    "a setting with a line break": (lambda: Sparse(**{"we\night" * 1000: 2}), "not permitted"),
    "level NaN": (lambda: Denoising(level=math.nan), "ν"),
    "level above 1": (lambda: Denoising(level=1.01), "ν"),
    "level below 0": (lambda: Denoising(level=-1e-9), "ν"),
    "level as text": (lambda: Denoising(level="lots"), "level"),
    "unknown corruption": (lambda: Denoising(corruption="blur"), "corruption"),
    "weight infinite": (lambda: Sparse(weight=math.inf), "λ"),
    "weight out of range": (lambda: Contractive(weight=11), "λ"),
    "beta NaN": (lambda: Variational(beta=math.nan), "β"),
    "beta missing": (lambda: Variational(beta=None), "beta"),
    "unknown likelihood": (lambda: Vanilla(likelihood="perceptual"), "likelihood"),
    "cross-entropy of a linear output": (
        lambda: Autoencoder(MLP((64,), output="identity"), Vanilla(likelihood="cross_entropy")),
        "sigmoid",
    ),
    "0 epochs": (lambda: TrainConfig(epochs=0), "epochs"),
    "empty batches": (lambda: TrainConfig(batch_size=0), "batch_size"),
    "seed -1": (lambda: TrainConfig(seed=-1), "seed"),
    "seed too large": (lambda: TrainConfig(seed=2**31), "seed"),
    "learning rate NaN": (lambda: TrainConfig(learning_rate=math.nan), "η"),
    "learning rate 2": (lambda: TrainConfig(learning_rate=2), "η"),
    "evaluate never less": (lambda: TrainConfig(evaluate_every=-1), "evaluate_every"),
    "unknown data set": (lambda: Experiment.of("cifar"), "digits"),
    "unknown variant": (lambda: Experiment.of(variant="gan"), "variational"),
    "unknown network setting": (lambda: Experiment.of(network={"depth": 3}), "depth"),
    "unknown objective setting": (lambda: Experiment.of(objective={"weight": 3}), "weight"),
    "objective of another kind": (lambda: Experiment.of(objective={"kind": "sparse"}), "vanilla"),
    "unknown knob": (lambda: Experiment.of().with_knobs({"gamma": 1}), "gamma"),
    "knob NaN": (lambda: Experiment.of().with_knobs({"learning_rate": math.nan}), "η"),
    "data set in JSON": (lambda: Experiment.from_json(changed("dataset", "cifar")), "digits"),
    "variant in JSON": (lambda: Experiment.from_json(changed("variant", 7)), "variant"),
    "another schema": (lambda: Experiment.from_json(changed("schema_version", 2)), "schema_version"),
    "unknown kind": (lambda: Experiment.from_json(changed("objective", {"kind": "gan"})), "objective"),
    "no kind": (lambda: Experiment.from_json(changed("objective", {})), "objective"),
    "NaN in JSON": (lambda: Experiment.from_json(changed("train", {"learning_rate": math.nan})), "η"),
    "code of 0 in JSON": (lambda: Experiment.from_json(changed("network", {"shape": [4], "latent": 0})), "latent"),
    "extra key in JSON": (lambda: Experiment.from_json(changed("self", 1)), "not permitted"),
    "a list in JSON": (lambda: Experiment.from_json("[]"), "configuration"),
    "half of a JSON": (lambda: Experiment.from_json('{"dataset": '), "EOF"),
    "no JSON": (lambda: Experiment.from_json(b"\x80\x04garbage\xff"), "configuration"),
    "nested without end": (lambda: Experiment.from_json("[" * 100_000), "configuration"),
    "unknown device": (lambda: choose_device("tpu"), "cpu"),
}


def changed(key, value):
    return json.dumps({**Experiment.of().model_dump(), key: value})


@pytest.mark.parametrize("case", MISUSE)
def test_misuse_is_answered_with_one_sentence(case, complains):
    misuse, word = MISUSE[case]
    with complains(ConfigError, word):
        misuse()


def test_devices():
    assert available_devices()[-1] == "cpu"
    assert choose_device("cpu").type == "cpu"
    assert str(choose_device()) == available_devices()[0]
