"""Codes with a distribution: variational autoencoders."""

from aelib.glossary.term import Term

PROBABILITY = (
    Term(
        "posterior", "Posterior",
        "The small cloud of codes that the encoder gives for one example instead of a single point.",
        "q(z | x) = N(μ(x), diag σ²(x))",
        "Wide clouds say little of the example; on the map they overlap.",
        also=("q(z | x)", "approximate posterior"),
    ),
    Term(
        "prior", "Prior",
        "Where codes are expected before any example is seen: a round cloud about 0, from which samples are drawn.",
        "p(z) = N(0, I)",
        "Where codes fill the rings of 1σ and 2σ evenly, draws from the prior decode to something plausible.",
        also=("p(z)",),
    ),
    Term(
        "scale", "Scale of the map",
        "How far a variational map reaches: three standard deviations of the prior, or no further than the codes.",
        "",
        "In the scale of the prior a code that collapses falls into the middle; fitted, it looks like any other.",
        also=("prior or fit", "rings"),
    ),
    Term(
        "kl", "KL divergence",
        "How far the posterior of an example is from the prior, in nats: what its code says that the prior does not.",
        "KL(q(z | x) ‖ N(0, I)) = ½ Σⱼ (μⱼ² + σⱼ² − 1 − log σⱼ²)",
        "At 0 the code says nothing of the example; the more it says, the better an example can be rebuilt.",
        also=("unit_kl", "Kullback–Leibler divergence", "kl divergence", "kl to the prior"),
    ),
    Term(
        "beta", "Weight β",
        "How much a code pays for straying from the prior, beside its reconstruction error.",
        "β · KL(q(z | x) ‖ N(0, I));  β-TC: β · KL(q(z) ‖ Πⱼ q(zⱼ))",
        "1 is the evidence lower bound. Higher orders the code and blurs pictures; too high, the code may collapse.",
        also=("β", "KL weight", "beta-vae"),
    ),
    Term(
        "collapsed", "Collapsed unit",
        "A unit whose posterior is the prior whatever the example, so that it says nothing: its mean KL is below 0.01 "
        "nats.",
        "KL(q(zⱼ | x) ‖ N(0, 1)) < 0.01 nats, on average",
        "Where all units have, the decoder gives the same for every code. A smaller β or free bits bring them back.",
        also=("collapse", "posterior collapse", "collapsed unit"),
    ),
    Term(
        "in_use", "Units in use",
        "Units of the code that say something of the example: those that have not collapsed.",
        "number of j with mean KL(q(zⱼ | x) ‖ N(0, 1)) ≥ 0.01 nats",
        "It falls as β grows: the model gives up the units that are least worth their price.",
        also=("active units",),
    ),
    Term(
        "elbo", "Evidence lower bound",
        "ELBO: a number that the log-probability of an example is at least, and what a variational model with β = 1 "
        "maximises.",
        "log p(x) ≥ E log p(x | z) − KL(q(z | x) ‖ p(z))",
        "Higher is better. Compare it between models of the same data and the same likelihood alone.",
        also=("evidence lower bound",),
    ),
    Term(
        "importance_weighted", "Importance-weighted bound",
        "A bound on the log-probability of an example that many weighted draws of the code bring closer to it.",
        "log p(x) ≥ E log 1/K Σₖ p(x, zₖ) / q(zₖ | x)",
        "Far above the ELBO, the posterior fits badly.",
        also=("iwae",),
    ),
    Term(
        "free_bits", "Free bits",
        "Nats of KL divergence that each unit may use at no cost.",
        "L = reconstruction + β Σⱼ max(λ, KLⱼ)",
        "A little keeps units from collapsing; much makes them all carry just that.",
    ),
    Term(
        "information", "Mutual information I(x; z)",
        "What a code tells of which example it came from: the first of three parts of the KL divergence.",
        "I(x; z) = E KL(q(z | x) ‖ q(z))",
        "It should stay while the other two parts fall.",
        also=("mutual information",),
    ),
    Term(
        "total_correlation", "Total correlation",
        "What the units of the code say about each other; 0 where they are independent.",
        "TC = KL(q(z) ‖ Πⱼ q(zⱼ))",
        "The smaller it is, the more each unit can stand for something of its own.",
        also=("TC",),
    ),
    Term(
        "dimension_wise", "KL of single units",
        "How far each unit for itself, over all examples together, is from the prior.",
        "Σⱼ KL(q(zⱼ) ‖ N(0, 1))",
        "Near 0 the prior draws values that the unit really takes.",
        also=("dimension-wise kl",),
    ),
    Term(
        "aggregated_posterior", "Aggregated posterior",
        "The posteriors of all examples together: where codes really lie.",
        "q(z) = 1/n Σᵢ q(z | xᵢ)",
        "Where it differs from the prior, samples come from places without examples and resemble nothing.",
        also=("q(z)",),
    ),
    Term(
        "samples", "Samples",
        "New examples: codes drawn from the prior, and decoded.",
        "x̂ = g(z), z ~ N(0, I)",
        "They should be plausible, varied, and no copies of the training example nearest to them.",
        also=("sample", "generation"),
    ),
    Term(
        "nearest", "Nearest training example",
        "The example of the training set that is closest to a sample.",
        "argminᵢ ‖x̂ − xᵢ‖",
        "A sample that equals it is a copy, not an invention.",
    ),
    Term(
        "classes", "Samples of a class, p(x | y)",
        "One code decoded as each class: a conditional decoder is told the class beside the code.",
        "x̂ = g(z, y)",
        "Along a row the class changes while the style should stay.",
        also=("p(x | y)", "style_0", "style_1", "style_2", "style"),
    ),
    Term(
        "told_class", "Told class",
        "The class that a conditional decoder is told beside the code.",
        "x̂ = g(z, y)",
        "Change it and see what the code has left to say: the style.",
    ),
    Term(
        "label_rate", "Labels told",
        "The share of the training examples whose class the decoder is told.",
        "P(y is told) = r",
        "Below 1 the decoder also learns to do without, so that p(x) and p(x | y) can both be drawn from.",
    ),
)  # fmt: skip
