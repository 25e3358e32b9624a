"""The panel of units: what each carries, pictures along it, sliders for all."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from torch import Tensor

from tests.browser.conftest import App
from tests.browser.latentmodel import BYTE, codes_of, decoded_bytes, digits, model_of, painted
from tests.browser.latentpage import LatentPage


@pytest.fixture
def latent(page: Page) -> LatentPage:
    return LatentPage(page)


def units(latent: LatentPage, app: App, key: str) -> Locator:
    """The panel, with everything decoded."""
    return settled(latent.open(app, key).tab("units"))


def settled(panel: Locator) -> Locator:
    expect(panel).to_have_attribute("data-painting", "false")
    return panel


def strip(panel: Locator, unit: int) -> Tensor:
    return painted(panel.locator(f"[data-unit='{unit}'] .unit-cell canvas"))


def picture(panel: Locator) -> Tensor:
    return painted(panel.get_by_test_id("unit-picture"))


def along(base: Tensor, unit: int, low: float, high: float) -> Tensor:
    codes = base.repeat(9, 1)
    codes[:, unit] = torch.linspace(low, high, 9)
    return codes


def off(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).abs().max())


def test_units_stand_in_the_order_of_their_kl_and_collapsed_ones_are_named(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-vae-10")
    with torch.no_grad():
        mean, deviation = (lambda q: (q.mean, q.stddev))(model_of("digits-vae-10").posterior(digits()[0]))
    kl = (0.5 * (mean**2 + deviation**2 - 1) - deviation.log()).double().mean(0)
    rows = panel.get_by_test_id("unit-row")
    order = [int(unit) for unit in rows.evaluate_all("rows => rows.map(row => row.dataset.unit)")]
    assert order == kl.argsort(descending=True).tolist()
    said = panel.locator(".unit-amount").all_inner_texts()
    assert [float(text.removesuffix(" nats")) for text in said] == pytest.approx(kl[order].tolist(), rel=6e-3)
    flags = ["collapsed" if kl[unit] < 0.01 else "" for unit in order]
    assert rows.evaluate_all("rows => rows.map(row => row.dataset.state)") == flags
    assert 0 < flags.count("collapsed") < 10
    expect(panel.locator(".unit-flag:visible")).to_have_count(flags.count("collapsed"))


def test_strips_are_what_the_model_decodes_along_each_unit(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-vae-10")
    base = codes_of("digits-vae-10").mean(0)
    for unit in range(10):
        assert off(strip(panel, unit), decoded_bytes("digits-vae-10", along(base, unit, -3, 3))) <= BYTE
    assert off(picture(panel), decoded_bytes("digits-vae-10", base[None])) <= BYTE


def test_a_slider_decodes_the_whole_code_at_once(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-vae-10")
    base = codes_of("digits-vae-10").mean(0)
    before = strip(panel, 3)
    for unit, value in ((3, 2.25), (7, -1.5), (3, -3.0)):
        base[unit] = value
        slide = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }"
        panel.get_by_test_id(f"unit-{unit}").evaluate(slide, value)
        # Painted within the event: nothing waits for a frame or for the server.
        assert off(picture(panel), decoded_bytes("digits-vae-10", base[None])) <= BYTE
    # The strips stay as they start, the picture nearest to the slider is the one that is marked.
    assert off(strip(panel, 3), before) == 0
    assert (
        panel.locator("[data-unit='7'] .unit-cell").evaluate_all("cells => cells.findIndex(c => 'now' in c.dataset)")
        == 2
    )
    expect(panel.locator("[data-unit='7'] output")).to_have_text("−1.50")
    panel.get_by_test_id("unit-reset").click()
    assert off(picture(panel), decoded_bytes("digits-vae-10", codes_of("digits-vae-10").mean(0)[None])) <= BYTE
    assert float(panel.get_by_test_id("unit-7").input_value()) == pytest.approx(
        float(codes_of("digits-vae-10").mean(0)[7]), abs=1e-5
    )


def test_a_slider_moves_by_keyboard_and_a_picture_by_click(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-variational")
    panel.get_by_test_id("unit-0").focus()
    latent.page.keyboard.press("End")
    assert panel.get_by_test_id("unit-0").input_value() == "3"
    panel.locator("[data-unit='1'] .unit-cell").nth(1).click()
    assert float(panel.get_by_test_id("unit-1").input_value()) == -2.25
    assert off(picture(panel), decoded_bytes("digits-variational", torch.tensor([[3, -2.25]]))) <= BYTE
    # The cross on the map stands at the code.
    mark = latent.evaluate("latent => latent.view.map.drawings.get('units').marks[0]")
    assert (mark["x"], mark["y"]) == pytest.approx((3, -2.25))
    latent.tab("export")
    assert latent.evaluate("latent => latent.view.map.drawings.get('units').marks ?? []") == []


def test_the_units_start_from_where_one_says(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-variational")
    base, codes = panel.get_by_test_id("unit-base"), codes_of("digits-variational")
    assert base.input_value() == "mean"
    assert base.locator("option[value=point]").is_disabled()
    base.select_option("zero")
    assert off(strip(settled(panel), 1), decoded_bytes("digits-variational", along(torch.zeros(2), 1, -3, 3))) <= BYTE
    base.select_option("draw")
    first = strip(settled(panel), 0)
    panel.get_by_test_id("unit-draw").click()
    second = strip(settled(panel), 0)
    assert off(first, second) > 10
    expect(base.locator("option:checked")).to_have_text("a draw from the prior (seed 1)")
    panel.get_by_test_id("unit-1").evaluate("input => { input.value = 2; input.dispatchEvent(new Event('input')); }")
    here = [float(value) for value in (panel.get_by_test_id(f"unit-{k}").input_value() for k in range(2))]
    panel.get_by_test_id("unit-keep").click()
    assert (
        off(strip(settled(panel), 0), decoded_bytes("digits-variational", along(torch.tensor(here), 0, -3, 3))) <= BYTE
    )
    latent.control("search").fill("17")
    latent.page.keyboard.press("Enter")
    settled(latent.tab("units"))
    assert base.input_value() == "kept"  # what was chosen by hand stays
    base.select_option("point")
    assert off(picture(panel), decoded_bytes("digits-variational", codes[17:18])) <= BYTE


def test_a_point_is_the_start_unless_another_was_chosen(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-variational")
    for index in (17, 40):
        latent.control("search").fill(str(index))
        latent.page.keyboard.press("Enter")
        panel = settled(latent.tab("units"))
        assert panel.get_by_test_id("unit-base").input_value() == "point"
        assert (
            off(picture(panel), decoded_bytes("digits-variational", codes_of("digits-variational")[index, None]))
            <= BYTE
        )


def test_units_that_are_no_gaussians_have_the_ranges_of_their_values(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-k-sparse")
    codes = codes_of("digits-k-sparse").numpy()
    rows = panel.get_by_test_id("unit-row")
    expect(rows).to_have_count(10)
    expect(panel.get_by_test_id("unit-all")).to_have_text("Show all 64 units")
    panel.get_by_test_id("unit-all").click()
    expect(rows).to_have_count(64)
    settled(panel)
    variance = codes.var(0)
    order = [int(unit) for unit in rows.evaluate_all("rows => rows.map(row => row.dataset.unit)")]
    assert order == np.argsort(-variance, kind="stable").tolist()
    assert panel.locator(".unit-amount").first.inner_text() == f"variance {variance.max():.3g}"
    for unit in (order[0], order[20], order[63]):
        low, high = np.percentile(codes[:, unit], [1, 99])
        if not high > low:
            low, high = codes[:, unit].min(), codes[:, unit].max()
        assert low == 0  # behind a ReLU nothing lies below
        high += 0.1 * (high - low) if high > low else 1
        slider = panel.get_by_test_id(f"unit-{unit}")
        assert [float(slider.get_attribute(end) or "nan") for end in ("min", "max")] == pytest.approx(
            [0, high], rel=1e-4
        )
        base = torch.from_numpy(codes.mean(0))
        assert off(strip(panel, unit), decoded_bytes("digits-k-sparse", along(base, unit, 0, high))) <= BYTE
    panel.get_by_test_id("unit-all").click()
    expect(rows).to_have_count(10)


def test_the_class_that_a_decoder_is_told_changes_the_pictures(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-conditional")
    base = codes_of("digits-conditional").mean(0)
    for label in (-1, 8, 3):
        panel.get_by_test_id("told").select_option(str(label))
        settled(panel)
        assert off(strip(panel, 1), decoded_bytes("digits-conditional", along(base, 1, -3, 3), label)) <= BYTE
        assert off(picture(panel), decoded_bytes("digits-conditional", base[None], label)) <= BYTE
    latent.open(app, "digits-variational")
    expect(latent.tab("units").get_by_test_id("told")).to_be_hidden()


def test_a_drag_goes_on_while_the_run_trains_on(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-vae-10")
    slider = panel.get_by_test_id("unit-7")
    slider.focus()
    latent.page.keyboard.press("End")
    # Newer weights come, which turn the order of the units round.
    latent.evaluate(
        "latent => { const { space } = latent; space.meta.order = [...space.meta.order].reverse(); space.tell('moved'); }"
    )
    settled(panel)
    expect(slider).to_be_focused()
    assert slider.input_value() == "3"
    code = codes_of("digits-vae-10").mean(0)
    code[7] = 3
    assert off(picture(panel), decoded_bytes("digits-vae-10", code[None])) <= BYTE


def test_where_a_code_has_no_place_on_the_map_the_panel_says_so(app: App, latent: LatentPage) -> None:
    panel = units(latent, app, "digits-vae-10")
    expect(panel.get_by_test_id("unit-place")).to_have_text("The cross on the map is its place.")
    latent.layout("axes", 3)
    expect(panel.get_by_test_id("unit-place")).to_contain_text("Only a plane of code axes or PCA")
    latent.layout("pca")
    expect(panel.get_by_test_id("unit-place")).to_have_text("The cross on the map is its place.")


@pytest.mark.parametrize("panel", ["units", "attributes"])
def test_panels_fit_a_narrow_screen(app: App, new_page: Callable[..., Page], panel: str) -> None:
    latent = LatentPage(new_page(390, 844, dark=True)).open(app, "digits-vae-10")
    shown = latent.tab(panel)
    latent.page.wait_for_timeout(300)
    assert shown.evaluate("root => root.scrollWidth <= root.clientWidth")
    assert latent.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
