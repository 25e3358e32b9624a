"""How far the subspace that a linear model found is from that of principal component analysis."""

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.errors import ConfigError, DataError
from aelib.geometry import jacobian
from aelib.metrics.arrays import rows
from aelib.networks import MLP
from aelib.report.pca import PCA


def principal_angles(first: Tensor, second: Tensor) -> Tensor:
    """Angles in degrees between the column spaces of ``first`` (features, a) and ``second`` (features, b), rising.

    There are as many as the smaller of the two dimensions; all are 0 when one space holds the other. Cosines are
    the singular values of QᵀP for orthonormal bases Q and P; small angles, whose cosines are all nearly 1,
    come from the sines, the singular values of P − QQᵀP (Björck & Golub 1973). float64.

    Raises `DataError` when the numbers of features differ, a value is not finite, or a matrix has no column but zeros.
    """
    if first.ndim != 2 or second.ndim != 2 or len(first) != len(second):
        raise DataError(
            f"Subspaces are given as (features, columns) with equally many features (got shapes {tuple(first.shape)} "
            f"and {tuple(second.shape)})."
        )
    q, p = _basis(rows(first, "rows of the first matrix")), _basis(rows(second, "rows of the second matrix"))
    if p.shape[1] > q.shape[1]:
        q, p = p, q
    overlap = q.T @ p
    cosines = torch.linalg.svdvals(overlap).clamp(max=1)
    sines = torch.linalg.svdvals(p - q @ overlap).clamp(max=1).flip(0)
    angles: Tensor = torch.where(cosines.square() >= 0.5, sines.asin(), cosines.acos())
    return angles.rad2deg()


def decoder_matrix(model: Autoencoder) -> Tensor:
    """W of an affine decoder x̂ = W z + b, (features, units), also where it is a product of layers.

    Raises `ConfigError` when the decoder is not affine.
    """
    if not is_affine(model):
        raise ConfigError("Only an affine decoder spans a plane: compare a model without activations, such as linear.")
    origin = torch.zeros(1, model.spec.latent, device=model.device, dtype=next(model.parameters()).dtype)
    return jacobian(lambda z: model.decode(z).flatten(1), origin)[0].detach()


def is_affine(model: Autoencoder) -> bool:
    """Whether the decoder is x̂ = W z + b."""
    spec = model.spec
    straight = isinstance(spec, MLP) and (not spec.hidden or spec.activation == "identity")
    return straight and spec.output == "identity"


def angles_to_pca(model: Autoencoder, x: Tensor, k: int | None = None) -> Tensor:
    """`principal_angles` between the decoder's `decoder_matrix` and the ``k`` leading principal components of ``x``,
    (n, *shape); without ``k`` as many as the code has units.

    Raises `ConfigError` as `decoder_matrix` does and for ``k`` < 1, `DataError` as `principal_angles` does.
    """
    if k is not None and k < 1:
        raise ConfigError(f"PCA needs at least one component (got k = {k}).")
    return principal_angles(decoder_matrix(model).cpu(), PCA(x, k or model.spec.latent).components.T)


def _basis(matrix: Tensor) -> Tensor:
    """Orthonormal columns that span those of ``matrix``; a column that depends on others adds none."""
    u, values, _ = torch.linalg.svd(matrix, full_matrices=False)
    rank = int((values > values[0] * max(matrix.shape) * torch.finfo(values.dtype).eps).sum())
    if not rank:
        raise DataError(f"A matrix of shape {tuple(matrix.shape)} has only zeros and spans nothing: train the model.")
    basis: Tensor = u[:, :rank]
    return basis
