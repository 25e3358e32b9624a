"""What only a variational model has: bounds on the evidence, units that collapse, and samples."""

from collections.abc import Iterator

from aelib.metrics.generation import check_generator
from aelib.metrics.likelihood import (
    COLLAPSED_BELOW,
    active_units,
    evidence_lower_bound,
    importance_weighted_bound,
)
from aelib.objectives.variational import unit_kl
from aelib.report.report import Figure, Line, Number
from aelib.report.tested import DRAWS, TestedModel

#: Neighbours that make the balls of precision, recall, density and coverage.
BALL = 5


def divergences(tested: TestedModel) -> Iterator[Number | Figure]:
    """KL(q(z_j | x) ‖ N(0, 1)) of each unit, averaged over the held-out examples."""
    mean, log_variance = tested.statistics[~tested.is_foreign].double().chunk(2, dim=-1)
    by_unit = unit_kl(mean, log_variance).mean(0)
    yield Number(
        "kl", "KL divergence", float(by_unit.sum()), "nats",
        help="From the posterior to the prior, summed over the units: what a code tells of its example.",
    )  # fmt: skip
    yield Number(
        "in_use", "Units in use", float(active_units(by_unit).sum()), f"of {tested.units} units",
        help=f"Units with at least {COLLAPSED_BELOW} nats; the others have collapsed to the prior.",
    )  # fmt: skip
    falling, order = by_unit.sort(descending=True)
    line = Line("KL", tuple((order + 1.0).tolist()), tuple(falling.tolist()))
    yield Figure(
        "kl", "KL divergence of each unit",
        "A unit near 0 nats has collapsed: it says nothing, and decoding ignores it.",
        "unit of the code", "KL, nats", (line,), "bars",
    )  # fmt: skip


def bounds(tested: TestedModel) -> Iterator[Number]:
    """Lower bounds on log p(x), or on log p(x | y)."""
    weights = tested.log_weights[:, ~tested.is_foreign]
    what = "log p(x | y)" if tested.model.objective.conditional else "log p(x)"
    grey = ""
    if tested.model.objective.likelihood == "cross_entropy":
        grey = " Pixels count as coins: for grey ones it compares models, and is no density."
    yield Number(
        "elbo", "Evidence lower bound", float(evidence_lower_bound(weights).mean()), "nats",
        help=f"Mean over the examples of the ELBO with β = 1, {DRAWS} draws each; it is below {what}.{grey}",
        better="more",
    )  # fmt: skip
    yield Number(
        "importance_weighted", "Importance-weighted bound", float(importance_weighted_bound(weights).mean()), "nats",
        help=f"Closer to {what} from below, by {DRAWS} weighted draws.", better="more",
    )  # fmt: skip


def samples(tested: TestedModel) -> Iterator[Number]:
    """Decoded draws from the prior, as many as held-out examples; with their labels where the decoder is told."""
    model, real = tested.model, tested.test.x
    told = tested.test.y if model.objective.conditional else None
    drawn = model.sample(len(real), tested.random("samples"), told).cpu()
    found = check_generator(drawn, tested.train.x, real, BALL)
    for name, label, explanation in (
        ("precision", "Precision", "Samples that lie near real examples: are they plausible?"),
        ("recall", "Recall", "Real examples that lie near samples: is everything made?"),
        ("coverage", "Coverage",
         f"Real examples that have a sample in their ball; of a perfect generator {1 - 0.5**BALL:.1%} is expected."),
    ):  # fmt: skip
        yield Number(name, label, getattr(found.support, name), "share", help=explanation, better="more")
    yield Number(
        "density", "Density", found.support.density,
        help="Real balls that hold a sample; 1 is expected of a perfect generator, more of one that keeps to modes.",
    )  # fmt: skip
    yield Number(
        "two_sample", "1-NN two-sample accuracy", found.two_sample.accuracy, "share",
        help="Of a nearest neighbour that classifies samples and real examples: 50 % is perfect, 100 % is worst.",
        better="less",
    )  # fmt: skip
    yield Number(
        "copy_ratio", "Distance to training set", found.copy_ratio, "×",
        help="Over that of held-out examples. About 1: as new as those; far below 1: copies; far above: implausible.",
    )  # fmt: skip
