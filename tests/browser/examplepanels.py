"""What a user sees of the panels for one point and for an example of one's own, and does to them."""

from typing import Any

import numpy as np
import torch
from playwright.sync_api import Locator, Page, expect
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from aelib import Autoencoder, Experiment
from aelib.checkpoint import Checkpoint
from tests.browser.conftest import PATIENCE, App
from tests.browser.latentpage import LatentPage

#: Grey levels by which a picture may differ: 1e-3 of the range, and rounding.
LEVELS = 1
INDEX = 12


def nearest(points: Tensor, query: Tensor, count: int) -> list[int]:
    finder = NearestNeighbors(n_neighbors=count).fit(points.flatten(1).double().numpy())
    return finder.kneighbors(query.reshape(1, -1).double().numpy())[1][0].tolist()


def grey(canvas: Locator) -> np.ndarray:
    """The red channel of a canvas, row by row."""
    values = canvas.evaluate(
        """canvas => Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data)
            .filter((_, at) => at % 4 === 0)"""
    )
    return np.array(values)


def shows(canvas: Locator, values: Tensor, low: float = 0.0, high: float = 1.0) -> bool:
    """Whether a canvas is the picture of an example."""
    wanted = 255 * (values.detach().flatten().numpy() - low) / (high - low)
    return bool(np.abs(grey(canvas) - wanted.clip(0, 255)).max() <= LEVELS)


def number(locator: Locator) -> float:
    """The whole number behind one that is shown rounded."""
    return float(locator.get_attribute("data-value") or "nan")


def made(app: App, experiment: Experiment, seed: int = 0, run_id: str = "") -> str:
    """A run that has ended, with the weights of a seed; or other weights for one."""
    run_id = run_id or app.store.create(experiment, "cpu", "Made")
    app.store.update(run_id, status="finished", saved=False)
    model = Autoencoder(experiment.network, experiment.objective, seed)
    values = experiment.model_dump(mode="json")
    Checkpoint(network=model.spec, objective=model.objective, experiment=values).write(app.store.folder(run_id), model)
    return run_id


class Panels:
    """Drives the two panels."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.latent = latent = LatentPage(page)
        self.point = latent.control("point-panel")
        self.own = latent.control("own-panel")
        self.easel = latent.control("easel")

    def choose(self, index: int) -> Locator:
        """Put an example on show by searching for it."""
        self.latent.control("search").fill(f"#{index}")
        self.latent.control("search").press("Enter")
        return self.inspected(index)

    def inspected(self, index: int) -> Locator:
        expect(self.point).to_have_attribute("data-index", str(index), timeout=PATIENCE)
        return self.point

    def draw(self, *points: tuple[float, float], touch: bool = False) -> None:
        """A stroke through places given as shares of the sheet."""
        self.easel.scroll_into_view_if_needed()
        box = self.easel.bounding_box()
        assert box
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        if touch:
            self.page.touchscreen.tap(*places[0])
            return
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def settle(self) -> None:
        """Wait until the newest wish is answered: it is asked with the next frame."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.wait_for_function(
            """root => {
                const panel = root.latent.view.tabs.panels.find((panel) => panel.name === "own");
                return !panel.latest.question && !panel.latest.next && "answered" in panel.root.dataset;
            }""",
            arg=self.latent.root.element_handle(),
        )

    def entered(self) -> Tensor:
        """What has been drawn or typed, as it is sent."""
        x = self.latent.evaluate(
            'latent => Array.from(latent.view.tabs.panels.find((panel) => panel.name === "own").read())'
        )
        return torch.tensor(x, dtype=torch.float32)

    def marks(self, owner: str) -> list[dict[str, Any]]:
        """What one of the panels has drawn on the map."""
        found: list[dict[str, Any]] = self.latent.evaluate(
            "(latent, owner) => latent.view.map.drawings.get(owner)?.marks ?? []", owner
        )
        return found

    def near(self, panel: Locator, by: str) -> list[int]:
        """The examples of a row of neighbours."""
        return [
            int(index)
            for index in panel.locator(f"[data-by={by}] .near-cell").evaluate_all(
                "all => all.map(e => e.dataset.index)"
            )
        ]
