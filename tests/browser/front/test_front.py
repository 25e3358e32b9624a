"""The head of the front page: in the first screen it says what the app is, by a model at work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App, Bench

#: Screens, and whether they are dark.
SCREENS = [(1440, 900, False), (1280, 720, True), (390, 844, False)]


class Front:
    """What a user sees of it, and does to it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("front")
        self.map = page.get_by_test_id("front-map")
        self.input, self.code, self.output = (
            page.get_by_test_id(f"front-{name}") for name in ("input", "code", "output")
        )

    def open(self, app: App) -> "Front":
        """Go there, and wait until an example is on its way."""
        self.page.goto(app.url)
        self.page.wait_for_selector("[data-testid=front][data-index]")
        expect(self.output).to_have_attribute("aria-label", "Output: the same example, rebuilt from its code alone")
        return self

    @property
    def index(self) -> str:
        return self.root.get_attribute("data-index") or ""

    def pictures(self) -> tuple[str, ...]:
        """The pixels of input and output."""
        return tuple(each.evaluate("canvas => canvas.toDataURL()") for each in (self.input, self.output))

    def wait_for_another(self, index: str) -> None:
        """Until another example is on show."""
        self.page.wait_for_selector(f"[data-testid=front]:not([data-index='{index}'])")

    def way(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize(("width", "height", "dark"), SCREENS)
def test_name_purpose_and_a_moving_pair_are_in_the_first_screen(
    app: App, new_page: Callable[..., Page], width: int, height: int, dark: bool
) -> None:
    front = Front(new_page(width, height, dark)).open(app)
    page, root = front.page, front.root
    parts = [
        root.get_by_role("heading", name="Autoencoder Explorer", level=1),
        root.get_by_text("An autoencoder learns to squeeze"),
        *map(front.way, ("Watch one learn", "Explore the map", "Bring your own data")),
        front.input, front.code, front.output, front.map,
    ]  # fmt: skip
    for part in parts:
        box = part.bounding_box()
        assert box
        assert box["width"] > 20
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 50 < box["y"] <= box["y"] + box["height"] <= height
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    seen, index = front.pictures(), front.index
    front.wait_for_another(index)
    front.wait_for_another(front.index)
    front.page.get_by_test_id("front-pause").click()
    assert all(now != before for now, before in zip(front.pictures(), seen, strict=True))


def test_it_follows_the_pointer_and_then_waits(app: App, page: Page) -> None:
    front = Front(page).open(app)
    box = front.map.bounding_box()
    assert box
    # The bench below may come only now, and asks for what it needs.
    sent = Bench(page).count_messages(to="newest=1")
    shown = set()
    for k in range(30):
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.4 * k / 30), box["y"] + box["height"] * (0.2 + 0.6 * k / 30))
        shown.add(front.pictures())
    assert len(shown) >= 8
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 5)
    last = front.index
    expect(front.root).to_have_attribute("data-moves", "false")
    page.wait_for_timeout(300)
    assert front.index == last
    assert sent() == 0
    expect(front.root.get_by_role("status")).to_be_empty()
    front.map.focus()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(front.root.get_by_role("status")).to_contain_text("Nearest: held-out example of class")
    page.get_by_test_id("front-pause").click()
    front.wait_for_another(front.index)


def test_who_wants_no_motion_sees_one_example_wait(app: App, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    front = Front(page).open(app)
    expect(front.root).to_have_attribute("data-moves", "false")
    first = front.index
    page.wait_for_timeout(500)
    assert front.index == first
    page.get_by_test_id("front-pause").click()
    front.wait_for_another(first)


def test_the_wheel_scrolls_the_page_over_its_map(app: App, page: Page) -> None:
    front = Front(page).open(app)
    before = front.map.bounding_box()
    assert before
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.mouse.wheel(0, 100)
    page.wait_for_function(
        "([canvas, y]) => canvas.getBoundingClientRect().y < y - 50", arg=[front.map.element_handle(), before["y"]]
    )


def test_one_click_leads_to_a_model_that_learns(app: App, page: Page) -> None:
    Front(page).open(app).way("Watch one learn").click()
    bench = Bench(page)
    page.wait_for_url("**/train?*run=*")
    bench.wait("status", "running")
    bench.wait_step(20)
    bench.press("stop")


def test_the_other_ways_on(app: App, page: Page) -> None:
    front = Front(page).open(app)
    front.way("Explore the map").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/latent-space?open=mnist-sample-vae-2*")
    front.open(app).way("Bring your own data").click()
    page.wait_for_url("**/data")


def test_who_comes_for_a_model_sees_that_model(app: App, bench: Bench) -> None:
    page = bench.open(f"{app.url}/?open=digits-linear").page
    expect(page.get_by_test_id("front")).to_have_count(0)
    box = bench.map.bounding_box()
    assert box
    assert box["y"] < 600
    page.goto(app.url)
    card = page.locator(".card[data-key=mnist-sample-vae-2]")
    card.click()
    page.wait_for_url("**/?open=mnist-sample-vae-2")
    expect(page.get_by_test_id("front")).to_have_count(0)
