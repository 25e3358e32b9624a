"""``aelib measure``: a report on a checkpoint, as text or JSON."""

import argparse
from pathlib import Path

from aelib.autoencoder import load_model
from aelib.checkpoint import Checkpoint
from aelib.commands.options import add_data
from aelib.commands.terminal import add_output, escape_json, expect_output, hand_over, tell_progress
from aelib.experiment import Experiment
from aelib.report.measure import LIMIT, measure
from aelib.report.text import as_text

#: Of the progress: loading the data comes before the measuring.
LOADED = 0.1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="a checkpoint, such as the folder that `aelib train` names")
    add_data(parser)
    parser.add_argument("--left-out", type=int, default=None, help="class left out of training (as the training did)")
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"examples of each split ({LIMIT})")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of examples, samples and noise (0)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Measure and print; progress goes to standard error."""
    expect_output(options.output)
    checkpoint = Checkpoint.read(options.folder)
    experiment = Experiment.of_checkpoint(checkpoint, options.folder, options.data)
    left_out = experiment.left_out if options.left_out is None else options.left_out
    model = load_model(checkpoint, options.folder)
    data = experiment.load_data(lambda share, text: tell_progress(share * LOADED, text))
    report = measure(
        model, data, left_out, lambda share, text: tell_progress(LOADED + share * (1 - LOADED), text),
        options.limit, options.seed,
    )  # fmt: skip
    if options.json:
        hand_over(report.to_json(), options.output, escape_json)
    else:
        hand_over(as_text(report), options.output)
    return 0
