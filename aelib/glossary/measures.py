"""Figures about codes and samples."""

from aelib.glossary.term import Term

MEASURES = (
    Term(
        "column_error", "Error of a column",
        "How far off a value of a row was rebuilt, in the column's own unit.",
        "x̂ⱼ − xⱼ",
        "The bar is the column's share of the squared error of the whole row, in the scaled units that the model was "
        "trained in, so that it compares grams with years.",
    ),
    Term(
        "neighbours", "5-NN accuracy",
        "How often the five nearest codes, by a vote, tell the class of an example.",
        "share of x whose label most of its 5 nearest codes have",
        "High means that classes lie apart in the code, although nobody told the model the labels.",
        also=("knn", "5-NN", "nearest neighbours"),
    ),
    Term(
        "linear_probe", "Linear probe",
        "How well a logistic regression reads the class off the code.",
        "accuracy of softmax(W z + b)",
        "High where straight borders part the classes; compare with the same on PCA.",
    ),
    Term(
        "trustworthiness", "Trustworthiness",
        "Whether neighbours in the smaller picture are neighbours in truth: the codes for a report, the map for its "
        "layout.",
        "1 − 2/(n·k·(2n − 3k − 1)) Σᵢ Σⱼ (r(i, j) − k), j near i in the picture alone",
        "About 50 % is chance. Where it is low, closeness that you see may mean nothing.",
    ),
    Term(
        "continuity", "Continuity",
        "Whether what is near in truth is still near in the smaller picture.",
        "trustworthiness with the roles exchanged",
        "Where it is low, the picture has torn apart what belongs together.",
    ),
    Term(
        "agreement", "Neighbours in common",
        "The share of the nearest examples that data and code agree about.",
        "1/(n·k) Σᵢ |Nₖ(xᵢ) ∩ Nₖ(zᵢ)|",
        "Stricter than trustworthiness: it counts the very same neighbours.",
    ),
    Term(
        "precision", "Precision",
        "The share of the samples that lie near real examples: are they plausible?",
        "share of samples in the ball of some real example",
        "High precision with low recall: few kinds, but good ones.",
    ),
    Term(
        "recall", "Recall",
        "The share of the real examples that lie near samples: is everything made?",
        "share of real examples in the ball of some sample",
        "Low recall means that the generator leaves out kinds of examples.",
    ),
    Term(
        "density", "Density of samples",
        "In how many balls around real examples a sample lies, against how many are expected of a perfect generator.",
        "1/(k·m) Σ over the m samples of #{i : sample in the ball of xᵢ}",
        "1 is expected; more means that samples keep to where data are dense.",
    ),
    Term(
        "coverage", "Coverage",
        "The share of the real examples that have a sample in their ball.",
        "share of real examples whose ball holds a sample",
        "Of a perfect generator nearly all is expected; a far outlier among the samples does not raise it.",
    ),
    Term(
        "two_sample", "1-NN two-sample accuracy",
        "How well the nearest neighbour tells samples from real examples.",
        "leave-one-out accuracy, real against sampled",
        "50 % is perfect: they cannot be told apart. 100 % is worst.",
    ),
    Term(
        "copy_ratio", "Distance to the training set",
        "How far samples are from the training examples, over how far held-out examples are.",
        "median distance of samples / median distance of held-out examples",
        "Far below 1: copies. About 1: as new as held-out examples. Far above: implausible.",
    ),
    Term(
        "mig", "MIG",
        "Mutual information gap: whether one unit tells much more of a factor than the next best unit does.",
        "mean over factors of (I(z₁; v) − I(z₂; v)) / H(v)",
        "High where each factor that made the data has a unit of its own.",
        also=("mutual information gap",),
    ),
    Term(
        "sap", "SAP",
        "The gap between the two units that predict a factor best.",
        "mean over factors of score₁ − score₂",
        "High where a factor is read off one unit alone.",
    ),
    Term(
        "disentanglement", "DCI disentanglement",
        "Whether each unit of the code serves one factor only.",
        "Σⱼ ρⱼ (1 − H(Pⱼ)), Pⱼ the importance of unit j for each factor, ρⱼ its share of all importance",
        "Low where units mix factors.",
        also=("dci",),
    ),
    Term(
        "completeness", "DCI completeness",
        "Whether each factor is told by one unit only.",
        "1 − H(P̃ₖ), P̃ₖ the importance of each unit for factor k",
        "Low where a factor is spread over several units.",
    ),
    Term(
        "informativeness", "DCI informativeness",
        "How well a forest reads the factors off the code.",
        "accuracy of the prediction",
        "High with low disentanglement: all is there, but mixed.",
    ),
    Term(
        "factor_vae", "FactorVAE score",
        "Whether the unit that stays still tells which factor was held.",
        "accuracy of a majority vote over units",
        "By chance it is one over the number of factors.",
    ),
)  # fmt: skip
