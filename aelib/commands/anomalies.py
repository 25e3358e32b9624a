"""``aelib anomalies``: the rows that a model rebuilds worst, with the columns that are to blame, as CSV."""

import argparse
import codecs
import sys
from pathlib import Path

from aelib.anomalies import HELD_OUT, TRAINING, Finding, to_csv, worst_rows
from aelib.autoencoder import load_model
from aelib.checkpoint import Checkpoint
from aelib.commands.background import run_behind
from aelib.commands.options import add_data
from aelib.commands.terminal import add_output, escape_json, expect_output, hand_over, hand_over_bytes, tell_progress
from aelib.experiment import Experiment

#: What ``--rows`` takes.
ROWS = {HELD_OUT: (HELD_OUT,), TRAINING: (TRAINING,), "all": (TRAINING, HELD_OUT)}
#: Of the progress: loading the data comes before the rebuilding.
LOADED = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="a checkpoint, such as the folder that `aelib train` names")
    add_data(parser)
    parser.add_argument("--count", type=int, default=20, help="rows, the worst first (20)")
    parser.add_argument("--rows", choices=[*ROWS], default=HELD_OUT, help=f"those that are looked at ({HELD_OUT})")
    parser.add_argument("--json", action="store_true", help="print JSON: fewer columns of each row, and the CSV")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Rebuild the rows and write the worst; progress goes to standard error."""
    expect_output(options.output)
    checkpoint = Checkpoint.read(options.folder)
    experiment = Experiment.of_checkpoint(checkpoint, options.folder, options.data)
    model = load_model(checkpoint, options.folder)
    data = experiment.load_data(lambda share, text: tell_progress(share * LOADED, text))
    splits = ROWS[options.rows]
    found = worst_rows(
        model, data, options.count, splits, lambda share, text: tell_progress(LOADED + share * (1 - LOADED), text)
    )
    if options.json:
        examined = sum({TRAINING: len(data.train), HELD_OUT: len(data.test)}[name] for name in splits)
        hand_over(Finding.of(found, examined).to_json(), options.output, escape_json)
    elif options.output == "-":
        hand_over(to_csv(found), options.output)
    else:  # spreadsheets know UTF-8 by its mark
        hand_over_bytes(codecs.BOM_UTF8 + to_csv(found).encode(), options.output)
    return 0


if __name__ == "__main__":  # in the background, for the app
    sys.exit(run_behind(add_arguments, run))
