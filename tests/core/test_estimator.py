"""Autoencoders as scikit-learn knows transformers: its own checks, its own oracles, its own tools around them."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from aelib import VARIANTS, ConfigError, DataError, Denoising, DivergenceError
from aelib.estimator import AutoencoderTransformer

#: Pictures and labels are not what a transformer gets.
REFUSED = {"convolutional": "pictures", "conditional": "labels"}
SERVED = [variant for variant in VARIANTS if variant not in REFUSED]


def narrow(variant):
    """One small hidden layer, unless the variant has none."""
    return None if "hidden" in VARIANTS[variant].fixed else (8,)


@parametrize_with_checks([AutoencoderTransformer(variant, 2, hidden=narrow(variant), epochs=2) for variant in SERVED])
def test_it_is_a_transformer_by_the_checks_of_scikit_learn(estimator, check, monkeypatch):
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # without it scikit-learn skips its check of array dispatch
    check(estimator)


@pytest.fixture(scope="module")
def iris():
    """150 flowers, four features with mean 0 and variance 1, float64."""
    return StandardScaler().fit_transform(load_iris().data)


def small(variant="vanilla", latent=2, **settings):
    return AutoencoderTransformer(
        variant, latent, **{"hidden": narrow(variant), "epochs": 3, "random_state": 0, **settings}
    )


# --- oracles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2])
def test_the_linear_variant_reaches_the_error_of_pca(iris, k):
    """Its only minimum is the principal subspace, all else are saddles (Baldi & Hornik 1989); full batches, float64."""
    settings = {"epochs": 1000, "batch_size": len(iris), "learning_rate": 0.02}
    linear = AutoencoderTransformer("linear", k, random_state=0, **settings).fit(iris)
    pca = PCA(k).fit(iris)
    error = np.square(pca.inverse_transform(pca.transform(iris)) - iris).sum(1).mean()
    assert -linear.score(iris) == pytest.approx(error, rel=1e-6)
    assert linear.loss_curve_[-1] == pytest.approx(error, rel=1e-6)


def test_score_is_minus_the_squared_error_of_an_example_summed_over_its_features(iris):
    fitted = small("denoising").fit(iris)
    rebuilt = fitted.inverse_transform(fitted.transform(iris))
    errors = [sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) for pair in zip(iris, rebuilt, strict=True)]
    assert fitted.score(iris) == pytest.approx(-sum(errors) / len(errors), rel=1e-12)


@pytest.mark.parametrize("variant", SERVED)
def test_its_maps_are_those_of_the_model(iris, variant):
    fitted = small(variant, 3).fit(iris)
    with torch.no_grad():
        codes = fitted.model_.encode(torch.from_numpy(iris))
        np.testing.assert_array_equal(fitted.transform(iris), codes.numpy())
        np.testing.assert_array_equal(fitted.inverse_transform(codes.numpy()), fitted.model_.decode(codes).numpy())


def test_many_rows_are_mapped_like_few(iris):
    fitted = small().fit(iris)
    many = np.tile(iris, (20, 1))  # more than go through the network together
    np.testing.assert_allclose(fitted.transform(many), np.tile(fitted.transform(iris), (20, 1)), rtol=1e-9)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_weights_and_results_have_the_precision_of_the_data(iris, precision):
    x = iris.astype(precision)
    fitted = small().fit(x)
    assert next(fitted.model_.parameters()).numpy(force=True).dtype == precision
    codes = fitted.transform(x)
    assert codes.dtype == fitted.inverse_transform(codes).dtype == precision


# --- with the tools of scikit-learn ----------------------------------------------------------------


def test_codes_serve_a_classifier_in_a_pipeline():
    x, y = load_digits(return_X_y=True)
    encoder = AutoencoderTransformer(latent=8, hidden=(32,), epochs=10, random_state=0)
    pipeline = make_pipeline(StandardScaler(), encoder, LogisticRegression(max_iter=1000))
    assert cross_val_score(pipeline, x, y, cv=2).min() > 0.8  # chance is 0.1
    assert list(pipeline.fit(x[:100], y[:100])[:-1].get_feature_names_out()[:2]) == [
        "autoencodertransformer0",
        "autoencodertransformer1",
    ]


def test_a_grid_search_by_score_takes_the_wider_code(iris):
    encoder = small(hidden=(16,), epochs=30, learning_rate=0.01)
    search = GridSearchCV(encoder, {"latent": np.array([1, 3])}, cv=2).fit(iris)
    assert search.best_params_ == {"latent": 3}
    assert search.best_estimator_.transform(iris).shape == (150, 3)


def test_a_clone_has_the_settings_and_nothing_learnt(iris):
    fitted = small("variational", knobs={"beta": 2.0}).fit(iris)
    fresh = clone(fitted)
    assert fresh.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        fresh.transform(iris)
    np.testing.assert_array_equal(fresh.fit(iris).transform(iris), fitted.transform(iris))


@pytest.mark.parametrize("variant", SERVED)
def test_a_pickled_estimator_goes_on_as_the_original_would(iris, variant):
    original = small(variant).fit(iris)
    restored = pickle.loads(pickle.dumps(original))
    codes = original.transform(iris)
    np.testing.assert_array_equal(restored.transform(iris), codes)
    restored.partial_fit(iris)
    np.testing.assert_array_equal(original.transform(iris), codes)  # two models, not one
    np.testing.assert_array_equal(restored.transform(iris), original.partial_fit(iris).transform(iris))


# --- training --------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", SERVED)
def test_passes_by_partial_fit_are_the_epochs_of_fit(iris, variant):
    """Bit for bit: Adam's moments, the order of the batches and the noise all go on."""
    at_once, by_parts = small(variant, epochs=3).fit(iris), small(variant)
    for _ in range(3):
        by_parts.partial_fit(iris)
    np.testing.assert_array_equal(by_parts.transform(iris), at_once.transform(iris))
    assert by_parts.loss_curve_ == at_once.loss_curve_
    assert by_parts.n_iter_ == at_once.n_iter_ == 3


@pytest.mark.parametrize(
    ("variant", "knobs"), [("stacked_denoising", {"epochs_per_layer": 1}), ("variational", {"warm_up": 2})]
)
def test_passes_by_partial_fit_go_through_the_stages_of_training(iris, variant, knobs):
    at_once, by_parts = (small(variant, epochs=3, knobs=knobs) for _ in range(2))
    at_once.fit(iris)
    for _ in range(3):
        by_parts.partial_fit(iris)
    np.testing.assert_array_equal(by_parts.transform(iris), at_once.transform(iris))
    assert by_parts.loss_curve_ == at_once.loss_curve_
    assert at_once.loss_curve_ != small(variant, epochs=3).fit(iris).loss_curve_  # there were stages


def test_partial_fit_goes_on_after_fit_with_other_examples_and_another_rate(iris):
    fitted = small().fit(iris)
    codes = fitted.transform(iris)
    fitted.set_params(learning_rate=0).partial_fit(iris[:40])
    np.testing.assert_array_equal(fitted.transform(iris), codes)
    fitted.set_params(learning_rate=0.01).partial_fit(iris[:40])
    assert (fitted.transform(iris) != codes).any()
    assert fitted.n_iter_ == len(fitted.loss_curve_) == 5


def test_fit_starts_afresh(iris):
    fitted = small().fit(iris[:, :2])
    again = fitted.partial_fit(iris[:, :2]).fit(iris)
    np.testing.assert_array_equal(again.transform(iris), small().fit(iris).transform(iris))
    assert again.n_iter_ == 3


def test_equal_random_states_give_equal_codes_and_global_generators_are_left_alone(iris):
    def codes(random_state):
        return small("variational", random_state=random_state).fit(iris).transform(iris)

    numpy_before, torch_before = np.random.get_state()[1].copy(), torch.get_rng_state()
    np.testing.assert_array_equal(codes(0), codes(0))
    np.testing.assert_array_equal(codes(0), codes(np.random.RandomState(0)))
    assert (codes(0) != codes(1)).any()
    np.testing.assert_array_equal(np.random.get_state()[1], numpy_before)
    assert torch.equal(torch.get_rng_state(), torch_before)


def test_the_loss_curve_is_the_mean_of_the_batches(iris):
    """At rate 0 the model stays: with all examples in a batch the loss of the plain objective is the score."""
    whole = small(batch_size=150, learning_rate=0).fit(iris)
    assert whole.loss_curve_ == pytest.approx([-whole.score(iris)] * 3, rel=1e-12)
    halves = small(batch_size=75, learning_rate=0).fit(iris)
    assert halves.loss_curve_ == pytest.approx([-halves.score(iris)] * 3, rel=1e-12)
    incomplete = small(batch_size=100, learning_rate=0).fit(iris)  # 50 examples are left out, others each time
    assert len(set(incomplete.loss_curve_)) == 3


# --- settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", SERVED)
def test_without_settings_the_network_is_the_variants_own(iris, variant):
    network = AutoencoderTransformer(variant, epochs=1).fit(iris).model_.spec
    own = {"latent": VARIANTS[variant].latent(4), **VARIANTS[variant].network}
    expected = {"activation": "tanh", **own, "output": "identity", "shape": (4,)}
    assert {name: getattr(network, name) for name in expected} == expected


def test_a_default_gives_way_to_a_small_code_and_a_wish_does_not(iris, complains):
    assert small("k_sparse", 2).fit(iris).model_.objective.k == 2
    assert AutoencoderTransformer("k_sparse", epochs=1).fit(iris).model_.objective.k == 5  # of 64
    with complains(ConfigError, "k = 5", "2"):
        small("k_sparse", 2, knobs={"k": 5}).fit(iris)


def test_settings_reach_the_network_and_the_objective(iris):
    knobs = {"corruption": "gaussian", "level": 0.5}
    model = small("denoising", 3, hidden=[5, 4], activation="relu", knobs=knobs).fit(iris).model_
    assert (model.spec.hidden, model.spec.latent, model.spec.activation) == ((5, 4), 3, "relu")
    assert model.objective == Denoising(corruption="gaussian", level=0.5)


def test_cross_entropy_serves_data_in_the_unit_range(iris, complains):
    x = MinMaxScaler(clip=True).fit_transform(iris)
    encoder = small("variational", likelihood="cross_entropy", output="sigmoid").fit(x)
    assert encoder.model_.objective.likelihood == "cross_entropy"
    rebuilt = encoder.inverse_transform(100 * encoder.transform(x))
    assert rebuilt.min() >= 0
    assert rebuilt.max() <= 1
    with complains(DataError, "[0, 1]"):
        clone(encoder).fit(iris)


# --- misuse ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"variant": "vanila"}, ("vanila", "denoising")),
        *(({"variant": variant}, (variant, lacking)) for variant, lacking in REFUSED.items()),
        ({"variant": "single_layer", "hidden": (8,)}, ("single_layer", "hidden = ()")),
        ({"variant": "linear", "activation": "relu"}, ("linear", "activation", "identity")),
        ({"latent": 0}, ("latent", "0")),
        ({"latent": 1.5}, ("latent", "1.5")),
        ({"hidden": 8}, ("hidden", "8")),
        ({"hidden": (8, 0)}, ("hidden", "0")),
        ({"activation": "gelu"}, ("activation", "gelu")),
        ({"output": "tanh"}, ("output", "tanh")),
        ({"likelihood": "poisson"}, ("likelihood", "poisson")),
        ({"likelihood": "cross_entropy"}, ("cross-entropy", "sigmoid")),
        ({"knobs": {"beta": 2.0}}, ("beta",)),
        ({"knobs": "beta"}, ("knobs", "dictionary", "beta")),
        ({"variant": "variational", "knobs": {"beta": -1}}, ("β", "-1")),
        ({"batch_size": 0}, ("batch_size", "0")),
        ({"learning_rate": 2}, ("Learning rate", "2")),
        ({"device": "tpu"}, ("tpu", "cpu")),
    ],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_settings_are_checked_when_it_is_fitted(iris, complains, method, settings, words):
    estimator = small().set_params(**settings)
    with complains(ConfigError, *words):
        getattr(estimator, method)(iris)
    with pytest.raises(NotFittedError):
        estimator.transform(iris)


def test_fit_makes_at_least_one_pass(iris, complains):
    with complains(ConfigError, "epochs", "0"):
        small(epochs=0).fit(iris)


def test_numbers_that_are_not_finite_are_refused_in_the_words_of_scikit_learn(iris):
    broken = iris.copy()
    broken[3, 1] = np.nan
    fitted = small().fit(iris)
    for method in ("partial_fit", "transform", "score", "fit"):
        with pytest.raises(ValueError, match="Input X contains NaN"):
            getattr(fitted, method)(broken)
    with pytest.raises(ValueError, match="Input X contains infinity"):
        fitted.inverse_transform([[np.inf, 0]])


def test_codes_of_another_length_are_refused(iris, complains):
    with complains(DataError, "(n, 2)", "(150, 4)"):
        small().fit(iris).inverse_transform(iris)


def test_a_loss_that_overflows_is_an_error_and_what_was_learnt_before_remains(iris, complains):
    with complains(DivergenceError, "step 1", "learning_rate"):
        small().fit(1e200 * iris)
    estimator, undisturbed = small().fit(iris), small().fit(iris)
    with complains(DivergenceError):
        estimator.partial_fit(1e200 * iris)
    np.testing.assert_array_equal(estimator.transform(iris), undisturbed.transform(iris))
    estimator.partial_fit(iris)
    np.testing.assert_array_equal(estimator.transform(iris), undisturbed.partial_fit(iris).transform(iris))
    assert estimator.n_iter_ == 4
