"""The Train page: what it shows for the settings, and what can be done with a run."""

import pytest
from streamlit.testing.v1 import AppTest

from app.service import server as app_server
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
    monkeypatch.setattr(train_page, "bench", lambda key, **about: shown.append((key, about)) or Result())
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
