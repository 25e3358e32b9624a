"""How far what is rebuilt is from what it should be."""

from aelib.glossary.term import Term

ERRORS = (
    Term(
        "squared_error", "Reconstruction error",
        "How far the rebuilt example is from the example: the squared difference, summed over all its numbers.",
        "‖x − x̂‖² = Σᵢ (xᵢ − x̂ᵢ)²",
        "It grows with the size of examples: compare it only on the same data.",
        also=("error", "squared error", "‖x − x̂‖²", "error_map"),
    ),
    Term(
        "rmse", "RMSE",
        "Root mean squared error: how far one number of a held-out example is off, typically, in the data's own units.",
        "RMSE = √(1/(n·d) Σ ‖x − x̂‖²)",
        "With pixels from 0 to 1, 0.1 is a tenth of the way from black to white.",
        also=("root mean squared error",),
    ),
    Term(
        "variance_explained", "Variance explained",
        "The share of the differences between examples that survives the code.",
        "1 − Σ‖x − x̂‖² / Σ‖x − x̄‖²",
        "0 % is no better than the mean of all examples; 100 % is perfect.",
        also=("R²",),
    ),
    Term(
        "foreign_rmse", "RMSE, out of distribution",
        "The error on pictures unlike anything in training: noise, stripes, shapes, a negative.",
        "RMSE over pictures from elsewhere",
        "A small one means that the model only copies: it has not learned what its data look like.",
        also=("foreign", "out of distribution"),
    ),
    Term(
        "auc", "Anomaly AUC",
        "The chance that an example of the class left out of training has a larger error than one of the others.",
        "AUC = P(error of an anomaly > error of a known example)",
        "50 % is a coin; near 100 % the error alone finds what is strange.",
        also=("auc_error", "roc", "anomaly detection"),
    ),
    Term(
        "auc_elbo", "AUC by negative ELBO",
        "The same chance, where examples are ranked by how improbable the model finds them.",
        "AUC = P(−ELBO of an anomaly > −ELBO of a known example)",
        "Where it beats the AUC by error, the code itself tells anomalies.",
    ),
)  # fmt: skip
