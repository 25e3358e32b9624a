"""``python -m aelib.commands.data_import``: data that somebody wants to add, looked at or added, for the app."""

import argparse
import sys
from pathlib import Path

from aelib.commands.background import run_behind
from aelib.commands.terminal import add_output, hand_over, tell_progress
from aelib.data import add_dataset, added_datasets
from aelib.data.limits import Limits
from aelib.data.preview import look_at
from aelib.data.read import READERS, kind_of, read_data
from aelib.errors import AelibError, DataError
from aelib.reading import LONGEST_PATH, shown
from aelib.spec import Spec

#: Of the work, the share that is reading.
READ = 0.8


class Imported(Spec):
    """``id``, ``title``: of the added data set. ``was_here``: whether the same content had been added before, whose
    title stays."""

    id: str
    title: str
    was_here: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--path", type=Path, required=True, help="a file or folder")
    parser.add_argument("--options", default="{}", help="how it is read, as JSON")
    parser.add_argument("--name", default="", help="what to call it in messages")
    parser.add_argument("--title", default="", help="of the data set")
    parser.add_argument("--preview", action="store_true", help="look at it, and add nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Look or add; the exit status."""
    name = options.name or shown(options.path.name)
    try:
        found = _look(options, name) if options.preview else _add(options, name)
    except AelibError as error:  # whoever sent a file does not know where it lies
        raise DataError(
            str(error).replace(str(options.path), name).replace(shown(str(options.path), LONGEST_PATH), name)
        ) from None
    hand_over(found.model_dump_json(), options.output)
    return 0


def _look(options: argparse.Namespace, name: str) -> Spec:
    kind = kind_of(options.path)
    how = READERS[kind].options.from_json(options.options)
    return look_at(options.path, kind, how, Limits.of_environment(), tell_progress, name)


def _add(options: argparse.Namespace, name: str) -> Spec:
    kind = kind_of(options.path)
    how = READERS[kind].options.from_json(options.options)
    limits = Limits.of_environment()
    data = read_data(options.path, how, limits, lambda share, text: tell_progress(READ * share, text), name)
    before = {info.name for info in added_datasets()}
    info = add_dataset(
        data, title=options.title, source=kind, options=how.model_dump(mode="json"),
        progress=lambda share, text: tell_progress(READ + (1 - READ) * share, text),
    )  # fmt: skip
    return Imported(id=info.name, title=info.title, was_here=info.name in before)


if __name__ == "__main__":
    sys.exit(run_behind(add_arguments, run))
