"""What all tests share: so many threads, real digits and few of them, a small experiment and its run."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

# `make portable` asks for two. Before NumPy and PyTorch are there, and for the processes that tests start: on few
# processors threads that compute the same small matrix only wait for one another.
os.environ |= dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), os.environ.get("TEST_THREADS", "1")
)

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
    for item in items:
        # Other work on the machine can make a browser late. One more try, told of at the end: a defect all the same.
        if "browser" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which tests passed, or failed, at their second try."""
    again = sorted({report.nodeid for report in terminalreporter.stats.get("rerun", ())})
    terminalreporter.section("second tries")
    terminalreporter.write_line("\n".join(again) or "none")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    config.option.loadscopereorder = False  # the collected order is meant
    return Lanes(config, log)


@pytest.fixture(scope="session", autouse=True)
def as_many_threads() -> Iterator[None]:
    """Sums in one order: only so are two processes equal bit for bit. Matrices this small gain nothing from more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
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
