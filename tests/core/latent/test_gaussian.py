"""The Gaussian of some codes has their mean and their covariance."""

import pytest
import torch

from aelib.errors import DataError
from aelib.latent.gaussian import fit_gaussian


def some_codes(n: int = 500) -> torch.Tensor:
    random = torch.Generator().manual_seed(0)
    mixing = torch.tensor([[2.0, 0.0, 0.0], [1.0, 0.5, 0.0], [-1.0, 0.3, 3.0]])
    return torch.randn(n, 3, generator=random) @ mixing.T + torch.tensor([5.0, 0.0, -1.0])


def test_moments_are_those_of_the_codes():
    codes = some_codes().double()
    fitted = fit_gaussian(codes)
    assert torch.allclose(fitted.mean, codes.mean(0))
    assert torch.allclose(fitted.factor @ fitted.factor.T, codes.T.cov(correction=0), rtol=1e-6, atol=1e-6)


def test_draws_have_these_moments():
    """Standard errors at 200,000 draws are below 0.008 (means) and 0.04 (covariances up to 10)."""
    fitted = fit_gaussian(some_codes())
    drawn = fitted.draw(200_000, torch.Generator().manual_seed(1)).double()
    assert (drawn.mean(0) - fitted.mean).abs().max() < 0.04
    assert (drawn.T.cov() - fitted.factor @ fitted.factor.T).abs().max() < 0.2


def test_the_seed_decides():
    fitted = fit_gaussian(some_codes())
    one, two, three = (fitted.draw(4, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert torch.equal(one, two)
    assert not torch.equal(one, three)


@pytest.mark.parametrize(
    "codes",
    [
        torch.full((5, 3), 2.0),
        torch.zeros(5, 3),
        torch.tensor([[1.0, 2.0, 3.0]]),
        torch.rand(2, 64, generator=torch.Generator().manual_seed(0)),
        some_codes() * torch.tensor([1.0, 0.0, 1.0]) + torch.tensor([0.0, 7.0, 0.0]),
    ],
    ids=["constant", "zero", "one code", "fewer codes than units", "a dead unit"],
)
def test_what_does_not_vary_stays(codes):
    drawn = fit_gaussian(codes).draw(100, torch.Generator().manual_seed(0))
    # Directions without variance among the codes: draws keep to the affine span of the codes.
    centred = codes.double() - codes.double().mean(0)
    _, values, directions = torch.linalg.svd(centred, full_matrices=True)
    rank = int((values > 1e-6 * max(1.0, float(values.max()))).sum())
    off = (drawn.double() - codes.double().mean(0)) @ directions[rank:].T
    assert drawn.isfinite().all()
    assert off.abs().max() < 1e-3


def test_no_codes_are_refused(complains):
    with complains(DataError, "no codes"):
        fit_gaussian(torch.zeros(0, 2))
