"""Reconstruction, discriminator and neighbourhoods: what can be asked of PCA as well."""

from collections.abc import Iterator

from aelib.metrics.classification import knn_accuracy, linear_probe
from aelib.metrics.embedding import continuity, neighbour_agreement, trustworthiness
from aelib.metrics.reconstruction import rmse, squared_error, variance_explained
from aelib.report.report import Number
from aelib.report.tested import TestedModel

#: Neighbours that vote for a class, and neighbours that a code should keep.
VOTES, NEIGHBOURS = 5, 10


def reconstruction(tested: TestedModel) -> Iterator[Number]:
    """Errors of the held-out examples of the classes that training had."""
    known = ~tested.is_foreign
    x, ours, theirs = tested.test.x, tested.rebuilt[known], tested.pca_rebuilt[known]
    yield Number(
        "squared_error", "Squared error per example", squared_error(x, ours), "", squared_error(x, theirs),
        "‖x − x̂‖², summed over the features; in units of the data, squared.", "less",
    )  # fmt: skip
    yield Number(
        "rmse", "RMSE per feature", rmse(x, ours), "", rmse(x, theirs),
        "Root of the mean squared error; in units of the data.", "less",
    )  # fmt: skip
    yield Number(
        "variance_explained", "Variance explained", variance_explained(x, ours), "share",
        variance_explained(x, theirs), "1 − squared error over variance: 0 % is the mean, 100 % perfect.", "more",
    )  # fmt: skip


def discriminator(tested: TestedModel) -> Iterator[Number]:
    """p(y | x) through the code, learnt from codes of training examples."""
    ours = (tested.train_codes, tested.train.labels, tested.codes, tested.test.labels)
    theirs = (tested.pca.encode(tested.train.x), tested.train.labels, tested.pca_codes, tested.test.labels)
    yield Number(
        "linear_probe", "Linear probe", linear_probe(*ours).accuracy, "share", linear_probe(*theirs).accuracy,
        "Accuracy of a logistic regression on codes: are the classes linearly separable?", "more",
    )  # fmt: skip
    yield Number(
        "knn", f"{VOTES}-NN", knn_accuracy(*ours, k=VOTES), "share", knn_accuracy(*theirs, k=VOTES),
        f"Accuracy of a vote of the {VOTES} nearest training codes: do near codes share a class?", "more",
    )  # fmt: skip


def embedding(tested: TestedModel) -> Iterator[Number]:
    """Whether neighbours stay neighbours."""
    for name, label, metric, explanation in (
        ("trustworthiness", "Trustworthiness", trustworthiness,
         "Are neighbours in the code neighbours in the data? About 50 % for random codes."),
        ("continuity", "Continuity", continuity,
         "Are neighbours in the data neighbours in the code? About 50 % for random codes."),
        ("agreement", "Neighbours in common", neighbour_agreement,
         f"Share of the {NEIGHBOURS} nearest that data and code have in common."),
    ):  # fmt: skip
        values = [metric(tested.test.x, codes, NEIGHBOURS) for codes in (tested.codes, tested.pca_codes)]
        yield Number(name, label, values[0], "share", values[1], explanation, "more")
