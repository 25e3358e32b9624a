"""Principal component analysis as an encoder and a decoder: what a code of the same size gives for nothing."""

import torch
from torch import Tensor

from aelib.randomness import generator

#: Values that it is fitted to (512 MB): of more examples than that some, which a fixed shuffle chooses.
MOST = 1 << 26


class PCA:
    """z = W (x − x̄), x̂ = Wᵀ z + x̄ with the leading principal components W of the examples x.

    ``x``: (n, *shape); of more than `MOST` values some examples are taken. ``units``: components; no more are kept than
    there are features or examples. All in float64, on the CPU.
    """

    def __init__(self, x: Tensor, units: int) -> None:
        from sklearn import decomposition

        most = max(1, MOST // x[0].numel())
        if len(x) > most:
            x = x[torch.randperm(len(x), generator=generator(0, "pca"))[:most].to(x.device)]
        rows = x.flatten(1).double().cpu()
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
