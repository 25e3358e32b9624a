"""The panel of attributes: vectors between sets of examples, and analogies."""

import re

import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from sklearn.metrics import roc_auc_score
from torch import Tensor

from tests.browser.conftest import App
from tests.browser.latentmodel import BYTE, codes_of, decoded_bytes, digits, painted
from tests.browser.latentpage import LatentPage

KEY = "digits-vae-10"


@pytest.fixture
def latent(page: Page) -> LatentPage:
    return LatentPage(page)


@pytest.fixture
def panel(app: App, latent: LatentPage) -> Locator:
    return latent.open(app, KEY).tab("attributes")


def off(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).abs().max())


def vector(a: Tensor, b: Tensor) -> Tensor:
    codes = codes_of(KEY)
    return codes[a].double().mean(0).sub(codes[b].double().mean(0)).float()


def area(direction: Tensor, a: Tensor, b: Tensor) -> float:
    codes = codes_of(KEY).double()
    scores = torch.cat([codes[a], codes[b]]) @ direction.double()
    return float(roc_auc_score([1] * len(a) + [0] * len(b), scores))


def number(text: str) -> int:
    """The index in a caption such as "#12: 3"."""
    return int(re.match(r"#(\d+): ", text)[1])  # type: ignore[index]


def caption(panel: Locator, name: str) -> str:
    return panel.locator("figure", has=panel.page.get_by_test_id(name)).locator("figcaption").inner_text()


def search(latent: LatentPage, text: str) -> None:
    latent.control("search").fill(text)
    latent.page.keyboard.press("Enter")


def test_it_works_at_once_with_one_class_against_the_others(latent: LatentPage, panel: Locator) -> None:
    _, labels = digits()
    a, b = (labels == 0).nonzero().flatten(), (labels != 0).nonzero().flatten()
    v, codes = vector(a, b), codes_of(KEY)
    expect(panel.get_by_test_id("count-a")).to_have_text(f"{len(a)} examples")
    expect(panel.get_by_test_id("count-b")).to_have_text(f"{len(b):,} examples")
    assert off(painted(panel.get_by_test_id("mean-a")), decoded_bytes(KEY, codes[a].mean(0, keepdim=True))) <= BYTE
    assert off(painted(panel.get_by_test_id("mean-b")), decoded_bytes(KEY, codes[b].mean(0, keepdim=True))) <= BYTE
    numbers = panel.get_by_test_id("separation")
    assert float(numbers.get_attribute("data-same") or "nan") == pytest.approx(area(v, a, b), abs=1e-6)
    halves = [area(vector(a[k::2], b[k::2]), a[1 - k :: 2], b[1 - k :: 2]) for k in range(2)]
    assert float(numbers.get_attribute("data-others") or "nan") == pytest.approx(sum(halves) / 2, abs=1e-6)
    assert f"‖v‖ = {float(v.norm()):.3g} code units · AUC {area(v, a, b):.3f}" in numbers.inner_text()
    # What it does to an example of B.
    index = number(caption(panel, "attribute-example"))
    assert index == int(b[0])
    row = panel.get_by_test_id("strengths").locator("canvas")
    latent.page.wait_for_timeout(300)
    expected = codes[index] + torch.arange(-3, 4)[:, None] * v
    assert off(painted(row), decoded_bytes(KEY, expected)) <= BYTE
    expect(panel.locator("[data-testid=strengths] [data-original]")).to_have_text("original")


def test_bars_tell_which_units_carry_the_attribute(panel: Locator) -> None:
    _, labels = digits()
    panel.get_by_test_id("set-a").select_option("class 4")
    panel.get_by_test_id("set-b").select_option("class 9")
    v = vector((labels == 4).nonzero().flatten(), (labels == 9).nonzero().flatten())
    cosines = v / v.norm()
    bars = panel.locator(".cosine")
    order = [int(unit) for unit in bars.evaluate_all("all => all.map(bar => bar.dataset.unit)")]
    assert order == cosines.abs().argsort(descending=True).tolist()
    said = [float(text.replace("−", "-")) for text in panel.locator(".cosine-value").all_inner_texts()]
    assert said == pytest.approx(cosines[order].tolist(), abs=0.00501)


def test_the_strength_acts_at_once(latent: LatentPage, panel: Locator) -> None:
    _, labels = digits()
    v = vector((labels == 0).nonzero().flatten(), (labels != 0).nonzero().flatten())
    search(latent, "23")
    latent.tab("attributes")
    assert number(caption(panel, "attribute-example")) == 23  # the point on show
    code, live, slider = codes_of(KEY)[23], panel.get_by_test_id("strength-picture"), panel.get_by_test_id("strength")
    slider.focus()
    latent.page.keyboard.press("Home")
    for _ in range(10):
        latent.page.keyboard.press("ArrowRight")
    assert slider.input_value() == "-2.5"
    assert off(painted(live), decoded_bytes(KEY, (code - 2.5 * v)[None])) <= BYTE
    assert caption(panel, "strength-picture") == "z − 2.50 v"
    panel.get_by_test_id("strengths").get_by_text("original").click()
    assert off(painted(live), decoded_bytes(KEY, code[None])) <= BYTE
    # On the map: the line of the attribute, and where the example has come to.
    panel.get_by_test_id("strengths").locator("button").last.click()
    axes = latent.evaluate("latent => latent.space.layout.units")
    drawing = latent.evaluate(
        "latent => { const { lines, marks } = latent.view.map.drawings.get('attribute'); return { line: Array.from(lines[0].points), tip: [marks[1].x, marks[1].y] }; }"
    )
    assert drawing["line"] == pytest.approx([*(code - 3 * v)[axes].tolist(), *(code + 3 * v)[axes].tolist()], abs=1e-5)
    assert drawing["tip"] == pytest.approx((code + 3 * v)[axes].tolist(), abs=1e-5)
    panel.get_by_test_id("another-example").click()
    other = number(caption(panel, "attribute-example"))
    assert other != 23
    assert labels[other] != 0
    panel.get_by_test_id("use-point").click()
    assert number(caption(panel, "attribute-example")) == 23


def test_selections_are_sets(latent: LatentPage, panel: Locator) -> None:
    _, labels = digits()
    expect(panel.get_by_test_id("take-a")).to_be_disabled()
    search(latent, "3")
    threes = (labels == 3).nonzero().flatten()
    expect(panel.get_by_test_id("take-a")).to_have_text(f"A = selection ({len(threes)})")
    panel.get_by_test_id("take-a").click()
    search(latent, "5")
    fives = (labels == 5).nonzero().flatten()
    panel.get_by_test_id("take-b").click()
    expect(panel.get_by_test_id("count-a")).to_have_text(f"{len(threes)} examples")  # it stays what was taken
    same = float(panel.get_by_test_id("separation").get_attribute("data-same") or "nan")
    assert same == pytest.approx(area(vector(threes, fives), threes, fives), abs=1e-6)
    # The same set on both sides sets nothing apart, in one sentence; another choice mends it.
    panel.get_by_test_id("take-a").click()
    expect(panel.get_by_test_id("set-problem")).to_have_text(
        "A and B are the same examples, so nothing sets them apart: choose another set."
    )
    expect(panel.get_by_test_id("separation")).to_be_hidden()
    assert latent.evaluate("latent => latent.view.map.drawings.get('attribute').lines ?? []") == []
    panel.get_by_test_id("set-a").select_option("class 1")
    expect(panel.get_by_test_id("set-problem")).to_be_hidden()
    expect(panel.get_by_test_id("separation")).to_be_visible()


def test_nothing_outside_everything_is_an_empty_set(latent: LatentPage, panel: Locator) -> None:
    latent.evaluate("latent => latent.space.select(Uint32Array.from({ length: latent.space.count }, (_, i) => i))")
    panel.get_by_test_id("take-a").click()
    expect(panel.get_by_test_id("set-problem")).to_contain_text("Set B is empty")
    expect(panel.get_by_test_id("count-b")).to_have_text("0 examples")


def test_an_analogy_is_the_sum_of_its_codes(latent: LatentPage, panel: Locator) -> None:
    _, labels = digits()
    codes = codes_of(KEY)
    search(latent, "23")
    latent.tab("attributes")
    panel.get_by_test_id("show-analogy").click()

    def check() -> list[int]:
        a, b, c = (number(caption(panel, f"analogy-{name}")) for name in "abc")
        code = codes[a] - codes[b] + codes[c]
        assert off(painted(panel.get_by_test_id("analogy-result")), decoded_bytes(KEY, code[None])) <= BYTE
        distances = (codes - code).norm(dim=1)
        distances[[a, b, c]] = torch.inf
        assert number(caption(panel, "analogy-nearest")) == int(distances.argmin())
        said = panel.get_by_test_id("analogy-distance").inner_text().split(" lies ")[1].split()[0]
        assert float(said) == pytest.approx(float(distances.min()), rel=6e-3)
        axes = latent.evaluate("latent => latent.space.layout.units")
        marks = latent.evaluate("latent => latent.view.map.drawings.get('analogy').marks.map(({ x, y }) => [x, y])")
        assert torch.tensor(marks).sub(torch.stack([codes[a], codes[b], codes[c], code])[:, axes]).abs().max() < 1e-5
        return [a, b, c]

    a, b, c = check()
    assert labels[[a, b, c]].tolist() == [0, 0, 1]
    assert a != b
    panel.get_by_test_id("analogy-c-kind").select_option("class 7")
    assert labels[check()[2]] == 7
    panel.get_by_test_id("analogy-b-another").click()
    assert check()[1] != b
    panel.get_by_test_id("analogy-a-point").click()
    assert check()[0] == 23
    expect(panel.get_by_test_id("analogy-a-point")).to_be_disabled()
    # One of the two is on show and on the map.
    panel.get_by_test_id("show-attribute").click()
    expect(panel.get_by_test_id("analogy-result")).to_be_hidden()
    assert latent.evaluate("latent => latent.view.map.drawings.get('analogy').marks ?? []") == []
