"""What the tests of comparisons share: the pretrained checkpoints."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkpoints() -> Path:
    return Path(__file__).parents[3] / "checkpoints"
