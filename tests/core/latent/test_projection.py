"""Projections: PCA against scikit-learn and by its geometry, and what all methods refuse."""

import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from aelib import ConfigError, DataError
from aelib.latent.projection import ProjectionSpec, project

METHODS = ("pca", "umap", "tsne")


def codes_of(n, units, seed=0):
    """Normal codes whose variance differs from one unit to the next."""
    random = torch.Generator().manual_seed(seed)
    return torch.randn(n, units, generator=random, dtype=torch.float64) * torch.arange(1, units + 1) + 5


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize(("n", "units"), [(100, 10), (5, 40), (60, 3), (3, 3)])
def test_pca_is_that_of_scikit_learn_up_to_the_sign_of_an_axis(dimensions, n, units):
    codes = codes_of(n, units)
    found = project(codes, ProjectionSpec(dimensions=dimensions))
    other = PCA(dimensions).fit(codes.numpy())
    axes = torch.tensor(other.components_)
    sign = (found.components * axes).sum(1).sign()
    torch.testing.assert_close(found.components, sign.unsqueeze(1) * axes, atol=1e-9, rtol=0)
    torch.testing.assert_close(found.points, (sign * torch.tensor(other.transform(codes.numpy()))).float())
    torch.testing.assert_close(found.mean, codes.mean(0))
    torch.testing.assert_close(found.explained, torch.tensor(other.explained_variance_ratio_))
    assert found.points.dtype == torch.float32


def test_the_largest_entry_of_an_axis_is_positive():
    """So the sign depends on the axis alone, not on the order of the codes or the side they lie on."""
    codes = codes_of(50, 6)
    found = project(codes, ProjectionSpec())
    largest = found.components.abs().argmax(1)
    assert (found.components.gather(1, largest.unsqueeze(1)) > 0).all()
    torch.testing.assert_close(project(-codes, ProjectionSpec()).components, found.components)
    torch.testing.assert_close(project(codes.flip(0), ProjectionSpec()).points, found.points.flip(0))


@pytest.mark.parametrize("mirror", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_the_axes_of_pca_point_where_those_of_the_start_do(mirror):
    codes = codes_of(50, 6)
    earlier = project(codes, ProjectionSpec()).points * torch.tensor(mirror)
    moved = codes + 0.1 * codes_of(50, 6, seed=1)
    assert torch.equal(project(codes, ProjectionSpec(), start=earlier + 100).points, earlier)
    assert ((project(moved, ProjectionSpec(), start=earlier).points * earlier).sum(0) > 0).all()


def test_places_and_codes_of_the_plane_are_inverse():
    codes = codes_of(80, 7) + 1e4
    found = project(codes, ProjectionSpec(dimensions=3))
    assert torch.equal(found.place(codes), found.points)
    new = codes_of(9, 7, seed=1) + 1e4
    places = found.place(new)
    torch.testing.assert_close(torch.cat([found.place(code) for code in new.split(1)]), places, atol=1e-5, rtol=0)
    back = found.mean + places.double() @ found.components
    torch.testing.assert_close(found.place(back), places)
    rest = new - back
    torch.testing.assert_close(rest @ found.components.T, torch.zeros(9, 3, dtype=torch.float64), atol=1e-4, rtol=0)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=2, max_size=12))
def test_pca_is_finite_and_brings_nothing_apart_whatever_coincides(codes):
    codes = torch.tensor(codes).float()
    found = project(codes, ProjectionSpec())
    assert (torch.cdist(found.points, found.points) <= torch.cdist(codes, codes) + 1e-4).all()
    assert torch.isfinite(found.explained).all()
    assert 0 <= found.explained.sum() <= 1 + 1e-9


def test_codes_that_collapsed_are_one_point_of_the_plane():
    found = project(torch.full((20, 4), 0.3), ProjectionSpec())
    torch.testing.assert_close(found.points, torch.zeros(20, 2))
    assert found.explained.tolist() == [0, 0]


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_codes_that_collapsed_have_no_neighbours(method, complains):
    spec = ProjectionSpec(method=method)
    for value in (0.0, 0.3, 1e30):
        with complains(DataError, "All 50 codes are the same point", "PCA"):
            project(torch.full((50, 4), value), spec)


def test_half_precision_and_codes_that_are_maps_are_welcome():
    codes = codes_of(30, 12).half()
    spec = ProjectionSpec()
    assert torch.equal(project(codes, spec).points, project(codes.double(), spec).points)
    assert torch.equal(project(codes.reshape(30, 3, 2, 2), spec).points, project(codes, spec).points)


def test_progress_ends_at_one():
    heard = []
    project(codes_of(10, 3), ProjectionSpec(), progress=lambda share, text: heard.append((share, text)))
    assert heard == [(1.0, "Done")]


@pytest.mark.parametrize(
    ("settings", "n", "units", "words"),
    [
        ({}, 10, 1, ("2 dimensions", "10 points of 1 units")),
        ({"dimensions": 3}, 10, 2, ("3 dimensions", "10 points of 2 units")),
        ({}, 1, 5, ("2 dimensions", "1 points of 5 units")),
        ({"method": "umap"}, 9, 5, ("UMAP with 15 neighbours", "more than 15 points", "got 9")),
        ({"method": "umap"}, 15, 5, ("UMAP with 15 neighbours", "more than 15 points", "got 15")),
        ({"method": "umap", "neighbours": 2}, 3, 5, ("2 dimensions", "more than 3 points", "got 3")),
        ({"method": "umap", "neighbours": 2, "dimensions": 3}, 4, 5, ("3 dimensions", "more than 4 points", "got 4")),
        ({"method": "tsne"}, 30, 5, ("perplexity of 30", "more than 30 points", "got 30")),
        ({"method": "tsne", "perplexity": 2.5}, 2, 5, ("perplexity of 2.5", "got 2")),
    ],
)
def test_too_few_points_or_units_are_told(settings, n, units, words, complains):
    with complains(ConfigError, *words):
        project(codes_of(n, units), ProjectionSpec(**settings))


@pytest.mark.parametrize("method", METHODS)
def test_codes_and_starts_that_do_not_fit_are_told(method, complains):
    codes, spec = codes_of(40, 5), ProjectionSpec(method=method)
    with complains(DataError, "codes", "not finite"):
        project(codes.index_fill(0, torch.tensor(7), torch.nan), spec)
    with complains(DataError, "codes", "(40,)"):
        project(codes[:, 0], spec)
    for start in (codes[:39, :2], codes[:, :3], codes[:, 0]):
        with complains(DataError, "each of the 40 codes", str(tuple(start.shape))):
            project(codes, spec, start=start)
    with complains(DataError, "points to start from", "not finite"):
        project(codes, spec, start=codes[:, :2] / 0)


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_a_start_without_extent_is_told(method, complains):
    codes = codes_of(40, 5)
    with complains(DataError, "coordinate 2", "start from none"):
        project(codes, ProjectionSpec(method=method), start=codes[:, :2] * torch.tensor([1, 0]))


def test_misuse_of_a_plane_is_told(complains):
    found = project(codes_of(40, 5), ProjectionSpec())
    with complains(DataError, "4 units", "made of 5"):
        found.place(codes_of(3, 4))
    with complains(DataError, "not finite"):
        found.place(codes_of(3, 5) / 0)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"method": "isomap"}, ("method", "'pca', 'umap' or 'tsne'")),
        ({"dimensions": 4}, ("dimensions", "2 or 3")),
        ({"neighbours": 1}, ("neighbours", "greater than or equal to 2")),
        ({"neighbours": 201}, ("neighbours", "less than or equal to 200")),
        ({"min_distance": 1.1}, ("min_distance", "less than or equal to 1")),
        ({"perplexity": 1.9}, ("perplexity", "greater than or equal to 2")),
        ({"perplexity": float("nan")}, ("perplexity", "finite")),
        ({"seed": -1}, ("seed", "greater than or equal to 0")),
    ],
)
def test_settings_out_of_range_are_told(settings, words, complains):
    with complains(ConfigError, *words):
        ProjectionSpec(**settings)


def test_a_specification_survives_json():
    spec = ProjectionSpec(method="umap", dimensions=3, neighbours=7, min_distance=0.5, perplexity=12.5, seed=4)
    assert ProjectionSpec.from_json(spec.model_dump_json()) == spec


def test_umap_is_loaded_by_umap_alone():
    """It takes seconds to import."""
    code = (
        "import sys, torch; from aelib.latent.projection import ProjectionSpec, project;"
        "project(torch.randn(9, 4), ProjectionSpec()); sys.exit('umap' in sys.modules or 'numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
