"""``aelib export``: the codes of a checkpoint or a run as a file."""

import argparse
from pathlib import Path

from aelib.commands.terminal import expect_file, tell_progress, write_file
from aelib.desk.answers import asks
from aelib.errors import ConfigError
from aelib.latent.projection import ProjectionSpec
from aelib.runs.folder import RunFolder

#: What takes a projection along.
TABLES = ("csv", "parquet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="a checkpoint, such as the folder that `aelib train` names")
    parser.add_argument("--format", choices=[*TABLES, "projector"], default="csv", help="of the file (csv)")
    parser.add_argument("--output", type=Path, required=True, help="the file to write")
    parser.add_argument("--projection", choices=["pca", "umap", "tsne"], default=None, help="add one to a table (none)")
    parser.add_argument(
        "--limit", type=int, default=asks.MAX_EXAMPLES, help=f"examples, held-out ones first ({asks.MAX_EXAMPLES})"
    )


def run(options: argparse.Namespace) -> int:
    """Encode the examples and write the file; progress goes to standard error."""
    expect_file(options.output)
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
    subject = load_subject(RunFolder(options.folder), options.limit, tell_progress)
    projection = Layouts().arrays(subject, spec, "")
    write_file(options.output, export_file(subject, ask, None if projection is None else projection["points"]))
    return 0
