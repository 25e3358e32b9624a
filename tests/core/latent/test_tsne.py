"""t-SNE: as good as scikit-learn's own, deterministic, and a map that follows an earlier one."""

import contextlib
import io

import numpy as np
import pytest
import torch
from sklearn.manifold import TSNE

from aelib import ConfigError
from aelib.latent.projection import ProjectionSpec, project
from aelib.latent.score import score_map

SPEC = ProjectionSpec(method="tsne", perplexity=12)


def turned(first, second):
    """Disparity after the best shift and scale: from 0 to 1, and 1 for a map that is turned or mirrored."""
    a, b = ((x - x.mean(0)).double() for x in (first, second))
    return 1 - float((a * b).sum().clamp(min=0) / (a.norm() * b.norm())) ** 2


@pytest.fixture(scope="module")
def codes():
    """Sixteen clouds of ten codes of five units."""
    random = torch.Generator().manual_seed(0)
    centres = 4 * torch.randn(16, 1, 5, generator=random)
    return (centres + torch.randn(16, 10, 5, generator=random)).reshape(160, 5)


@pytest.fixture(scope="module")
def first(codes):
    return project(codes, SPEC)


def test_it_is_as_trustworthy_as_that_of_scikit_learn(codes, first):
    other = torch.tensor(TSNE(2, perplexity=12, random_state=0).fit_transform(codes.numpy()))
    ours, theirs = score_map(codes, first.points), score_map(codes, other)
    assert ours.trustworthiness > theirs.trustworthiness - 0.01 > 0.9
    assert ours.continuity > theirs.continuity - 0.01 > 0.9


def test_a_map_is_determined_by_codes_and_seed(codes, first):
    before = np.random.get_state()[1].copy(), torch.get_rng_state()
    again = project(codes.double(), SPEC)
    assert torch.equal(again.points, first.points)
    assert (np.random.get_state()[1] == before[0]).all()
    assert torch.equal(torch.get_rng_state(), before[1])
    assert not torch.equal(project(codes, SPEC.replace(seed=1)).points, first.points)


def test_scale_and_offset_of_the_codes_do_not_matter(codes, first):
    """Powers of two and whole numbers, so that they cost no digits."""
    for scale in (2.0**40, 2.0**-40):
        assert torch.equal(project(codes.double() * scale, SPEC).points, first.points)
    far = project(codes.double() + 2**20, SPEC).points
    assert score_map(codes, far).trustworthiness > 0.95


@pytest.mark.parametrize("turn", [(1, 1), (-1, 1), (-1, -1)])
def test_a_map_follows_an_earlier_one(codes, first, turn):
    """Turned or mirrored: where the earlier map had a cloud, so has this."""
    random = torch.Generator().manual_seed(1)
    later = codes + 0.1 * torch.randn(codes.shape, generator=random)
    start = first.points * torch.tensor(turn)
    followed = project(later, SPEC, start=start)
    assert turned(start, followed.points) < 0.05
    assert score_map(later, followed.points).trustworthiness > 0.95


def test_the_size_and_the_place_of_a_start_do_not_matter(codes, first):
    start = project(codes, ProjectionSpec()).points.round(decimals=2)
    expected = project(codes, SPEC, start=start).points
    assert torch.equal(project(codes, SPEC, start=start * 2.0**-20).points, expected)
    assert turned(expected, project(codes, SPEC, start=start + 2.0**10).points) < 0.05


def test_a_map_lets_go_of_a_start_that_is_wrong(codes):
    """Of a start that mixes all clouds, little is left."""
    random = torch.Generator().manual_seed(1)
    start = 30 * torch.randn(160, 2, generator=random)
    assert score_map(codes, start).trustworthiness < 0.6
    assert score_map(codes, project(codes, SPEC, start=start).points).trustworthiness > 0.9


def test_progress_moves_and_standard_output_stays_that_of_the_caller(codes):
    heard, outside = [], io.StringIO()

    def progress(share, text):
        heard.append((share, text))
        print("Iteration 7: error")  # would be taken for an iteration, were it read

    with contextlib.redirect_stdout(outside):
        project(codes, SPEC, progress=progress)
        print("after")
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert len(set(shares)) > 15
    assert (shares[0], shares[-1]) == (0, 1)
    assert (0.1 + 0.9 * 0.5, "Iteration 500 of 1000") in heard
    assert outside.getvalue() == "Iteration 7: error\n" * len(heard) + "after\n"


def test_what_progress_raises_ends_the_work(codes):
    def stop(share, text):
        if share > 0.2:
            raise InterruptedError

    outside = io.StringIO()
    with contextlib.redirect_stdout(outside):
        with pytest.raises(InterruptedError):
            project(codes, SPEC, progress=stop)
        print("after")
    assert outside.getvalue() == "after\n"


NORMAL = torch.randn(60, 4, generator=torch.Generator().manual_seed(2), dtype=torch.float64)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize(
    "some",
    [
        NORMAL[:, :1],
        NORMAL[:, :1] * torch.tensor([1, 2, 0, 0]),
        torch.cat([torch.zeros(40, 4), NORMAL[:20]]),
        (NORMAL > 0).double(),
        NORMAL[:2].repeat(30, 1),
        torch.cat([NORMAL, torch.full((1, 4), 1e9)]),
        NORMAL[:3],
    ],
    ids=["one unit", "a line", "most are equal", "binary", "two values", "one far away", "three points"],
)
def test_odd_codes_have_a_map_of_full_dimension(some, dimensions):
    found = project(some, SPEC.replace(perplexity=min(12, len(some) - 1), dimensions=dimensions)).points
    assert found.shape == (len(some), dimensions)
    assert torch.isfinite(found).all()
    assert (found.std(0) > 1e-6).all()


def test_it_has_no_place_for_other_codes(codes, first, complains):
    with complains(ConfigError, "t-SNE has no place for new codes"):
        first.place(codes)
    assert (first.components, first.mean, first.explained) == (None, None, None)
