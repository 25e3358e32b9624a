"""What a user sees of the latent space page, and does to it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.conftest import App, Bench


class LatentPage:
    """Drives the page; `space` and `map` read what it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("latent")
        self.cloud = page.get_by_test_id("cloud")

    def open(self, app: App, key: str = "digits-variational", **query: object) -> "LatentPage":
        """Go there, and wait until the codes are on the map."""
        rest = "".join(f"&{name}={value}" for name, value in query.items())
        self.page.goto(f"{app.url}/latent-space?open={key}{rest}")
        return self.ready()

    def ready(self) -> "LatentPage":
        self.page.wait_for_selector("[data-testid=latent][data-count]")
        return self

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Call a function of (view, argument) in the page; ``view`` has ``space``, ``view.map`` and so on."""
        return self.root.evaluate(f"(root, argument) => ({script})(root.latent, argument)", argument)

    def control(self, name: str) -> Locator:
        """A control by its test id."""
        return self.root.get_by_test_id(name)

    def tab(self, name: str) -> Locator:
        """Open a panel by the name of its tab; its root."""
        self.root.locator(f"[data-tab={name}]").click()
        return self.root.locator("[role=tabpanel]:not([hidden])")

    def layout(self, method: str, dimensions: int = 2) -> None:
        """Choose a layout and wait for it."""
        self.control("dimensions").select_option(str(dimensions), force=True)
        self.control("method").select_option(method)
        self.wait_for_layout(method, dimensions)

    def wait_for_layout(self, method: str, dimensions: int = 2) -> None:
        """Until the map shows it."""
        self.page.wait_for_function(
            """([root, method, dimensions]) => {
                const layout = root.latent.space.layout;
                return layout.method === method && layout.dimensions === dimensions;
            }""",
            arg=[self.root.element_handle(), method, dimensions],
        )

    def positions(self) -> list[tuple[float, float]]:
        """Where the examples stand on the screen (plane maps)."""
        found = self.evaluate(
            """latent => {
                const { box, canvas } = latent.view.map.cloud;
                const { width, height, left, top } = canvas.getBoundingClientRect();
                const [across, up] = [0, 1].map(k => (value) => (value - box.low[k]) / (box.high[k] - box.low[k]));
                const { points } = latent.space.layout;
                return Array.from({ length: points.length / 2 }, (_, i) =>
                    [left + width * across(points[2 * i]), top + height * (1 - up(points[2 * i + 1]))]);
            }"""
        )
        return [(x, y) for x, y in found]

    def pixel(self, index: int) -> tuple[float, float]:
        """Where one of them stands."""
        return self.positions()[index]

    @property
    def step(self) -> int:
        return int(self.root.get_attribute("data-step") or -1)

    def map_picture(self) -> str:
        """The pixels of everything on the map but the pointer, once points have glided to their places."""
        self.page.wait_for_timeout(350)
        return str(
            self.root.evaluate(
                "root => [...root.querySelectorAll('.cloud canvas')].slice(0, 2).map(c => c.toDataURL()).join()"
            )
        )

    def drag(self, corners: list[tuple[float, float]]) -> None:
        """Press the mouse, move it along, release it."""
        self.page.mouse.move(*corners[0])
        self.page.mouse.down()
        for corner in corners[1:]:
            self.page.mouse.move(*corner, steps=5)
        self.page.mouse.up()

    def search(self, text: str) -> None:
        self.control("search").fill(text)
        self.control("search").press("Enter")

    def count_messages(self) -> Callable[[], int]:
        """Start counting what the page sends over the network; the function returned tells how much."""
        return Bench(self.page).count_messages()

    def click(self, index: int) -> None:
        """Click an example on the map."""
        self.page.mouse.click(*self.pixel(index))

    def picture(self, locator: Locator) -> str:
        """The pixels of a canvas."""
        return str(locator.evaluate("canvas => canvas.toDataURL()"))
