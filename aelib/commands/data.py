"""``aelib data``: data sets of one's own, to add, to list, to look at and to remove."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from aelib.commands.options import read_words
from aelib.commands.terminal import add_output, ask, escape_json, expect_output, hand_over, tell, tell_progress
from aelib.data import DATASETS, DatasetInfo, Limits, add_dataset, added_datasets, get_info
from aelib.data.added import damaged_datasets, describe_added
from aelib.data.description import is_data_id, told_size
from aelib.data.read import kind_of, options_of, read_data
from aelib.errors import ConfigError, DataError
from aelib.home import default_home
from aelib.library import Library
from aelib.reading import named
from aelib.runs import RunStore

#: Of the progress: reading comes before storing.
READ = 0.9
#: Runs that are named before data is removed that they use.
NAMED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    what = parser.add_subparsers(dest="what", required=True)
    add = what.add_parser("add", help="store a folder or archive of pictures, a table or an array file")
    add.add_argument("path", type=_read_path, help="what to add; what it holds decides how it is read")
    add.add_argument("--title", type=read_words, default="", help="what to call it (the name of the file)")
    add.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE",
        help="how it is read, e.g. side=32 of pictures or labels=species of a table; may be repeated",
    )  # fmt: skip
    listing = what.add_parser("list", help="what was added, newest first")
    show = what.add_parser("show", help="all that is known of one")
    remove = what.add_parser("remove", help="delete one")
    for command in (show, remove):
        command.add_argument("data", metavar="ID", help="its id, or its title where no other has it")
    remove.add_argument("--yes", action="store_true", help="also when there are runs that use it")
    for command in (listing, show):
        command.add_argument("--json", action="store_true", help="print JSON")
        add_output(command)


def run(options: argparse.Namespace) -> int:
    """Do one of the four."""
    {"add": _add, "list": _list, "show": _show, "remove": _remove}[options.what](options)
    return 0


def _add(options: argparse.Namespace) -> None:
    """Read and store; the id goes to standard output."""
    told = _Told()
    kind = kind_of(options.path)
    how = options_of(kind, _values(options.set))
    limits = Limits.of_environment()
    data = read_data(options.path, how, limits, lambda share, text: told(READ * share, text))
    before = {info.name for info in added_datasets()}
    info = add_dataset(
        data, title=options.title, source=kind, options=how.model_dump(mode="json"),
        progress=lambda share, text: told(READ + (1 - READ) * share, text),
    )  # fmt: skip
    if data.report and data.report.missing:
        tell(f"aelib: {data.report.missing}")
    for warning in describe_added(info.name).found("warnings"):
        tell(f"aelib: {warning}")
    if info.name in before:
        kept = ", and keeps that title" if options.title not in ("", info.title) else ""
        tell(f"aelib: The same data was there already, as {info.title!r}{kept}.")
    hand_over(info.name, "-")


def _list(options: argparse.Namespace) -> None:
    expect_output(options.output)
    found = added_datasets()
    for sentence in damaged_datasets():
        tell(f"aelib: {sentence}")
    if options.json:
        hand_over(
            json.dumps([_known(info) for info in found], indent=2, ensure_ascii=False), options.output, escape_json
        )
        return
    if not found:
        tell("aelib: Nothing was added yet: aelib data add PATH does it.")
    rows = [("ID", "TITLE", "EXAMPLES", "SHAPE", "SIZE")]
    rows += [
        (info.name, info.title, f"{sum(info.counts or ()):,}", _shape(info), told_size(info.size or 0))
        for info in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    hand_over("\n".join(lines), options.output)


def _show(options: argparse.Namespace) -> None:
    expect_output(options.output)
    info = get_info(options.data)
    about = describe_added(info.name) if is_data_id(info.name) else None
    if options.json:
        known = about.model_dump(mode="json") if about else _known(info)
        hand_over(json.dumps(known, indent=2, ensure_ascii=False), options.output, escape_json)
        return
    lines = [info.title, info.sentence, f"Name: {info.name}", f"Shape of an example: {_shape(info)}"]
    if info.class_names:
        lines.append(f"{info.classes} classes: {', '.join(info.class_names[:20])}{', …' if info.classes > 20 else ''}")
    if about:
        training, held_out = about.counts
        lines += [
            f"{training:,} training and {held_out:,} held-out examples, {told_size(about.size)}",
            f"Read from: {about.source}, {time.strftime('%Y-%m-%d %H:%M', time.localtime(about.created))}",
            *(f"  {name} = {value}" for name, value in about.options.items()),
            f"SHA-256 of the content: {about.content_hash}",
            *(f"Factor: {name}" for name in about.factors),
            *about.found("notes"),
            *about.found("warnings"),
        ]
        used = _runs_on(info.name)
        lines.append(f"Runs that use it: {len(used) or 'none'}")
    hand_over("\n".join(lines), options.output)


def _remove(options: argparse.Namespace) -> None:
    """Delete, after a question where runs use it; without a terminal that is a refusal."""
    if options.data in DATASETS:
        raise ConfigError(f"{options.data} belongs to the library: only data that was added can be removed.")
    if not is_data_id(options.data) and options.data not in [info.title for info in added_datasets()]:
        raise ConfigError(f"No data called {options.data!r:.80} was added: aelib data list shows what was.")
    try:
        info = get_info(options.data)
    except DataError:  # damaged, or not there: which is said below
        name, title = options.data, options.data
    else:
        name, title = info.name, info.title
    used = _runs_on(name)
    if used and not options.yes:
        others = f" and {len(used) - NAMED:,} more" if len(used) > NAMED else ""
        said = f"{_times(len(used), 'run')} of {title!r} could not go on without it: {', '.join(used[:NAMED])}{others}."
        if not sys.stdin or not sys.stdin.isatty():
            raise ConfigError(f"{said} Say --yes to remove it all the same.")
        tell(f"aelib: {said}")
        if ask("Remove it all the same? [y/N] ").lower() not in ("y", "yes"):
            raise ConfigError("Nothing was removed.")
    store = RunStore(default_home())
    try:
        Library(store).remove_data(name)
    finally:
        store.close()
    tell(f"aelib: {title!r} was removed.")


def _runs_on(name: str) -> list[str]:
    """Runs that use data, by their titles or else their ids."""
    store = RunStore(default_home())
    try:
        return [row.title or row.id for row in Library(store).runs_on(name)]
    finally:
        store.close()


def _known(info: DatasetInfo) -> dict[str, Any]:
    return {
        "name": info.name, "title": info.title, "shape": info.shape, "sentence": info.sentence,
        "classes": info.class_names, "content_hash": info.content_hash, "size": info.size, "counts": info.counts,
    }  # fmt: skip


def _read_path(text: str) -> Path:
    """What to add."""
    if not text:
        raise argparse.ArgumentTypeError("name a file or a folder: . is the folder that you are in.")
    return named(Path(text))


def _values(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set takes NAME=VALUE, such as side=32 (got {text!r:.60}).")
        found[name] = value
    return found


def _shape(info: DatasetInfo) -> str:
    return "×".join(map(str, info.shape))


def _times(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


class _Told:
    """Progress on standard error: a line for each tenth, and for each new thing that is done."""

    def __init__(self) -> None:
        self._last = (-1, "")

    def __call__(self, share: float, text: str) -> None:
        now = (int(share * 10), text.split(" ", 1)[0])
        if now != self._last:
            self._last = now
            tell_progress(share, text)
