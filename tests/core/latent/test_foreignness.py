"""The place of one error among many."""

import math

import pytest
import torch

from aelib import DataError
from aelib.latent.foreignness import anomaly_score


@pytest.mark.parametrize(
    ("error", "score"), [(0.0, 0), (1.0, 0), (1.5, 0.25), (2.0, 0.25), (2.5, 0.75), (3.0, 0.75), (9.0, 1)]
)
def test_the_share_of_smaller_errors(error, score):
    assert anomaly_score(error, torch.tensor([3.0, 2.0, 1.0, 2.0])) == score


def test_errors_that_cannot_be_compared_are_refused(complains):
    for error, errors in [
        (1.0, torch.zeros(0)),
        (1.0, torch.zeros(2, 2)),
        (1.0, torch.tensor([1.0, math.nan])),
        (math.inf, torch.ones(3)),
    ]:
        with complains(DataError, "finite errors", str(tuple(errors.shape))):
            anomaly_score(error, errors)
