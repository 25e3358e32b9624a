"""What every view asks of a map and of the points where it looks."""

import pytest
import torch

from aelib import ConfigError, DataError
from aelib.geometry import (
    contraction_ratio,
    curve_length,
    hutchinson_norm,
    jacobian,
    magnification,
    pullback_metric,
    squared_jacobian_norm,
    tangent_plane,
)

VIEWS = {
    "jacobian": jacobian,
    "squared_jacobian_norm": squared_jacobian_norm,
    "hutchinson_norm": lambda f, x: hutchinson_norm(f, x, torch.Generator()),
    "tangent_plane": lambda f, x: tangent_plane(f, x, 1),
    "contraction_ratio": lambda f, x: contraction_ratio(f, x, torch.ones(1), torch.Generator()),
    "pullback_metric": pullback_metric,
    "magnification": magnification,
    "curve_length": curve_length,
}


@pytest.fixture(params=VIEWS)
def view(request):
    return VIEWS[request.param]


def test_points_must_be_real_vectors(view, complains):
    for x in (torch.zeros(()), torch.zeros(4), torch.zeros(4, 1, 2, 2)):
        with complains(DataError, "(n, features)", str(tuple(x.shape)), "flatten"):
            view(torch.sin, x)
    with complains(DataError, "real", "torch.int64"):
        view(torch.sin, torch.zeros(4, 2, dtype=torch.int64))


def test_maps_must_give_a_vector_for_each_row(view, complains):
    x = torch.rand(4, 6)
    for f, shape in [
        (lambda x: x.reshape(-1, 1, 2, 3), (4, 1, 2, 3)),
        (lambda x: x.sum(1), (4,)),
        (lambda x: x.sum(0, keepdim=True), (1, 6)),
    ]:
        with complains(DataError, "one vector for each row", f"(4, 6) ↦ {shape}"):
            view(f, x)


def test_averages_need_a_draw(random, complains):
    x = torch.rand(4, 6)
    for draws in (0, -1):
        with complains(ConfigError, "at least 1 draw", str(draws)):
            hutchinson_norm(torch.sin, x, random, draws)
        with complains(ConfigError, "at least 1 draw", str(draws)):
            contraction_ratio(torch.sin, x, torch.ones(1), random, draws)
