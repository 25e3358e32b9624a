"""Comparing beside the server, and the section of the page that shows what was found."""

import pytest

from aelib import Experiment, load_dataset
from aelib.commands import pretrain
from aelib.commands.background_jobs import Comparisons
from aelib.commands.compare import read_models
from aelib.compare import Comparison, compare, looks
from aelib.compare.text import novelty, outcome
from aelib.processes import JobState
from aelib.report import LIMIT
from aelib.runs import RunFolder
from aelib.sweep import StructureSweep
from app.components.plain import plain
from app.sections import figures
from app.service import server as app_server
from app.service.rest import stamp
from tests.app.sectionpage import end_of, section_page, words


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    target = tmp_path_factory.mktemp("checkpoints")
    for key, title, variant in (("one", "One <i>", "vanilla"), ("two", "Two", "denoising")):
        settings = {"network": {"latent": 3, "hidden": (8,)}, "train": {"epochs": 1}}
        pretrain.pretrain(key, title, Experiment.of("digits", variant, **settings), target)
    pretrain.pretrain("roll", "Roll", Experiment.of("swiss_roll", "linear", train={"epochs": 1}), target)
    return target


@pytest.fixture(scope="module")
def expected(checkpoints):
    return compare(read_models([checkpoints / "one", checkpoints / "two"]), load_dataset("digits"))


class Noted(Comparisons):
    """Remembers what was begun."""

    def __init__(self):
        super().__init__()
        self.keys = []

    def start(self, key, *arguments):
        self.keys.append(key)
        super().start(key, *arguments)


def end_of_last(comparisons: Noted):
    """The state of the comparison that was begun last, when it is done."""
    return end_of(comparisons, comparisons.keys[-1])


def section():
    """What the page does."""
    import streamlit as st

    from app.sections.comparison_section import comparison_section

    comparison_section(st.session_state["keys"], 10_000)


@pytest.fixture
def page(tmp_path, checkpoints, monkeypatch):
    monkeypatch.setattr(app_server, "Comparisons", Noted)
    with section_page(section, tmp_path / "home", checkpoints) as page:
        page.session_state["keys"] = ["one", "pca-digits-3", "two", "gone", "pixels-digits"]
        yield page


def markup(page):
    return " ".join(element.proto.body for element in page.get("html"))


def test_the_section_compares_when_it_is_asked_to(page, expected):
    page.run()
    assert [button.label for button in page.button] == ["Compare"]
    page.button(key="compare").click().run()
    assert [button.label for button in page.button] == ["Cancel"]
    assert end_of_last(app_server.current().comparisons).found == expected  # rivals and what is gone are left out
    page.run()
    assert not page.exception
    text, tables = words(page), markup(page).replace("\u00a0", " ")
    for row in (*expected.metrics, *expected.classes):
        assert all(shown in tables for shown in row.shown)
    for setting in (*expected.settings.differing, *expected.settings.equal):
        assert setting.name in tables
    assert "One &lt;i&gt;" in tables
    assert "<i>" not in tables
    for origin in expected.origins:
        assert plain(f"all 500 examples: {origin.error:.6g}") in text
    assert [code.value for code in page.code] == [origin.script.rstrip() for origin in expected.origins]
    assert all(plain(novelty(expected, figure)) in text for figure in expected.robustness)
    assert all(plain(outcome(duel)) in text for duel in expected.duels)


def test_a_comparison_can_be_cancelled(page):
    page.run().button(key="compare").click().run()
    page.button(key="cancel_compare").click().run()
    assert [button.label for button in page.button] == ["Compare"]


def test_rivals_alone_are_no_comparison(page):
    page.session_state["keys"] = ["pca-digits-3", "pixels-digits"]
    page.run()
    assert "There is no model among these" in words(page)
    assert not page.button


def test_different_data_sets_get_a_sentence(page):
    page.session_state["keys"] = ["one", "roll"]
    page.run().button(key="compare").click().run()
    assert end_of_last(app_server.current().comparisons).kind == "failed"
    page.run()
    sentence = "Models can be compared on the same data only (got Digits 8×8 and Swiss roll)."
    assert plain(sentence) in words(page)
    assert not page.exception


def test_a_run_that_trains_has_to_be_paused_first(page):
    store = app_server.current().store
    run_id = store.create(Experiment.of())
    page.session_state["keys"] = ["one", run_id]
    page.run().button(key="compare").click().run()
    assert "Pause the run first" in words(page)
    assert "Pause the run first" not in words(page.run())  # said once
    store.update(run_id, status="paused")
    page.button(key="compare").click().run()
    assert "no weights" in words(page)


def test_figures_have_the_colours_of_the_comparison(expected):
    for figure in (expected.curve, expected.scree, *expected.robustness):
        drawn = figures.draw(figure, looks(expected, figure)).data
        assert [tuple(trace.y) for trace in drawn] == [line.y for line in figure.lines]
        assert [(trace.line.color, trace.line.dash == "dot") for trace in drawn] == looks(expected, figure)


@pytest.fixture
def swept(page, checkpoints, monkeypatch):
    """The page with ``one`` compared, and a supervisor that only notes what it is to train."""
    server = app_server.current()
    page.session_state["keys"] = ["one"]
    key = (LIMIT, "one", "One <i>", stamp(server.library.folder_of("one")))
    found = compare(read_models([checkpoints / "one"]), load_dataset("digits"), levels=(0.5,))
    done, state = JobState("done", found=found), server.comparisons.state
    monkeypatch.setattr(server.comparisons, "state", lambda asked: done if asked == key else state(asked))
    monkeypatch.setattr(server.supervisor, "launch_sweep", lambda sweep: server.store.create_sweep(sweep).id)
    return page.run()


def test_a_model_is_trained_at_other_code_sizes(swept, checkpoints):
    page, server = swept, app_server.current()
    page.text_input(key="code_sizes_values").set_value("1, 99").run()
    page.button(key="code_sizes_train").click().run()
    assert "99" in words(page)  # beyond the data
    assert not server.store.sweeps()
    page.text_input(key="code_sizes_values").set_value("2, 5").run()
    page.button(key="code_sizes_train").click().run()
    [sweep] = server.store.sweeps()
    assert isinstance(sweep.spec, StructureSweep)
    assert (sweep.spec.setting, sweep.spec.values) == ("latent", (2, 5))
    assert sweep.spec.base == RunFolder(checkpoints / "one").newest_model()[1]
    for run_id, experiment in zip(sweep.members, sweep.spec.cells, strict=True):
        pretrain.pretrain(run_id, "", experiment, server.store.folder(run_id).parent)
        server.store.update(run_id, status="finished", epoch=1)
    page.run()  # which begins the comparison with the curve
    assert page.button[0].label == "Cancel"
    state = end_of_last(server.comparisons)
    assert isinstance(state.found, Comparison)
    [curve] = [line for line in state.found.curve.lines if line.of]
    assert curve.x == (2, 3, 5)
    page.run()
    assert not page.exception
    assert "was trained at code sizes 2, 5" in words(page)


def test_code_sizes_that_are_paused_can_go_on(swept):
    page, server = swept, app_server.current()
    page.text_input(key="code_sizes_values").set_value("2, 5").run()
    page.button(key="code_sizes_train").click().run()
    [sweep] = server.store.sweeps()
    server.store.update(sweep.members[0], status="finished", epoch=1)
    server.store.update(sweep.members[1], status="paused")
    page.run()
    assert [button.label for button in page.button if button.key.startswith("code_sizes_")] == ["Go on", "Remove"]
    page.button(key=f"code_sizes_end_{sweep.id}").click().run()
    assert not server.store.sweeps()
    assert not page.exception
