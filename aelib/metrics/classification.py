"""The discriminator p(y | x) through a code: how well labels can be read off it."""

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.neighbours import Neighbours, neighbourhoods
from aelib.metrics.points import check_neighbours, comparable

#: Votes that differ by less are equally many: they are parts with denominators up to the number of points.
SAME = 1e-9


def knn_accuracy(codes: Tensor, labels: Tensor, test_codes: Tensor, test_labels: Tensor, k: int = 5) -> float:
    """Share of the test codes whose label most of their ``k`` nearest codes have (Cover & Hart 1967).

    ``codes``: (n, units), ``labels``: (n,) class indices. Euclidean distance, one vote each; of labels
    with equally many votes the smallest wins. Codes that are equally far for the last places share them.
    Raises `DataError` on data that do not fit, `ConfigError`
    unless 1 ≤ k ≤ n.
    """
    codes, test_codes = comparable(codes=codes, test_codes=test_codes)
    _check_labels(labels, codes)
    _check_labels(test_labels, test_codes)
    check_neighbours(k, len(codes))
    return _agreement(neighbourhoods(test_codes, k, codes), labels, test_labels)


def leave_one_out_knn_accuracy(codes: Tensor, labels: Tensor, k: int = 5) -> float:
    """`knn_accuracy` of each code among all the others: no second set, so it suits a live probe set.

    Raises `DataError` on data that do not fit, `ConfigError` unless 1 ≤ k ≤ n − 1.
    """
    (codes,) = comparable(codes=codes)
    _check_labels(labels, codes)
    check_neighbours(k, len(codes) - 1)
    return _agreement(neighbourhoods(codes, k), labels, labels)


class LinearProbe(NamedTuple):
    """What `linear_probe` found: ``probabilities[i, c]`` is p(y = classes[c] | test code i)."""

    accuracy: float
    probabilities: Tensor
    classes: Tensor


def linear_probe(codes: Tensor, labels: Tensor, test_codes: Tensor, test_labels: Tensor) -> LinearProbe:
    """Multinomial logistic regression on standardised codes (Alain & Bengio 2016), scored on test codes.

    Minimises Σ −log p(y | z) + ½ ‖W‖² over the training codes, in nats; each unit is brought to mean 0 and
    variance 1 over them first. Probabilities are (test n, classes), float64; a test label that no training
    code has counts as an error. Raises `DataError` on data that do not fit or a single class.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    codes, test_codes = (x.double().cpu() for x in comparable(codes=codes, test_codes=test_codes))
    _check_labels(labels, codes)
    _check_labels(test_labels, test_codes)
    if len(labels.unique()) < 2:
        raise DataError(f"All {len(labels)} training labels are {int(labels[0])}: a classifier needs two classes.")
    # The problem is strongly convex: the limit is there to be generous, not to be reached.
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=10_000))
    model.fit(codes.numpy(), labels.cpu().numpy())
    probabilities = torch.from_numpy(model.predict_proba(test_codes.numpy()))
    classes = torch.from_numpy(model.classes_).long()
    accuracy = (classes[probabilities.argmax(1)] == test_labels.cpu()).double().mean()
    return LinearProbe(float(accuracy), probabilities, classes)


def _agreement(found: Iterable[Neighbours], labels: Tensor, asked: Tensor) -> float:
    """How often the vote of the nearest, whose ``labels`` (n,) are known, is what each query's label ``asked`` is."""
    classes, choice = labels.unique(return_inverse=True)
    votes = []
    for columns, part in found:
        empty = torch.zeros(len(columns), len(classes), dtype=part.dtype, device=part.device)
        votes.append(empty.scatter_add_(1, choice[columns], part))
    counted = torch.cat(votes)
    # Sorted, and argmax takes the first: of equally many votes (parts such as ⅓ do not add up exactly) the smallest.
    most = (counted > counted.amax(1, keepdim=True) - SAME).int().argmax(1)
    return float((classes[most] == asked).double().mean())


def _check_labels(labels: Tensor, codes: Tensor) -> None:
    if labels.is_floating_point() or labels.shape != (len(codes),):
        raise DataError(
            f"Labels of {len(codes)} codes must be as many class indices (got {labels.dtype} of shape "
            f"{tuple(labels.shape)})."
        )
