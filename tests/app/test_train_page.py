"""The Train page: what it shows for the settings, and what can be done with a run."""

import pytest
from streamlit.testing.v1 import AppTest

from aelib import Experiment
from aelib.runs import RunFolder
from aelib.runs.commands import SetPace
from app.service import server as app_server
from app.settings.pace import WATCHED
from app.views import train_page


@pytest.fixture
def server(tmp_path, monkeypatch):
    found = app_server.Server(tmp_path / "home")
    monkeypatch.setattr(app_server, "_current", [found])
    yield found
    for jobs in (found.measurements, found.comparisons, found.previews, found.imports, found.uploads):
        jobs.close()
    found.store.close()


@pytest.fixture
def benches(monkeypatch):
    """What the page shows on its bench, instead of a bench."""

    class Result(dict):
        knobs = action = None

    shown = []
    monkeypatch.setattr(train_page, "bench", lambda key, on_pace=None, **about: shown.append((key, about)) or Result())
    return shown


def script():
    from app.views.train_page import train_page

    train_page()


def opened(**query):
    page = AppTest.from_function(script, default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize(
    ("data", "variant", "key"),
    [
        ("swiss_roll", "vanilla", None),
        ("digits", "k_sparse", "digits-k-sparse"),
        ("mnist_sample", "variational", "mnist-sample-vae-2"),
    ],
)
def test_before_training_a_model_of_the_chosen_data_is_shown_or_none(server, benches, data, variant, key):
    """Never one of other data, under the title of these."""
    page = opened(data=data, variant=variant)
    assert [shown for shown, _ in benches] == ([key] if key else [])
    assert ("Press **Train** to begin." in [info.value for info in page.info]) == (key is None)


@pytest.mark.parametrize("has_frames", [False, True])
def test_a_run_that_failed_before_it_began_can_only_be_deleted(server, benches, has_frames):
    run_id = server.store.create(Experiment.of("digits", "vanilla"))
    server.store.update(run_id, status="failed", message="There is no MNIST.")
    if has_frames:
        (server.store.folder(run_id) / RunFolder(server.store.folder(run_id)).frames.name).touch()
    page = opened(run=run_id)
    assert benches == [(run_id, {"read_only": False, "status": "failed"})]
    keys = {button.key for button in page.button} & {"look_into", "compare", "save_run", "delete_run"}
    assert keys == ({"look_into", "compare", "save_run", "delete_run"} if has_frames else {"delete_run"})


def test_a_kept_run_has_the_proposed_title_once_and_its_popover_closes(server, benches):
    run_id = server.store.create(Experiment.of("digits", "variational"))
    server.store.update(run_id, status="paused")
    page = opened(run=run_id)
    page.session_state["save"] = True  # it is open
    page.button(key="save_run").click().run()
    row = server.store.get(run_id)
    assert (row.saved, row.title) == (True, "Variational (β) autoencoder")
    assert server.library.find(run_id).title_on_data == "Variational (β) autoencoder on Digits 8×8"
    assert page.session_state["save"] is False
    assert [toast.value for toast in page.toast] == ["Kept in the library."]


@pytest.mark.parametrize(("within", "runs"), [(3600, 1), (0, 2)])
def test_a_double_click_on_train_begins_one_run(server, benches, monkeypatch, within, runs):
    begun = []

    def launch(experiment, device, pace):
        assert pace == SetPace(steps_per_second=WATCHED)
        begun.append(server.store.create(experiment))
        return begun[-1]

    monkeypatch.setattr(server.supervisor, "launch", launch)
    monkeypatch.setattr(train_page, "DOUBLE_CLICK", within)
    page = opened(data="digits", variant="vanilla")
    page.button(key="train").click().run()
    page.button(key="train").click().run()
    assert not page.exception
    assert len(begun) == runs
    assert [shown for shown, _ in benches][-1] == begun[-1]
