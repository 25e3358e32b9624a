"""The network, drawn: it shows the example under the pointer, and a unit that is chosen is explained."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import App, Bench

#: How many colours a canvas has: nothing drawn is one.
COLOURS = """canvas => new Set(new Uint32Array(
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""


def test_the_network_follows_the_pointer_and_its_units_are_explained(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=variational&data=digits")
    page = bench.page
    page.get_by_role("tab", name="Network").click()
    network, said = page.get_by_test_id("network"), page.get_by_test_id("network-said")
    network.scroll_into_view_if_needed()
    expect(network).to_have_attribute("data-step", bench.read("step"))
    assert network.evaluate(COLOURS) > 20
    expect(page.get_by_test_id("network-acting")).to_contain_text(re.compile(r"kl = [\d.]+: acts on the code"))

    network.focus()
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text(re.compile(r"^code, unit 1: −?[\d.]+ ± [\d.]+$"))
    unit = page.get_by_test_id("network-unit")
    expect(unit).to_be_hidden()
    page.keyboard.press("Enter")
    expect(unit).to_be_visible()
    expect(unit).to_contain_text(said.inner_text())
    for name in ("sees", "writes", "effect"):
        assert page.get_by_test_id(f"network-{name}").evaluate(COLOURS) > 2
    first = said.inner_text()

    box = bench.map.bounding_box()
    assert box
    bench.map.hover(position={"x": box["width"] * 0.8, "y": box["height"] * 0.3})
    expect(network).not_to_have_attribute("data-example", "0")
    expect(said).not_to_have_text(first)

    network.focus()
    page.keyboard.press("Escape")
    expect(unit).to_be_hidden()
    expect(said).to_contain_text("Point at a unit")


def test_a_drawing_behind_another_tab_computes_nothing(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&data=digits")
    network = bench.page.get_by_test_id("network")
    bench.page.get_by_role("tab", name="Network").click()
    network.scroll_into_view_if_needed()
    expect(network).to_have_attribute("data-example", "0")
    bench.page.get_by_role("tab", name="Examples").click()
    expect(network).to_be_hidden()
    box = bench.map.bounding_box()
    assert box
    bench.map.hover(position={"x": box["width"] * 0.8, "y": box["height"] * 0.3})
    bench.settle()
    expect(network).to_have_attribute("data-example", "0")  # nothing is computed behind the other tab
    bench.page.get_by_role("tab", name="Network").click()
    expect(network).not_to_have_attribute("data-example", "0")
