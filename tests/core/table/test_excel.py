"""Workbooks of Excel: read as the same table, and what is wrong with one is a sentence, however small the file."""

import builtins
import datetime
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
import torch

from aelib import DataError, Dataset
from aelib.data import Limits, TableOptions

ROWS = [
    ["größe", "farbe", "species"],
    [1.5, "rot", "a"],
    [2, "blau", "b"],
    [-3.25, "rot", "a"],
    [0.001, "blau, hell", "b"],
    [7.125, "blau", "a"],
    [4.5, "blau, hell", "b"],
]
OPTIONS = TableOptions(features=("größe", "farbe"), held_out=0.4)


def workbook(rows=(), cells=None):
    """The file of a workbook with these rows, and ``cells`` by their names."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, value in (cells or {}).items():
        book.active[name] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(content, pattern, replacement):
    """A workbook with another first sheet, as Excel would never write it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(pattern, replacement, text)
            target.writestr(name, text)
    return file.getvalue()


def test_a_workbook_is_the_table_that_it_shows():
    data = Dataset.from_table(workbook(ROWS), OPTIONS)
    same = Dataset.from_table(pd.DataFrame(ROWS[1:], columns=ROWS[0]), OPTIONS)
    assert torch.equal(data.train.x, same.train.x)
    assert torch.equal(data.test.x, same.test.x)
    assert data.classes == same.classes == ("a", "b")
    assert "Read as Excel, its first sheet." in data.table.notes


def test_empty_rows_and_columns_are_none_and_failed_formulas_are_missing():
    rows = [
        [],
        ["a", "b", None],
        *([k * k % 5, k * k % 7, ""] for k in range(12)),
        [None, None],
        [3, "#DIV/0!"],
        [None, ""],
    ]
    data = Dataset.from_table(workbook(rows))
    assert len(data.train) + len(data.test) == 13
    assert [feature.name for feature in data.table.features] == ["a", "b"]
    assert "1 of 13 rows has a missing value in 'b'" in data.report.missing


def test_numbers_in_the_first_row_are_values():
    rows = [[k + 0.5, k * k % 7] for k in range(12)]
    data = Dataset.from_table(workbook(rows))
    assert len(data.train) + len(data.test) == 12
    assert [feature.name for feature in data.table.features] == ["column 1", "column 2"]


def test_dates_are_told_as_dates():
    rows = [["day", "x"], *([datetime.date(2026, 1, 1 + k), k * k % 7] for k in range(12))]
    data = Dataset.from_table(workbook(rows))
    assert [feature.name for feature in data.table.features] == ["x"]
    with pytest.raises(DataError, match="date"):
        Dataset.from_table(workbook(rows), TableOptions(features=("day", "x")))


def test_two_cells_that_are_far_apart_need_no_memory():
    data = Dataset.from_table(workbook([["a"], [1], [2]], {"A1048576": 3, "A1048575": 5}))
    assert len(data.train) + len(data.test) == 4
    with pytest.raises(DataError, match=r"more than 9,000 columns \(the limit max_features\)"):
        Dataset.from_table(workbook([["a"], [1], [2]], {"XFD1048576": 3}), limits=Limits(max_features=9000))


@pytest.mark.parametrize(
    ("limits", "named"),
    [({"max_examples": 4}, "max_examples"), ({"max_features": 2}, "max_features"), ({"max_bytes": 2000}, "max_bytes")],
)
def test_a_sheet_beyond_a_limit_is_refused(limits, named):
    with pytest.raises(DataError, match=named):
        Dataset.from_table(workbook(ROWS), limits=Limits(**limits))


def test_a_few_bytes_that_unpack_to_many_numbers_are_refused():
    row = b"<row>" + b"<c><v>1</v></c>" * 2000 + b"</row>"
    content = changed(workbook(ROWS), rb"<sheetData>", b"<sheetData>" + row + b"<row><c><v>1</v></c></row>" * 2000)
    with pytest.raises(DataError, match="max_bytes"):
        Dataset.from_table(content, limits=Limits(max_bytes=10_000_000))


def test_what_a_sheet_says_of_its_size_is_not_relied_on():
    content = changed(workbook(ROWS), rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"')
    data = Dataset.from_table(content, OPTIONS)
    assert len(data.train) + len(data.test) == 6


#: Names that stand for ten times what the one before stands for, and one that says them all.
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + k, b"&%c;" % (97 + k) * 10) for k in range(12))
    + b"]>"
)
SAID = b'<sheetData><row><c t="inlineStr"><is><t>&m;</t></is></c></row>'


@pytest.mark.parametrize(
    ("content", "told"),
    {
        "none": (b"PK\x03\x04", "cut short"),
        "cut short": (workbook(ROWS)[:-40], "cut short"),
        "no sheet": (changed(workbook(ROWS), rb"(?s).*", b""), "can be read"),
        "no XML": (changed(workbook(ROWS), rb"<sheetData>", b"<sheetData"), "can be read"),
        "entities": (changed(changed(workbook(ROWS), rb"^", ENTITIES), rb"<sheetData>", SAID), "can be read"),
        "no rows": (workbook(ROWS[:1]), "header and no rows"),
        "empty": (workbook(), "is empty"),
        "a password, or old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"save it as \.xlsx"),
    }.values(),
)  # fmt: skip
def test_what_is_no_workbook_is_a_sentence(content, told):
    with pytest.raises(DataError, match=told) as raised:
        Dataset.from_table(content)
    assert str(raised.value).count("\n") == 0


def test_reading_can_be_ended():
    class EndedError(Exception):
        pass

    def end(share, text):
        raise EndedError

    with pytest.raises(EndedError):
        Dataset.from_table(workbook(ROWS), progress=end)


def test_without_openpyxl_it_says_what_to_install(monkeypatch):
    usual = builtins.__import__

    def without(name, *rest, **options):
        if name == "openpyxl":
            raise ImportError(name)
        return usual(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"pip install 'autoencoder-explorer\[excel\]'"):
        Dataset.from_table(workbook(ROWS))
