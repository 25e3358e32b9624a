"""The code itself: how sparse it is, and whether its units are the factors that made the data."""

from collections.abc import Iterator

import torch

from aelib.errors import DataError
from aelib.metrics.dci import dci
from aelib.metrics.factor_vae import factor_vae_score
from aelib.metrics.mutual_information import mutual_information_gap
from aelib.metrics.sap import sap
from aelib.metrics.sparsity import dead_share, hoyer, l0
from aelib.report.report import Number
from aelib.report.tested import TestedModel

#: Units beyond which forests and Jacobians take too long to wait for.
MAX_UNITS = 64


def sparsity(tested: TestedModel) -> Iterator[Number]:
    """Counts of active units, and a measure without a threshold."""
    codes = tested.codes
    yield Number(
        "l0", "Active per example", l0(codes), f"of {tested.units} units",
        help="Units above a tenth of the code's root mean square, averaged over the examples (L0).",
    )  # fmt: skip
    yield Number("dead", "Dead units", dead_share(codes), "share", help="Units that no held-out example activates.")
    yield Number(
        "hoyer", "Hoyer sparsity", hoyer(codes), "share",
        help="0 %: all units equally strong; 100 %: one unit alone. Many independent Gaussian units have 20 %.",
    )  # fmt: skip


def gaps(tested: TestedModel) -> Iterator[Number]:
    """MIG and SAP."""
    codes, factors = _codes_and_factors(tested)
    yield Number(
        "mig", "MIG", mutual_information_gap(codes, factors), "share",
        help="Mutual information gap: does one unit tell much more of a factor than the next?", better="more",
    )  # fmt: skip
    values = [len(column.unique()) for column in factors.unbind(1)]
    most = 1 - sum(1 / n for n in values) / len(values)
    yield Number(
        "sap", "SAP", sap(codes, factors), "share",
        help=f"Gap between the two units that predict a factor best; at most {most:.0%} with these factors.",
        better="more",
    )  # fmt: skip


def forests(tested: TestedModel) -> Iterator[Number]:
    """DCI."""
    if tested.units > MAX_UNITS:
        raise DataError(
            f"DCI is left out: its forests take too long with more than {MAX_UNITS} units (got {tested.units})."
        )
    found = dci(*_codes_and_factors(tested), tested.seed)
    yield Number(
        "disentanglement", "DCI disentanglement", found.disentanglement, "share",
        help="Does each unit serve one factor only?", better="more",
    )  # fmt: skip
    yield Number(
        "completeness", "DCI completeness", found.completeness, "share",
        help="Is each factor told by one unit only?", better="more",
    )  # fmt: skip
    yield Number(
        "informativeness", "DCI informativeness", found.informativeness, "share",
        help="Accuracy with which a forest reads the factors off the code.", better="more",
    )  # fmt: skip


def votes(tested: TestedModel) -> Iterator[Number]:
    """The FactorVAE score."""
    codes, factors = _codes_and_factors(tested)
    random = torch.Generator().manual_seed(tested.random("votes").initial_seed())
    yield Number(
        "factor_vae", "FactorVAE score", factor_vae_score(codes, factors, random), "share",
        help=f"Does the unit that stays still tell which factor was held? By chance {1 / factors.shape[1]:.0%}.",
        better="more",
    )  # fmt: skip


def _codes_and_factors(tested: TestedModel) -> tuple[torch.Tensor, torch.Tensor]:
    """Of training and held-out examples together: it is the code that is judged, not how it generalises."""
    known = [(tested.train_codes, tested.train.factors), (tested.codes, tested.test.factors)]
    return torch.cat([codes for codes, _ in known]), torch.cat([factors for _, factors in known if factors is not None])
