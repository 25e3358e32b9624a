"""Tables that are none, or that nothing can be learned from: one plain sentence each."""

import io
import os
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelib import AelibError, DataError, Dataset
from aelib.data import Limits, TableOptions


def parquet(table):
    file = io.BytesIO()
    pa_parquet.write_table(table, file)
    return file.getvalue()


def archive(member):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        found.writestr(member, "<x/>")
    return file.getvalue()


GOOD = parquet(pa.table({"a": [1.0, 2.5, 3.0, 9.0], "b": [2, 3, 4, 9]}))
ROWS = b"a,b\n" + b"1,2\n2,1\n" * 500

HOSTILE = {
    "texts only": (b"a,b\n" + b"".join(b"text %d,other %d\n" % (i, i) for i in range(30)), "no column to learn from"),
    "a million columns": (b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1", "max_features"),
    "a million columns without names": (b"," * 1_000_000 + b"\n", "max_features"),
    "a frame of too many columns": (pd.DataFrame(np.zeros((2, 70_000))), "max_features"),
    "one long line": (b"x" * 3_000_000, "more than a million characters"),
    "mixed encodings": ("a,b\nKöln,1\n".encode() + "Köln,2\n".encode("latin-1"), "mixes encodings"),
    "a mark of another encoding": (b"\xef\xbb\xbf" + "größe\n1\n".encode("latin-1"), "mixes encodings"),
    "UTF-16 cut short": ("a\tb\n1\t2\n".encode("utf-16")[:-1], "damaged"),
    "a row too long": (b"a,b\n1,2\n3,4,5\n6,7\n", "3 values in row 3, where the first has 2"),
    "a row too short": (b"a,b\n1,2\n3\n6,7\n", "1 values in row 3"),
    "a late row too short": (ROWS + b"3\n", "row 1002"),
    "an open quote": (b'a,b\n1,"2\n3,4\n5,6\n', "quote that nothing closes"),
    "an open quote in a long file": (b'a,b\n1,"2\n' + ROWS * 500, "nothing closes"),
    "empty": (b"", "is empty"),
    "blank": (b"\n \n\n", "is empty"),
    "a header only": (b"a,b,c\n", "no rows"),
    "a header without an end": (b"a,b,c", "no rows"),
    "one row": (b"a,b\n1,2\n", "has 1 row,"),
    "two rows": (b"a,b\n1,2\n3,4\n", "nothing to learn"),
    "rows that are the same": (b"a,b\n1,2\n1,2\n1,2\n", "same in every row"),
    "all missing": (b"a,b\nnan,\n,NA\n?,null\n", "has no values"),
    "values too great": (b"a,b\n1e308,1\n-1e308,2\n3,4\n5,6\n", "too great"),
    "garbage": (bytes(range(256)) * 20, "is no text"),
    "a zero byte": (b"a,b\n1,2\x00\n", "is no text"),
    "an array of NumPy": (b"\x93NUMPY\x01\x00v\x00{'descr': '<f8'", "is no text"),
    "a pickle": (b"\x80\x04\x95\x0c\x00\x00", "is no text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "is no text"),
    "gzip": (b"\x1f\x8b\x08\x00aaaa", "compressed with gzip"),
    "an archive": (archive("a.png"), "archive and no table"),
    "an archive cut short": (archive("xl/workbook.xml")[:30], "no Excel file"),
    "an archive like Excel": (archive("xl/workbook.xml"), "Excel"),
    "Parquet cut short": (GOOD[:-20], "damaged Parquet"),
    "half of Parquet": (GOOD[: len(GOOD) // 2], "damaged Parquet"),
    "the beginning of Parquet": (b"PAR1", "damaged Parquet"),
    "Parquet with a hole": (GOOD[:50] + bytes(200) + GOOD[250:], "damaged Parquet"),
    "a frame without columns": (pd.DataFrame(), "no columns"),
    "a frame without rows": (pd.DataFrame({"a": []}), "no rows"),
    "a frame of objects": (pd.DataFrame({"a": [[1], {2}, object(), 3j]}), "no column to learn from"),
    "no such file": ("/nowhere/x.csv", "There is no file /nowhere/x.csv"),
    "a name that cannot be": ("a\0b", "is no name of a file"),
    "a folder": (os.curdir, ". is no regular file"),
    "a number": (5, "is a path"),
    "a file of texts": (io.StringIO("a,b\n1,2"), '"rb"'),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_table_is_one_sentence(case):
    source, said = HOSTILE[case]
    with pytest.raises(DataError) as refusal:
        Dataset.from_table(source)
    text = str(refusal.value)
    assert said in text
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 500


def attempt(content, options=None):
    """The data, or the sentence that says why there are none."""
    try:
        return Dataset.from_table(content, options, Limits(max_bytes=10_000))
    except AelibError as error:
        text = str(error)
    assert "\n" not in text
    return text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataError, match="is no regular file"):
        Dataset.from_table(tmp_path / "pipe.csv")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_one_sentence(content):
    data = attempt(content)
    assert isinstance(data, str) or data.shape == (data.table.width,)


CELLS = st.one_of(
    st.floats(width=32).map(str), st.integers(-(10**30), 10**30).map(str), st.text(max_size=6),
    st.sampled_from(["", "NA", "yes", "no", "1,5", "1.234,5", "2020-01-01", "=1+1", '"', "inf", "x" * 200]),
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from(["median", "mean", "most frequent", "drop rows", "refuse"]),
    st.sampled_from(["standardise", "unit", "none"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_any_cells_are_a_table_or_one_sentence(rows, missing, scaling, separator):
    text = pd.DataFrame(rows, columns=["a", "class", "b"]).to_csv(index=False, sep=separator)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return
    data = attempt(content, TableOptions(missing=missing, scaling=scaling))
    if isinstance(data, str):
        return
    assert len(data.table.rows) == len(data.train) + len(data.test) <= len(rows)
    named = {*(feature.name for feature in data.table.features), *(left.name for left in data.table.left_out)}
    assert named | {data.table.label} >= {"a", "b"}
    assert data.table.from_json(data.table.model_dump_json()) == data.table
