"""What a user sees of the compare page, and does to it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from tests.browser.conftest import App, Bench, wait_for


class ComparePage:
    """Drives the page; `evaluate` reaches what it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("compare")

    def open(self, app: App, *keys: str) -> "ComparePage":
        """Go there, and wait until every map is there; without keys what is compared unless anybody chose."""
        self.page.goto(f"{app.url}/compare" + (f"?open={','.join(keys)}" if keys else ""))
        return self.ready()

    def ready(self) -> "ComparePage":
        self.page.wait_for_selector("[data-testid=compare][data-panes]")
        wait_for(lambda: bool(self.evaluate("compare => compare.panes.every((pane) => pane.placed)")), "all maps")
        return self

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Call a function of (compare, argument) in the page."""
        return self.root.evaluate(f"(root, argument) => ({script})(root.compare, argument)", argument)

    def control(self, name: str) -> Locator:
        return self.root.get_by_test_id(name)

    @property
    def keys(self) -> list[str]:
        return list(self.evaluate("compare => compare.panes.map((pane) => pane.about.key)"))

    def points(self, pane: int, which: str = "points") -> np.ndarray:
        """``points``: of the model alone; ``placed``: as the map shows them. (n, 2)."""
        found = self.evaluate("(compare, [k, which]) => Array.from(compare.panes[k][which])", [pane, which])
        return np.array(found).reshape(-1, 2)

    def marked(self) -> list[str]:
        """The index that each map rings; empty where it rings none."""
        return [str(pane.get_attribute("data-marked")) for pane in self.root.get_by_test_id("pane").all()]

    def read(self, name: str) -> list[float]:
        """A number that every pane tells of itself."""
        return [float(pane.get_attribute(f"data-{name}") or "nan") for pane in self.root.get_by_test_id("pane").all()]

    def pixel(self, pane: int, index: int) -> tuple[float, float]:
        """Where an example stands on the screen."""
        x, y = self.evaluate(
            """(compare, [k, i]) => {
                const { cloud } = compare.panes[k];
                const { left, top } = cloud.canvas.getBoundingClientRect();
                return [left + cloud.scene.positions[2 * i], top + cloud.scene.positions[2 * i + 1]];
            }""",
            [pane, index],
        )
        return x, y

    def hover(self, pane: int, index: int) -> None:
        self.page.mouse.move(*self.pixel(pane, index))

    def slide(self, name: str, value: float) -> None:
        """Move a slider."""
        self.control(name).evaluate(
            "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", value
        )
        self.page.wait_for_timeout(100)

    def pictures(self, test_id: str) -> list[str]:
        """The pixels of the canvases of that test id."""
        return [str(one.evaluate("canvas => canvas.toDataURL()")) for one in self.control(test_id).all()]

    def strips(self) -> list[str]:
        """The pixels of the row of examples in each pane."""
        read = "strip => [...strip.querySelectorAll('canvas:not([hidden])')].map((canvas) => canvas.toDataURL()).join()"
        return [str(strip.evaluate(read)) for strip in self.control("pane-strip").all()]

    def count_messages(self) -> Callable[[], int]:
        return Bench(self.page).count_messages()
