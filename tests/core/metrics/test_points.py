"""Distances, whole or in blocks, and which points can be compared."""

import pytest
import torch

from aelib.errors import DataError
from aelib.metrics import points
from aelib.metrics.points import comparable, distance_blocks


@pytest.fixture(params=[points.PAIRS, 1, 100], ids=["whole", "one by one", "blocks"])
def pairs(request, monkeypatch):
    monkeypatch.setattr(points, "PAIRS", request.param)


@pytest.mark.usefixtures("pairs")
def test_distances_are_exact_and_symmetric(random):
    some = torch.rand(40, 50, generator=random) + 100
    some[7] = some[3]
    found = torch.cat(list(distance_blocks(some, some)))
    differences = some.double().unsqueeze(0) - some.double().unsqueeze(1)
    # Sums of 50 squares in float32.
    torch.testing.assert_close(found.double(), differences.square().sum(2).sqrt(), rtol=1e-5, atol=0)
    assert torch.equal(found, found.T)
    assert found[3, 7] == 0
    to_others = torch.cat(list(distance_blocks(some)))
    assert torch.equal(to_others, found.fill_diagonal_(torch.inf))


def test_points_are_flattened_and_brought_to_one_type():
    pictures = torch.zeros(2, 1, 3, 4, dtype=torch.float16)
    grid = torch.zeros(5, 12, dtype=torch.uint8)
    assert [(x.dtype, x.shape) for x in comparable(a=pictures, b=grid)] == [
        (torch.float32, (2, 12)),
        (torch.float32, (5, 12)),
    ]
    exact = torch.zeros(1, 12, dtype=torch.float64, requires_grad=True)
    assert all(x.dtype == torch.float64 and not x.requires_grad for x in comparable(a=pictures, b=exact))


def test_what_cannot_be_compared_is_refused(complains):
    good = torch.zeros(3, 2)
    with complains(DataError, "test codes", "3 features", "codes have 2"):
        comparable(codes=good, test_codes=torch.zeros(3, 3))
    with complains(DataError, "codes", "(3,)"):
        comparable(codes=torch.zeros(3))
    with complains(DataError, "codes", "(0, 2)"):
        comparable(codes=torch.zeros(0, 2))
    for bad in (torch.nan, torch.inf):
        with complains(DataError, "test codes", "not finite"):
            comparable(codes=good, test_codes=torch.full((1, 2), bad))
