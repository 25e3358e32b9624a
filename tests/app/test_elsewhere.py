"""Runs that are open in another program: pages show them, say so, and leave them alone."""

import pytest
from streamlit.testing.v1 import AppTest

from aelib import Experiment
from aelib.processes import Lifeline
from aelib.runs.store import new_id
from aelib.sweep import StructureSweep
from app.service import server as app_server
from tests.app.livesocket import note_of, send


@pytest.fixture
def elsewhere():
    """``elsewhere(store, run_id, **values)``: another program has a run open."""
    lifelines = []

    def make(store, run_id, **values):
        owner = new_id()
        lifelines.append(Lifeline(store.owner_file(owner)))
        assert store.claim(run_id, owner, **values)

    yield make
    for lifeline in lifelines:
        lifeline.end()


def test_who_looks_at_one_that_waits_for_viewers_sees_it_and_is_told_when_playing_it(site, elsewhere):
    run_id = site.store.create(Experiment.of())
    elsewhere(site.store, run_id, status="paused", unattended=True, message="There.")
    with site.connect(run_id) as socket:
        assert site.store.get(run_id).unattended
        send(socket, type="play")
        assert "open in another program" in note_of(socket, "error")["message"]
    assert site.store.get(run_id).status == "paused"


def run_page():
    import streamlit as st

    from app.service.server import current
    from app.views.train_page import _save_and_delete

    _save_and_delete(current().store.get(st.session_state["open"]), "x")


def library_page():
    import streamlit as st

    from app.service.server import current
    from app.views.library_page import _headline

    _headline(current().library.find(st.session_state["open"]))


def sweep_page():

    from app.service.server import current
    from app.views.sweep_page import _headline

    [row] = current().store.sweeps()
    _headline(row)


PAGES = {
    "run": (run_page, "delete_run"), "library": (library_page, "delete_entry"), "sweep": (sweep_page, "delete_sweep"),
}  # fmt: skip


@pytest.mark.parametrize(("page", "button"), PAGES.values(), ids=PAGES)
def test_one_that_trains_is_not_deleted(page, button, tmp_path, monkeypatch, elsewhere):
    server = app_server.Server(tmp_path / "home")
    monkeypatch.setattr(app_server, "_current", [server])
    sweep = server.store.create_sweep(StructureSweep(base=Experiment.of(), setting="latent", values=(1, 2)))
    run_id = sweep.members[0]
    if page is library_page:
        server.store.update(run_id, saved=True, title="mine")
    elsewhere(server.store, run_id, status="running")
    test = AppTest.from_function(page, default_timeout=30)
    test.session_state["open"] = run_id
    try:
        test.run()
        test.button(key=button).click().run()
        assert not test.exception
        assert ["another program" in error.value for error in test.error] == [True]
        assert {row.id for row in server.store.rows()} == set(sweep.members)
    finally:
        server.measurements.close()
        server.comparisons.close()
        server.store.close()
