"""Errors under noise: shared by all models, of clean targets, and what denoising training buys."""

import pytest
import torch

from aelib import Autoencoder, ConfigError, DataError, Experiment, evaluate
from aelib.compare import LEVELS, rebuild_with, robustness
from aelib.corruption import CORRUPTIONS
from aelib.report.pca import PCA

KINDS = list(CORRUPTIONS)


def same(x):
    return x


#: Mean of Σ_j (x̃_j − x_j)² of one example, in closed form.
EXPECTED = {
    "masking": lambda x, level: level * x.square().flatten(1).sum(1),
    "gaussian": lambda x, level: torch.full((len(x),), level**2 * x[0].numel()),
    "salt_and_pepper": lambda x, level: level / 2 * (x.square() + (1 - x).square()).flatten(1).sum(1),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_that_copies_has_the_energy_of_the_noise(digits, kind):
    x = digits.test.x
    found = robustness({"copy": same}, x, kind)["copy"]
    expected = torch.stack([EXPECTED[kind](x, level).mean() for level in LEVELS]).double()
    # At level 0.1 about 3,200 of the 32,000 entries are hit: the standard error is 2 to 3 % of the mean.
    assert torch.allclose(found, expected, rtol=0.1, atol=1e-9)
    assert found[0] == 0


def test_salt_and_pepper_are_the_extremes_that_are_told():
    """Of a zero, ((−2)² + 3²) / 2 on average."""
    x = torch.zeros(50, 200)
    found = robustness({"copy": same}, x, "salt_and_pepper", (1.0,), extremes=(-2.0, 3.0))["copy"]
    assert float(found) == pytest.approx(200 * 6.5, rel=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_that_knows_the_clean_example_has_no_error(digits, kind):
    x = digits.test.x[:20]
    assert robustness({"oracle": lambda _: x}, x, kind)["oracle"].tolist() == [0] * len(LEVELS)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_shared_and_comes_from_the_seed(digits, kind):
    x, seen = digits.test.x[:30], {"a": [], "b": [], "again": []}

    def spy(name):
        return lambda rows: (seen[name].append(rows.clone()), rows)[1]

    state = torch.get_rng_state()
    both = robustness({"a": spy("a"), "b": spy("b")}, x, kind, (0.2, 0.7), seed=3)
    assert torch.equal(both["a"], both["b"])
    again = robustness({"again": spy("again")}, x, kind, (0.2, 0.7), seed=3)["again"]
    assert torch.equal(again, both["a"])
    assert all(torch.equal(seen["a"][i], seen[name][i]) for name in ("b", "again") for i in range(2))
    assert not torch.equal(robustness({"c": same}, x, kind, (0.2, 0.7), seed=4)["c"], again)
    assert torch.equal(torch.get_rng_state(), state)


def test_what_a_lower_level_destroys_a_higher_one_destroys_too(digits):
    seen = []
    robustness({"spy": lambda rows: (seen.append(rows), rows)[1]}, digits.test.x[:30] + 1, "masking", (0.3, 0.6))
    low, high = (rows == 0 for rows in seen)
    assert low.any()
    assert (high & low).eq(low).all()
    assert high.sum() > low.sum()


@pytest.mark.parametrize("name", ["digits-vanilla", "digits-variational", "digits-convolutional", "digits-conditional"])
def test_without_noise_it_is_the_squared_error_of_evaluate(checkpoints, digits, name):
    model, test = Autoencoder.load(checkpoints / name), digits.test
    found = robustness({name: rebuild_with(model, test.y)}, test.x, "gaussian", (0.0,))[name]
    assert float(found[0]) == pytest.approx(evaluate(model, test.x, test.y)["squared_error"], rel=1e-5)


def test_denoising_training_pays_on_noise_that_it_had_and_on_noise_that_it_never_saw(checkpoints, digits):
    names = ("digits-vanilla", "digits-denoising")
    maps = {name: rebuild_with(Autoencoder.load(checkpoints / name)) for name in names}
    for kind in KINDS:
        plain, denoising = robustness(maps, digits.test.x, kind, (0.2, 0.4)).values()
        assert (denoising < 0.8 * plain).all()


def test_maps_of_float64_such_as_pca_are_measured_alike(digits):
    pca = PCA(digits.train.x, 64)
    found = robustness({"pca": pca.rebuild, "copy": same}, digits.test.x, "gaussian", (0.5,))
    assert float(found["pca"]) == pytest.approx(float(found["copy"]), rel=1e-6)


def test_misuse(digits, complains):
    x = digits.test.x[:40]
    for level in (-0.1, 1.1, float("nan")):
        with complains(ConfigError, "Noise level", f"got {level}"):
            robustness({"copy": same}, x, "masking", (0.0, level))
    with complains(DataError, "not finite"):
        robustness({"copy": same}, x / 0, "masking")
    with complains(DataError, "(40, 1, 8, 8)", "(39, 1, 8, 8)"):
        robustness({"short": lambda rows: rows[1:]}, x, "masking")
    experiment = Experiment.of("digits", "conditional")
    told = rebuild_with(Autoencoder(experiment.network, experiment.objective), digits.test.y)
    with complains(DataError, "500 labels for 40 examples"):
        told(x)
