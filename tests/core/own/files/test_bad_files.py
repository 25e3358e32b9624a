"""Bad input of many kinds, as somebody or something could hand it in: each is one plain sentence, and nothing is left
behind, opened or made."""

import gzip
import io
import os
import pickle
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from aelib import DataError, Dataset
from aelib.data.limits import Limits
from aelib.data.pictures.options import PictureOptions
from tests.core.own.files.pictures import file_of, noise, write_all, zip_of

SMALL = PictureOptions(side=8)
PAIR = {"a.png": file_of(noise(0)), "b.png": file_of(noise(1))}


def folder(files: dict[str, bytes] | None = None, then: Callable[[Path], object] = lambda path: None):
    def call(tmp_path: Path):
        (tmp_path / "data").mkdir()
        then(write_all(tmp_path / "data", files or {}))
        return lambda: Dataset.from_folder(tmp_path / "data", SMALL)

    return call


def archive(content: bytes, limits: Limits | None = None):
    def call(tmp_path: Path):
        (tmp_path / "data.zip").write_bytes(content)
        return lambda: Dataset.from_zip(tmp_path / "data.zip", SMALL, limits=limits or Limits())

    return call


def arrays(content: bytes, limits: Limits | None = None):
    def call(tmp_path: Path):
        (tmp_path / "data.npz").write_bytes(content)
        return lambda: Dataset.from_npz(tmp_path / "data.npz", limits=limits or Limits())

    return call


def idx(content: bytes, labels: bytes | None = None):
    def call(tmp_path: Path):
        (tmp_path / "images").write_bytes(content)
        (tmp_path / "labels").write_bytes(labels or b"")
        return lambda: Dataset.from_idx(tmp_path / "images", None if labels is None else tmp_path / "labels")

    return call


def given_arrays(*values, **named):
    return lambda tmp_path: lambda: Dataset.from_arrays(*values, **named)


def npz(**values) -> bytes:
    with io.BytesIO() as stream:
        np.savez_compressed(stream, **values)
        return stream.getvalue()


def npy(array: np.ndarray) -> bytes:
    with io.BytesIO() as stream:
        np.save(stream, array)
        return stream.getvalue()


def npy_claiming(shape: str, kind: str = "<f4", content: bytes = bytes(16)) -> bytes:
    head = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head) + 1) + head + b"\n" + content


def edited_zip(files: dict[str, bytes], *edits: tuple[bytes, int, bytes]) -> bytes:
    """An archive with bytes changed at an offset after each place where a mark is found."""
    content = bytearray(zip_of(files))
    for mark, offset, new in edits:
        place = content.find(mark)
        while place >= 0:
            content[place + offset : place + offset + len(new)] = new
            place = content.find(mark, place + 1)
    return bytes(content)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def encrypted() -> bytes:
    return edited_zip(PAIR, (LOCAL, 6, b"\x01\x00"), (CENTRAL, 8, b"\x01\x00"))


def links() -> bytes:
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w") as packed:
            for name in ("a.png", "b.png"):
                entry = zipfile.ZipInfo(name)
                entry.external_attr = 0o120777 << 16
                packed.writestr(entry, "/etc/passwd")
        return stream.getvalue()


def huge_picture(width: int = 10_000, height: int = 10_000) -> bytes:
    """A PNG that claims a hundred megapixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def many_entries(count: int) -> bytes:
    """An archive whose end tells of a list of contents of so many bytes."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, count, 0, 0)


def socket_in(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s.png")
    finally:
        os.chdir(here)


HALF = {name: content[: len(content) // 2] for name, content in PAIR.items()}
TEXT = {"a.png": b"no picture", "b.jpg": b"<svg/>", "c.csv": b"1,2\n3,4\n"}
FLOATS = np.ones((6, 3), np.float32)
IMAGES = b"\0\0\x08\x03" + struct.pack(">3I", 4, 2, 2) + bytes(range(16))

#: What is handed in, and words of the answer.
BAD = {
    "no such folder": (lambda tmp_path: lambda: Dataset.from_folder(tmp_path / "none"), "There is no folder"),
    "a file as folder": (lambda tmp_path: lambda: Dataset.from_folder(Path(__file__)), "is no folder"),
    "a name with a zero byte": (lambda tmp_path: lambda: Dataset.from_folder("a\0b"), "no folder"),
    "a name too long": (lambda tmp_path: lambda: Dataset.from_folder("a" * 5000), "There is no folder"),
    "an empty folder": (folder(), "holds no pictures"),
    "only text": (folder(TEXT), "3 no pictures"),
    "only hidden files": (folder({".a.png": PAIR["a.png"], ".b/c.png": PAIR["a.png"]}), "2 hidden"),
    "a single picture": (folder({"a.png": PAIR["a.png"]}), "a single picture"),
    "only half pictures": (folder(HALF), "2 damaged"),
    "empty pictures": (folder({"a.png": b"", "b.png": b""}), "2 no pictures"),
    "only the start of pictures": (folder({"a.png": b"\x89PNG\r\n\x1a\n", "b.jpg": b"\xff\xd8\xff"}), "2 damaged"),
    "no picture in train": (
        folder({"train/a.png": HALF["a.png"], "test/b.png": PAIR["b.png"], "test/c.png": PAIR["a.png"]}),
        "no training picture",
    ),
    "100 megapixels": (folder({"a.png": huge_picture(9_000), "b.png": huge_picture(9_000)}), "2 too many pixels"),
    "pictures without width": (folder({"a.png": huge_picture(0), "b.png": huge_picture(0)}), "2 damaged"),
    "more than Pillow takes": (
        folder({"a.png": huge_picture(60_000, 60_000), "b.bmp": huge_picture(60_000, 60_000)}),
        "2 too many pixels",
    ),
    "a pipe": (folder(then=lambda path: os.mkfifo(path / "a.png")), "1 no regular files"),
    "a socket": (folder(then=socket_in), "1 no regular files"),
    "a link to a device": (folder(then=lambda path: (path / "a.png").symlink_to("/dev/zero")), "1 links"),
    "a circle of links": (folder(then=lambda path: (path / "a").symlink_to(path)), "1 links"),
    "a link to itself": (folder(then=lambda path: (path / "a").symlink_to(path / "a")), "1 links"),
    "a device as archive": (lambda tmp_path: lambda: Dataset.from_zip("/dev/zero"), "no regular file"),
    "a folder as archive": (lambda tmp_path: lambda: Dataset.from_zip(tmp_path), "no regular file"),
    "no such archive": (lambda tmp_path: lambda: Dataset.from_zip(tmp_path / "a.zip"), "There is no file"),
    "an empty file as archive": (archive(b""), "no zip archive"),
    "text as archive": (archive(b"PK" * 200), "no zip archive"),
    "another kind of archive": (archive(gzip.compress(bytes(1000))), "no zip archive"),
    "half an archive": (archive(zip_of(PAIR)[:150]), "no zip archive"),
    "an empty archive": (archive(zip_of({})), "holds no pictures"),
    "an encrypted archive": (archive(encrypted()), "is encrypted"),
    "an archive of archives": (archive(zip_of({"a.zip": zip_of(PAIR), "b.zip": zip_of(PAIR)})), "2 archives"),
    "an archive of links": (archive(links()), "2 links"),
    "names that lead out": (archive(zip_of({"../a.png": b"x", "/b.png": b"x"})), "2 leading out"),
    "names a thousand deep": (archive(zip_of({"d/" * 1000 + "a.png": PAIR["a.png"]})), "1 nested too deep"),
    "a packing that is not read": (
        archive(edited_zip(PAIR, (LOCAL, 8, b"\x0e\x00"), (CENTRAL, 10, b"\x0e\x00"))),
        "2 packed in a way",
    ),
    "sums that do not fit": (archive(edited_zip(PAIR, (CENTRAL, 16, b"abcd"), (LOCAL, 14, b"abcd"))), "2 damaged"),
    "a size that lies": (archive(edited_zip(PAIR, (CENTRAL, 24, b"\x10\x00\x00\x00"))), "2 damaged"),
    "places that lie": (archive(edited_zip(PAIR, (CENTRAL, 42, b"\xff\xff\xff\x7f"))), "2 damaged"),
    "a list without end": (archive(many_entries(0x7FFFFFFF) + bytes(100)), "no zip archive"),
    "a bomb": (
        archive(zip_of({f"{n}.png": PAIR["a.png"] + bytes(3_000_000) for n in range(5)}), Limits(max_bytes=9_000_000)),
        "max_bytes",
    ),
    "a bomb of one file": (
        archive(zip_of({f"{n}.png": PAIR["a.png"] + bytes(3_000_000) for n in range(2)}), Limits(max_pixels=64)),
        "2 too large",
    ),
    "10,000 classes": (archive(zip_of({f"{n}/a.png": PAIR["a.png"] for n in range(1001)})), "max_classes"),
    "a pickle as array": (arrays(pickle.dumps({"x": [1, 2]})), "a pickle is none"),
    "a pickle in an archive": (arrays(zip_of({"x.npy": pickle.dumps([1, 2])})), "no array of NumPy"),
    "objects": (arrays(npy(np.array([1, "a"], object))), "never opened"),
    "objects in an archive": (arrays(npz(x=np.array([[1], [2]], object))), "never opened"),
    "objects in columns": (arrays(npy(np.array([(1, "a")], [("a", "i4"), ("b", "O")]))), "never opened"),
    "columns of several types": (arrays(npy(np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]))), "numbers or strings"),
    "dates": (arrays(npy(np.array(["2020-01-01"], "M8[D]"))), "numbers or strings"),
    "complex numbers": (arrays(npy(FLOATS * 1j)), "numbers or strings"),
    "text as examples": (arrays(npy(np.array([["a"], ["b"]]))), "must be numbers"),
    "a shape beyond all memory": (arrays(npy_claiming("(1000000000, 1000000000)")), "max_bytes"),
    "a shape beyond the file": (arrays(npy_claiming("(1000000, 100)")), "shorter than its header says"),
    "a negative shape": (arrays(npy_claiming("(-4, -1)")), "negative"),
    "a shape that is none": (arrays(npy_claiming("('a', 2)")), "no array of NumPy"),
    "code for a header": (arrays(npy_claiming("__import__('os').getcwd()")), "no array of NumPy"),
    "brackets without end": (arrays(npy_claiming("(" * 9000)), "no array of NumPy"),
    "a header cut short": (arrays(npy_claiming("(4, 1)")[:30]), "no array of NumPy"),
    "a version to come": (arrays(b"\x93NUMPY\x09\x00" + bytes(50)), "no array of NumPy"),
    "strings that are no text": (
        arrays(npz(x=FLOATS, y=np.frombuffer(b"\xff" * 24, "<U1"))),
        "no text",
    ),
    "an array that unpacks to more": (arrays(npz(x=np.zeros((1000, 1000))), Limits(max_bytes=10**6)), "max_bytes"),
    "no array": (arrays(zip_of({})), "has no array x"),
    "arrays of unknown names": (arrays(npz(foo=FLOATS, bar=FLOATS)), "foo, bar"),
    "two arrays for one": (arrays(npz(x=FLOATS, data=FLOATS)), "several arrays could be x"),
    "a damaged array": (arrays(edited_zip({"x.npy": npy(FLOATS)}, (CENTRAL, 16, b"abcd"))), "damaged"),
    "an encrypted array": (
        arrays(edited_zip({"x.npy": npy(FLOATS)}, (LOCAL, 6, b"\x01\x00"), (CENTRAL, 8, b"\x01\x00"))),
        "encrypted",
    ),
    "not a number": (arrays(npy(FLOATS * np.nan)), "not finite"),
    "infinite numbers": (arrays(npy(np.full((4, 3), 1e300))), "not finite"),
    "pictures that are not finite": (arrays(npy(np.full((4, 3, 3), np.inf))), "not finite"),
    "labels that are missing": (arrays(npz(x=FLOATS, y=np.full(6, np.nan))), "labels are missing"),
    "labels of others": (arrays(npz(x=FLOATS, y=np.arange(5))), "labels of shape (5,)"),
    "labels of one split": (arrays(npz(x_train=FLOATS, y_train=np.arange(6), x_test=FLOATS)), "both, or none"),
    "splits of two shapes": (arrays(npz(x_train=FLOATS, x_test=FLOATS[:, :2])), "differ in shape"),
    "splits that do not join": (arrays(npz(x=FLOATS, x_val=FLOATS, x_test=FLOATS[:, :2])), "do not belong together"),
    "factors of others": (arrays(npz(x=FLOATS, factors=np.arange(5))), "factors of shape"),
    "a single number": (arrays(npy(np.float32(1))), "make a column"),
    "no examples": (arrays(npy(FLOATS[:0])), "no values"),
    "one example": (arrays(npy(FLOATS[:1])), "a single example"),
    "no columns": (arrays(npy(FLOATS[:, :0])), "no values"),
    "a million columns": (given_arrays(np.zeros((2, 1_000_000), np.uint8)), "max_features"),
    "five axes": (given_arrays(np.zeros((2, 1, 2, 2, 2), np.uint8)), "is neither"),
    "two channels": (given_arrays(np.zeros((2, 2, 4, 5), np.uint8)), "is neither"),
    "rows of several lengths": (given_arrays([[1, 2], [3]]), "no array of numbers"),
    "an empty list": (given_arrays([]), "make a column"),
    "an empty IDX": (idx(b""), "no IDX file"),
    "no IDX": (idx(b"\x89PNG" + bytes(50)), "no IDX file"),
    "an IDX of unknown type": (idx(b"\0\0\x07\x03" + IMAGES[4:]), "no IDX file"),
    "an IDX of 200 axes": (idx(b"\0\0\x08\xc8" + bytes(900)), "no IDX file"),
    "an IDX of more than all memory": (idx(IMAGES[:4] + b"\xff" * 12 + bytes(16)), "max_bytes"),
    "an IDX that is too short": (idx(IMAGES[:-1]), "shorter than its header says"),
    "an IDX that is too long": (idx(IMAGES + b"\0"), "longer than its header says"),
    "an IDX without examples": (idx(b"\0\0\x08\x03" + struct.pack(">3I", 0, 28, 28)), "no values"),
    "an IDX cut in its header": (idx(IMAGES[:9]), "cut short"),
    "a gzip bomb as IDX": (idx(gzip.compress(IMAGES + bytes(10**7))), "longer than its header says"),
    "a gzip cut short": (idx(gzip.compress(IMAGES)[:-9]), "damaged"),
    "a gzip that is none": (idx(b"\x1f\x8b" + bytes(50)), "damaged"),
    "labels of an IDX of others": (idx(IMAGES, b"\0\0\x08\x01\0\0\0\x02ab"), "labels of shape (2,)"),
    "a folder without IDX": (lambda tmp_path: lambda: Dataset.from_idx(tmp_path), "train-images-idx3-ubyte"),
    "a pipe as IDX": (
        lambda tmp_path: os.mkfifo(tmp_path / "pipe") or (lambda: Dataset.from_idx(tmp_path / "pipe")),
        "no regular file",
    ),
}


def everything_in(path: Path) -> list[tuple[str, int]]:
    return sorted((str(place), place.lstat().st_size) for place in path.rglob("*"))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_sentence_and_leaves_nothing(kind, tmp_path, complains):
    prepare, words = BAD[kind]
    call = prepare(tmp_path)
    before = everything_in(tmp_path)
    open_files = sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else []
    with complains(DataError, words):
        call()
    assert everything_in(tmp_path) == before
    if open_files:
        assert sorted(os.listdir("/proc/self/fd")) == open_files


WHOLE = {
    "zip": zip_of({f"{kind}/{n}.png": file_of(noise(n + 50 * len(kind))) for kind in ("a", "bc") for n in range(3)}),
    "npz": npz(x=FLOATS, y=np.arange(6) % 2),
    "npy": npy(np.arange(60, dtype=np.uint8).reshape(6, 5, 2)),
    "idx": IMAGES,
    "gzip": gzip.compress(IMAGES),
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(WHOLE)), edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=5)
)
def test_whatever_is_changed_in_a_file_it_is_data_or_one_sentence(kind, edits, tmp_path):
    content = bytearray(WHOLE[kind])
    for place, new in edits:
        at = int(place * len(content))
        content[at : at + 1] = new
    path = tmp_path / kind
    path.write_bytes(content)
    read = {"zip": Dataset.from_zip, "npz": Dataset.from_npz, "npy": Dataset.from_npz}.get(kind, Dataset.from_idx)
    said = "A sentence."
    try:
        data = read(path, SMALL) if kind == "zip" else read(path)
    except DataError as error:
        said = str(error)
    else:
        assert len(data.train)
        assert len(data.test)
    assert said.endswith(".")
    assert "\n" not in said
    assert [place.name for place in tmp_path.iterdir() if place.name not in WHOLE] == []


def test_an_archive_may_not_list_a_gigabyte(tmp_path, complains):
    """`zipfile` would read the list of contents at once, at the size that is told."""
    size = 1 << 30
    path = tmp_path / "sparse.zip"
    with path.open("wb") as file:
        file.truncate(size)  # takes no room
        file.seek(size)
        file.write(many_entries(size - 100))
    with complains(DataError, "lists more files"):
        Dataset.from_zip(path)


def test_a_damaged_picture_does_not_spoil_the_others(tmp_path):
    files = {f"{n}.png": file_of(noise(n)) for n in range(10)} | HALF | {"huge.png": huge_picture(9_000)}
    data = Dataset.from_folder(write_all(tmp_path, files), SMALL)
    assert len(data.train) + len(data.test) == 10
    assert {files.reason: files.count for files in data.report.skipped} == {"damaged": 2, "too many pixels": 1}


def test_a_picture_of_a_kind_that_pillow_knows_but_is_not_read(tmp_path):
    """Each reader of Pillow's is a way in for damaged files: only those of six kinds are asked."""
    files = {"a.ppm": file_of(Image.new("RGB", (8, 8)), "PPM"), "b.png": file_of(Image.new("RGB", (8, 8)), "ICO")}
    data = Dataset.from_folder(write_all(tmp_path, files | {f"{n}.png": file_of(noise(n)) for n in range(3)}), SMALL)
    assert {files.reason: files.count for files in data.report.skipped} == {"no pictures": 2}
