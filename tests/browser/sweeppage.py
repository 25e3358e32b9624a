"""What a user sees of the Sweep page, and does to it."""

from playwright.sync_api import Locator, Page

from tests.browser.conftest import App, wait_for


class SweepPage:
    """The Sweep page in one browser."""

    def __init__(self, app: App, page: Page) -> None:
        self.app, self.page = app, page
        self.root = page.get_by_test_id("sweep")
        self.cards = page.get_by_test_id("card")
        self.button = page.get_by_role("button", name="Train sweep")

    def open(self, query: str) -> "SweepPage":
        """Go there; a sweep in the query is waited for."""
        self.page.goto(f"{self.app.url}/sweep?{query}")
        self.button.wait_for()
        return self.ready() if "sweep=" in query else self

    def ready(self) -> "SweepPage":
        """Until there is a frame of every cell."""
        self.page.wait_for_selector("[data-testid=sweep][data-frames]")
        wait_for(lambda: all(card.get_attribute("data-step") for card in self.cards.all()), "a frame of every cell")
        return self

    def train(self) -> "SweepPage":
        """Press Train and wait for the sweep."""
        before = self.sweep_id
        self.button.click()
        self.page.wait_for_url(lambda url: "sweep=" in url and (not before or before not in url))
        return self.ready()

    @property
    def sweep_id(self) -> str:
        return self.page.url.partition("sweep=")[2].split("&")[0]

    @property
    def step(self) -> int:
        return int(self.root.get_attribute("data-step") or 0)

    def wait_step(self, least: int) -> None:
        wait_for(lambda: self.step >= least, f"step {least}")

    def wait_status(self, status: str) -> None:
        self.page.wait_for_selector(f"[data-testid=sweep][data-status='{status}']")

    def press(self, action: str) -> None:
        self.root.locator(f".transport [data-action={action}]").click()

    def titles(self) -> list[str]:
        return self.root.locator(".card-title").all_inner_texts()

    def errors(self) -> list[float]:
        return [float(card.get_attribute("data-error") or "nan") for card in self.cards.all()]

    def pixels(self, canvas: Locator) -> str:
        """What a canvas shows."""
        return str(canvas.evaluate("canvas => canvas.toDataURL()"))

    def maps(self, glide: bool = True) -> list[str]:
        """The pixels of all maps, once points have glided to their places, or jumped there."""
        if glide:
            self.page.wait_for_timeout(700)
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return [self.pixels(canvas) for canvas in self.root.locator(".card-map").all()]
