"""Measuring beside the server: a process of its own, and the section of the page that shows what it found."""

import pytest

from aelib import Autoencoder, Experiment, load_dataset, measure
from aelib.commands import pretrain
from aelib.commands.background_jobs import Measurements
from app.sections import figures
from app.service import server as app_server
from tests.app.sectionpage import end_of, section_page, words


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    target = tmp_path_factory.mktemp("checkpoints")
    settings = {"network": {"latent": 3, "hidden": (16,)}, "train": {"epochs": 2}, "left_out": 7}
    pretrain.pretrain("made", "Made", Experiment.of("digits", "variational", **settings), target)
    return target


@pytest.fixture
def measurements():
    found = Measurements(at_once=1)
    yield found
    found.close()


@pytest.fixture(scope="module")
def expected(checkpoints):
    return measure(Autoencoder.load(checkpoints / "made"), load_dataset("digits"), left_out=7)


def test_the_process_finds_what_the_library_finds(measurements, checkpoints, expected):
    key = ("made", 1)
    assert measurements.state(key).kind == "none"
    measurements.start(key, checkpoints / "made")
    measurements.start(key, checkpoints / "made")  # a second press changes nothing
    assert end_of(measurements, key).found == expected  # with the class left out that the checkpoint names
    assert measurements.state(("made", 2)).kind == "none"  # other weights


def test_one_waits_for_the_other_and_both_can_be_cancelled(measurements, checkpoints):
    first, second = ("made", 1), ("made", 2)
    for key in (first, second):
        measurements.start(key, checkpoints / "made")
    assert [measurements.state(key).kind for key in (first, second)] == ["running", "waiting"]
    measurements.cancel(first)
    assert [measurements.state(key).kind for key in (first, second)] == ["none", "running"]
    measurements.cancel(second)
    assert measurements.state(second).kind == "none"


def test_what_went_wrong_is_a_sentence_and_can_be_tried_again(measurements, checkpoints, tmp_path):
    key = ("empty", 1)
    measurements.start(key, tmp_path)
    state = end_of(measurements, key)
    assert state.kind == "failed"
    assert state.text.endswith("it has no config.json.")
    measurements.start(key, checkpoints / "made")
    assert measurements.state(key).kind == "running"


def section():
    """What the pages do."""
    import streamlit as st

    from app.sections.measure_section import measure_section

    measure_section(st.session_state["open"])


@pytest.fixture
def page(tmp_path, checkpoints):
    with section_page(section, tmp_path / "home", checkpoints) as page:
        page.session_state["open"] = "made"
        yield page


def test_the_section_measures_when_it_is_asked_to(page, checkpoints, expected):
    page.run()
    assert [button.label for button in page.button] == ["Measure"]
    page.button(key="measure").click().run()
    assert [button.label for button in page.button] == ["Cancel"]
    key = "made", (checkpoints / "made" / "model.safetensors").stat().st_mtime_ns
    assert end_of(app_server.current().measurements, key).kind == "done"
    page.run()
    assert not page.button
    assert not page.exception
    text = words(page)
    assert "The class 7 was left out of training" in text
    assert all(section.title.split()[0] in text for section in expected.sections[3:])
    assert all(figure.title in text for section in expected.sections for figure in section.figures)


def test_a_measurement_can_be_cancelled(page):
    page.run().button(key="measure").click().run()
    page.button(key="cancel_measure").click().run()
    assert [button.label for button in page.button] == ["Measure"]


def test_a_run_that_trains_has_to_be_paused_first(page):
    store = app_server.current().store
    run_id = store.create(Experiment.of())
    page.session_state["open"] = run_id
    page.run().button(key="measure").click().run()
    assert "Pause the run first" in words(page)
    assert "Pause the run first" not in words(page.run())  # said once
    store.update(run_id, status="paused")
    page.button(key="measure").click().run()
    assert "no weights" in words(page)


def test_nothing_is_shown_for_what_is_not_there(page):
    page.session_state["open"] = "elsewhere"
    assert not page.run().subheader


def test_figures_hold_what_the_report_says(expected):
    for section in expected.sections:
        for figure in section.figures:
            drawn = figures.draw(figure)
            assert [tuple(trace.y) for trace in drawn.data] == [line.y for line in figure.lines]
    ours, theirs = figures.beside_pca(expected).data
    reconstruction = expected.number("reconstruction", "variance_explained")
    assert (ours.x[0], theirs.x[0]) == (reconstruction.value, reconstruction.pca)
    assert "squared_error" not in ours.y
