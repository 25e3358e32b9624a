"""Units in the order of what they carry, of codes that are given."""

import pytest
import torch

from aelib import Autoencoder
from aelib.home import pretrained_folder
from aelib.latent.codes import Codes, encode_all
from aelib.latent.units import COLLAPSED, rank_units


def codes_of(mean, unit_kl=None):
    deviation = None if unit_kl is None else torch.ones_like(mean)
    return Codes(mean, deviation, torch.zeros(len(mean)), unit_kl)


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
def test_points_are_ordered_by_their_variance(units, random):
    scale = 1 + torch.randperm(units, generator=random).float()
    mean = 100 + scale * torch.randn(200, units, generator=random)
    found = rank_units(codes_of(mean))
    torch.testing.assert_close(found.variance, mean.double().var(0, correction=0).float())
    assert found.kl is None
    assert not found.collapsed.any()
    assert found.collapsed.shape == (units,)
    assert found.order.dtype == torch.int64
    assert found.order.tolist() == sorted(range(units), key=lambda j: -float(found.variance[j]))


def test_variational_units_are_ordered_by_divergence_whatever_their_variance():
    """Unit 1 varies most, and unit 0 carries most; 2 and 3 carry the same and stay in their order."""
    mean = torch.tensor([[0.0, 5.0, 1.0, 1.0], [0.1, -5.0, -1.0, -1.0]])
    kl = torch.tensor([[3.0, 0.5, 1.0, 2.0], [1.0, 0.5, 2.0, 1.0]])
    found = rank_units(codes_of(mean, kl))
    torch.testing.assert_close(found.kl, torch.tensor([2.0, 0.5, 1.5, 1.5]))
    assert found.order.tolist() == [0, 2, 3, 1]


def test_many_equal_units_keep_their_order():
    assert rank_units(codes_of(torch.zeros(3, 500))).order.tolist() == list(range(500))


def test_a_unit_collapses_below_a_hundredth_of_a_nat():
    threshold = torch.tensor(COLLAPSED)
    kl = torch.stack([threshold, threshold.nextafter(torch.tensor(0.0)), torch.tensor(0.0), torch.tensor(1.0)])
    # The mean over examples counts: one of these exceeds the threshold where the other does not.
    kl = torch.stack([kl, kl]) + torch.tensor([[0.0, 0.0, 0.019, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert rank_units(codes_of(torch.zeros(2, 4), kl)).collapsed.tolist() == [False, True, True, False]
    assert COLLAPSED == 0.01


def test_a_pretrained_model_uses_four_of_its_ten_units(digits):
    model = Autoencoder.load(pretrained_folder() / "digits-vae-10")
    found = rank_units(encode_all(model, digits.test.x))
    assert int(found.collapsed.sum()) == 6
    assert set(found.order[:4].tolist()) == set((~found.collapsed).nonzero().flatten().tolist())
    # A unit without information has the prior for its posterior, so that its mean does not move.
    assert found.variance[found.collapsed].max() < 0.01 < 0.5 < found.variance[~found.collapsed].min()
