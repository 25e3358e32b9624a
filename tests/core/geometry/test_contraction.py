"""The contraction ratio of maps for which its expectation is an integral with a known value."""

import math

import pytest
import torch
from scipy.special import ellipe

from aelib import ConfigError, DataError
from aelib.geometry import contraction_ratio
from aelib.geometry.rows import CHUNK

RADII = torch.tensor([0.1, 1.0, 7.0], dtype=torch.float64)


def points(n, features):
    return torch.rand(n, features, generator=torch.Generator().manual_seed(5), dtype=torch.float64)


def test_an_isometry_keeps_every_distance(random):
    columns, _ = torch.linalg.qr(torch.randn(7, 4, generator=random, dtype=torch.float64))
    found = contraction_ratio(lambda x: x @ columns.T + 3, points(5, 4), RADII, random, draws=2)
    torch.testing.assert_close(found, torch.ones_like(RADII), rtol=1e-12, atol=0)


@pytest.mark.parametrize(("kept", "features"), [(1, 2), (1, 9), (3, 9), (8, 9)])
def test_a_projection_shrinks_by_a_ratio_of_gamma_functions(kept, features, random):
    """E ‖first k of a coordinates of ε‖ = Γ((k+1)/2) Γ(a/2) / (Γ(k/2) Γ((a+1)/2)); of the square it is k/a."""
    n, draws = 2 * CHUNK + 8, 40
    mean = math.exp(
        math.lgamma((kept + 1) / 2)
        + math.lgamma(features / 2)
        - math.lgamma(kept / 2)
        - math.lgamma((features + 1) / 2)
    )
    error = math.sqrt((kept / features - mean**2) / (n * draws))
    found = contraction_ratio(lambda x: x[:, :kept], points(n, features), RADII, random, draws)
    assert found.tolist() == pytest.approx([mean] * 3, abs=5 * error)
    assert found.tolist() == pytest.approx([float(found[0])] * 3, rel=1e-12)  # linear: the same at every radius


def test_an_ellipse_shrinks_by_its_mean_radius(random):
    """diag(s, t) with s > t: the mean over the circle is (2/π) s E(1 − t²/s²), E the elliptic integral."""
    s, t, n, draws = 3.0, 0.5, 500, 40
    mean = 2 / math.pi * s * float(ellipe(1 - (t / s) ** 2))
    error = math.sqrt(((s**2 + t**2) / 2 - mean**2) / (n * draws))
    scales = torch.tensor([s, t], dtype=torch.float64)
    found = contraction_ratio(lambda x: x * scales, points(n, 2), RADII, random, draws)
    assert found.tolist() == pytest.approx([mean] * 3, abs=5 * error)


def test_a_squashing_map_contracts_more_the_further_one_goes(random):
    """In one dimension ε = ±1, so that the curve of tanh about 0 is tanh(r) / r without any error."""
    found = contraction_ratio(torch.tanh, torch.zeros(3, 1, dtype=torch.float64), RADII, random)
    torch.testing.assert_close(found, RADII.tanh() / RADII, rtol=1e-12, atol=0)


def test_the_curve_is_the_generators_and_in_the_precision_of_the_points():
    x = points(4, 3).float()

    def curve(seed):
        return contraction_ratio(lambda x: x[:, :2].sin(), x, RADII, torch.Generator().manual_seed(seed))

    assert torch.equal(curve(0), curve(0))
    assert not torch.equal(curve(0), curve(1))
    assert curve(0).dtype == torch.float32


def test_curves_that_cannot_be_are_refused(random, complains):
    x = points(4, 3)
    for wrong in ([1.0, 0.0], [-1.0], [math.nan], [math.inf]):
        with complains(ConfigError, "positive", str(wrong)):
            contraction_ratio(torch.sin, x, torch.tensor(wrong), random)
    with complains(ConfigError, "vector", "shape ()"):
        contraction_ratio(torch.sin, x, torch.tensor(1.0), random)
    with complains(DataError, "there are none", "(0, 3)"):
        contraction_ratio(torch.sin, x[:0], RADII, random)
