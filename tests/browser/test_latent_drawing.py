"""Drawing an example of one's own: by mouse, keys and fingers."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from aelib import load_dataset
from aelib.latent.codes import encode_all
from tests.browser.conftest import App
from tests.browser.examplepanels import Panels, nearest, number, shows
from tests.browser.latentmodel import digits, model_of


@pytest.fixture
def panels(page: Page) -> Panels:
    return Panels(page)


def test_a_drawing_is_answered_while_it_is_drawn(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    expect(panel.get_by_test_id("own-empty")).to_be_visible()
    panels.draw((0.3, 0.2), (0.7, 0.2), (0.5, 0.8))
    panels.settle()
    assert int(panel.get_attribute("data-answered") or 0) > 1, "answers came on the way"
    x = panels.entered()
    assert x.min() >= 0
    assert 0.5 < x.max() <= 1
    model = model_of("digits-variational")
    code = model.encode(x[None]).detach()
    rebuilt = model.decode(code).detach()
    assert shows(panel.get_by_test_id("seen"), x)
    assert shows(panel.get_by_test_id("rebuilt"), rebuilt)
    error = float((x - rebuilt.flatten()).square().sum())
    assert number(panel.get_by_test_id("error")) == pytest.approx(error, rel=1e-4)
    held_out = encode_all(model, load_dataset("digits").test.x).errors
    share = float((held_out < error).double().mean())
    assert float(panel.get_by_test_id("share").get_attribute("data-share") or -1) == pytest.approx(share, abs=2e-3)
    expect(panel.get_by_test_id("share")).to_contain_text("500 held-out examples")
    assert set(panels.near(panel, "pixels")) == set(nearest(digits()[0], x, 10))
    (mark,) = panels.marks("own")
    assert mark["label"] == "yours"
    assert [mark["x"], mark["y"]] == pytest.approx(code[0].tolist(), abs=1e-4)


def test_erasing_and_clearing_lead_back_to_an_empty_sheet(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    panel.locator("[data-tool=erase]").click()
    expect(panel.locator("[data-tool=erase]")).to_have_attribute("aria-pressed", "true")
    panel.get_by_test_id("brush").fill("2")
    panels.draw((0.25, 0.5), (0.75, 0.5))
    expect(panel.get_by_test_id("own-empty")).to_be_visible()
    assert panels.marks("own") == []
    panel.locator("[data-tool=draw]").click()
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    panel.get_by_test_id("clear").click()
    expect(panel.get_by_test_id("own-empty")).to_be_visible()


def test_a_larger_brush_leaves_more_ink(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    ink = []
    for size in ("1", "2"):
        panel.get_by_test_id("clear").click()
        panel.get_by_test_id("brush").fill(size)
        panels.draw((0.2, 0.5), (0.8, 0.5))
        panels.settle()
        ink.append(float(panels.entered().sum()))
    assert 1.8 < ink[1] / ink[0] < 2.6


def test_keys_draw_as_well(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panels.latent.tab("own")
    panels.easel.focus()
    for key in ("ArrowLeft", "ArrowUp", "Space", "Shift+ArrowRight", "Shift+ArrowRight"):
        panels.easel.press(key)
    panels.settle()
    x = panels.entered().reshape(8, 8)
    # From (3, 3) to (5, 3), with a brush 1 px wide: half of it above, half below.
    assert x[2:4, 3:5].min() > 0.4
    assert x[4:].abs().max() == 0
    assert x[:2].abs().max() == 0


def test_fingers_draw_on_a_phone(app: App, chromium: Any) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    try:
        panels = Panels(context.new_page())
        panels.latent.open(app)
        panels.latent.tab("own")
        panels.draw((0.5, 0.5), touch=True)
        panels.settle()
        assert panels.entered().sum() > 0
        widths = panels.latent.evaluate(
            "latent => [document.scrollingElement.scrollWidth, innerWidth, latent.root.scrollWidth, latent.root.clientWidth]"
        )
        assert widths[0] <= widths[1]
        assert widths[2] <= widths[3]
    finally:
        context.close()
