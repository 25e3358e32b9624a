"""What people read has the field's terms; names in links, logs and reports stay what they were."""

import re
from pathlib import Path

import pytest

import aelib
import app
from aelib import Experiment
from aelib.frames.readouts import BEFORE
from aelib.frames.sheets import sheets_of
from aelib.report import probability

SOURCES = [
    path
    for folder in (Path(app.__file__).parent, Path(aelib.__file__).parent)
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.js")])
]


@pytest.mark.parametrize(
    "words",
    [
        '"Behind"',
        '"Foreign"',
        "“Foreign”",
        '"Told apart"',
        "`laid onto",
        '"Still figures"',
        ', foreign"',
        "finds it foreign",
    ],
)
def test_nobody_reads_a_word_of_our_own(words):
    assert [path.name for path in SOURCES if words in path.read_text(encoding="utf-8")] == []


def test_names_stay():
    sheets = {sheet.name: sheet.title for sheet, _ in sheets_of(Experiment.of("digits", "vanilla"))}
    assert sheets["foreign"] == "Out of distribution"
    assert {readout.name: readout.label for readout in BEFORE}["foreign_rmse"] == "RMSE, out of distribution"
    assert re.search(
        r'"two_sample", "1-NN two-sample accuracy"', Path(probability.__file__).read_text(encoding="utf-8")
    )
