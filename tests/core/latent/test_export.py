"""Codes as files: what is read back is what was written, bit for bit."""

import codecs
import csv
import io
import json
import zipfile

import numpy as np
import pandas
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet
import pytest
import torch
from google.protobuf import struct_pb2, text_format
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from aelib.errors import DataError
from aelib.latent.codes import Codes
from aelib.latent.export import make_table, projector_zip, to_csv, to_parquet
from aelib.latent.export.projector import sprite_room

N, K = 7, 3
CLASSES = ("one", 'a "quoted", name', "naïve")


def codes(values: torch.Tensor | None = None, variational: bool = True) -> Codes:
    random = torch.Generator().manual_seed(0)
    mean = torch.randn(N, K, generator=random) if values is None else values
    n = len(mean)
    kl = torch.rand(mean.shape, generator=random)
    return Codes(mean, kl.sqrt() if variational else None, torch.rand(n, generator=random), kl if variational else None)


LABELS = torch.arange(N) % 3
SPLITS = ["held out"] * 3 + ["training"] * 4


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_table_has_a_row_for_each_example():
    of = codes()
    table = make_table(of, LABELS, CLASSES, SPLITS, torch.arange(14.0).reshape(7, 2), "umap")
    names = ["index", "split", "label", "class", "error", "kl", "unit_1", "unit_2", "unit_3", "umap_1", "umap_2"]
    assert table.column_names == names
    assert table["index"].to_pylist() == list(range(N))
    assert table["split"].to_pylist() == SPLITS
    assert table["class"].to_pylist() == [CLASSES[label] for label in LABELS]
    assert np.array_equal(table["unit_2"].to_numpy(), of.mean[:, 1].numpy())
    assert np.array_equal(table["kl"].to_numpy(), of.unit_kl.sum(1).numpy())
    assert table["umap_2"].to_pylist() == [2 * i + 1 for i in range(N)]


def test_columns_that_mean_nothing_are_left_out():
    table = make_table(codes(variational=False), torch.rand(N))
    assert table.column_names == ["index", "label", "error", "unit_1", "unit_2", "unit_3"]
    assert table.schema.field("label").type == pa.float32()


def test_parquet_gives_back_every_bit():
    table = make_table(codes(), LABELS, CLASSES, SPLITS, torch.rand(N, 3), "tsne")
    assert pa_parquet.read_table(io.BytesIO(to_parquet(table))).equals(table)


def test_text_with_commas_and_quotes_survives_csv():
    rows = read_csv(to_csv(make_table(codes(), LABELS, CLASSES)))
    assert [row["class"] for row in rows] == [CLASSES[label] for label in LABELS]


KANA = ["お", "き", "Größe"]


def test_a_spreadsheet_knows_that_a_csv_is_utf_8():
    """By the byte order mark, once and first; without it names other than English ones are garbled."""
    content = to_csv(make_table(codes(), LABELS, KANA))
    assert content.startswith(codecs.BOM_UTF8)
    assert content.count(codecs.BOM_UTF8) == 1
    assert [row["class"] for row in read_csv(content)] == [KANA[label] for label in LABELS]


READERS = {
    "pandas": lambda content: pandas.read_csv(io.BytesIO(content)).columns,
    "pyarrow": lambda content: pa_csv.read_csv(io.BytesIO(content)).column_names,
    "numpy": lambda content: (
        np.genfromtxt(io.BytesIO(content), delimiter=",", names=True, encoding="utf-8-sig").dtype.names
    ),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_who_reads_a_csv_does_not_see_the_mark(read):
    table = make_table(codes(), LABELS, KANA)
    assert list(read(to_csv(table))) == table.column_names


def test_what_the_projector_reads_has_no_mark():
    """It would show it, or take the first code for no number."""
    files = unzip(projector_zip(codes().mean, {"label": LABELS.tolist(), "class": [KANA[label] for label in LABELS]}))
    assert not any(codecs.BOM_UTF8 in content for content in files.values())
    assert files["metadata.tsv"].decode().splitlines()[2].split("\t")[1] == KANA[LABELS[1]]


@given(arrays.arrays(np.float32, (9, 2), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_csv_gives_back_every_float32(values):
    """Also when a reader makes float64 of the text first, as most do."""
    rows = read_csv(to_csv(make_table(codes(torch.tensor(values)), torch.zeros(9))))
    read = np.array([[float(row["unit_1"]), float(row["unit_2"])] for row in rows]).astype(np.float32)
    assert np.array_equal(read, values)


def test_csv_is_as_short_as_it_can_be():
    rows = read_csv(to_csv(make_table(codes(torch.tensor([[0.1, 1e-30]])), torch.zeros(1))))
    assert (rows[0]["unit_1"], float(rows[0]["unit_2"])) == ("0.1", 1e-30)
    assert len(rows[0]["unit_2"]) <= 6


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"labels": LABELS[1:]}, ("7 codes", "6", "labels")),
        ({"splits": SPLITS[1:]}, ("7 codes", "6", "splits")),
        ({"projection": torch.zeros(8, 2)}, ("7 codes", "8", "projection")),
        ({"labels": LABELS + 1}, ("3 classes", "from 0 to 2")),
        ({"labels": LABELS - 1}, ("3 classes", "from 0 to 2")),
    ],
)
def test_what_does_not_fit_is_refused(complains, wrong, words):
    with complains(DataError, *words):
        make_table(**{"codes": codes(), "labels": LABELS, "classes": CLASSES, **wrong})


# --- the Embedding Projector --------------------------------------------------------------------------


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


METADATA = {"label": LABELS.tolist(), "class": ["a\tb", "c\nd", "e"] * 2 + ["f"]}


def some_pictures(channels: int, height: int, width: int) -> torch.Tensor:
    shape = (N, channels, height, width)
    return torch.randint(256, shape, generator=torch.Generator().manual_seed(1), dtype=torch.uint8)


def test_the_archive_holds_the_codes_exactly():
    files = unzip(projector_zip(codes().mean, METADATA))
    assert sorted(files) == ["codes.tsv", "metadata.tsv", "projector_config.json", "projector_config.pbtxt"]
    read = np.loadtxt(io.BytesIO(files["codes.tsv"]), delimiter="\t").astype(np.float32)
    assert np.array_equal(read, codes().mean.numpy())


@pytest.mark.parametrize("units", [1, 2, 3, 4])
def test_the_projector_finds_three_principal_components(units):
    """It shows the first three, and nothing at all where the codes have fewer columns."""
    of = torch.randn(N, units, generator=torch.Generator().manual_seed(2))
    files = unzip(projector_zip(of, METADATA))
    read = np.loadtxt(io.BytesIO(files["codes.tsv"]), delimiter="\t").astype(np.float32)
    assert np.array_equal(read[:, :units], of.numpy())
    assert read.shape == (N, max(units, 3))
    assert not read[:, units:].any()  # distances stay as they are
    for about in json.loads(files["projector_config.json"])["embeddings"]:
        assert about["tensorShape"] == list(read.shape)


def test_several_columns_of_metadata_have_a_header_and_one_has_none():
    lines = unzip(projector_zip(codes().mean, METADATA))["metadata.tsv"].decode().splitlines()
    assert lines[:3] == ["label\tclass", "0\ta b", "1\tc d"]
    assert len(lines) == N + 1
    assert unzip(projector_zip(codes().mean, {"label": range(N)}))["metadata.tsv"].decode().split() == list("0123456")


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 8, 8), (3, 5, 4)])
def test_pictures_stand_in_rows_on_a_square_sheet(channels, height, width):
    pictures = some_pictures(channels, height, width)
    files = unzip(projector_zip(codes().mean, METADATA, pictures))
    sheet = np.asarray(Image.open(io.BytesIO(files["sprite.png"])).convert("RGB" if channels == 3 else "L"))
    assert sheet.shape[:2] == (3 * height, 3 * width)
    for i in range(N):
        top, left = height * (i // 3), width * (i % 3)
        found = sheet[top : top + height, left : left + width].reshape(height, width, channels)
        assert np.array_equal(found, pictures[i].permute(1, 2, 0).numpy())


def test_the_configurations_name_the_files_and_the_size_of_a_picture():
    files = unzip(projector_zip(codes().mean, METADATA, some_pictures(3, 5, 4), "digits"))
    (embedding,) = json.loads(files["projector_config.json"])["embeddings"]
    assert embedding["tensorName"] == "digits"
    assert embedding["tensorShape"] == [N, K]
    assert {embedding["tensorPath"], embedding["metadataPath"], embedding["sprite"]["imagePath"]} <= set(files)
    assert embedding["sprite"]["singleImageDim"] == [4, 5]
    text = files["projector_config.pbtxt"].decode()
    assert 'tensor_path: "codes.tsv"' in text
    assert "single_image_dim: 4 single_image_dim: 5" in text


@pytest.mark.parametrize("name", ["β-VAE", "\N{GRINNING FACE}", 'a "quoted" \\n name', "line\nbreak", "100 %", "{}"])
def test_a_name_is_read_as_it_was_given(name):
    files = unzip(projector_zip(codes().mean, METADATA, name=name))
    assert json.loads(files["projector_config.json"])["embeddings"][0]["tensorName"] == name
    [line] = [line for line in files["projector_config.pbtxt"].decode().splitlines() if "tensor_name" in line]
    read = text_format.Parse(line.replace("tensor_name", "string_value"), struct_pb2.Value())
    assert read.string_value == name


def test_a_sheet_has_room_for_so_many():
    assert sprite_room(8, 8) == sprite_room(28, 28) == 10_000
    assert sprite_room(100, 128) == 64**2


def test_examples_beyond_the_sheet_are_left_out():
    pictures = torch.zeros(20, 1, 2048, 2, dtype=torch.uint8)
    files = unzip(projector_zip(torch.randn(20, 2), {"a": range(20), "b": range(20)}, pictures))
    assert len(files["codes.tsv"].splitlines()) == 16
    assert len(files["metadata.tsv"].splitlines()) == 17
    assert json.loads(files["projector_config.json"])["embeddings"][0]["tensorShape"] == [16, 3]


def test_equal_codes_give_equal_bytes():
    one, two = (projector_zip(codes().mean, METADATA, some_pictures(1, 8, 8)) for _ in range(2))
    assert one == two


def test_columns_and_pictures_are_there_for_each_code(complains):
    with complains(DataError, "7 codes", "6", "class"):
        projector_zip(codes().mean, {"class": ["a"] * 6})
    with complains(DataError, "7 codes", "8", "pictures"):
        projector_zip(codes().mean, METADATA, torch.zeros(8, 1, 2, 2, dtype=torch.uint8))
