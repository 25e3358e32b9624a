"""Maps of magnification and of distance for decoders whose geometry is known."""

import math

import pytest
import torch

from aelib import MLP, Autoencoder, ConfigError, DataError
from aelib.geometry import magnification
from aelib.home import pretrained_folder
from aelib.latent.field import geodesic_ball, magnification_field

MAPS = pytest.mark.parametrize(
    "draw",
    [magnification_field, lambda g, low, high, shape: geodesic_ball(g, torch.tensor([0.5, 0.5]), low, high, shape)],
    ids=["magnification", "distance"],
)


def grid(low, high, shape):
    """(ny, nx, 2), float64."""
    x, y = (torch.linspace(low[i], high[i], shape[1 - i], dtype=torch.float64) for i in (0, 1))
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=2)


def linear(*rows):
    weight = torch.tensor(rows)
    return lambda z: z @ weight.to(z).T


def sphere(z):
    polar, azimuth = z.unbind(1)
    return torch.stack([polar.sin() * azimuth.cos(), polar.sin() * azimuth.sin(), polar.cos()], dim=1)


def test_polar_coordinates_magnify_by_the_radius():
    """Rows are the second unit and columns the first, edges included: more points than one chunk holds."""
    polar = lambda z: torch.stack([z[:, 0] * z[:, 1].cos(), z[:, 0] * z[:, 1].sin()], 1)  # noqa: E731
    low, high, shape = (0.5, -1.0), (2.0, 3.0), (11, 31)
    found = magnification_field(polar, low, high, shape)
    torch.testing.assert_close(found.double(), grid(low, high, shape)[..., 0].log10(), rtol=0, atol=1e-5)
    assert found.shape == shape


def test_a_fold_magnifies_by_nothing():
    found = magnification_field(lambda z: z.square(), (-1, -1), (1, 1), (3, 3))
    folded = torch.zeros(3, 3, dtype=torch.bool)
    folded[1] = folded[:, 1] = True
    assert torch.equal(found == -torch.inf, folded)
    torch.testing.assert_close(found[~folded], torch.full((4,), math.log10(4)))


def test_a_trained_decoder_is_magnified_as_elsewhere(digits):
    model = Autoencoder.load(pretrained_folder() / "digits-variational")
    g = lambda z: model.decode(z).flatten(1)  # noqa: E731
    found = magnification_field(g, (-2, -3), (1, 2), (5, 4))
    with torch.no_grad():
        one = magnification(g, torch.tensor([[0.0, -3.0 + 5 / 4]]))
    assert float(found[1, 2]) == pytest.approx(float(one.log10()), abs=1e-5)
    assert not found.requires_grad


@pytest.mark.parametrize(
    ("g", "most", "mean"),
    [
        (linear([1.0, 0.0], [0.0, 1.0]), 0.004, 0.0015),
        (linear([1.0, 0.0], [0.0, 5.0]), 0.04, 0.004),
        (linear([3.0, -3.0], [1.0, 1.0]), 0.012, 0.002),
        (linear([1.0, 0.0], [0.7, 0.7], [0.0, 0.2]), 0.015, 0.002),
    ],
    ids=["circles", "ellipses", "oblique ellipses", "a plane in space"],
)
@pytest.mark.parametrize("centre", [(0.13, -0.21), (-1.9, 1.7)])
def test_balls_of_a_linear_decoder_are_ellipses(g, most, mean, centre):
    """‖W (z − c)‖, to the shares that the docstring states."""
    low, high, shape, centre = (-2, -2), (2, 2), (64, 64), torch.tensor(centre, dtype=torch.float64)
    exact = g((grid(low, high, shape) - centre).flatten(0, 1)).norm(dim=1).reshape(shape)
    error = geodesic_ball(g, centre, low, high, shape) / exact - 1
    assert float(error.max()) < most
    assert float(error.mean()) < mean
    assert float(error.min()) > -1e-5


def test_dijkstra_would_not_have_been_enough():
    """Between two of its 16 directions a way is 2.75 % too long, on any grid."""
    exact = math.hypot(40 * math.cos(math.atan(0.5) / 2), 40 * math.sin(math.atan(0.5) / 2))
    x, y = 40 * math.cos(math.atan(0.5) / 2), 40 * math.sin(math.atan(0.5) / 2)
    dijkstra = (x - 2 * y) + math.sqrt(5) * y  # x in steps of (1, 0), y in steps of (2, 1)
    assert dijkstra / exact - 1 == pytest.approx(1 / math.cos(math.atan(0.5) / 2) - 1, abs=1e-9)
    low, high, shape = (0.0, 0.0), (x, y), (21, 81)
    found = geodesic_ball(linear([1.0, 0.0], [0.0, 1.0]), torch.zeros(2), low, high, shape)
    assert float(found[-1, -1]) / exact - 1 < 0.005


@pytest.mark.parametrize("shape", [(41, 61), (80, 50)])
def test_distances_on_a_sphere(shape):
    """Great circles between polar angles, on grids that are not square."""
    low, high, centre = (0.4, 0.0), (2.7, 2.5), torch.tensor([1.3, 1.0], dtype=torch.float64)
    z = grid(low, high, shape).flatten(0, 1)
    exact = torch.acos((sphere(z) @ sphere(centre.unsqueeze(0)).T).clamp(-1, 1)).reshape(shape)
    found = geodesic_ball(sphere, centre, low, high, shape)
    torch.testing.assert_close(found, exact, rtol=0.01, atol=1e-3)


def test_a_wall_is_walked_around():
    """A wall of height 20 that ends at y = 1: the way from one side to the other leads around its end."""
    wall = lambda z: torch.cat([z, 20 * (z[:, :1].abs() < 0.2) * (1 - z[:, 1:]).clamp(0, 1)], 1)  # noqa: E731
    found = geodesic_ball(wall, torch.tensor([-1.0, 0.0]), (-2, -2), (2, 2), (41, 41))
    exact = 2 * math.hypot(0.8, 1.0) + 0.4
    assert exact * 0.99 < float(found[20, 30]) < exact * 1.05  # to (1, 0)
    assert float(found[20, 10]) == pytest.approx(0, abs=1e-6)


def test_the_centre_may_lie_anywhere_and_is_at_no_distance():
    g = linear([1.0, 0.0], [0.0, 1.0])
    for centre, at in [((0.0, 0.0), (0, 0)), ((1.0, 1.0), (10, 20)), ((0.5, 0.3), (3, 10))]:
        found = geodesic_ball(g, torch.tensor(centre), (0, 0), (1, 1), (11, 21))
        assert float(found[at]) == pytest.approx(0, abs=1e-6)
        assert int((found < 1e-6).sum()) == 1


def test_a_decoder_that_draws_one_picture_has_no_distances():
    assert torch.equal(
        geodesic_ball(lambda z: 0 * z, torch.zeros(2), (-1, -1), (1, 1), (9, 9)), torch.zeros(9, 9).double()
    )


def test_where_a_decoder_hardly_changes_the_sweeps_come_to_an_end(digits, monkeypatch):
    model = Autoencoder.load(pretrained_folder() / "digits-variational")
    sweep, sweeps = torch.Tensor.scatter_reduce, []
    monkeypatch.setattr(torch.Tensor, "scatter_reduce", lambda *given: sweeps.append(1) or sweep(*given))
    far = geodesic_ball(lambda z: model.decode(z).flatten(1), torch.zeros(2), (-1e4, -1e4), (1e4, 1e4), (13, 13))
    assert far.isfinite().all()
    assert len(sweeps) == 13 * 13  # thousands otherwise, and minutes on a grid of the usual size


def test_distances_of_a_trained_decoder_hardly_depend_on_the_grid(digits):
    model = Autoencoder.load(pretrained_folder() / "digits-variational")
    g = lambda z: model.decode(z).flatten(1)  # noqa: E731
    coarse, fine = (geodesic_ball(g, torch.tensor([0.3, -0.2]), (-3, -3), (3, 3), (n, n)) for n in (33, 97))
    fine = fine[::3, ::3]
    share = (coarse / fine - 1).abs()
    assert share.mean() < 0.015
    assert coarse.max() > 5


@MAPS
def test_maps_that_cannot_be_drawn_are_refused(draw, complains):
    g = linear([1.0, 0.0], [0.0, 1.0])
    for low, high, shape, words in [
        ((0, 0, 0), (1, 1, 1), (3, 3), "2 units"),
        ((0,), (1, 1), (3, 3), "got 1 and 2"),
        ((0, 0), (1, 1), (3, 3, 3), "3 axes"),
        ((0, 0), (1, 0), (3, 3), "(1, 0)"),
        ((0, 0), (1, math.inf), (3, 3), "inf"),
        ((0, 0), (1, 1), (1, 3), "1 × 3"),
    ]:
        with complains(ConfigError, words):
            draw(g, low, high, shape)
    with complains(DataError, "not"):
        draw(lambda z: (z - 5).sqrt(), (0, 0), (1, 1), (3, 3))
    network = MLP((4,), latent=3).build(1, torch.Generator().manual_seed(0))
    with pytest.raises(RuntimeError):  # torch's own: a decoder of 3 units has no such map
        draw(network.decode, (0, 0), (1, 1), (3, 3))


def test_a_centre_outside_the_map_is_refused(complains):
    g = linear([1.0, 0.0], [0.0, 1.0])
    for centre in ([0.0, 1.1], [0.5], [0.5, 0.5, 0.5], [math.nan, 0.0]):
        with complains(ConfigError, "within the map", "(0, 0) to (1, 1)"):
            geodesic_ball(g, torch.tensor(centre), (0, 0), (1, 1), (5, 5))
