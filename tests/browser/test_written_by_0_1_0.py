"""The pages on a home that version 0.1.0 left behind: its runs, sweeps and links are there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.comparepage import ComparePage
from tests.browser.conftest import App, Bench, serving
from tests.browser.latentpage import LatentPage
from tests.oldhome import IDS, LINKS, copy_home


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home: Path = tmp_path_factory.mktemp("old") / "home"
    copy_home(home).close()
    with serving(home) as running:
        yield running
        assert "Traceback" not in running.log.read_text()


#: One link to each page, to something that must be there.
OPENED = {link["page"]: link for link in LINKS if any(f"{name}=" in link["query"] for name in ("run", "sweep", "open"))}
#: What each page has once everything is there.
READY = {
    "library": lambda page: Bench(page).ready(),
    "train": lambda page: Bench(page).ready(),
    "latent-space": lambda page: LatentPage(page).ready(),
    "compare": lambda page: ComparePage(page).ready(),
    "sweep": lambda page: page.wait_for_selector(
        "[data-testid=sweep][data-frames], [data-testid=sweep] [data-testid=card]"
    ),
}


def test_links_to_its_runs_sweeps_and_models_open(old: App, new_page: Callable[..., Page]) -> None:
    """Without a word of warning, but for what the run itself has to say."""
    page = new_page()
    for link in OPENED.values():
        address = f"{old.url}/{'' if link['page'] == 'library' else link['page']}?{link['query']}"
        page.goto(address)
        READY[link["page"]](page)
        for alert in page.get_by_test_id("stAlert").all():
            assert "link" not in alert.inner_text(), (link, alert.inner_text())
            assert "not here" not in alert.inner_text(), link


def test_its_paused_run_is_played_on_and_its_time_machine_reaches_back(old: App, new_page: Callable[..., Page]) -> None:
    bench = Bench(new_page()).open(f"{old.url}/train?run={IDS['paused']}")
    bench.wait("step", "43")
    bench.press("play")
    bench.wait("status", "finished")
    bench.wait("step", "100")
    bench.page.get_by_test_id("scrubber").press("Home")
    bench.wait("step", "0")
    expect(bench.root).to_have_attribute("data-status", "finished")
