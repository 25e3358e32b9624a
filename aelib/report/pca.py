"""Principal component analysis as an encoder and a decoder: what a code of the same size gives for nothing."""

import torch
from torch import Tensor

from aelib.randomness import generator

#: Values that it is fitted to, at most (512 MB); of examples of more than `MANY` numbers, as large pictures in colour
#: are, fewer, since time and memory grow with the square of either.
MOST, MANY, MOST_OF_LARGE = 1 << 26, 4096, 40_000_000


class PCA:
    """z = W (x − x̄), x̂ = Wᵀ z + x̄ with the leading principal components W of the examples x.

    ``x``: (n, *shape). ``units``: components; no more are kept than there are features or examples. All in
    float64, on the CPU. Of more than 67 million numbers some examples are taken, which a fixed shuffle chooses; of
    examples of more than 4,096 numbers each, of more than 40 million: e.g. 3,255 pictures of 64 × 64 in colour.
    """

    def __init__(self, x: Tensor, units: int) -> None:
        from sklearn import decomposition

        features = x[0].numel()
        most = max(1, (MOST if features <= MANY else MOST_OF_LARGE) // features)
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
