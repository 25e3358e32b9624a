"""What all tests share: one thread, real digits and few of them, a small experiment and its run."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

# Before NumPy and PyTorch are there, and for the processes that tests start: on few processors threads that compute
# the same small matrix only wait for one another.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import pytest
import torch
from xdist.remote import Producer

from aelib import Dataset, Experiment, Split, load_dataset
from aelib.runs import RunFolder
from aelib.runs.live import LiveRun
from tests.lanes import Lanes, lane

MakeExperiment = Callable[..., Experiment]
MakeRun = Callable[..., LiveRun]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: lane(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    config.option.loadscopereorder = False  # the collected order is meant
    return Lanes(config, log)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Sums in one order: only so are two processes equal bit for bit. Matrices this small gain nothing from more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return load_dataset("digits")


@pytest.fixture(scope="session")
def tiny(digits: Dataset) -> Dataset:
    """192 training and 64 held-out digits: six steps an epoch at batch size 32."""
    train, test = digits.train, digits.test
    return Dataset("tiny", Split(train.x[:192], train.y[:192]), Split(test.x[:64], test.y[:64]), digits.classes)


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
