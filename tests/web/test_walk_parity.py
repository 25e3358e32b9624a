"""The walks of the page are those of `aelib.latent.paths`, to 1e-6."""

import json
from typing import Any

import pytest
import torch
from torch import Tensor

from aelib.latent.paths import linear, spherical
from tests.web.node import run_script

TOLERANCE = 1e-6
FRAMES = 11


def drawn(units: int, seed: int) -> Tensor:
    return torch.randn(2, units, generator=torch.Generator().manual_seed(seed))


#: Pairs of codes, (2, units) each.
PAIRS: dict[str, Tensor] = {
    **{f"{units} units": drawn(units, units) for units in (1, 2, 3, 10, 64)},
    "zero and a code": torch.stack([torch.zeros(3), torch.tensor([1.0, 2.0, 3.0])]),
    "a code and itself": drawn(4, 1)[:1].repeat(2, 1),
    "parallel": torch.tensor([[1.0, 2.0], [3.0, 6.0]]),
    "opposite": torch.tensor([[1.0, -2.0], [-2.0, 4.0]]),
    "nearly parallel": torch.tensor([[1.0, 0.0], [1.0, 1e-3]]),
    "nearly opposite": torch.tensor([[1.0, 0.0], [-1.0, 1e-3]]),
    "of very different norms": torch.tensor([[1e-3, 0.0, 0.0], [0.0, 3.0, 3.0]]),
}


@pytest.fixture(scope="module")
def walked() -> dict[str, Any]:
    """What JavaScript makes of all cases, from one start of Node."""
    codes = torch.randn(500, 3, generator=torch.Generator().manual_seed(5))
    queries = torch.randn(20, 3, generator=torch.Generator().manual_seed(6))
    given = {
        "paths": [{"a": a.tolist(), "b": b.tolist(), "count": FRAMES} for a, b in PAIRS.values()],
        "nearest": [{"codes": codes.flatten().tolist(), "units": 3, "code": code.tolist()} for code in queries],
    }
    found = json.loads(run_script("walk.mjs", given=json.dumps(given)))
    return {
        "paths": dict(zip(PAIRS, found["paths"], strict=True)),
        "nearest": found["nearest"],
        "codes": codes,
        "queries": queries,
    }


@pytest.mark.parametrize("kind", [linear, spherical], ids=["linear", "spherical"])
@pytest.mark.parametrize("name", PAIRS)
def test_paths_agree(walked, name, kind):
    a, b = PAIRS[name]
    there = torch.tensor(walked["paths"][name][kind.__name__])
    here = kind(a, b, FRAMES)
    assert (there - here).abs().max() <= TOLERANCE * max(1, float(here.abs().max()))


@pytest.mark.parametrize("kind", ["linear", "spherical"])
@pytest.mark.parametrize("name", PAIRS)
def test_ends_are_exact(walked, name, kind):
    there = torch.tensor(walked["paths"][name][kind])
    assert torch.equal(there[[0, -1]], PAIRS[name])


def test_the_great_circle_is_no_straight_line(walked):
    """The agreement above would mean little if both were the same."""
    there = {kind: torch.tensor(values) for kind, values in walked["paths"]["10 units"].items()}
    assert (there["linear"] - there["spherical"]).abs().max() > 0.1


def test_the_nearest_code_is_the_nearest(walked):
    distances = torch.cdist(walked["queries"], walked["codes"]).min(1)
    assert [found["index"] for found in walked["nearest"]] == distances.indices.tolist()
    assert [found["distance"] for found in walked["nearest"]] == pytest.approx(distances.values.tolist(), rel=1e-5)
