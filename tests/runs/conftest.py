"""What the tests of runs share: small data, a small experiment, and runs that train when they are told."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from aelib import Dataset, Experiment
from aelib.runs import RunFolder, RunStore, Supervisor, supervisor
from aelib.runs.live import LiveRun

MakeExperiment = Callable[..., Experiment]
MakeRun = Callable[..., LiveRun]


@pytest.fixture(scope="session")
def small() -> MakeExperiment:
    """An experiment with a small network, by default denoising, which has a knob and draws noise."""

    def make(
        variant: str = "denoising", *, latent: int = 2, epochs: int = 20, batch: int = 32, seed: int = 0
    ) -> Experiment:
        network = {"hidden": (16,), "latent": latent}
        train = {"epochs": epochs, "batch_size": batch, "seed": seed, "evaluate_every": 0}
        return Experiment.of(variant=variant, network=network, train=train)

    return make


@pytest.fixture
def open_run(tmp_path: Path, tiny: Dataset, small: MakeExperiment) -> MakeRun:
    """The run in a folder of this name, as it lies there, or a fresh one."""

    def make(name: str = "run", experiment: Experiment | None = None) -> LiveRun:
        (tmp_path / name).mkdir(exist_ok=True)
        return LiveRun(RunFolder(tmp_path / name), experiment or small(), tiny, torch.device("cpu"))

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    store = RunStore(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A store and a supervisor of one worker, shared by the tests of a file: a worker takes seconds to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "_threads", lambda *_: 1)  # sums in the order of runs in this process
        store = RunStore(tmp_path_factory.mktemp("home"))
        found = SimpleNamespace(store=store, supervisor=Supervisor(store, devices=["cpu"]))
        found.supervisor.start()
        yield found
        found.supervisor.stop()
        store.close()
