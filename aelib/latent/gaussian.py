"""A Gaussian with the mean and the covariance of some codes, to draw from."""

from typing import NamedTuple

import torch
from torch import Tensor

from aelib.errors import DataError

#: Added to the variances, as a share of their mean: rounding must not make a singular covariance indefinite.
RIDGE = 1e-9


class Gaussian(NamedTuple):
    """N(``mean``, L Lᵀ): ``mean`` (k,) and the lower triangular ``factor`` L (k, k), float64."""

    mean: Tensor
    factor: Tensor

    def draw(self, n: int, random: torch.Generator) -> Tensor:
        """n draws m + L ε with ε ~ N(0, I), float32 (n, k)."""
        noise = torch.randn(n, len(self.mean), generator=random, dtype=torch.float64)
        return (self.mean + noise @ self.factor.T).float()


def fit_gaussian(codes: Tensor) -> Gaussian:
    """The Gaussian of greatest likelihood of ``codes``, (n, k): their mean and covariance (divided by n).

    Units that are constant or depend on others stay so, up to 10⁻⁴ of the spread of the codes. Raises `DataError`
    when there is no code.
    """
    if not len(codes):
        raise DataError("There are no codes to fit a Gaussian to: pass at least one.")
    z = codes.double()
    mean = z.mean(0)
    covariance = (z - mean).T @ (z - mean) / len(z)
    ridge = RIDGE * covariance.diagonal().mean().clamp_min(torch.finfo(torch.float64).tiny / RIDGE)
    return Gaussian(mean, torch.linalg.cholesky(covariance + ridge * torch.eye(len(mean), dtype=torch.float64)))
