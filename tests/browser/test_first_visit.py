"""A first visit asks for all modules together, and a later one for none."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from app.asgi import COMPONENTS
from app.service.modules import HOST, TERMS_MODULE, VERSION
from tests.app.test_delivery import walked
from tests.browser.conftest import PATIENCE, App
from tests.browser.latentpage import LatentPage

#: What shows that the components of a page are there.
THERE = {
    "/": "[data-testid=bench][data-frames]",
    "/train": "[data-testid=bench][data-frames]",
    "/latent-space?open=digits-vanilla": "[data-testid=latent][data-count]",
    "/compare?open=digits-vanilla": "[data-testid=pane][data-count]",
}


@dataclass
class Requests:
    """The modules that a page asks for: who asks for each, and which of them the server never hears of."""

    page: Page
    asked_by: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        session.on("Network.responseReceived", self._answered)
        session.send("Network.enable")
        self._names: dict[str, str] = {}

    def _asked(self, event: dict) -> None:
        if name := self._name(event["request"]["url"]):
            assert name not in self.asked_by, f"{name} is asked for twice"
            self._names[event["requestId"]] = name
            self.asked_by[name] = self._name(event["initiator"].get("url", ""))

    def _answered(self, event: dict) -> None:
        if event["response"].get("fromDiskCache"):
            self.kept.add(event["requestId"])

    def _name(self, url: str) -> str:
        """Of the module at an address; empty where there is none."""
        return url.partition(f"/web/{VERSION}/")[2]

    @property
    def names(self) -> set[str]:
        return set(self.asked_by)

    @property
    def served(self) -> set[str]:
        """Those that came from the server."""
        return {name for number, name in self._names.items() if number not in self.kept}

    def level(self, name: str) -> int:
        """How many modules had to come, one after another, before this one could be asked for."""
        asking = self.asked_by[name]
        return 1 + self.level(asking) if asking else 0


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """In a browser that has never been here."""
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page


@pytest.mark.parametrize("path", THERE)
def test_all_modules_are_asked_for_by_the_page_itself(app: App, page: Page, path: str) -> None:
    requests = Requests(page)
    page.goto(f"{app.url}{path}")
    page.wait_for_selector(THERE[path])
    assert requests.names == {*walked(HOST, *COMPONENTS[path.partition("?")[0]]), TERMS_MODULE}
    assert max(map(requests.level, requests.names)) <= 1


def from_the_library_to_the_latent_space(app: App, page: Page) -> Requests:
    """Within the app; what was asked for is what both pages need."""
    requests = Requests(page)
    page.goto(app.url)
    page.wait_for_selector(THERE["/"])
    page.get_by_role("link", name="Latent space").click()
    LatentPage(page).ready()
    assert requests.names == {*walked(HOST, *COMPONENTS["/"], *COMPONENTS["/latent-space"]), TERMS_MODULE}
    return requests


def test_a_component_that_is_mounted_later_asks_for_its_modules_together(app: App, page: Page) -> None:
    requests = from_the_library_to_the_latent_space(app, page)
    assert max(map(requests.level, requests.names)) <= 1


def test_without_links_one_level_is_asked_for_after_another(app: App, page: Page) -> None:
    """What the tests above would find."""
    page.add_init_script(
        """HTMLHeadElement.prototype.append = function (...nodes) {
            Element.prototype.append.apply(this, nodes.filter((node) => node?.rel !== "modulepreload"));
        };"""
    )
    requests = from_the_library_to_the_latent_space(app, page)
    assert max(map(requests.level, requests.names)) > 2


def test_a_later_visit_asks_the_server_for_none(app: App, page: Page) -> None:
    first = Requests(page)
    LatentPage(page).open(app)
    assert first.served == first.names
    again = page.context.new_page()
    second = Requests(again)
    LatentPage(again).open(app)
    assert second.names == first.names
    assert second.served == set()
