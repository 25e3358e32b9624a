"""``aelib anomalies``: the rows that a model rebuilds worst, with the columns that are to blame, as CSV."""

import argparse
import codecs
from pathlib import Path

from aelib.anomalies import to_csv, worst_rows
from aelib.anomalies.rows import HELD_OUT, TRAINING
from aelib.autoencoder import load_model
from aelib.checkpoint import Checkpoint
from aelib.commands.options import add_data
from aelib.commands.terminal import add_output, expect_output, hand_over, hand_over_bytes, tell_progress
from aelib.data import load_dataset
from aelib.experiment import Experiment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="a checkpoint, such as the folder that `aelib train` names")
    add_data(parser)
    parser.add_argument("--count", type=int, default=20, help="rows, the worst first (20)")
    parser.add_argument("--all", action="store_true", help="look among the training rows, too, not only held-out ones")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Rebuild the rows and write the worst; progress goes to standard error."""
    expect_output(options.output)
    checkpoint = Checkpoint.read(options.folder)
    experiment = Experiment.of_checkpoint(checkpoint, options.folder, options.data)
    model = load_model(checkpoint, options.folder)
    data = load_dataset(experiment.dataset, tell_progress)
    found = to_csv(worst_rows(model, data, options.count, (TRAINING, HELD_OUT) if options.all else (HELD_OUT,)))
    if options.output == "-":
        hand_over(found, options.output)
    else:  # spreadsheets know UTF-8 by its mark
        hand_over_bytes(codecs.BOM_UTF8 + found.encode(), options.output)
    return 0
