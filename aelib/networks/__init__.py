"""Networks: encoder and decoder pairs, each described by a `Spec` that builds its module."""

from typing import Annotated

from pydantic import Field

from aelib.networks.base import Network, NetworkSpec, Operation
from aelib.networks.conv import Conv, ConvNetwork, default_channels
from aelib.networks.mlp import MLP, MLPNetwork

#: Any network, recognised in JSON by its ``kind``.
AnyNetwork = Annotated[MLP | Conv, Field(discriminator="kind")]

NETWORKS: dict[str, type[MLP] | type[Conv]] = {"mlp": MLP, "conv": Conv}

__all__ = [
    "MLP",
    "NETWORKS",
    "AnyNetwork",
    "Conv",
    "ConvNetwork",
    "MLPNetwork",
    "Network",
    "NetworkSpec",
    "Operation",
    "default_channels",
]
