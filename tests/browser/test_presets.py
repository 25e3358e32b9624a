"""Presets on the first page, and settings that come and go with the variant."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.settings.presets import PRESETS
from tests.browser.conftest import App, Bench


def choose(page: Page, label: str, option: str) -> None:
    """Take an option of a select box, once the page has taken in what was chosen before: that would close the menu."""
    page.wait_for_timeout(150)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    box = page.get_by_role("combobox", name=label, exact=True)
    box.scroll_into_view_if_needed()  # a menu closes when the page scrolls under it
    page.wait_for_timeout(300)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_preset_starts_a_run_and_says_what_to_look_at(app: App, bench: Bench, new_page: Callable[..., Page]) -> None:
    page = bench.open(app.url).page
    preset = PRESETS["collapse"]
    page.get_by_role("button", name=preset.title).click()
    page.wait_for_url("**preset=collapse*")
    bench.wait("status", "running")
    bench.wait_step(20)
    assert bench.run_id
    assert app.store.get(bench.run_id).experiment == preset.experiment
    expect(page.get_by_test_id("stAlert").filter(has_text="all ten units")).to_have_count(1)
    other = Bench(new_page()).open(page.url)  # the link tells it too
    expect(other.page.get_by_test_id("stAlert").filter(has_text="all ten units")).to_have_count(1)
    page.get_by_role("spinbutton", name="Code size").fill("3")
    page.keyboard.press("Enter")
    page.wait_for_url("**latent=3&*")
    expect(page.get_by_test_id("stAlert").filter(has_text="all ten units")).to_have_count(1)  # of the run on show
    bench.train()
    expect(page.get_by_test_id("stAlert").filter(has_text="all ten units")).to_have_count(0)
    bench.press("stop")


def test_an_unknown_preset_gets_a_sentence(app: App, page: Page) -> None:
    page.goto(f"{app.url}/train?preset=<b>magic</b>")
    expect(page.get_by_test_id("stAlert")).to_contain_text("There is no preset '<b>magic</b>'")


def test_settings_come_and_go(app: App, bench: Bench) -> None:
    page = bench.open(f"{app.url}/train?variant=vanilla&latent=5&seed=9").page
    hidden, channels = (page.get_by_role("textbox", name=name, exact=True) for name in ("Hidden layers", "Channels"))
    expect(hidden).to_have_value("256, 64")
    page.get_by_text("More settings").click()
    choose(page, "Network", "Convolutional")
    expect(channels).to_have_value("16, 32")
    expect(hidden).to_have_count(0)
    choose(page, "Decoder", "Transposed stride")
    choose(page, "Leave a class out of training", "3")
    page.wait_for_url("**left_out=3*")
    assert "upsampling=transposed" in page.url
    assert "hidden" not in page.url
    page.reload()
    expect(channels).to_have_value("16, 32")
    choose(page, "Variant", "k-sparse")
    expect(page.get_by_role("spinbutton", name="Code size")).to_have_value("64")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("9")
    expect(hidden).to_have_value("0")
    choose(page, "Variant", "Conditional variational")
    choose(page, "Data set", "Swiss roll")
    expect(page.get_by_test_id("stToast")).to_contain_text("does not fit")
    page.wait_for_url("**data=swiss_roll&variant=vanilla*")


def test_a_convolutional_network_trains(app: App, bench: Bench) -> None:
    bench.page.goto(f"{app.url}/train?variant=denoising&network=conv&channels=4-8&upsampling=transposed&epochs=100000")
    bench.train()
    bench.wait_step(20)
    assert bench.run_id
    assert app.store.get(bench.run_id).experiment.network.sketch == "1×8×8–4×4×4–8×2×2–2, transposed decoder"
    bench.press("stop")
