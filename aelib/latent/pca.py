"""The plane of most variance: a linear map of codes, and the only one here that goes back, by m + Wᵀ y."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


class Plane(NamedTuple):
    """The plane m + span(W): its ``components`` W (d, units), orthonormal, its ``mean`` m (units,), and the share of
    the variance that each component has, ``explained`` (d,); in float64.
    """

    components: Tensor
    mean: Tensor
    explained: Tensor

    def place(self, codes: Tensor) -> Tensor:
        """W (z − m) for each code: (n, units) ↦ (n, d)."""
        return (codes - self.mean) @ self.components.T


def principal_plane(codes: Tensor, dimensions: int, start: Tensor | None = None) -> Plane:
    """The ``dimensions`` ≤ min(n, units) leading principal components of ``codes`` (n, units), float64.

    An axis may point either way: here so that the points correlate with those of ``start`` (n, d), without
    it so that the largest entry of the component is positive. Codes that are all equal have a share of 0 along
    every component.
    """
    from sklearn.decomposition import PCA

    with np.errstate(invalid="ignore"):  # the shares of no variance at all, 0/0
        found = PCA(dimensions, svd_solver="full").fit(codes.numpy())
    plane = Plane(*map(torch.tensor, (found.components_, found.mean_, found.explained_variance_ratio_)))
    plane = plane._replace(explained=plane.explained.nan_to_num(0.0))
    if start is None:
        return plane
    agreement = (plane.place(codes) * (start - start.mean(0))).sum(0).unsqueeze(1)
    return plane._replace(components=torch.where(agreement < 0, -plane.components, plane.components))
