"""Links to pages with settings: what they lead to, and that Back leads away again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Bench

#: Short, wrong, and without anything.
LINKS = [
    "train?run=of-the-moon",
    "train?variant=vanilla&latent=5",
    "train?latent=zebra",
    "train",
    "sweep?count=x",
    "sweep",
]


@pytest.mark.parametrize("link", LINKS)
def test_back_leads_away_from_a_page_that_was_opened_by_a_link(app: App, bench: Bench, link: str) -> None:
    page = bench.open(app.url).page
    page.goto(f"{app.url}/{link}")
    expect(page.get_by_role("spinbutton", name="Code size")).to_be_visible()
    page.get_by_role("spinbutton", name="Seed").fill("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**seed=7*")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.go_back()
    # Once the page has been made of the link it is still the link.
    page.wait_for_function("() => !location.search.includes('seed=7')")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(500)
    expect(page).to_have_url(f"{app.url}/{link}")
    page.go_back()
    bench.ready()
    expect(page).to_have_url(f"{app.url}/")


def test_settings_go_along_from_page_to_page(app: App, bench: Bench) -> None:
    page = bench.open(app.url).page

    def go(name: str, size: str) -> None:
        page.get_by_role("link", name=name, exact=True).click()
        expect(
            page.get_by_role("button", name="Train" if name == "Train" else "Train sweep", exact=True)
        ).to_be_visible()
        expect(page.get_by_role("spinbutton", name="Code size")).to_have_value(size)
        expect(page.get_by_role("combobox", name="Variant")).to_have_value(variant)
        # A page that stays has told its link by now, and Back has that to lead away from.
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    variant = "Variational (β)"
    go("Train", "2")
    page.go_back()
    expect(page.locator(".card").first).to_be_visible()
    go("Train", "2")
    page.get_by_role("spinbutton", name="Code size").fill("5")
    page.keyboard.press("Enter")
    page.wait_for_url("**latent=5*")
    go("Sweep", "5")
    page.wait_for_url("**/sweep?*variant=variational&latent=5*")
    go("Train", "5")
    page.wait_for_url("**/train?*variant=variational&latent=5*")


def test_a_short_link_means_what_it_says_when_it_is_reloaded(app: App, page: Page) -> None:
    page.goto(f"{app.url}/train?variant=vanilla&latent=5")
    for _ in range(2):
        expect(page.get_by_role("spinbutton", name="Code size")).to_have_value("5")
        page.reload()
    page.get_by_role("spinbutton", name="Code size").fill("6")
    page.keyboard.press("Enter")
    page.wait_for_url("**latent=6*")
    page.reload()
    expect(page.get_by_role("spinbutton", name="Code size")).to_have_value("6")
