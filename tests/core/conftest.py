"""What the tests of the library core share: a small data set, every variant, and what a complaint must look like."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import torch

from aelib import VARIANTS, Experiment
from aelib.spec import Knob


@pytest.fixture(params=VARIANTS)
def experiment(request: pytest.FixtureRequest) -> Experiment:
    """Every variant of the registry with its own network and a code of three units."""
    return Experiment.of(variant=request.param, network={"latent": 3}, train={"epochs": 4, "batch_size": 32})


@pytest.fixture
def random() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.fixture(scope="session")
def between() -> Callable[[Knob, float], float]:
    """``between(knob, share)``: the value at this share of a knob's range; the nearest whole one where it counts."""

    def _between(knob: Knob, share: float) -> float:
        value = knob.low + share * (knob.high - knob.low)
        return round(value) if knob.integer else value

    return _between


Complains = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def complains() -> Complains:
    """``with complains(kind, *words)``: raises exactly that kind, in one short line that holds these words."""

    @contextmanager
    def _complains(kind: type[Exception], *words: str) -> Iterator[None]:
        with pytest.raises(kind) as caught:
            yield
        text = str(caught.value)
        assert caught.type is kind
        assert text.endswith("."), text
        assert "\n" not in text, text
        assert len(text) < 400, text
        assert all(word in text for word in words), text

    return _complains
