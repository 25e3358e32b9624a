"""Folders and zip archives of pictures as data: classes, splits, choices, and an account of what was found."""

import io
import os
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from aelib import DataError, Dataset
from aelib.data.limits import Limits
from aelib.data.pictures.arrangement import arrange
from aelib.data.pictures.options import PictureOptions
from aelib.data.report import ImportReport
from tests.core.own.files.pictures import file_of, noise, write_all, zip_of

OPTIONS = PictureOptions(side=8, fit="fit")
CATS_AND_DOGS = {
    f"{kind}/{n:02}.png": file_of(noise(100 * k + n)) for k, kind in enumerate(("cat", "dog")) for n in range(10)
}


@pytest.fixture(params=["folder", "zip", "stream"])
def read(request, tmp_path):
    """Reads files from a folder, a zip archive or a stream of one: all the same."""

    def _read(files, options=OPTIONS, **further):
        if request.param == "folder":
            return Dataset.from_folder(write_all(tmp_path / "pets", files), options, **further)
        if request.param == "stream":
            return Dataset.from_zip(io.BytesIO(zip_of(files)), options, name="pets", **further)
        (tmp_path / "pets.zip").write_bytes(zip_of(files))
        return Dataset.from_zip(tmp_path / "pets.zip", options, **further)

    return _read


def levels(split) -> list[tuple[float, ...]]:
    """Each picture as numbers that can be compared."""
    return [tuple((x.double().flatten() * 255).round().tolist()) for x in split.x]


def labelled(data) -> dict[tuple[float, ...], str]:
    return {
        picture: data.classes[label]
        for split in (data.train, data.test)
        for picture, label in zip(levels(split), split.labels.tolist(), strict=True)
    }


def picture_of(content: np.ndarray) -> tuple[float, ...]:
    return tuple(map(float, content.transpose(2, 0, 1).ravel()))


def test_folders_are_classes_and_every_picture_has_its_own(read):
    data = read(CATS_AND_DOGS)
    assert (data.name, data.shape, data.classes) == ("pets", (3, 8, 8), ("cat", "dog"))
    expected = {picture_of(noise(100 * k + n)): kind for k, kind in enumerate(("cat", "dog")) for n in range(10)}
    assert labelled(data) == expected
    assert [torch.bincount(split.labels).tolist() for split in (data.train, data.test)] == [[8, 8], [2, 2]]
    assert data.report.sentence == "16 training and 4 held-out examples in 2 classes."
    assert [(known.name, known.train, known.held_out) for known in data.report.classes] == [
        ("cat", 8, 2),
        ("dog", 8, 2),
    ]


def test_pictures_without_folders_have_no_classes(read):
    data = read({f"{n}.png": file_of(noise(n)) for n in range(10)})
    assert (data.is_labelled, data.classes, len(data.train), len(data.test)) == (False, (), 8, 2)
    assert any("no classes" in note for note in data.report.notes)


def test_one_folder_around_all_is_no_class(read):
    data = read({f"my photos/best/{name}": content for name, content in CATS_AND_DOGS.items()})
    assert data.classes == ("cat", "dog")
    assert not read({f"all/{n}.png": file_of(noise(n)) for n in range(4)} | {}, OPTIONS.replace(classes=False)).classes


def test_folders_of_training_and_test_are_kept(read):
    files = {f"data/Train/{name}": content for name, content in CATS_AND_DOGS.items()}
    files |= {f"data/val/{kind}/x.png": file_of(noise(900 + k)) for k, kind in enumerate(("cat", "dog"))}
    data = read(files)
    assert (len(data.train), len(data.test), data.classes) == (20, 2, ("cat", "dog"))
    assert set(levels(data.test)) == {picture_of(noise(900)), picture_of(noise(901))}
    assert any("Folders for training and test" in note for note in data.report.notes)


@pytest.mark.parametrize(
    ("paths", "classes", "held_out", "beside"),
    [
        (["a.png", "b.png"], None, None, ()),
        (["w/a.png", "w/b.png"], None, None, ()),
        (["cat/a.png", "dog/b.png"], ("cat", "dog"), None, ()),
        (["cat/deep/er/a.png", "dog/b.png"], ("cat", "dog"), None, ()),
        (["cover.png", "cat/a.png", "dog/b.png"], ("cat", "dog"), None, (0,)),
        (["a.png", "b.png", "cat/c.png"], None, None, ()),
        (["train/a.png", "test/b.png"], None, (False, True), ()),
        (["train/cat/a.png", "validation/cat/b.png"], None, (False, True), ()),
        (["train/cat/a.png", "train/dog/b.png", "test/cat/c.png"], ("cat", "dog", "cat"), (False, False, True), ()),
        (["w/train/cat/a.png", "w/train/dog/b.png"], ("cat", "dog"), None, ()),
        (["training/cat/a.png", "val/dog/b.png", "test/dog/c.png"], ("cat", "dog", "dog"), (False, True, True), ()),
        (["train/cat/a.png", "test/cat/b.png", "other/c.png"], ("train", "test", "other"), None, ()),
        (["cafe\u0301/a.png", "caf\u00e9/b.png", "tea/c.png"], ("café", "café", "tea"), None, ()),
        (["\udcff/a.png", "b\x07/b.png"], ("\ufffd", "b\ufffd"), None, ()),
        (["a" * 300 + "/a.png", "b/b.png"], ("a" * 59 + "…", "b"), None, ()),
    ],
    ids=str,
)
def test_what_folders_say(paths, classes, held_out, beside):
    layout = arrange([tuple(path.split("/")) for path in paths], classes=True)
    assert (layout.classes, layout.held_out, layout.beside) == (classes, held_out, beside)


def test_the_same_seed_splits_in_the_same_way_and_the_order_of_files_does_not_matter(read, tmp_path):
    first = read(CATS_AND_DOGS)
    again = Dataset.from_folder(write_all(tmp_path / "again", dict(reversed(CATS_AND_DOGS.items()))), OPTIONS)
    other = Dataset.from_folder(tmp_path / "again", OPTIONS.replace(seed=1))
    assert torch.equal(first.train.x, again.train.x)
    assert torch.equal(first.test.labels, again.test.labels)
    assert set(levels(first.test)) != set(levels(other.test))
    assert labelled(first) == labelled(other)


def test_classes_are_mixed_in_both_splits(read):
    labels = read(CATS_AND_DOGS).train.labels.tolist()
    assert labels not in (sorted(labels), sorted(labels, reverse=True))


@pytest.mark.parametrize("stratified", [True, False])
def test_some_are_kept_by_their_share(read, stratified):
    files = CATS_AND_DOGS | {f"dog/more{n}.png": file_of(noise(500 + n)) for n in range(20)}  # 10 cats, 30 dogs
    data = read(files, OPTIONS.replace(at_most=20, stratified=stratified, held_out=0.4))
    assert (len(data.train), len(data.test)) == (12, 8)
    if stratified:
        assert torch.bincount(torch.cat([data.train.labels, data.test.labels])).tolist() == [5, 15]
        assert torch.bincount(data.test.labels).tolist() == [2, 6]


def test_each_class_keeps_a_training_picture(read):
    files = {f"{n}/{k}.png": file_of(noise(10 * n + k)) for n in range(6) for k in range(2)}
    data = read(files, OPTIONS.replace(held_out=0.9))
    assert torch.bincount(data.train.labels).tolist() == [1] * 6
    single = {f"{n}/a.png": file_of(noise(n)) for n in range(7, 12)}
    data = Dataset.from_zip(io.BytesIO(zip_of(single)), OPTIONS)
    assert (len(data.train), len(data.test), len(data.classes)) == (4, 1, 5)


def test_grey_pictures_stay_grey_until_one_is_coloured(read, tmp_path):
    grey = {f"{n}.png": file_of(noise(n, channels=1)) for n in range(5)}
    data = read(grey)
    assert data.shape == (1, 8, 8)
    assert set(levels(data.train) + levels(data.test)) == {
        tuple(map(float, noise(n, channels=1).ravel())) for n in range(5)
    }
    assert read(grey | {"9.png": file_of(noise(9))}).shape == (3, 8, 8)
    assert Dataset.from_folder(write_all(tmp_path / "two", grey), OPTIONS.replace(colour="colour")).shape == (3, 8, 8)


def test_what_is_not_used_is_counted(read):
    files = CATS_AND_DOGS | {
        "__MACOSX/cat/._00.png": b"x",
        "cat/.hidden.png": file_of(noise(1)),
        "cat/Thumbs.db": b"x",
        "cat/notes.png": b"no picture at all",
        "dog/half.png": file_of(noise(3, 40, 40))[:200],
        "dog/more.zip": zip_of({"a.png": file_of(noise(4))}),
        "cover.jpg": file_of(noise(5), "JPEG"),
        "dog/misnamed.txt": file_of(noise(6)),
    }
    data = read(files)
    assert len(data.train) + len(data.test) == 21
    skipped = {files.reason: files.count for files in data.report.skipped}
    # A folder that is hidden is one thing there, and its files are in an archive.
    assert skipped == {"hidden": 3, "no pictures": 1, "archives": 1, "beside the folders": 1, "damaged": 1}
    assert {name for files in data.report.skipped for name in files.names} >= {"dog/half.png", "cover.jpg"}
    assert ImportReport.from_json(data.report.model_dump_json()) == data.report


def test_oddities_are_told(read):
    twice = {f"{n:02}.png": file_of(noise(n // 2)) for n in range(40)}
    (warning,) = read(twice).report.warnings
    assert "held-out examples are also training examples" in warning
    mixed = {f"a/{n:02}.png": file_of(noise(n)) for n in range(30)} | {"b/x.png": file_of(noise(77, 5, 9))}
    sizes, few = Dataset.from_zip(io.BytesIO(zip_of(mixed)), OPTIONS).report.warnings
    assert ("5" in sizes, "9×5" in sizes, "8×8" in sizes, "stretched" in sizes) == (True,) * 4
    assert few.startswith("1 of 2 classes have fewer than 10 training examples: b")
    flat = {f"{n:02}.png": file_of(np.full((8, 8), n, np.uint8)) for n in range(4)}
    assert Dataset.from_zip(io.BytesIO(zip_of(flat)), OPTIONS).report.warnings == ()
    half = np.zeros((8, 8), np.uint8)
    half[:3] = 1
    still = {f"{n:02}.png": file_of(half * (n + 1)) for n in range(8)}
    (warning,) = Dataset.from_zip(io.BytesIO(zip_of(still)), OPTIONS).report.warnings
    assert warning.startswith("62% of the pixels")


def test_progress_is_told_and_what_it_raises_ends_the_import(read, tmp_path):
    told = []
    read(CATS_AND_DOGS, progress=lambda share, text: told.append((share, text)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(shares) > len(CATS_AND_DOGS)

    class CancelledError(Exception):
        pass

    before = sorted(tmp_path.rglob("*"))
    for turn in range(len(told)):
        calls = []

        def cancel(share, text, calls=calls, turn=turn):
            calls.append(share)
            if len(calls) > turn:
                raise CancelledError

        with pytest.raises(CancelledError):
            read(CATS_AND_DOGS, progress=cancel)
        assert len(calls) == turn + 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_is_no_text_is_shown_as_far_as_it_is(tmp_path):
    for kind in (b"caf\xe9", b"tea"):
        os.mkdir(os.fsencode(tmp_path) + b"/" + kind)
        for n in range(3):
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + kind + b"/\xff%d.png" % n)).write_bytes(
                file_of(noise(n + len(kind)))
            )
    data = Dataset.from_folder(tmp_path, OPTIONS)
    assert data.classes == ("caf\ufffd", "tea")
    assert data.report.model_dump_json()


def test_only_regular_files_are_opened_and_links_are_not_followed(tmp_path):
    folder = write_all(tmp_path / "pets", CATS_AND_DOGS)
    secret = write_all(tmp_path / "elsewhere", {"a.png": file_of(noise(999))})
    os.mkfifo(folder / "cat" / "pipe.png")  # to open it would wait for ever
    (folder / "cat" / "link.png").symlink_to(secret / "a.png")
    (folder / "dog" / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "owls").symlink_to(secret, target_is_directory=True)
    (folder / "dog" / "null.png").symlink_to("/dev/zero")
    data = Dataset.from_folder(folder, OPTIONS)
    assert len(data.train) + len(data.test) == 20
    assert {files.reason: files.count for files in data.report.skipped} == {"links": 4, "no regular files": 1}


def test_what_goes_away_while_it_is_read_is_skipped(tmp_path):
    folder = write_all(tmp_path / "pets", CATS_AND_DOGS)

    def change(share, text):
        if text.startswith("Reading pictures (0 of"):
            (folder / "cat" / "03.png").unlink()
            (folder / "cat" / "04.png").write_bytes(b"\x89PNG\r\n\x1a\n")
            (folder / "cat" / "05.png").unlink()
            os.mkfifo(folder / "cat" / "05.png")

    data = Dataset.from_folder(folder, OPTIONS, progress=change)
    assert len(data.train) + len(data.test) == 17
    assert {files.reason: files.count for files in data.report.skipped} == {
        "unreadable": 1,
        "damaged": 1,
        "no regular files": 1,
    }


def test_folders_a_thousand_deep_are_left_out(tmp_path):
    folder = write_all(tmp_path / "pets", CATS_AND_DOGS)
    top = os.open(folder, os.O_RDONLY)
    for _ in range(1000):  # a path this long has no name that the system takes
        os.mkdir("d", dir_fd=top)
        below = os.open("d", os.O_RDONLY, dir_fd=top)
        os.close(top)
        top = below
    os.close(top)
    data = Dataset.from_folder(folder, OPTIONS)
    assert len(data.train) + len(data.test) == 20
    assert {files.reason: files.count for files in data.report.skipped} == {"nested too deep": 1}
    # pytest cannot remove it by its name either.
    place, depth = os.open(folder, os.O_RDONLY), 0
    while "d" in os.listdir(place):
        below = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place, depth = below, depth + 1
    while depth:
        above = os.open("..", os.O_RDONLY, dir_fd=place)
        os.close(place)
        os.rmdir("d", dir_fd=above)
        place, depth = above, depth - 1
    os.close(place)


@pytest.mark.parametrize(
    ("limits", "options", "words"),
    [
        ({"max_examples": 5}, {}, ("20 examples", "at_most", "max_examples")),
        ({"max_classes": 1}, {}, ("2 classes", "classes=False", "max_classes")),
        ({"max_features": 191}, {}, ("192 features", "max_features", "smaller side")),
        ({"max_bytes": 3000}, {}, ("bytes", "max_bytes")),
    ],
    ids=str,
)
def test_a_refusal_names_the_limit(read, limits, options, words, complains):
    with complains(DataError, *words):
        read(CATS_AND_DOGS, OPTIONS.replace(**options), limits=Limits(**limits))


def test_pictures_of_too_many_pixels_are_skipped(read, complains):
    data = read(CATS_AND_DOGS | {"cat/wide.png": file_of(noise(1, 1, 65))}, limits=Limits(max_pixels=64))
    assert [files.reason for files in data.report.skipped] == ["too many pixels"]


def test_an_archive_that_unpacks_to_more_than_is_allowed_is_refused(complains):
    bomb = {f"{n}.png": file_of(noise(n)) + bytes(5_000_000) for n in range(4)}
    packed = zip_of(bomb)
    assert len(packed) < 100_000
    with complains(DataError, "unpacked", "max_bytes"):
        Dataset.from_zip(io.BytesIO(packed), OPTIONS, limits=Limits(max_bytes=12_000_000))


def test_names_within_an_archive_lead_nowhere(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in CATS_AND_DOGS.items():
            archive.writestr(name, content)
        for name in ("../out.png", "/etc/out.png", "cat/../../out.png", "C:\\out.png", "..\\out.png"):
            archive.writestr(name, file_of(noise(7)))
        link = zipfile.ZipInfo("cat/link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("cat/00.png", file_of(noise(8)))
    (tmp_path / "pets.zip").write_bytes(stream.getvalue())
    data = Dataset.from_zip(tmp_path / "pets.zip", OPTIONS)
    assert len(data.train) + len(data.test) == 20
    assert picture_of(noise(0)) in labelled(data)
    reasons = Counter({files.reason: files.count for files in data.report.skipped})
    assert reasons == {"leading out of the archive": 5, "links": 1, "named twice": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["pets.zip"]
