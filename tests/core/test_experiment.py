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
    Conditional,
    ConfigError,
    Contractive,
    Conv,
    Denoising,
    Experiment,
    KSparse,
    Sparse,
    SparseKL,
    StackedDenoising,
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


@st.composite
def convolutional_networks(draw):
    return Conv(
        (draw(st.integers(1, 3)), draw(st.integers(1, 17)), draw(st.integers(1, 17))),
        channels=tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))),
        latent=draw(st.integers(1, 80)),
        activation=draw(st.sampled_from(list(ACTIVATIONS))),
        code_activation=draw(st.sampled_from(list(ACTIVATIONS))),
        output=draw(st.sampled_from(["sigmoid", "identity"])),
        upsampling=draw(st.sampled_from(["nearest", "transposed"])),
    )


@settings(deadline=None, max_examples=40)
@given(convolutional_networks())
def test_any_convolutional_network_survives_json_and_maps_pictures_to_codes_and_back(network):
    """Even and odd sizes, down to one pixel, one channel and three."""
    assert Conv.from_json(network.model_dump_json()) == network
    model = Autoencoder(network, Vanilla())
    x = torch.rand(3, *network.shape)
    assert model.encode(x).shape == (3, network.latent)
    assert model(x).shape == x.shape


#: What a data set lacks for a variant.
VECTORS = [name for name, info in DATASETS.items() if not info.is_image]
LACKING = {
    **{(name, "convolutional"): "pictures" for name in VECTORS},
    **{(name, "conditional"): "classes" for name in ("swiss_roll", "s_curve")},
}
POSSIBLE = [(dataset, variant) for dataset in DATASETS for variant in VARIANTS if (dataset, variant) not in LACKING]


@settings(deadline=None, max_examples=40)
@given(
    pair=st.sampled_from(POSSIBLE),
    rate=st.floats(0, 1),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**31 - 1),
)
def test_any_experiment_survives_json(between, pair, rate, share, seed):
    dataset, variant = pair
    experiment = Experiment.of(dataset, variant, train={"seed": seed})
    values = {name: between(knob, share) for name, knob in experiment.knobs.items()}
    turned = experiment.with_knobs({**values, "learning_rate": rate})
    again = Experiment.from_json(turned.model_dump_json())
    assert again == turned
    assert again.train.learning_rate == rate
    assert again.train.seed == seed
    assert type(again.objective) is type(VARIANTS[variant].objective)
    assert json.loads(turned.model_dump_json())["schema_version"] == 1


@pytest.mark.parametrize(("dataset", "variant"), POSSIBLE)
def test_every_variant_has_defaults_for_every_data_set(dataset, variant):
    experiment = Experiment.of(dataset, variant)
    assert experiment.network.shape == DATASETS[dataset].shape
    assert experiment.objective.likelihood == "squared_error" or experiment.network.output == "sigmoid"
    assert experiment.network.classes == (DATASETS[dataset].classes if variant == "conditional" else 0)


@pytest.mark.parametrize(("dataset", "variant"), LACKING)
def test_a_variant_without_what_it_needs_is_refused(dataset, variant, complains):
    with complains(ConfigError, LACKING[dataset, variant]):
        Experiment.of(dataset, variant)


def test_a_default_gives_way_to_a_small_code_and_a_wish_does_not(complains):
    assert Experiment.of(variant="k_sparse").objective.k == 5
    assert Experiment.of(variant="k_sparse", network={"latent": 3}).objective.k == 3
    with complains(ConfigError, "k = 5", "3"):
        Experiment.of(variant="k_sparse", network={"latent": 3}, objective={"k": 5})


def test_a_class_left_out_is_missing_from_training_alone(digits):
    experiment = Experiment.of(left_out=7)
    assert Experiment.from_json(experiment.model_dump_json()) == experiment
    data = experiment.build(digits).data
    assert set(data.train.y.tolist()) == set(range(10)) - {7}
    assert torch.equal(data.test.y, digits.test.y)


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
    "pictures of two axes": (lambda: Conv((8, 8)), "(8, 8)"),
    "no channels": (lambda: Conv((1, 8, 8), channels=()), "channels"),
    "a channel of 0": (lambda: Conv((1, 8, 8), channels=(8, 0)), "channels"),
    "unknown upsampling": (lambda: Conv((1, 8, 8), upsampling="bilinear"), "upsampling"),
    "too many weights in convolutions": (lambda: Conv((1, 8, 8), channels=(4096, 4096)), "fewer channels"),
    "unknown network": (lambda: Experiment.of(network={"kind": "transformer"}), "mlp, conv"),
    "a network setting of the other kind": (lambda: Experiment.of(network={"channels": (8,)}), "channels"),
    "another network than the variant's": (
        lambda: Experiment.of(variant="convolutional", network={"kind": "mlp"}),
        "kind = conv",
    ),
    "a hidden layer in a single layer": (
        lambda: Experiment.of(variant="single_layer", network={"hidden": (8,)}),
        "hidden = ()",
    ),
    "layers of convolutions one by one": (
        lambda: Experiment.of(variant="stacked_denoising", network={"kind": "conv"}),
        "stacked_denoising needs kind = mlp",
    ),
    "layers of convolutions one by one, without the registry": (
        lambda: StackedDenoising().check(Conv((1, 8, 8))),
        "multilayer perceptron",
    ),
    "convolutions in a variant of one fully connected layer": (
        lambda: Experiment.of(variant="single_layer", network={"kind": "conv"}),
        "single_layer needs kind = mlp",
    ),
    "a target activity of ReLUs": (
        lambda: Autoencoder(MLP((64,), code_activation="relu"), SparseKL()),
        "relu",
    ),
    "0 samples": (lambda: Denoising(samples=0), "samples"),
    "0 epochs a layer": (lambda: StackedDenoising(epochs_per_layer=0), "epochs_per_layer"),
    "k of 2.5": (lambda: KSparse(k=2.5), "2.5"),
    "k of 0": (lambda: KSparse(k=0), "got 0"),
    "k larger than the code": (lambda: Autoencoder(MLP((64,), latent=4), KSparse(k=5)), "k = 5"),
    "rho of 0": (lambda: SparseKL(rho=0), "ρ"),
    "unknown prior": (lambda: Sparse(prior="horseshoe"), "prior"),
    "negative free bits": (lambda: Variational(free_bits=-0.1), "λ"),
    "negative warm-up": (lambda: Variational(warm_up=-1), "warm_up"),
    "label rate above 1": (lambda: Conditional(label_rate=1.1), "r"),
    "sigma of 0": (lambda: Vanilla(sigma=0), "σ"),
    "cross-entropy of vectors": (
        lambda: Experiment.of("swiss_roll", objective={"likelihood": "cross_entropy"}, network={"output": "sigmoid"}),
        "swiss_roll",
    ),
    "KL divergence of a linear output": (
        lambda: Autoencoder(MLP((64,), output="identity"), Vanilla(likelihood="kl_divergence")),
        "sigmoid",
    ),
    "classes without a conditional objective": (lambda: Autoencoder(MLP((64,), classes=10), Vanilla()), "10"),
    "a conditional objective without classes": (lambda: Autoencoder(MLP((64,)), Conditional()), "classes"),
    "other classes than the data's": (lambda: Experiment.of(variant="conditional", network={"classes": 7}), "7"),
    "a class that is not there": (lambda: Experiment.of(left_out=10), "10"),
    "a class left out of vectors": (lambda: Experiment.of("swiss_roll", left_out=0), "swiss_roll"),
    "a class left out of p(x | y)": (lambda: Experiment.of(variant="conditional", left_out=3), "p(x | y)"),
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
