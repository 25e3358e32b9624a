"""What the pages that train begin with: the sample of MNIST, where speed and old links do not ask for digits."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from app.service import server as app_server
from app.views import train_page


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """Models that stand on the Train page before the first run."""
    found = []

    def bench(key, **rest):
        found.append(key)
        return SimpleNamespace(action="", knobs=None)

    server = app_server.Server(tmp_path / "home")
    monkeypatch.setattr(app_server, "_current", [server])
    monkeypatch.setattr(train_page, "bench", bench)
    monkeypatch.setattr(train_page, "measure_section", lambda key: None)
    yield found
    for jobs in (server.measurements, server.comparisons, server.previews, server.imports, server.uploads):
        jobs.close()
    server.store.close()


def train():
    from app.views.train_page import train_page

    train_page()


def sweep():
    from app.views.sweep_page import sweep_page

    sweep_page()


def opened(script, **link):
    """A page as a link opens it."""
    page = AppTest.from_function(script, default_timeout=60)
    for key, text in link.items():
        page.query_params[key] = text
    page.run()
    assert not page.exception
    return page


def test_the_train_page_begins_with_the_sample_and_shows_what_it_can_become(shown):
    page = opened(train)
    assert page.selectbox(key="set_data").value == "mnist_sample"
    assert shown == ["mnist-sample-vae-2"]


def test_a_link_of_settings_alone_and_the_sweep_page_mean_digits(shown):
    page = opened(train, variant="denoising")
    assert page.selectbox(key="set_data").value == "digits"
    assert shown == ["digits-denoising"]
    assert opened(sweep).selectbox(key="set_data").value == "digits"
