"""Shortest paths on surfaces where they are known, and under trained decoders."""

import math
from itertools import pairwise

import pytest
import torch

from aelib import MLP, Autoencoder, ConfigError, DataError
from aelib.geometry import curve_length
from aelib.home import pretrained_folder
from aelib.latent.codes import encode_all
from aelib.latent.field import geodesic_ball
from aelib.latent.geodesic import geodesic
from aelib.latent.paths import linear


def point(*values):
    return torch.tensor(values, dtype=torch.float64)


def draws(n, units, seed=0, dtype=torch.float64):
    return torch.randn(n, units, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def sphere(z):
    polar, azimuth = z.unbind(1)
    return torch.stack([polar.sin() * azimuth.cos(), polar.sin() * azimuth.sin(), polar.cos()], dim=1)


def bent_cylinder(z):
    """The plane (x, y + x²) rolled up: an isometry of that plane, in which geodesics are straight."""
    x, y = z[:, 0], z[:, 1] + z[:, 0].square()
    return torch.stack([2 * (x / 2).cos(), 2 * (x / 2).sin(), y], dim=1)


def hill(z):
    """A plane with a hill of height 4 in the middle, 0.4 wide."""
    return torch.cat([z, 4 * torch.exp(-z.square().sum(1, keepdim=True) / 0.32)], dim=1)


def mlp(units, features=9):
    spec = MLP((features,), hidden=(12,), latent=units, activation="tanh")
    network = spec.build(1, torch.Generator().manual_seed(2)).double().requires_grad_(False)
    return lambda z: network.decode(4 * z).sigmoid()


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_under_a_linear_decoder_the_line_is_the_shortest(units, dtype):
    weight = draws(units, 70, 1, dtype)
    a, b = draws(2, units, 2, dtype)
    found = geodesic(lambda z: z @ weight, draws(300, units, dtype=dtype), a, b)
    assert torch.equal(found.points, linear(a, b, 33))
    assert found.length == found.straight == pytest.approx(float(((b - a) @ weight).norm()), rel=1e-5)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_great_circles_of_a_sphere(seed):
    """In polar angles: as long as the angle between the ends, and in a plane through the centre."""
    angles = torch.rand(402, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    codes = point(0.5, 0.0) + angles * point(2.0, 2.5)
    found = geodesic(sphere, codes, codes[0], codes[1])
    ends = sphere(codes[:2])
    assert found.length == pytest.approx(float(torch.acos(ends[0] @ ends[1])), rel=1e-3)
    normal = torch.linalg.cross(ends[0], ends[1])
    assert (sphere(found.points) @ (normal / normal.norm())).abs().max() < 0.02


def test_geodesics_of_a_cylinder_are_helices():
    a, b = point(-2.0, 0.0), point(2.0, 1.0)  # over 2 rad of it, 5 high in the middle on the straight line
    found = geodesic(bent_cylinder, draws(500, 2) * 2, a, b, count=65)
    # Straight pieces of code are bent on the cylinder: with 64 of them, they are 0.07 % longer.
    assert found.length == pytest.approx(math.sqrt(17), rel=1e-3)
    assert found.straight > 1.5 * found.length
    x, y = found.points.unbind(1)
    torch.testing.assert_close(y + x.square(), 4.5 + x / 4, rtol=0, atol=0.05)


def test_a_hill_is_walked_around():
    """Over the top the energy has no sideways slope: only the codes know a way around."""
    codes = torch.rand(800, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 3 - 1.5
    a, b = point(-1.2, 0.0), point(1.2, 0.0)
    found = geodesic(hill, codes, a, b)
    assert found.straight > 8
    assert 2.4 < found.length < 0.5 * found.straight
    assert found.points.norm(dim=1).min() > 0.5
    far = geodesic_ball(hill, a, (-1.6, -1.6), (1.6, 1.6), (97, 97))
    assert found.length == pytest.approx(float(far[48, 84]), rel=0.02)  # of b


def test_relaxing_shortens_the_way_over_codes():
    """As many steps do for 128 points as for 17."""
    codes = torch.rand(100, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 3 - 1.5
    for count in (17, 128):
        lengths = [
            geodesic(hill, codes, point(-1.2, 0.1), point(1.2, 0.0), count=count, steps=steps).length
            for steps in (0, 3, 30, 300)
        ]
        assert lengths[0] > 1.01 * lengths[1]
        assert lengths[1] > 1.001 * lengths[2]
        assert lengths[2] == pytest.approx(lengths[3], rel=0.002)


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
@pytest.mark.parametrize("count", [2, 3, 17])
def test_no_path_is_longer_than_the_line_and_its_ends_are_exact(units, count):
    g, codes = mlp(units), draws(150, units)
    for seed in (1, 2):
        a, b = draws(2, units, seed)
        found = geodesic(g, codes, a, b, count=count, steps=30)
        assert found.points.shape == (count, units)
        assert torch.equal(found.points[0], a)
        assert torch.equal(found.points[-1], b)
        assert found.length <= found.straight
        fine = linear(a, b, 16 * (count - 1) + 1)
        assert found.straight == pytest.approx(float(curve_length(g, fine)), rel=1e-9)


@pytest.mark.parametrize("steps", [0, 3, 200])
def test_points_are_evenly_spaced_by_decoded_length(steps):
    codes = draws(500, 2) * 2
    found = geodesic(bent_cylinder, codes, point(-2.0, 0.0), point(2.0, 1.0), count=65, steps=steps)
    pieces = [float(curve_length(bent_cylinder, linear(p, q, 17))) for p, q in pairwise(found.points)]
    assert found.length == pytest.approx(sum(pieces), rel=1e-6)
    # At the corners of a way over codes a straight piece cuts across.
    assert pieces == pytest.approx([found.length / 64] * 64, rel=0.1 if steps < 200 else 0.01)


def test_a_wall_too_thin_for_the_energy_does_not_make_the_path_longer():
    """The relaxed path steps across its end between two points, which the finer measure sees."""
    wall = lambda z: torch.cat([z, 3 * (-(z[:, :1] / 0.005).square()).exp() * (1 - z[:, 1:]).clamp(0, 1)], 1)  # noqa: E731
    codes = torch.rand(800, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 3 - 1.5
    way, relaxed = (geodesic(wall, codes, point(-1.0, 0.0), point(1.0, 0.0), steps=steps) for steps in (0, 200))
    assert relaxed.length < 1.01 * way.length


def test_a_path_to_itself_stays():
    a = draws(1, 2)[0]
    found = geodesic(hill, draws(20, 2), a, a, count=5)
    assert torch.equal(found.points, a.expand(5, 2))
    assert found.length == found.straight == 0


def test_a_decoder_that_draws_one_picture_has_only_paths_of_no_length():
    found = geodesic(lambda z: 0 * z, draws(20, 2), *draws(2, 2, 1))
    assert found.length == found.straight == 0


def test_the_unit_of_the_data_does_not_matter():
    """Energies of 1e-12 and of 1e12 are relaxed as well as those of 1."""
    codes = draws(500, 2) * 2
    lengths = [
        geodesic(lambda z, s=scale: s * bent_cylinder(z), codes, point(-2.0, 0.0), point(2.0, 1.0)).length / scale
        for scale in (1e-6, 1.0, 1e6)
    ]
    assert lengths == pytest.approx([math.sqrt(17)] * 3, rel=4e-3)


def test_the_edge_of_where_a_decoder_is_finite_is_not_stepped_over():
    """The shortest way around the hill would leave the disc of codes with images."""
    codes = torch.rand(800, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 1.6 - 0.8
    edge = lambda z: hill(z) / (z.norm(dim=1, keepdim=True) < 0.65)  # noqa: E731
    found = geodesic(edge, codes[codes.norm(dim=1) < 0.65], point(-0.6, 0.0), point(0.6, 0.0))
    assert found.points.norm(dim=1).max() < 0.65
    assert found.length < 0.9 * found.straight


def test_codes_that_repeat_or_are_the_ends_change_nothing():
    codes, (a, b) = draws(200, 2), draws(2, 2, 1)
    once = geodesic(hill, torch.cat([codes, a.unsqueeze(0)]), a, b, neighbours=3)
    thrice = geodesic(hill, torch.cat([codes, a.unsqueeze(0)]).repeat(3, 1), a, b, neighbours=3)
    assert torch.equal(once.points, thrice.points)


@pytest.mark.parametrize("name", ["digits-variational", "digits-vae-10", "digits-convolutional", "digits-k-sparse"])
def test_pretrained_models(name, digits):
    """Shorter than the straight line in codes of 2, 10 and 64 units; the model's weights and gradients are left alone,
    and so is the global random state."""
    model = Autoencoder.load(pretrained_folder() / name)
    codes = encode_all(model, digits.train.x).mean
    before, state = [p.clone() for p in model.parameters()], torch.random.get_rng_state()
    pairs = [(codes[i], codes[i + 50]) for i in range(4)]
    g = lambda z: model.decode(z).flatten(1)  # noqa: E731
    found = [geodesic(g, codes, a, b, limit=500) for a, b in pairs]
    assert all(path.length <= path.straight for path in found)
    assert sum(path.length for path in found) < 0.985 * sum(path.straight for path in found)
    again = geodesic(g, codes, *pairs[0], limit=500)
    assert torch.equal(again.points, found[0].points)
    assert all(
        p.grad is None and p.requires_grad and torch.equal(p, q)
        for p, q in zip(model.parameters(), before, strict=True)
    )
    assert torch.equal(torch.random.get_rng_state(), state)


def test_progress_rises_to_the_whole():
    seen = []
    geodesic(hill, draws(20, 2), *draws(2, 2, 1), progress=lambda share, text: seen.append((share, text)))
    shares = [share for share, _ in seen]
    assert shares == sorted(set(shares))
    assert (shares[0], shares[-1]) == (0, 1)
    assert all(text for _, text in seen)


def test_paths_that_cannot_be_are_refused(complains):
    codes, (a, b) = draws(20, 2), draws(2, 2, 1)
    for settings, words in [
        ({"count": 1}, "2 points"),
        ({"neighbours": 0}, "1 neighbour"),
        ({"limit": -1}, "0 codes"),
        ({"steps": -1}, "0 steps"),
    ]:
        with complains(ConfigError, words, "got"):
            geodesic(hill, codes, a, b, **settings)
    with complains(DataError, "one length"):
        geodesic(hill, codes, a, b[:1])
    for wrong in (codes[:, :1], codes.float(), codes / 0):
        with complains(DataError, "2 units", str(tuple(wrong.shape))):
            geodesic(hill, wrong, a, b)
    with complains(DataError, "not finite"):
        geodesic(lambda z: (z - 10).sqrt(), codes, a, b)
    with complains(DataError, "flatten"):
        geodesic(lambda z: z.unsqueeze(1), codes, a, b)
