"""Still figures of a code: what its units carry, how many directions it uses, how far it lies from the origin."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.distributions import Chi2

from aelib.latent.codes import Codes
from aelib.latent.units import COLLAPSED, Units
from aelib.randomness import generator
from aelib.report.report import Figure, Line

#: Units or components in a figure, at most: the largest.
MOST = 64
#: Bars of a histogram.
BINS = 40


def figures(codes: Codes, units: Units, splits: Sequence[str]) -> Iterator[Figure]:
    """The figures that apply. ``splits``: which part of the data each example is from."""
    yield _units(units)
    if codes.mean.shape[1] > 1:
        yield _spectrum(codes.mean)
    yield _errors(codes.errors, splits)
    yield _norms(codes)


def _units(units: Units) -> Figure:
    order = units.order[:MOST]
    numbers = tuple(float(j + 1) for j in order)
    if units.kl is None:
        values, label = units.variance, "variance of the code"
        said = "Variance of each unit over the examples, the largest first: what does not vary carries nothing."
    else:
        values, label = units.kl, "mean KL in nats"
        dead = int(units.collapsed.sum())
        said = (
            f"What each unit tells of an example, in nats, the most first. Below {COLLAPSED:g} nats a unit has "
            f"collapsed onto the prior: {dead or 'none'} of {len(values)}."
        )
    lines = (_bars("units", numbers, values[order]),)
    return Figure("units", "What each unit carries", said, "unit", label, lines, "bars")


def _spectrum(codes: Tensor) -> Figure:
    """Eigenvalues of the covariance of the codes, over their sum."""
    centred = codes.double() - codes.double().mean(0)
    variances: Tensor = torch.linalg.svdvals(centred).square()
    shares = variances / variances.sum().clamp_min(torch.finfo(torch.float64).tiny)
    numbers = tuple(float(k + 1) for k in range(min(MOST, len(shares))))
    effective = float(1 / shares.square().sum()) if float(shares.sum()) else 0.0
    said = (
        "Share of the variance of the codes along each principal axis: "
        f"as if {effective:.1f} directions carried all of it equally (participation ratio)."
    )
    return Figure(
        "spectrum", "Principal axes of the code", said, "principal axis", "share of the variance",
        (_bars("codes", numbers, shares[:MOST]),), "bars",
    )  # fmt: skip


def _errors(errors: Tensor, splits: Sequence[str]) -> Figure:
    parts = {name: errors[[name == split for split in splits]] for name in dict.fromkeys(splits)}
    edges = torch.linspace(0, float(errors.quantile(0.995)) or 1.0, BINS + 1)
    lines = tuple(_histogram(label, part, edges) for label, part in parts.items())
    return Figure(
        "errors", "Reconstruction error", "Held-out examples with larger errors than those trained on: overfitting.",
        "‖x − x̂‖² of an example", "share of the examples", lines,
    )  # fmt: skip


def _norms(codes: Codes) -> Figure:
    """‖z‖ of codes, or of one draw from each posterior; of the prior N(0, I): the χ distribution."""
    k, z = codes.mean.shape[1], codes.mean
    said = "How far codes lie from the origin. No prior was trained for: draw new codes from where these are."
    if codes.deviation is not None:
        # What the decoder was trained on; means alone would look shorter.
        z = z + codes.deviation * torch.randn(z.shape, generator=generator(0, "norms"))
        said = "How far a draw from each posterior lies from the origin, beside the prior: they should agree."
    norms = z.norm(dim=1)
    top = max(float(norms.quantile(0.995)), 0.0 if codes.deviation is None else k**0.5 + 3)
    edges = torch.linspace(0, top or 1.0, BINS + 1)
    lines = [_histogram("codes", norms, edges)]
    if codes.deviation is not None:
        mass = Chi2(torch.tensor(float(k))).cdf(edges.square()).diff()
        lines.append(Line("prior", _middles(edges), tuple(mass.tolist()), "guide"))
    return Figure("norms", "Distance from the origin", said, "‖z‖", "share of the examples", tuple(lines))


def _bars(label: str, x: tuple[float, ...], values: Tensor) -> Line:
    return Line(label, x, tuple(values.double().tolist()))


def _histogram(label: str, values: Tensor, edges: Tensor) -> Line:
    counts = torch.histogram(values.float().contiguous(), edges.float()).hist
    return Line(label, _middles(edges), tuple((counts / len(values)).tolist()))


def _middles(edges: Tensor) -> tuple[float, ...]:
    return tuple(((edges[1:] + edges[:-1]) / 2).tolist())
