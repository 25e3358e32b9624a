"""What data would be, before it is added: few pictures are decoded and all are counted; limits come from outside."""

import base64
import io
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from aelib.data import Dataset, Limits, PictureOptions, TableOptions
from aelib.data.idx import standard_name
from aelib.data.preview import COLUMNS, PICTURES, ROWS, histogram, look_at, pictures_of, preview_of
from aelib.errors import ConfigError
from aelib.progress import silent

TABLE = b"city,smokes,size,class\n" + b"".join(
    f"{('Oslo', 'Rome', 'Bern')[k % 3]},{('yes', 'no')[k % 2]},{k / 7:.3f},{'ab'[k % 2]}\n".encode() for k in range(60)
)


def look(path, kind, options, limits=None):
    return look_at(path, kind, options, limits or Limits(), silent, "mine")


@pytest.fixture
def photos(tmp_path):
    """100 pictures of two classes."""
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(100):
            file = io.BytesIO()
            Image.new("RGB", (8, 8), (k, 2 * k, 255 - k)).save(file, "PNG")
            archive.writestr(f"{'ab'[k % 4 == 0]}/{k}.png", file.getvalue())
    return path


def test_few_pictures_are_decoded_and_all_are_counted(photos, monkeypatch):
    from aelib.data import from_pictures

    decoded = []
    whole = from_pictures.decode
    monkeypatch.setattr(from_pictures, "decode", lambda *given: decoded.append(1) or whole(*given))
    seen = look(photos, "zip", PictureOptions(side=8)).preview
    assert len(decoded) <= 2 * PICTURES
    data = Dataset.from_zip(photos, PictureOptions(side=8))
    assert (seen.report.train, seen.report.held_out) == (len(data.train), len(data.test)) == (80, 20)
    assert seen.report.classes == data.report.classes
    assert seen.shape == data.shape == (3, 8, 8)
    assert len(seen.pictures) == PICTURES


def test_pictures_are_shown_as_they_will_be(photos):
    data = Dataset.from_zip(photos, PictureOptions(side=8))
    shown = pictures_of(data)
    for place, one in enumerate(shown):
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(one.png))))
        assert np.array_equal(pixels, (data.train.x[place] * 255).round().byte().permute(1, 2, 0).numpy())
        assert one.label == data.classes[int(data.train.labels[place])]


def test_the_head_of_a_table_is_what_stands_there(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(TABLE)
    seen = look(path, "table", TableOptions()).preview
    used = [column.name for column in seen.columns if column.role != "left out"]
    head, *lines = (line.split(",") for line in TABLE.decode().splitlines())
    assert len(seen.rows) == ROWS
    for row in seen.rows:
        cells = dict(zip(used, row, strict=True))
        there = dict(zip(head, lines[round(7 * float(cells["size"]))], strict=True))
        assert float(cells.pop("size")) == pytest.approx(float(there.pop("size")), abs=1e-3)
        assert cells == there
    roles = {column.name: column.role for column in seen.columns}
    assert roles["class"] == "label"
    assert seen.report.train + seen.report.held_out == 60
    assert [known.name for known in seen.report.classes] == ["a", "b"]


def test_a_wide_table_is_shown_in_part(tmp_path):
    path = tmp_path / "wide.csv"
    columns = [f"c{k}" for k in range(100)]
    rows = [",".join(f"{k * 1.5 + j}" for j in range(100)) for k in range(10)]
    path.write_text("\n".join([",".join(columns), *rows]))
    seen = look(path, "table", TableOptions()).preview
    assert [column.name for column in seen.columns] == columns
    assert {len(row) for row in seen.rows} == {COLUMNS}


def test_options_that_do_not_do_are_a_complaint(tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("a,b\n1,2\n,3\n4,5\n")
    seen = look(path, "table", TableOptions(missing="refuse"))
    assert (seen.kind, seen.preview) == ("table", None)
    assert "lacks" in seen.complaint
    assert "max_examples" in look(path, "table", TableOptions(), Limits(max_examples=2)).complaint


def test_a_histogram_counts_every_value():
    x = torch.tensor([[0.0, 1.0], [0.5, 0.5]])
    counted = histogram(x)
    assert (counted.low, counted.high, sum(counted.counts)) == (0, 1, 4)
    same = histogram(torch.full((3, 2), 7.0))
    assert (same.low, same.high, sum(same.counts)) == (6.5, 7.5, 6)


def test_arrays_are_looked_at_too():
    seen = preview_of(Dataset.from_arrays(torch.rand(40, 3), name="mine"))
    assert (len(seen.rows), {len(row) for row in seen.rows}) == (ROWS, {3})
    assert not seen.pictures


def test_limits_come_from_the_environment(monkeypatch):
    assert Limits.of_environment() == Limits()
    monkeypatch.setenv("AELIB_MAX_BYTES", "1000")
    monkeypatch.setenv("AELIB_MAX_PIXELS", "")
    assert Limits.of_environment() == Limits(max_bytes=1000)
    for bad in ("many", "-1", "1e9", "0", "9" * 5000, "١٢"):
        monkeypatch.setenv("AELIB_MAX_BYTES", bad)
        with pytest.raises(ConfigError, match=r"(?i)max_bytes"):
            Limits.of_environment()


@pytest.mark.parametrize(
    ("name", "head", "standard"),
    [
        ("train-images-idx3-ubyte.gz", b"", "train-images-idx3-ubyte"),
        ("T10K-Labels.idx1-ubyte", b"", "t10k-labels-idx1-ubyte"),
        ("emnist-letters-test-images-idx3-ubyte", b"", "t10k-images-idx3-ubyte"),
        ("mine", b"\0\0\x08\x03", "train-images-idx3-ubyte"),
        ("mine", b"\0\0\x08\x01", "train-labels-idx1-ubyte"),
        ("mine.csv", b"a,b\n1,2", ""),
        ("short", b"\0\0", ""),
    ],
)
def test_idx_files_have_standard_names(name, head, standard):
    assert standard_name(name, head) == standard
