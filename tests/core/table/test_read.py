"""Files as tables: the same rows, however they are written, and what was found out is said."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
import torch

from aelib import ConfigError, DataError, Dataset
from aelib.data import Limits, TableOptions

FRAME = pd.DataFrame(
    {
        "größe": [1.5, 2.25, -3.0, 1e-3, 7.125, 4.5],
        "farbe": ["rot", "blau", "rot", "blau, hell", "blau", "blau, hell"],
        "species": ["a", "b", "a", "b", "a", "b"],
    }
)
OPTIONS = TableOptions(features=("größe", "farbe"), held_out=0.4)


def parquet(frame):
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


def csv(encoding="utf-8", decimal=".", **options):
    return FRAME.to_csv(index=False, decimal=decimal, **options).encode(encoding)


FORMS = {
    "commas": (csv(), "UTF-8 with columns separated by commas"),
    "semicolons": (csv(sep=";"), "semicolons"),
    "bars": (csv(sep="|"), "bars"),
    "tabs": (csv(sep="\t"), "tabs"),
    "byte order mark": (csv("utf-8-sig"), "UTF-8"),
    "UTF-16": (csv("utf-16", sep="\t"), "UTF-16 with columns separated by tabs"),
    "UTF-16, big-endian": (b"\xfe\xff" + csv("utf-16-be"), "UTF-16"),
    "UTF-32": (csv("utf-32"), "UTF-32"),
    "Latin-1": (csv("latin-1"), "Windows-1252 (Latin-1)"),
    "decimal commas": (csv(decimal=",", sep=";"), "decimal comma"),
    "quoted decimal commas": (csv(decimal=","), "decimal comma"),
    "lines of DOS": (csv(lineterminator="\r\n"), "UTF-8"),
    "lines of old Macs": (csv(lineterminator="\r"), "UTF-8"),
    "empty lines": (csv().replace(b"\n", b"\n\n"), "UTF-8"),
    "blanks": (csv().replace(b",", b", ", 2), "UTF-8"),
    "Parquet": (parquet(FRAME), "Parquet"),
    "categories in Parquet": (parquet(FRAME.astype({"farbe": "category"})), "Parquet"),
    "frame": (FRAME, ""),
    "frame of categories": (FRAME.astype({"farbe": "category"}), ""),
    "frame with an index": (FRAME.set_index(np.arange(6)[::-1]), ""),
    "Arrow": (pa.Table.from_pandas(FRAME), ""),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_the_same_however_it_is_written(form):
    source, said = FORMS[form]
    data, plain = (Dataset.from_table(table, OPTIONS) for table in (source, FRAME))
    assert torch.equal(data.train.x, plain.train.x)
    assert torch.equal(data.test.x, plain.test.x)
    assert torch.equal(data.train.labels, plain.train.labels)
    assert data.table.features == plain.table.features
    assert said in " ".join(data.table.notes)


def test_a_path_a_file_and_bytes_are_the_same(tmp_path):
    path = tmp_path / "rows.of.someone.txt"  # what it is, its content says
    path.write_bytes(csv())
    with path.open("rb") as file:
        found = [Dataset.from_table(source, OPTIONS) for source in (path, str(path), file, io.BytesIO(csv()), csv())]
    assert all(torch.equal(data.train.x, found[0].train.x) for data in found)
    assert found[0].name == path.name


def test_a_file_without_names_of_columns_is_told_by_its_values():
    data = Dataset.from_table(b"5.1,3.5,x\n4.9,3.0,y\n4.7,3.2,x\n4.6,3.1,y\n")
    assert [feature.name for feature in data.table.features] == ["column 1", "column 2", "column 3"]
    assert len(data.train) + len(data.test) == 4
    assert "without names of columns" in data.table.notes[0]
    years = b"1990,1991\n5,3\n4,3\n4,7\n"
    assert [feature.name for feature in Dataset.from_table(years).table.features] == ["1990", "1991"]
    assert len(Dataset.from_table(years, TableOptions(header="no")).table.rows) == 4


def test_names_that_are_the_same_empty_or_of_several_lines():
    data = Dataset.from_table(b'a,a,"b\n\t<b>",\n1,2,3,4\n2,1,7,5\n4,1,2,9\n')
    assert [feature.name for feature in data.table.features] == ["a", "a (2)", "b <b>", "column 4"]
    assert any("'a (2)'" in note for note in data.table.notes)


NUMBERS = {
    "thousands": ('"1,234",0.5', "1234"),
    "a doubtful column follows the others": ('"1,234","0,5"', "1.234"),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_what_may_be_thousands_or_decimals_follows_the_other_columns(case):
    row, expected = NUMBERS[case]
    data = Dataset.from_table(f'a,b\n{row}\n"2,500",3\n"3,750",9\n'.encode())
    assert data.table.decode(torch.cat([data.train.x, data.test.x]))["a"].min() == pytest.approx(float(expected))


def test_what_nothing_tells_is_asked_for():
    doubtful = b'a,b\n"1,234",1\n"2,500",3\n"3,750",9\n'
    with pytest.raises(DataError, match=r"'1,234' in the column 'a' may have a decimal comma .* decimal"):
        Dataset.from_table(doubtful)
    for sign, low in ((",", 1.234), (".", 1234)):
        data = Dataset.from_table(doubtful, TableOptions(decimal=sign, held_out=0.01))
        feature = data.table.features[0]
        assert min(feature.low, *data.table.decode(data.test.x)["a"]) == pytest.approx(low)


def test_infinite_values_count_as_missing():
    content = b"a,b\ninf,1\n-Infinity,2\n3,4\n5,6\n1e999,2\n4,1\n"
    data = Dataset.from_table(content, TableOptions(missing="drop rows"))
    assert sorted(data.table.rows) == [3, 4, 6]
    assert any("Infinite values of 'a'" in note and "(3)" in note for note in data.table.notes)


@pytest.mark.parametrize("limits", [{"max_bytes": 100}, {"max_examples": 5}, {"max_features": 2}, {"max_classes": 1}])
@pytest.mark.parametrize("form", ["commas", "Parquet", "frame"])
def test_a_refusal_names_the_limit(form, limits):
    if (form, *limits) == ("frame", "max_bytes"):
        limits = {"max_bytes": 40}  # of the numbers made from it
    with pytest.raises(DataError, match=next(iter(limits))):
        Dataset.from_table(FORMS[form][0], OPTIONS.replace(labels=("species",)), Limits(**limits))


def test_progress_rises_to_the_end_and_may_end_it():
    told = []
    Dataset.from_table(csv(), OPTIONS, progress=lambda share, text: told.append((share, text)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(text for _, text in told)

    def cancel(share, text):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Dataset.from_table(csv(), OPTIONS, progress=cancel)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "growing.csv"
    path.write_bytes(csv())

    def grow(share, text):
        if share <= 0.5:
            path.write_bytes(path.read_bytes() + b"9,rot,a\n")

    with pytest.raises(DataError, match=r"growing\.csv changed while it was read"):
        Dataset.from_table(path, OPTIONS, progress=grow)


def test_a_parquet_file_that_unpacks_to_more_than_it_says_is_refused():
    table = pa.table({"a": pa.array(["x" * 1000] * 50_000)})
    file = io.BytesIO()
    pa_parquet.write_table(table, file, compression="zstd")
    assert len(file.getvalue()) < 1e5
    with pytest.raises(DataError, match="max_bytes"):
        Dataset.from_table(file.getvalue(), limits=Limits(max_bytes=1_000_000))


def test_options_survive_json_and_refuse_what_contradicts():
    options = TableOptions(features=("a",), labels=(), factors=("b",), scaling="unit", missing="mean", at_most=10)
    assert TableOptions.from_json(options.model_dump_json()) == options
    for wrong in ({"features": ("a",), "labels": ("a",)}, {"features": ("a", "a")}, {"features": ()}, {"held_out": 1}):
        with pytest.raises(ConfigError):
            TableOptions(**wrong)
