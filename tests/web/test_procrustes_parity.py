"""Maps are laid onto each other in the page as `aelib.compare.procrustes` does it."""

import json
from typing import Any

import pytest
import torch
from torch import Tensor

from aelib.compare import procrustes
from aelib.randomness import generator
from tests.web.node import run_script

#: Of float32, in which the browser keeps points; the numbers themselves are of float64.
POINTS, NUMBERS = 1e-5, 1e-9


def drawn(n: int, seed: int) -> Tensor:
    return torch.randn(n, 2, generator=generator(seed, "points"), dtype=torch.float64)


def turned(points: Tensor, degrees: float, mirror: bool = False) -> Tensor:
    angle = torch.tensor(degrees).deg2rad().double()
    rotation = torch.stack([torch.stack([angle.cos(), angle.sin()]), torch.stack([-angle.sin(), angle.cos()])])
    return points @ (torch.diag(torch.tensor([1.0, -1.0], dtype=torch.float64)) @ rotation if mirror else rotation)


SOME = drawn(60, 0) * torch.tensor([3.0, 1.0], dtype=torch.float64)
#: (moving, fixed)
CASES: dict[str, tuple[Tensor, Tensor]] = {
    "the same": (SOME, SOME),
    "turned, scaled and moved": (2.5 * turned(SOME, 70) + torch.tensor([4.0, -1.0]), SOME),
    "mirrored": (0.1 * turned(SOME, -130, mirror=True), SOME),
    "unlike": (drawn(60, 1), SOME),
    "nearly alike": (turned(SOME, 200) + 0.3 * drawn(60, 2), SOME),
    "two points": (drawn(2, 3), drawn(2, 4)),
    "on a line": (SOME * torch.tensor([1.0, 0.0]), SOME),
    "far from the origin": (SOME + 1000, turned(SOME, 10) - 1000),
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What JavaScript makes of all cases, from one start of Node."""
    given = [{"moving": a.flatten().tolist(), "fixed": b.flatten().tolist()} for a, b in CASES.values()]
    points = SOME.flatten().tolist()
    given += [{"moving": [0.1, 0.7] * 60, "fixed": points}, {"moving": points, "fixed": [0.1, 0.7] * 60}]
    found = run_script("procrustes.mjs", given=json.dumps(given))
    return dict(zip([*CASES, "moving", "fixed"], json.loads(found), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_alignments_agree(found, name):
    moving, fixed = CASES[name]
    expected, ours = procrustes(moving, fixed), found[name]
    scale = float(fixed.abs().max())
    assert ours["points"] == pytest.approx(expected.points.flatten().tolist(), abs=POINTS * scale)
    assert ours["disparity"] == pytest.approx(expected.disparity, abs=NUMBERS)
    assert ours["scale"] == pytest.approx(expected.scale, rel=NUMBERS)


@pytest.mark.parametrize("which", ["moving", "fixed"])
def test_a_map_whose_points_are_all_the_same_has_no_form(found, which):
    assert found[which] is None
