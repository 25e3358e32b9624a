"""The encoder as a map: in how many directions it moves, and how much it shrinks neighbourhoods."""

from collections.abc import Iterator

import torch

from aelib.errors import DataError
from aelib.geometry import contraction_ratio, jacobian
from aelib.report.code import MAX_UNITS
from aelib.report.report import Figure, Line, Number
from aelib.report.tested import TestedModel

#: Held-out examples that are looked at: means over them settle early, and each costs as many passes as units.
EXAMPLES = 256
#: Radii of the contraction curve, as shares of the root mean square distance of an example from the mean.
SHARES = torch.logspace(-2, 0.5, 11)


def spectrum(tested: TestedModel) -> Iterator[Number | Figure]:
    """Singular values of ∂code/∂x, over the largest of each example."""
    if tested.units > MAX_UNITS:
        raise DataError(
            f"The Jacobian's spectrum is left out for codes of more than {MAX_UNITS} units (got {tested.units})."
        )
    x = tested.model.flatten(tested.test.x[:EXAMPLES])
    values = torch.linalg.svdvals(jacobian(tested.model.encode, x).double())
    largest = values[:, :1]
    moves = largest.squeeze(1) > 0
    if not moves.any():
        raise DataError("The Jacobian has no spectrum: the code is the same for all examples.")
    shares = (values[moves] / largest[moves]).mean(0).cpu()
    yield Number(
        "norm", "‖∂f/∂x‖", float(values.square().sum(1).mean().sqrt()),
        help="Root mean square of the Jacobian's norm: how far the code moves for a unit of data.",
    )  # fmt: skip
    if len(shares) > 1:
        units = tuple(float(k) for k in range(1, len(shares) + 1))
        yield Figure(
            "spectrum", "Spectrum of the encoder's Jacobian",
            "Few large values: near an example the code moves in few directions, those of the data (PCA's are all 1).",
            "singular value, by size", "share of the largest", (Line("mean", units, tuple(shares.tolist())),), "bars",
        )  # fmt: skip


def contraction(tested: TestedModel) -> Iterator[Figure]:
    """‖f(x + rε) − f(x)‖ / r over radii r."""
    if tested.units > MAX_UNITS:
        raise DataError(
            f"The contraction curve is left out for codes of more than {MAX_UNITS} units (got {tested.units})."
        )
    x = tested.model.flatten(tested.test.x[:EXAMPLES])
    spread = float((x - x.mean(0)).square().sum(1).mean().sqrt())
    if not spread:
        raise DataError("The contraction curve needs examples that differ.")
    radii = SHARES.to(x) * spread
    ours = contraction_ratio(tested.model.encode, x, radii, tested.random("contraction"))
    theirs = contraction_ratio(
        lambda rows: tested.pca.encode(rows.cpu()), x.double().cpu(), radii.cpu(), torch.Generator().manual_seed(0)
    )
    at = tuple(radii.tolist())
    yield Figure(
        "contraction", "Contraction by distance",
        "Distance of two codes over that of their examples, in any direction; where it falls, the map shrinks more.",
        "distance of the examples", "distance of codes over it",
        (Line("model", at, tuple(ours.tolist())), Line("PCA", at, tuple(theirs.tolist()), "pca")), logarithmic=True,
    )  # fmt: skip
