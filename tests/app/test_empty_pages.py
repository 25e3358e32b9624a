"""Pages with nothing to show offer something that is worth a look, a click away."""

import pytest
from streamlit.testing.v1 import AppTest

from app.service import server as app_server
from app.settings.settings import experiment_of, from_query
from app.settings.sweep_settings import sweep_of, wish_from_query
from app.views import compare_page
from app.views.sweep_page import OFFERED


@pytest.fixture
def server(tmp_path, monkeypatch):
    found = app_server.Server(tmp_path / "home")
    monkeypatch.setattr(app_server, "_current", [found])
    yield found
    for jobs in (found.measurements, found.comparisons, found.previews, found.imports, found.uploads):
        jobs.close()
    found.store.close()


def compare_script():
    from app.views.compare_page import compare_page

    compare_page()


def sweep_script():
    from app.views.sweep_page import sweep_page

    sweep_page()


def test_an_emptied_compare_page_offers_models_of_the_data_and_what_is_compared_at_first(server, monkeypatch):
    shown = []
    monkeypatch.setattr(
        compare_page, "compare_panes", lambda panes, limit: shown.append([pane["key"] for pane in panes])
    )
    monkeypatch.setattr(compare_page, "comparison_section", lambda keys, limit: None)
    page = AppTest.from_function(compare_script, default_timeout=60)
    page.query_params["open"] = ""
    page.run()
    assert not page.exception
    offers = [button for button in page.button if str(button.key).startswith("compare_offer_")]
    assert len(offers) == 2
    assert shown == []
    offers[0].click().run()
    assert not page.exception
    assert len(shown[-1]) == 2


def test_a_sweep_page_without_a_sweep_offers_some(server):
    page = AppTest.from_function(sweep_script, default_timeout=60).run()
    assert not page.exception
    offers = [button for button in page.button if str(button.key).startswith("sweep_offer_")]
    assert [button.label for button in offers] == list(OFFERED)
    offers[1].click().run()
    assert not page.exception
    assert (page.session_state["wish_over"], page.session_state["wish_values"]) == ("latent", "1, 2, 3, 4, 8, 16, 32")
    assert page.session_state["values"]["variant"] == "vanilla"


@pytest.mark.parametrize("query", OFFERED.values(), ids=OFFERED)
def test_what_is_offered_is_a_sweep(query):
    values, knobs, complaints = from_query(query)
    experiment = experiment_of(values, knobs)
    wish, more = wish_from_query(query, experiment)
    assert complaints + more == []
    assert len(sweep_of(experiment, wish).names) in (7, 9, 10)
