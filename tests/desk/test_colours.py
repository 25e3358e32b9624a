"""What a map is coloured by on demand: clusters of the codes, and columns of the examples in their own units."""

import io
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pa_parquet
import pytest
import torch
from pandas import DataFrame

from aelib import Dataset, Experiment
from aelib.data.table import TableOptions
from aelib.desk import Desk
from aelib.desk.analyst import Analyst
from aelib.desk.answers import asks
from aelib.desk.answers.clusterings import Clusterings
from aelib.desk.answers.columns import column
from aelib.desk.answers.export import export_file
from aelib.desk.answers.layouts import encode_layout
from aelib.desk.answers.space import space
from aelib.desk.answers.standalone import standalone
from aelib.desk.answers.subject import load_examples
from aelib.desk.wire import Question, Reply
from aelib.errors import ConfigError
from aelib.frames.message import unpack
from aelib.latent.clusters import ClusterSpec, find_clusters

LIMIT = 400
KMEANS = ClusterSpec(clusters=4)
HDBSCAN = ClusterSpec(method="hdbscan", min_cluster_size=8)


def quietly(share, text):
    pass


@pytest.mark.parametrize("spec", [KMEANS, HDBSCAN], ids=["k-means", "hdbscan"])
def test_clusters_of_the_codes_travel_with_their_sizes(subject, spec):
    meta, arrays = unpack(Clusterings().answer(subject, asks.Cluster(limit=LIMIT, clustering=spec), quietly))
    expected = find_clusters(subject.codes.mean, spec)
    assert (meta["kind"], meta["stamp"], meta["sizes"]) == ("clusters", str(subject.stamp), list(expected.sizes))
    assert (meta["title"], meta["clustering"]["method"]) == (spec.title, spec.method)
    assert arrays["labels"].dtype == np.int32
    assert np.array_equal(arrays["labels"], expected.labels)


def test_clusters_are_remembered_until_the_codes_are_others(subject, monkeypatch):
    found, made = [], Clusterings()
    monkeypatch.setattr(
        "aelib.desk.answers.clusterings.find_clusters", lambda *given: found.append(given) or find_clusters(*given)
    )
    for of in (subject, subject, replace(subject, stamp=subject.stamp + 1)):
        made.find(of, KMEANS)
    assert len(found) == 2
    elsewhere = find_clusters(subject.codes.mean, HDBSCAN)
    taken = made.find(subject, HDBSCAN, made=encode_layout(elsewhere.labels.numpy()))
    assert len(found) == 2
    assert torch.equal(taken.labels, elsewhere.labels)
    assert taken.sizes == elsewhere.sizes


def test_files_carry_the_clusters(subject):
    clusters = find_clusters(subject.codes.mean, HDBSCAN)
    assert (clusters.labels < 0).any()
    ask = asks.Export(limit=LIMIT, format="parquet", clustering=HDBSCAN)
    table = pa_parquet.read_table(io.BytesIO(export_file(subject, ask, None, clusters)))
    assert table.column_names[-1] == "HDBSCAN cluster"
    assert table["HDBSCAN cluster"].to_pylist() == [k + 1 if k >= 0 else None for k in clusters.labels.tolist()]
    ask = asks.Export(limit=LIMIT, format="csv", clustering=KMEANS)
    text = export_file(subject, ask, None, find_clusters(subject.codes.mean, KMEANS)).decode("utf-8-sig")
    assert text.splitlines()[0].endswith('"unit_3","k-means cluster"')


def test_a_page_without_a_server_takes_the_colours_along(subject):
    clusters = find_clusters(subject.codes.mean, KMEANS)
    _, parts = unpack(standalone(subject, asks.Standalone(limit=LIMIT, clustering=KMEANS), None, clusters))
    meta, arrays = unpack(parts["clusters"].tobytes())
    assert np.array_equal(arrays["labels"], clusters.labels)
    assert meta["sizes"] == list(clusters.sizes)
    assert {*unpack(standalone(subject, asks.Standalone(limit=LIMIT), None))[1]} == {"space", "weights", "pictures"}


# --- columns ---------------------------------------------------------------------------------------

ROWS = 40


@pytest.fixture
def rows(subject, folder, monkeypatch):
    """Rows of a table in the place of the model's examples."""
    frame = DataFrame({
        "height, cm": [150.0 + i for i in range(ROWS)],
        "colour": ["red", "green", "blue", "red"] * (ROWS // 4),
        "wild": ["yes", "no"] * (ROWS // 2),
        "price": [10.5 * i for i in range(ROWS)],
        "maker": ["b", "a"] * (ROWS // 2),
    })  # fmt: skip
    data = Dataset.from_table(frame, TableOptions(labels=("price",), factors=("maker",)))
    monkeypatch.setattr(Experiment, "load_data", lambda self, *rest: data)
    examples = load_examples(folder, subject.experiment, ROWS, quietly)
    order = np.array(data.table.rows) - 1  # training rows first
    held_out = len(data.test)
    return replace(subject, examples=examples), frame.iloc[np.r_[order[-held_out:], order[:-held_out]]]


def test_a_space_names_columns_label_and_the_values_of_factors(rows):
    of, _ = rows
    meta, _ = unpack(space(of, asks.Space(limit=ROWS), quietly))
    assert meta["columns"] == ["height, cm", "colour", "wild"]
    assert (meta["label"], meta["factors"], meta["factor_classes"]) == ("price", ["maker"], [["a", "b"]])


def test_a_column_is_in_the_units_of_its_table(rows):
    of, frame = rows
    meta, arrays = unpack(column(of, asks.Column(column=0), quietly))
    assert (meta["name"], meta["classes"]) == ("height, cm", [])
    np.testing.assert_allclose(arrays["values"], frame["height, cm"], rtol=1e-6)  # float32, scaled and back
    for j, name in ((1, "colour"), (2, "wild")):
        meta, arrays = unpack(column(of, asks.Column(column=j), quietly))
        assert [meta["classes"][int(value)] for value in arrays["values"]] == frame[name].tolist()


def test_a_column_that_is_not_there_is_one_sentence(rows, subject):
    for of, count in ((rows[0], 3), (subject, 0)):  # pictures have none
        with pytest.raises(ConfigError, match=f"have {count} columns"):
            column(of, asks.Column(column=3), quietly)


def test_numbers_without_a_table_are_columns_as_they_are(subject):
    x = torch.tensor([[0.5, 3.0], [1.5, -2.0]])
    of = replace(subject, examples=replace(subject.examples, x=x))
    meta, arrays = unpack(column(of, asks.Column(column=1), quietly))
    assert (meta["name"], arrays["values"].tolist()) == ("2", [3.0, -2.0])


# --- the desk --------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch):
    """A desk, and what its analysts are asked: ``(whose, asked, clusters)``, whose being "quick" or "maker"."""
    heard = []

    def analyst(whose):
        return SimpleNamespace(
            ask=lambda folder, ask, tell, start="", clusters="": heard.append((whose, ask, tell, clusters)),
            is_alive=True, is_busy=False, drop=lambda number: None,
        )  # fmt: skip

    desk = Desk()
    monkeypatch.setattr(desk, "_analyst", lambda: analyst("quick"))
    monkeypatch.setattr(desk, "_new_maker", lambda of: analyst("maker"))
    return desk, heard


def test_hdbscan_and_k_means_of_very_many_codes_take_a_process_of_their_own(asked, folder):
    desk, heard = asked
    desk.ask(folder, asks.Cluster(limit=LIMIT, clustering=KMEANS), lambda reply: None)
    desk.ask(folder, asks.Cluster(limit=LIMIT, clustering=HDBSCAN), lambda reply: None)
    desk.ask(folder, asks.Cluster(limit=70_000, clustering=KMEANS), lambda reply: None)
    assert [whose for whose, *_ in heard] == ["quick", "maker", "maker"]


def test_clusters_that_took_long_are_remembered_and_go_into_files(asked, folder, subject):
    desk, heard = asked
    wish, replies = asks.Export(limit=LIMIT, format="csv", clustering=HDBSCAN), []
    desk.ask(folder, wish, replies.append)
    assert "colour the map by them again" in replies.pop().text
    assert not heard
    question = asks.Cluster(limit=LIMIT, clustering=HDBSCAN)
    desk.ask(folder, question, replies.append)
    message = Clusterings().answer(subject, question, quietly)
    heard[0][2](Reply("answer", message=message))
    desk.ask(folder, question, replies.append)
    assert [reply.message for reply in replies if reply.kind == "answer"] == [message, message]
    assert len(heard) == 1  # the second was answered at once
    desk.ask(folder, wish, replies.append)
    whose, _, _, labels = heard[1]
    assert (whose, labels) == ("quick", encode_layout(unpack(message)[1]["labels"]))


@pytest.mark.parametrize("spec", [KMEANS, HDBSCAN], ids=["k-means", "hdbscan"])
def test_an_analyst_answers_and_writes_the_same_clusters(folder, subject, spec):
    analyst = Analyst()

    def answer(ask, **more):
        return unpack(analyst.answer(Question(1, folder.path, ask.model_dump_json().encode(), **more), quietly))[1]

    labels = answer(asks.Cluster(limit=LIMIT, clustering=spec))["labels"]
    made = encode_layout(labels)
    wish = asks.Export(limit=LIMIT, format="csv", clustering=spec)
    for found in (answer(wish), answer(wish, clusters=made)):
        lines = found["content"].tobytes().decode("utf-8-sig").splitlines()
        assert [line.rpartition(",")[2] for line in lines[1:]] == [
            str(k + 1) if k >= 0 else "" for k in labels.tolist()
        ]
    assert "clusters" in answer(asks.Standalone(limit=LIMIT, clustering=spec))
