"""Principal component analysis as an encoder and a decoder: what a code of the same size gives for nothing."""

import torch
from torch import Tensor

#: Examples of more numbers than this are many times dearer: then the first so many are taken that have `MOST` numbers.
MANY, MOST = 4096, 40_000_000


class PCA:
    """z = W (x − x̄), x̂ = Wᵀ z + x̄ with the leading principal components W of the examples x.

    ``x``: (n, *shape). ``units``: components; no more are kept than there are features or examples. All in
    float64, on the CPU. Of examples of more than 4,096 numbers, as large pictures in colour are, the first 40 million
    numbers are taken, e.g. 3,255 pictures of 64 × 64 in colour: time and memory grow with the square of either.
    """

    def __init__(self, x: Tensor, units: int) -> None:
        from sklearn import decomposition

        features = x[0].numel()
        rows = (x if features <= MANY else x[: MOST // features]).flatten(1).double().cpu()
        units = min(units, *rows.shape)
        # By the covariance where that is the smaller matrix; both are exact and draw nothing at random.
        solver = "covariance_eigh" if len(rows) > rows.shape[1] else "full"
        found = decomposition.PCA(units, svd_solver=solver).fit(rows.numpy())
        self.shape = tuple(x.shape[1:])
        self.mean = torch.from_numpy(found.mean_)
        self.components = torch.from_numpy(found.components_)

    def encode(self, x: Tensor) -> Tensor:
        """(n, *shape) ↦ (n, units)."""
        return (x.flatten(1).to(self.mean) - self.mean) @ self.components.T

    def rebuild(self, x: Tensor) -> Tensor:
        """(n, *shape) ↦ the same shape."""
        return (self.encode(x) @ self.components + self.mean).reshape(len(x), *self.shape)
