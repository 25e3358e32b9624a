"""``aelib export``: the codes of a checkpoint or a run as a file."""

import argparse
import sys
from pathlib import Path

from aelib.commands.options import add_data
from aelib.commands.terminal import expect_output, hand_over_bytes, read_output, tell_progress
from aelib.desk.answers import asks
from aelib.errors import ConfigError
from aelib.latent.projection import ProjectionSpec
from aelib.runs.folder import RunFolder

#: What takes a projection along.
TABLES = ("csv", "parquet")
#: What people can read.
TEXTS = ("csv",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="a checkpoint, such as the folder that `aelib train` names")
    add_data(parser)
    parser.add_argument("--format", choices=[*TABLES, "projector"], default="csv", help="of the file (csv)")
    parser.add_argument("--output", type=read_output, required=True, help="the file to write (-: standard output)")
    parser.add_argument("--projection", choices=["pca", "umap", "tsne"], default=None, help="add one to a table (none)")
    parser.add_argument(
        "--limit", type=int, default=asks.MAX_EXAMPLES, help=f"examples, held-out ones first ({asks.MAX_EXAMPLES})"
    )


def run(options: argparse.Namespace) -> int:
    """Encode the examples and write the file; progress goes to standard error."""
    expect_output(options.output)
    if options.output == "-" and options.format not in TEXTS and sys.stdout.isatty():
        raise ConfigError("A terminal shows no such file: name one with --output, or send standard output to one.")
    # Imported late: no other command needs pyarrow.
    from aelib.desk.answers.export import export_file
    from aelib.desk.answers.layouts import Layouts
    from aelib.desk.answers.subject import load_subject

    if options.projection and options.format not in TABLES:
        raise ConfigError("The Embedding Projector makes projections by itself: leave --projection out.")
    if not 1 <= options.limit <= asks.MAX_EXAMPLES:
        raise ConfigError(f"--limit takes 1 to {asks.MAX_EXAMPLES} examples (got {options.limit}).")
    spec = ProjectionSpec(method=options.projection) if options.projection else None
    ask = asks.Export(limit=options.limit, format=options.format, projection=spec)
    subject = load_subject(RunFolder(options.folder), options.limit, tell_progress, dataset=options.data)
    projection = Layouts().arrays(subject, spec, "")
    hand_over_bytes(export_file(subject, ask, None if projection is None else projection["points"]), options.output)
    return 0
