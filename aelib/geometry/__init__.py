"""Manifold views of a map: Jacobians, tangent planes, contraction, and the metric that a decoder pulls back.

Every function takes a differentiable map that works row by row, (n, a) ↦ (n, b), and knows nothing of
models: give it ``model.encode`` or ``lambda z: model.decode(z).flatten(1)``.
"""

from aelib.geometry.contraction import contraction_ratio
from aelib.geometry.jacobian import hutchinson_norm, jacobian, squared_jacobian_norm
from aelib.geometry.metric import curve_length, magnification, pullback_metric
from aelib.geometry.tangent import TangentPlane, tangent_plane

__all__ = [
    "TangentPlane",
    "contraction_ratio",
    "curve_length",
    "hutchinson_norm",
    "jacobian",
    "magnification",
    "pullback_metric",
    "squared_jacobian_norm",
    "tangent_plane",
]
