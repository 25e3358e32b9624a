"""Networks: encoder and decoder pairs, each described by a `Spec` that builds its module."""

from aelib.networks.mlp import MLP, MLPNetwork

__all__ = ["MLP", "MLPNetwork"]
