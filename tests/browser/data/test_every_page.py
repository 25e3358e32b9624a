"""Own data on every page that shows a model: pictures in colour with classes, and a table of which nothing is known."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.comparepage import ComparePage
from tests.browser.conftest import App, Bench
from tests.browser.data.test_data import add, choose
from tests.browser.latentpage import LatentPage

PICTURES, ROWS = 200, 2_000
FOLDERS = ("beach", "city", "flowers", "forest", "night sky")
COLOURED = "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].some((v, i, all) => i % 4 === 1 && v !== all[i - 1])"


def photos(path: Path) -> Path:
    """Coloured pictures of mixed sizes in five folders, every fourth a JPEG."""
    random = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(PICTURES):
            colour = np.array([40 * (k % 5) + 40, 200 - 30 * (k % 5), 100])
            pixels = colour + random.normal(0, 30, (24 + k % 9, 32, 3))
            file, kind = io.BytesIO(), "PNG" if k % 4 else "JPEG"
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, kind)
            archive.writestr(f"photos/{FOLDERS[k % 5]}/{k}.{kind.lower()}", file.getvalue())
    return path


def table(path: Path) -> Path:
    """Numbers, texts and missing values."""
    random = np.random.default_rng(0)
    columns = {
        "age": random.integers(18, 90, ROWS), "income": random.lognormal(10, 0.5, ROWS).round(2),
        "height": random.normal(172, 9, ROWS).round(1), "city": random.choice(["Oslo", "Rome", "Zürich"], ROWS),
        "shop": random.choice(["north", "south"], ROWS),
    }  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(
            ["" if random.random() < 0.02 else value for value in row] for row in zip(*columns.values(), strict=True)
        )
    return path


@pytest.mark.parametrize("kind", ["photos", "table"])
def test_every_page_shows_a_model_of_own_data(app: App, bench: Bench, tmp_path: Path, kind: str) -> None:
    page = bench.page
    page.goto(f"{app.url}/data")
    choose(page, photos(tmp_path / "own.zip") if kind == "photos" else table(tmp_path / "own.csv"))
    add(page, f"Own {kind}")
    page.locator("[class*=st-key-added_data-]").filter(has_text=f"Own {kind}").get_by_role(
        "button", name="Train on it"
    ).click()
    page.wait_for_url(lambda url: "/train" in url and "data=data-" in url)
    bench.train().ready()
    bench.wait_step(10)
    bench.press("stop")
    bench.wait("status", "stopped")
    sheets(bench)
    run_id = bench.run_id
    assert run_id
    point(bench, "nearest" if kind == "table" else "nearest: ")
    latent_space(app, page, run_id, kind)
    compare = ComparePage(page).open(app, run_id)
    assert compare.evaluate("compare => compare.panes.length") == 2  # and PCA
    expect(page.get_by_test_id("stException")).to_have_count(0)


def sheets(bench: Bench) -> None:
    for tab in bench.root.get_by_role("tab").all():
        tab.click()
        bench.page.get_by_test_id("strip").evaluate("strip => strip.scrollIntoView({ block: 'end' })")
        expect(
            bench.root.locator(
                ".strip-row canvas, .strip-row .bar, .row-sheet td, .diagram canvas, .diagram > .hint:has-text('4 million')"
            )
            .filter(visible=True)
            .first
        ).to_be_visible()


def point(bench: Bench, called: str) -> None:
    """What the example nearest to the pointer is called."""
    box = bench.map.bounding_box()
    assert box
    bench.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    names = bench.root.locator(".inspector :is(figcaption, thead th):visible")
    expect(names.last).to_contain_text(called)


def latent_space(app: App, page: Page, run_id: str, kind: str) -> None:
    """Every panel opens and says no word of what went wrong."""
    latent = LatentPage(page).open(app, run_id)
    latent.click(3)
    expect(latent.control("point-panel")).to_have_attribute("data-index", "3")
    if kind == "photos":
        assert latent.control("decoded").evaluate(COLOURED)
    for tab in latent.root.locator("[data-tab]").all():
        name = tab.get_attribute("data-tab")
        assert name
        expect(latent.tab(name)).not_to_be_empty()
        expect(latent.root.locator(".message[data-tone=bad]:visible")).to_have_count(0)
    latent.tab("attributes").get_by_test_id("show-analogy").click()
    expect(latent.control("analogy-result")).to_be_visible()
