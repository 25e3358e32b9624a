"""Anomaly detection: whether examples of the class that training never saw stand out."""

from collections.abc import Iterator

import torch
from torch import Tensor

from aelib.errors import AelibError
from aelib.metrics.anomaly import roc_auc, roc_curve
from aelib.metrics.likelihood import evidence_lower_bound
from aelib.report.report import Figure, Line, Number
from aelib.report.tested import TestedModel

#: Points of a drawn curve; the area is that of all of them.
POINTS = 201
#: The order of the figures: errors are there for every model.
GUIDE = Line("chance", (0.0, 1.0), (0.0, 1.0), "guide")


def detection(tested: TestedModel) -> Iterator[Number | Figure]:
    """Area and curve of each score: a larger one should mean an anomaly."""
    x, foreign = tested.everything.x, tested.is_foreign
    error = _errors(x, tested.rebuilt)
    pca_error = _errors(x, tested.pca_rebuilt)
    yield Number(
        "auc_error", "AUC by reconstruction error", roc_auc(error, foreign), "share", roc_auc(pca_error, foreign),
        "Chance that an example of the class left out has a larger error than one of the others; 50 % is a coin.",
        "more",
    )  # fmt: skip
    lines = [_line("reconstruction error", error, foreign)]
    if tested.is_variational:
        try:
            score = -evidence_lower_bound(tested.log_weights)
        except AelibError:
            pass  # why there is no bound, the section of the bounds says
        else:
            yield Number(
                "auc_elbo", "AUC by negative ELBO", roc_auc(score, foreign), "share",
                help="The same by how improbable the model finds an example.", better="more",
            )  # fmt: skip
            lines.append(_line("negative ELBO", score, foreign))
    lines += [_line("PCA's error", pca_error, foreign, "pca"), GUIDE]
    yield Figure(
        "roc", "ROC curve", "The further a curve bends to the upper left, the better anomalies stand out.",
        "false alarms among known classes", "anomalies found", tuple(lines),
    )  # fmt: skip


def _errors(x: Tensor, rebuilt: Tensor) -> Tensor:
    """‖x − x̂‖² of each example, (n,)."""
    return (x.double() - rebuilt.double()).square().flatten(1).sum(1)


def _line(label: str, scores: Tensor, foreign: Tensor, role: str = "model") -> Line:
    curve = roc_curve(scores, foreign)
    kept = torch.linspace(0, len(curve.thresholds) - 1, min(POINTS, len(curve.thresholds))).round().long()
    x, y = curve.false_positive_rate[kept], curve.true_positive_rate[kept]
    return Line(label, tuple(x.tolist()), tuple(y.tolist()), "pca" if role == "pca" else "model")
