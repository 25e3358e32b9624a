"""A small trained variational model and what is asked about it."""

from pathlib import Path

import pytest

from aelib import Experiment
from aelib.commands import pretrain
from aelib.desk.answers.subject import Subject, load_subject
from aelib.runs import RunFolder

LIMIT = 400


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a variational model of three units on digits."""
    target = tmp_path_factory.mktemp("checkpoints")
    settings = {"network": {"latent": 3, "hidden": (16,)}, "train": {"epochs": 2}}
    pretrain.pretrain("made", "Made", Experiment.of("digits", "variational", **settings), target)
    return target / "made"


@pytest.fixture
def folder(checkpoint: Path) -> RunFolder:
    return RunFolder(checkpoint)


@pytest.fixture(scope="session")
def subject(checkpoint: Path) -> Subject:
    return load_subject(RunFolder(checkpoint), LIMIT)
