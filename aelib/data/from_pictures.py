"""Folders and archives of pictures as data sets."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import torch
from torch import Tensor

from aelib.data.dataset import Dataset, Split
from aelib.data.limits import Limits
from aelib.data.pictures.archive import Unpacked, files_in_archive, opened_zip
from aelib.data.pictures.arrangement import BESIDE, Arrangement, arrange
from aelib.data.pictures.decode import UnusableError, decode
from aelib.data.pictures.folder import files_in_folder
from aelib.data.pictures.options import PictureOptions
from aelib.data.pictures.sources import Skips, Source, only_pictures
from aelib.data.report import ClassCount, ImportReport, SkippedFiles, count_classes, oddities
from aelib.data.splitting import split
from aelib.errors import DataError
from aelib.progress import Progress, Steps
from aelib.reading import given_file, named, shown

#: A file of more bytes than this for each pixel that a picture may have is none.
_BYTES_A_PIXEL = 4
_LEAST_BYTES = 1 << 20
#: Characters on what was left out, in a refusal.
_MOST_TOLD = 200
#: How many files there are is not known before they are found: progress is told of each hundredth.
_LISTING = 100


def read_folder(
    path: str | Path,
    options: PictureOptions,
    limits: Limits,
    progress: Progress,
    name: str,
    sample: int | None = None,
) -> Dataset:
    """See `Dataset.from_folder`. ``sample``: pictures that are decoded, for a first look; the report counts all."""
    top, skips = named(Path(path)), Skips()
    name = name or shown(top.name) or "pictures"

    def looked_at(count: int) -> None:
        if count % _LISTING == 1:
            progress(0.0, f"Looking for pictures ({count:,} files)")

    progress(0.0, "Looking for pictures")
    found = files_in_folder(top, _most_bytes(limits), skips, looked_at)
    return _Reader(name, options, limits, progress, skips, sample).read(found)


def read_zip(
    file: str | Path | BinaryIO,
    options: PictureOptions,
    limits: Limits,
    progress: Progress,
    name: str,
    sample: int | None = None,
) -> Dataset:
    """See `Dataset.from_zip`. ``sample``: as of `read_folder`."""
    if isinstance(file, str | Path):
        with given_file(Path(file)) as stream:
            return read_zip(stream, options, limits, progress, name or shown(Path(file).stem), sample)
    name, skips = name or "pictures", Skips()
    progress(0.0, "Looking for pictures")
    with opened_zip(file, name) as archive:
        remedy = "pack fewer or smaller pictures"
        unpacked = Unpacked(lambda count: limits.check("max_bytes", count, f"{name}, unpacked,", remedy))
        found = files_in_archive(archive, _most_bytes(limits), unpacked, skips)
        return _Reader(name, options, limits, progress, skips, sample).read(found)


def _most_bytes(limits: Limits) -> int:
    return min(limits.max_bytes, max(_LEAST_BYTES, _BYTES_A_PIXEL * limits.max_pixels))


class _Counts(NamedTuple):
    """How many training and held-out pictures there are, and of each class."""

    train: int
    held_out: int
    classes: tuple[ClassCount, ...]


class _Reader:
    """From files to a data set: which are pictures, of what class, which are kept, and what they hold."""

    def __init__(
        self,
        name: str,
        options: PictureOptions,
        limits: Limits,
        progress: Progress,
        skips: Skips,
        sample: int | None = None,
    ) -> None:
        self.name, self.options, self.limits, self.progress, self.skips = name, options, limits, progress, skips
        self.sample = sample
        self.sizes: list[tuple[int, int]] = []

    def read(self, found: list[Source]) -> Dataset:
        pictures = only_pictures(found, self.skips, Steps(self.progress, 0.0, 0.1, "Looking into files", len(found)))
        if not pictures:
            raise DataError(f"{self.name} holds no pictures (PNG, JPEG, WebP, BMP, TIFF or GIF){self._but()}.")
        arrangement = arrange([picture.parts for picture in pictures], classes=self.options.classes)
        for place in arrangement.beside:
            self.skips.add(BESIDE, pictures[place].parts)
        used = [pictures[place] for place in arrangement.kept]
        train, test = self._chosen(len(used), arrangement)
        self._check_room(len(train) + len(test))
        chosen = None
        if self.sample:
            chosen = self._counted(arrangement, train, test)
            train, test = train[: self.sample], test[: self.sample]
        # Held-out pictures first: where they end is where training pictures begin, whatever is damaged.
        order = torch.cat([test, train])
        values, whole = self._decoded([used[place] for place in order.tolist()])
        border = int(whole[: len(test)].sum())
        if arrangement.held_out is None and len(values) > 1:
            border = min(max(1, border), len(values) - 1)
        return self._dataset(values, border, arrangement, order[whole], chosen)

    def _counted(self, arrangement: Arrangement, train: Tensor, test: Tensor) -> "_Counts":
        """How many are chosen in all, and of each class."""
        if arrangement.classes is None:
            return _Counts(len(train), len(test), ())
        names, places = np.unique(arrangement.classes, return_inverse=True)
        labels = torch.from_numpy(places)
        return _Counts(len(train), len(test), count_classes(labels[train], labels[test], tuple(map(str, names))))

    def _but(self) -> str:
        return f"; of its files were left out: {shown(str(self.skips), _MOST_TOLD)}" if self.skips else ""

    def _chosen(self, count: int, arrangement: Arrangement) -> tuple[Tensor, Tensor]:
        """Places of the training and of the held-out pictures."""
        options, labels, given = self.options, None, None
        if count < 2:
            raise DataError(f"{self.name} holds a single picture: give at least two, one of them to be held out.")
        if arrangement.classes is not None:
            different, places = np.unique(arrangement.classes, return_inverse=True)
            remedy = "import them without classes (classes=False), or in fewer folders"
            self.limits.check("max_classes", len(different), self.name, remedy)
            labels = torch.from_numpy(places)
        if arrangement.held_out is not None:
            given = torch.tensor(arrangement.held_out)
        return split(
            labels,
            count,
            held_out=options.held_out,
            stratified=options.stratified,
            at_most=options.at_most,
            seed=options.seed,
            given=given,
        )

    def _check_room(self, count: int) -> None:
        features = self.options.channels * self.options.side**2
        self.limits.check("max_examples", count, self.name, "keep some of them (at_most)")
        self.limits.check("max_features", features, f"A picture of side {self.options.side}", "choose a smaller side")
        self.limits.check(
            "max_bytes",
            count * features,
            f"{self.name}, as imported,",
            "choose a smaller side, grey, or fewer (at_most)",
        )

    def _decoded(self, pictures: list[Source]) -> tuple[Tensor, Tensor]:
        """What the files hold, (n, channels, side, side), uint8, and flags of those that could be read."""
        options = self.options
        values = np.empty((len(pictures), options.channels, options.side, options.side), np.uint8)
        whole = torch.zeros(len(pictures), dtype=torch.bool)
        tell = Steps(self.progress, 0.1, 0.95, "Reading pictures", len(pictures))
        done, has_colour = 0, options.colour == "colour"
        for place, picture in enumerate(pictures):
            tell(place)
            try:
                with picture.open() as stream, _quiet():
                    decoded = decode(stream, options, self.limits.max_pixels)
            except UnusableError as error:
                self.skips.add(str(error), picture.parts)
                continue
            values[done], whole[place] = decoded.values, True
            done += 1
            self.sizes.append(decoded.size)
            has_colour = has_colour or decoded.is_coloured
        if not done:
            raise DataError(f"None of the pictures in {self.name} can be read{self._but()}.")
        return torch.from_numpy(values[:done] if has_colour else values[:done, :1].copy()), whole

    def _dataset(
        self, values: Tensor, border: int, arrangement: Arrangement, places: Tensor, chosen: "_Counts | None"
    ) -> Dataset:
        self.progress(0.95, "Looking for what is odd")
        labels: Tensor | None = None
        classes: tuple[str, ...] = ()
        if arrangement.classes is not None:
            different, indices = np.unique(
                [arrangement.classes[place] for place in places.tolist()], return_inverse=True
            )
            labels, classes = torch.from_numpy(indices), tuple(map(str, different))
        if not 0 < border < len(values):
            which = "training" if border else "held-out"
            raise DataError(f"{self.name} has no {which} picture that can be read{self._but()}.")
        train, test = values[border:], values[:border]
        y = None if labels is None else labels[border:]
        test_y = None if labels is None else labels[:border]
        counts = chosen or _Counts(len(train), len(test), count_classes(y, test_y, classes))
        areas = sorted(self.sizes, key=lambda size: (size[0] * size[1], size))
        report = ImportReport(
            train=counts.train,
            held_out=counts.held_out,
            classes=counts.classes,
            skipped=tuple(
                SkippedFiles(reason=reason, count=left.number, names=left.names) for reason, left in self.skips.items()
            ),
            smallest=areas[0],
            largest=areas[-1],
            notes=tuple(self._notes(arrangement, values)),
            warnings=(*self._mixed(areas), *oddities(train, test, counts.classes)),
        )
        data = Dataset(self.name, Split(train, y), Split(test, test_y), classes=classes, report=report)
        self.progress(1.0, report.sentence)
        return data

    def _notes(self, arrangement: Arrangement, values: Tensor) -> list[str]:
        notes = []
        if arrangement.held_out is not None:
            notes.append("Folders for training and test were found: they decide which pictures are held out.")
        if arrangement.classes is None:
            notes.append("The pictures have no classes.")
        if self.options.colour == "as_it_is":
            coloured = values.shape[1] == 3
            notes.append(
                "Some pictures are coloured: all have three channels." if coloured else "No picture has colour."
            )
        return notes

    def _mixed(self, areas: list[tuple[int, int]]) -> list[str]:
        if len(set(areas)) == 1:
            return []
        (width, height), (wide, high) = areas[0], areas[-1]
        side, how = self.options.side, _FITTED[self.options.fit]
        return [f"Sizes are mixed, {width}×{height} to {wide}×{high}: all became {side}×{side}, {how}."]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Pillow's warnings on damage, which its reader of TIFF has for each tag: they would reach a terminal."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="PIL")
        yield


_FITTED = {"fit": "stretched", "crop": "cropped to the middle", "pad": "with borders"}
