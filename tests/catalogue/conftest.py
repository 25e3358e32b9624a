"""A home of its own for each test, and a small data set to add."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from aelib import Dataset, Split

MakeData = Callable[..., Dataset]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home that everything here, and every process started here, uses."""
    monkeypatch.setenv("AELIB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def make_data() -> MakeData:
    """Pictures of 8 × 8 in two classes with a factor; another ``seed`` gives others."""

    def make(seed: int = 0, n: int = 40, labelled: bool = True, name: str = "mine", shape: tuple[int, ...] = (1, 8, 8)):
        random = torch.Generator().manual_seed(seed)

        def split(count: int) -> Split:
            x = torch.rand(count, *shape, generator=random)
            y = (torch.arange(count) % 2) if labelled else None
            return Split(x, y, torch.arange(2 * count).reshape(count, 2) % 3 if labelled else None)

        named = {"classes": ("cat", "dog"), "factors": ("size", "angle")} if labelled else {}
        return Dataset(name, split(n), split(n // 2), **named)

    return make
