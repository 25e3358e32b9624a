"""Files of many kinds on their way into the catalogue, as the app and the command line read them.

Each is one plain sentence, and the home is as it was; or it is added, and what it holds can be shown.
"""

import gzip
import io
import os
import pickle
import resource
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from aelib import DataError, Dataset
from aelib.data import add_dataset, added_datasets
from aelib.data import added as catalogue
from aelib.data.limits import Limits
from aelib.data.preview import look_at
from aelib.data.read import READERS, kind_of, read_data
from aelib.reading import given_file
from tests.core.own.files.pictures import file_of, noise, write_all, zip_of

NAME = "my file"
ROWS = "".join(f"{k},{k % 3},{'ab'[k % 2]}\n" for k in range(12))
PICTURES = {f"{n}.png": file_of(noise(n)) for n in range(6)}
#: Bytes of memory beyond what a test has already, at most.
ROOM = 1 << 30


def parquet(table: pa.Table, **how: object) -> bytes:
    file = io.BytesIO()
    pa_parquet.write_table(table, file, **how)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def listing(size: int) -> bytes:
    """The end of an archive that tells of a list of contents of so many bytes."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 0, 0)


def overlapping() -> bytes:
    """An archive of a thousand names for the same bytes, which unpack to 20 MB each."""
    content = PICTURES["0.png"] + bytes(20 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    about = struct.pack("<LLL", zlib.crc32(content), len(packed), len(content))
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 0) + about + struct.pack("<HH", 5, 0) + b"0.png" + packed
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 8, 0, 0) + about + struct.pack("<5HLL", 9, 0, 0, 0, 0, 0, 0)
        + b"%05d.png" % n for n in range(1000)
    )  # fmt: skip
    return local + central + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(central), len(local), 0)


def not_utf8() -> pa.Array:
    ends = pa.py_buffer(np.array([0, 2, 4, 6], np.int32))
    return pa.Array.from_buffers(pa.string(), 3, [None, ends, pa.py_buffer(b"\xff\xfeabcd")])


def long_texts(length: int, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["x" * length]))


#: What lies there, and words of the sentence.
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "a pickle": (pickle.dumps({"x": [1, 2]}), "is no text"),
    "safetensors": (struct.pack("<Q", 40) + b'{"x":{"dtype":"F32","shape":[1]}}'.ljust(40) + bytes(4), "is no text"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "is no text"),
    "a picture": (PICTURES["0.png"], "single picture"),
    "a BMP": (file_of(noise(0), "BMP"), "single picture"),
    "an empty archive": (zip_of({}), "holds no pictures"),
    "archives in an archive": (zip_of({"a.zip": zip_of(PICTURES)}), "1 archives"),
    "an archive of one picture": (zip_of({"a.png": PICTURES["0.png"]}), "single picture"),
    "an archive cut short": (zip_of(PICTURES)[:-30], "no zip archive"),
    "an archive with a list of 2 GB": (zip_of(PICTURES)[:-22] + listing(0x7FFFFFFF), "no zip archive"),
    "entries that overlap": (overlapping(), "damaged"),
    "an archive like Excel": (zip_of({"xl/workbook.xml": b"<x/>"}), "Excel"),
    "a document": (zip_of({"word/document.xml": b"<x/>"}), "holds no pictures"),
    "objects": (npy(np.array([{}, []], object)), "never opened"),
    "complex numbers": (npy(np.ones((4, 2)) * 1j), "numbers or strings"),
    "columns of types": (npy(np.zeros(4, [("a", "f4"), ("b", "i4")])), "numbers or strings"),
    "no axis": (npy(np.float64(1)), "make a column"),
    "five axes": (npy(np.zeros((4, 1, 1, 2, 2))), "is neither"),
    "a header of a gigabyte": (b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 30) + b"{" * 100, "no array of NumPy"),
    "version 9": (b"\x93NUMPY\x09\x00" + bytes(90), "no array of NumPy"),
    "objects in an archive": (zip_of({"x.npy": npy(np.array([[{}], [1]], object))}), "never opened"),
    "gzip of text": (gzip.compress(b"a,b\n" + b"1,2\n" * 50), "compressed with gzip"),
    "gzip cut short": (gzip.compress(bytes(1000))[:12], "damaged"),
    "a name without end in gzip": (b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 5000, "damaged"),
    "an IDX of 2³¹ items": (b"\0\0\x08\x01\x7f\xff\xff\xff" + bytes(90), "shorter than its header says"),
    "an IDX of 2⁶² items": (b"\0\0\x08\x02" + b"\x7f\xff\xff\xff" * 2 + bytes(90), "max_bytes"),
    "a bomb of IDX": (gzip.compress(b"\0\0\x08\x02\0\0\0\x04\0\0\0\x04" + bytes(1 << 24)), "longer than its header"),
    "UTF-16 without its mark": ("a,b\n1,2\n3,4\n".encode("utf-16-le"), "is no text"),
    "a zero byte": (b"a,b\n1,\x002\n3,4\n", "is no text"),
    "rows of several lengths": (b"a,b\n1,2\n3\n4,5\n", f"{NAME} has 1 values in row 3"),
    "a quote without end": (b'a,b\n1,"2\n' + b"3,4\n" * 9, "nothing closes"),
    "a line of 3 MB": (b"1," * (3 << 19), "columns"),
    "texts alone": (b"a\n" + b"".join(b"text %d\n" % n for n in range(30)), "no column to learn from"),
    "dates alone": (b"a\n" + b"".join(b"2020-01-%02d\n" % n for n in range(1, 30)), "holds dates"),
    "numbers that are none": (b"a,b\n" + b"inf,1e400\n-inf,nan\n" * 9, "no values"),
    "one row": (b"a,b\n1,2\n", "1 row"),
    "Parquet cut short": (parquet(pa.table({"a": [1, 2]}))[:-9], "damaged Parquet"),
    "Parquet without rows": (parquet(pa.table({"a": pa.array([], pa.int64())})), "no rows"),
    "Parquet of lists": (parquet(pa.table({"a": [[1], [2]]})), "holds neither numbers nor texts"),
    "Parquet of no text": (parquet(pa.table({"a": not_utf8(), "b": [1, 2, 3]})), "damaged Parquet"),
    "Parquet of no text, plain": (
        parquet(pa.table({"a": not_utf8(), "b": [1, 2, 3]}), use_dictionary=False), "damaged Parquet",
    ),
    "Parquet that unpacks to 100 GB": (
        parquet(pa.table({"a": long_texts(1 << 20, 100_000), "b": np.arange(100_000)})), "max_bytes",
    ),
}  # fmt: skip
#: What can be added, for all that is odd about it.
TAKEN: dict[str, bytes] = {
    "a table that begins as a BMP": f"BMI,b,class\n{ROWS}".encode(),
    "a table that begins as a WebP": f"RIFF,b,class\n{ROWS}".encode(),
    "names twice and none": f"a,a,\n{ROWS}".encode(),
    "names in control characters": f'"a\nb","\u202ec",class\n{ROWS}'.encode(),
    "classes in control characters": "a,class\n".encode("utf-16") + "".join(
        f'{k * k % 7},"{"ab"[k % 2]}\x1b[31m\n\u202ex"\n' for k in range(12)
    ).encode("utf-16-le"),
    "names of 5000 letters": f"{'x' * 5000},b,class\n{ROWS}".encode(),
    "classes of 5000 letters": b"a,class\n" + b"".join(
        b"%d,%s\n" % (k * k % 7, (b"x", b"y")[k % 2] * 5000) for k in range(12)
    ),
    "decimal commas": b"a;b\n" + b"1,5;2,5\n3,25;1\n2;7,5\n" * 4,
    "thousands": b"a,b\n" + b'"1,000.5",2\n"2,000.5",1\n3,4\n' * 4,
    "whole numbers beyond 2⁵³": b"a,b\n" + b"9007199254740993,1\n9007199254740995,2\n5,3\n" * 4,
    "Latin-1": "größe,b\n".encode("latin-1") + b"1,2\n3,1\n2,2\n" * 4,
    "UTF-16": f"a,b,class\n{ROWS}".encode("utf-16"),
    "Parquet of all kinds": parquet(
        pa.table({
            "n": pa.array(np.arange(12.0)), "half": pa.array(np.arange(12, dtype=np.float16)),
            "list": [[k] for k in range(12)], "bytes": [b"x"] * 12, "none": pa.nulls(12),
            "code": pa.array(["a", "b"] * 6).dictionary_encode(), "view": pa.array(["a", "b"] * 6, pa.string_view()),
            "time": pa.array(range(12), pa.timestamp("us")), "struct": [{"n": k} for k in range(12)],
        })
    ),
    "Parquet of names twice": parquet(
        pa.Table.from_arrays([pa.array(range(1, 13)), pa.array([[1]] * 12), pa.array([3, 1] * 6)], ["a", "a", "a"])
    ),
    "Parquet with long lists": parquet(
        pa.table({"a": pa.array([[0] * 5000] * 12), "b": pa.array([3, 1] * 6)})
    ),
    "a big-endian array": npy(np.arange(24, dtype=">f8").reshape(6, 4)),
    "an array of columns": npy(np.asfortranarray(np.arange(24.0).reshape(6, 4))),
    "truth values": npy(np.arange(24).reshape(6, 4) % 3 == 0),
    "names that lead out, and are one another's": zip_of(
        {**PICTURES, "../x.png": b"x", "/etc/x.png": b"x", "C:\\x.png": b"x", "a\\..\\x.png": b"x", "./0.png": b"x"}
    ),
    "Windows' devices": zip_of({f"{name}/{n}": PICTURES[n] for name in ("CON", "nul", " ") for n in PICTURES}),
}  # fmt: skip


@pytest.fixture
def little_memory() -> Iterator[None]:
    """No more than `ROOM` beyond what this process has: who asks for more gets an error at once."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + ROOM, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def take(path: Path) -> Dataset:
    """What `aelib.commands.data_import` does."""
    data = read_data(path, name=NAME)
    add_dataset(data, source=kind_of(path))
    return data


def everything_in(folder: Path) -> list[str]:
    return sorted(map(str, folder.rglob("*")))


def is_sentence(text: str) -> bool:
    return text.endswith(".") and text.isprintable() and len(text) < 500 and "Errno" not in text


def are_shown(*names: str) -> bool:
    return all(name and name.isprintable() and len(name) <= 120 for name in names)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux alone")
@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_added_is_one_sentence_and_nothing_is_left(kind, home, tmp_path, little_memory):
    content, words = REFUSED[kind]
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        take(path)
    assert words in str(caught.value)
    assert is_sentence(str(caught.value)), str(caught.value)
    assert everything_in(home) == []


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_odd_is_added_and_can_be_shown(kind, home, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(TAKEN[kind])
    data = take(path)
    kind_found = kind_of(path)
    look = look_at(path, kind_found, READERS[kind_found].options(), Limits(), lambda share, text: None, NAME)
    (info,) = added_datasets()
    again = info.load(lambda share, text: None)
    assert (len(again.train), len(again.test)) == (len(data.train), len(data.test))
    assert are_shown(
        info.title, *data.classes, *data.factors, *(name for names in data.factor_classes for name in names)
    )
    assert look.preview
    assert are_shown(*(column.name for column in look.preview.columns))
    assert all(map(is_sentence, (*data.report.notes, *data.report.warnings)))


def test_a_refusal_names_a_file_as_people_do(tmp_path):
    """On disk an upload has a name of the server's own."""
    for content in (b"a,b\n1,2\n3\n", b"\0\0\x08\x01\0\0\0\x09abc"):
        (tmp_path / "upload").write_bytes(content)
        with pytest.raises(DataError, match=f"^{NAME} "):
            take(tmp_path / "upload")


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "\u202ea", "x" * 250, "\udcff"], ids=ascii)
def test_a_name_of_a_file_is_shown_in_one_line(name, home, tmp_path):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError) as caught:
        take(tmp_path / name)
    assert is_sentence(str(caught.value))


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/proc/self/mem", "/proc/self/maps", "a\0b", "/nowhere"])
def test_what_is_no_file_is_one_sentence(path, home):
    with pytest.raises(DataError) as caught:
        take(Path(path))
    assert is_sentence(str(caught.value))


class Changing:
    """Progress that writes into the file that is being read."""

    def __init__(self, path: Path) -> None:
        self.path, self.times = path, 0

    def __call__(self, share: float, text: str) -> None:
        self.times += 1
        with self.path.open("r+b") as file:
            file.truncate(self.path.stat().st_size + 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"a,b,class\n{ROWS}".encode()),
        ("a.npy", npy(np.arange(24.0).reshape(6, 4))),
        ("a.npz", zip_of({"x.npy": npy(np.arange(24.0).reshape(6, 4))})),
        ("a.zip", zip_of(PICTURES)),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_one_sentence(name, content, home, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    changing = Changing(path)
    with pytest.raises(DataError, match="changed while it was read"):
        read_data(path, progress=changing)
    assert changing.times


def test_pictures_that_change_while_they_are_read_are_left_out(tmp_path, monkeypatch):
    write_all(tmp_path, PICTURES)
    real, times = Image.Image.load, count(1)

    def load(image: Image.Image) -> object:
        os.utime(tmp_path / "3.png", ns=(1, next(times)))
        return real(image)

    monkeypatch.setattr(Image.Image, "load", load)
    data = Dataset.from_folder(tmp_path)
    assert {left.reason: left.count for left in data.report.skipped} == {"changed while they were read": 1}


def test_a_file_that_cannot_be_read_on_is_one_sentence_and_cancelling_passes(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(DataError, match="cannot be read"), given_file(tmp_path / "a"):
        os.read(-1, 1)
    with pytest.raises(InterruptedError), given_file(tmp_path / "a"):
        raise InterruptedError


def test_what_is_too_much_to_be_described_is_one_sentence_and_leaves_nothing(home, make_data, monkeypatch):
    monkeypatch.setattr(catalogue, "MAX_DESCRIPTION_BYTES", 500)
    with pytest.raises(DataError, match="leave some out"):
        add_dataset(make_data())
    assert added_datasets() == []
    assert list((home / "data").glob(".part-*")) == []


def test_a_million_rows_can_be_described(home):
    """Their numbers are in the description: of a tenth of them, seven digits each."""
    names = [f"a column with a long name, number {n}" for n in range(3)]
    table = pa.table({name: np.arange(12.0) ** (n + 1) for n, name in enumerate(names)})
    data = Dataset.from_table(table)
    rows = data.table.rows * (100_000 // len(data.table.rows))
    description = catalogue.describe_added(add_dataset(data).name)
    large = description.replace(table={**description.table, "rows": [row + 9_000_000 for row in rows]})
    assert len(catalogue._written(large)) < catalogue.MAX_DESCRIPTION_BYTES / 30


def test_damaged_pictures_are_quiet(tmp_path, recwarn):
    """Pillow warns of each tag of TIFF that it cannot read."""
    content = bytearray(file_of(noise(0), "TIFF"))
    start = struct.unpack("<I", content[4:8])[0]
    for place in range(struct.unpack("<H", content[start : start + 2])[0]):
        content[start + 6 + 12 * place : start + 10 + 12 * place] = b"\xff\xff\xff\x0f"
    data = Dataset.from_folder(write_all(tmp_path, PICTURES | {"a.tif": bytes(content)}))
    assert sum(left.count for left in data.report.skipped) == 1
    assert list(recwarn) == []


#: A small file of each kind, whole.
WHOLE: dict[str, bytes] = {
    "csv": f"a,b,class\n{ROWS}".encode(),
    "parquet": parquet(pa.table({"a": np.arange(12.0), "b": ["x", "y"] * 6, "c": [[1]] * 12})),
    "npz": zip_of({"x.npy": npy(np.arange(24.0).reshape(6, 4)), "y.npy": npy(np.arange(6) % 2)}),
    "idx": gzip.compress(b"\0\0\x08\x03" + struct.pack(">3I", 4, 2, 2) + bytes(range(16))),
    **{
        kind: zip_of({"a.x": file_of(noise(1), kind), "b.png": PICTURES["0.png"], "c.png": PICTURES["1.png"]})
        for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
    },
}


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    edits=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(max_size=3)), max_size=4),
    end=st.integers(0, 1 << 20),
)
def test_whatever_is_changed_or_cut_off_it_is_data_or_one_sentence(kind, edits, end, home, tmp_path):
    """Pictures are changed inside their archive, whose sums fit again: else none of them would ever be decoded."""
    content = changed(WHOLE[kind], edits, end) if kind.islower() else repacked(WHOLE[kind], edits, end)
    path = tmp_path / "upload"
    path.write_bytes(content)
    said, data = "A sentence.", None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            data = read_data(path, name=NAME)
        except DataError as error:
            said = str(error)
    assert is_sentence(said), said
    assert data is None or (len(data.train) and len(data.test))
    assert everything_in(home) == []


def changed(content: bytes, edits: list[tuple[int, bytes]], end: int) -> bytes:
    found = bytearray(content)
    for place, new in edits:
        at = place % len(found)
        found[at : at + len(new)] = new
    return bytes(found[: len(found) - end % (2 * len(found))] if end % 3 == 0 else found) or b"x"


def repacked(content: bytes, edits: list[tuple[int, bytes]], end: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zip_of(files | {"a.x": changed(files["a.x"], edits, end)})
