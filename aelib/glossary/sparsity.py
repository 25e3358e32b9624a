"""Codes of which an example uses few units."""

from aelib.glossary.term import Term

SPARSITY = (
    Term(
        "sparsity", "Sparsity",
        "What a code costs for every active unit, so that each example is described by few of them.",
        "λ Σⱼ |hⱼ|, or λ Σⱼ KL(ρ ‖ ρ̂ⱼ)",
        "Turned up, units become specialists, then die.",
        also=("sparse",),
    ),
    Term(
        "rho", "Target activity ρ",
        "The share of the examples that each unit is asked to answer to.",
        "λ Σⱼ KL(ρ ‖ ρ̂ⱼ), ρ̂ⱼ the mean of hⱼ",
        "Small ρ makes specialists; at ½ it asks for nothing special.",
        also=("ρ",),
    ),
    Term(
        "k", "Active units k",
        "How many units an example may use; all but the largest are set to 0.",
        "z = top_k(f(x))",
        "With few, each has to stand for a whole shape; with many, for strokes.",
        also=("k-sparse",),
    ),
    Term(
        "l0", "Active per example",
        "How many units of the code an example uses, on average.",
        "mean of #{j : |zⱼ| > ⅒ · root mean square of the codes}",
        "Few of many is sparse.",
        also=("active", "active per example"),
    ),
    Term(
        "dead", "Dead units",
        "Units that no held-out example activates: they have fallen silent for good.",
        "share of j with zⱼ silent for all x",
        "A smaller weight of the penalty, or letting dead units start afresh, brings them back.",
        also=("dead units",),
    ),
    Term(
        "hoyer", "Hoyer sparsity",
        "How unequally a code spreads over its units, with no threshold: 0 % all equal, 100 % one unit alone.",
        "(√m − ‖z‖₁/‖z‖₂) / (√m − 1)",
        "Many independent Gaussian units have about 20 %.",
    ),
    Term(
        "activity", "Activity of the code",
        "The penalty of a sparse code without its weight: with a Laplace prior, the sum of the sizes of its units.",
        "Σⱼ ψ(hⱼ), ψ(h) = |h|, log(1 + h²) or h²",
        "It can shrink without a unit falling silent: look at the active units, too.",
        also=("L1",),
    ),
    Term(
        "distance", "Distance to the target activity",
        "How far the activity of the units is from its target, summed over the units, without the weight.",
        "Σⱼ KL(ρ ‖ ρ̂ⱼ)",
        "0 where every unit answers to exactly the share ρ of the examples.",
    ),
)  # fmt: skip
