"""The rows that are rebuilt worst, on a page: found beside the server, sortable, and as CSV."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from aelib import Autoencoder, Experiment, load_dataset
from aelib.anomalies import Blame, Finding, WorstRow, to_csv, worst_rows
from aelib.commands import pretrain
from aelib.library import Library
from app.sections.worst_rows_section import columns
from app.service import server as app_server

PATIENCE = 60


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    target = tmp_path_factory.mktemp("checkpoints")
    train = {"epochs": 2}
    pretrain.pretrain("wine", "My wine", Experiment.of("wine", "vanilla", train=train), target)
    pretrain.pretrain("pictures", "Pictures", Experiment.of("digits", "linear", train={"epochs": 1}), target)
    return target


def section():
    """What the pages do."""
    import streamlit as st

    from app.sections.worst_rows_section import worst_rows_section

    worst_rows_section(st.session_state["open"])


@pytest.fixture
def page(tmp_path, checkpoints, monkeypatch):
    server = app_server.Server(tmp_path / "home")
    server.library = Library(server.store, checkpoints)
    monkeypatch.setattr(app_server, "_current", [server])
    test = AppTest.from_function(section, default_timeout=30)
    test.session_state["open"] = "wine"
    yield test
    for jobs in (server.measurements, server.comparisons, server.worst_rows):
        jobs.close()
    server.store.close()


def test_the_section_finds_the_rows_that_the_library_finds(page, checkpoints):
    page.run()
    page.selectbox(key="worst_rows_of").select("all").run()
    page.button(key="worst_rows").click().run()
    assert [button.label for button in page.button] == ["Cancel"]
    weights = (checkpoints / "wine" / "model.safetensors").stat().st_mtime_ns
    searches, key = app_server.current().worst_rows, ("wine", weights, "all", 20)
    deadline = time.monotonic() + PATIENCE
    while (state := searches.state(key)).kind in ("waiting", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    page.run()
    assert not page.exception
    data = load_dataset("wine")
    expected = worst_rows(Autoencoder.load(checkpoints / "wine"), data, 20, ("training", "held-out"))
    assert state.found == Finding.of(expected, len(data.train) + len(data.test))
    assert state.found.csv == to_csv(expected)
    shown = page.dataframe[0].value
    assert shown["score"].tolist() == pytest.approx([row.score for row in expected])
    assert shown["label"].tolist() == [row.label for row in expected]
    for cell, row in zip(shown["to blame"], expected, strict=True):
        assert cell.startswith(f"{row.to_blame[0].column}: {row.to_blame[0].value:.4g}".replace("-", "−"))
    assert any("The worst 20 of 178 rows" in caption.value for caption in page.caption)
    # Another choice is another question.
    page.selectbox(key="worst_rows_of").select("training").run()
    assert not page.dataframe
    assert [button.label for button in page.button] == ["Find them"]


def test_pictures_and_what_is_not_there_have_no_such_section(page):
    for key in ("pictures", "elsewhere"):
        page.session_state["open"] = key
        assert not page.run().subheader


def test_no_cell_begins_as_a_formula_and_unknown_things_have_no_column():
    column = Blame("=1+1", "@x", "-y", 1.0, 0.5)
    row = WorstRow(0, "held-out", None, None, 2.0, 1.0, (column, column))
    shown = columns(Finding.of([row], 1))
    assert [*shown] == ["rank", "score", "squared error", "to blame", "then"]
    assert shown["to blame"] == ["'=1+1: @x, rebuilt -y (50 %)"]
    labelled = WorstRow(0, "training", 7, "+a", 2.0, 1.0, (column,))
    shown = columns(Finding.of([labelled, row], 2))
    assert (shown["row"], shown["of"], shown["label"]) == ([7, None], ["training", "held-out"], ["'+a", ""])
