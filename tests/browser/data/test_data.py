"""One's own data, as a visitor adds it: dropped, looked at, added, trained on and removed."""

import io
import re
import zipfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Bench

COLOURS = {"red": (210, 40, 40), "green": (40, 170, 60), "blue": (40, 60, 200)}


def photos(path: Path) -> Path:
    """60 small coloured pictures of mixed sizes in three folders."""
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(20):
            for name, (red, green, blue) in COLOURS.items():
                file = io.BytesIO()
                Image.new("RGB", (20 + k, 24), (red + k, green + k, blue + k)).save(file, "PNG")
                archive.writestr(f"photos/{name}/{k}.png", file.getvalue())
    return path


def table(path: Path) -> Path:
    rows = [f"{150 + k},{('Oslo', 'Rome')[k % 2]},{60 + 2 * k},{'ab'[k % 2]}" for k in range(40)]
    path.write_text("\n".join(["height,city,weight,class", *rows]))
    return path


def choose(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Add", exact=True).wait_for()


def add(page: Page, title: str) -> None:
    box = page.get_by_role("textbox", name="Title")
    box.fill(title)
    box.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="Added data").wait_for()


def test_coloured_pictures_are_added_and_move_on_the_map(app: App, bench: Bench, tmp_path: Path) -> None:
    page = bench.page
    page.goto(f"{app.url}/data")
    choose(page, photos(tmp_path / "photos.zip"))
    page.get_by_text("48 colour pictures of 64 × 64 pixels to train on, 12 held out").wait_for()
    assert page.locator(".st-key-data_new").get_by_role("img", name=re.compile("red|green|blue")).count() == 24
    examples = page.locator("ul.pictures").first
    assert examples.evaluate("list => getComputedStyle(list).paddingLeft") == "0px"  # in line with all else
    page.get_by_role("img", name="How often values").wait_for()
    page.get_by_text("Sizes are mixed").wait_for()
    page.get_by_role("combobox", name="Side in pixels").click()
    page.get_by_role("option", name="16", exact=True).click()
    page.get_by_text("48 colour pictures of 16 × 16 pixels to train on").wait_for()
    add(page, "Three colours")
    page.get_by_role("button", name="Train on it").first.click()
    page.wait_for_url(lambda url: "/train" in url and "data=data-" in url)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("Three colours")
    bench.train().ready()
    bench.wait_step(20)
    before = bench.pictures()["map"]
    bench.wait_step(bench.step + 20)
    assert bench.pictures()["map"] != before


def test_a_table_is_added_and_removed(app: App, bench: Bench, tmp_path: Path) -> None:
    page = bench.page
    page.goto(f"{app.url}/data")
    choose(page, table(tmp_path / "people.csv"))
    page.get_by_text("32 rows of 4 numbers to train on, 8 held out").wait_for()
    for words in ("2 numbers, one for each value", "Label: 2 classes"):
        page.get_by_text(words).wait_for()
    add(page, "Some people")
    box = page.locator("[class*=st-key-added_data-]").filter(has_text="Some people")
    box.get_by_text("3 columns: height, city, weight").wait_for()
    box.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    box.wait_for(state="detached")
