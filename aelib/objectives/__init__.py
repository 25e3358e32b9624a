"""Objectives: what is minimised. One file each, with the variant that shows it."""

from aelib.objectives.base import Batch, Objective
from aelib.objectives.conditional import Conditional
from aelib.objectives.contractive import Contractive
from aelib.objectives.denoising import Denoising
from aelib.objectives.k_sparse import KSparse
from aelib.objectives.sparse import Sparse
from aelib.objectives.sparse_kl import SparseKL
from aelib.objectives.stacked import StackedDenoising
from aelib.objectives.tc_variational import TCVariational
from aelib.objectives.vanilla import Vanilla
from aelib.objectives.variational import Variational

__all__ = [
    "Batch",
    "Conditional",
    "Contractive",
    "Denoising",
    "KSparse",
    "Objective",
    "Sparse",
    "SparseKL",
    "StackedDenoising",
    "TCVariational",
    "Vanilla",
    "Variational",
]
