"""The section with figures on the page of a comparison, in a real browser."""

import re
from pathlib import Path

import pytest

from aelib import load_dataset
from aelib.commands.compare import read_models
from aelib.compare import compare
from aelib.home import pretrained_folder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def expected():
    folders = [pretrained_folder() / f"digits-{name}" for name in ("linear", "denoising")]
    return compare(read_models(folders), load_dataset("digits"))


@pytest.mark.parametrize(("width", "height", "dark"), [(1440, 900, False), (390, 844, True)])
def test_figures_of_a_comparison(app, new_page, expected, width, height, dark):
    page = new_page(width=width, height=height, dark=dark)
    page.goto(f"{app.url}/compare?open=digits-linear,digits-denoising")
    page.get_by_text("Compare in numbers").wait_for()
    begin = page.get_by_role("button", name="Compare", exact=True)
    table = page.locator("table.figures").first
    begin.or_(table).first.wait_for()
    if begin.count():
        begin.press("Enter")
    table.wait_for()
    shown = table.inner_text().replace("\u00a0", " ")
    for row in expected.metrics:
        assert all(value in shown for value in row.shown)
    best = table.locator("tr", has_text="Squared error per example").locator("b")
    assert best.all_inner_texts() == [expected.metric("squared_error").shown[1]]
    page.locator(".js-plotly-plot .main-svg").nth(9).wait_for()  # two layers for each of five figures
    scripts = page.get_by_text("Held-out squared error, all 500 examples")
    errors = [float(re.search(r"([\d.]+)$", text)[1]) for text in scripts.all_inner_texts()]
    assert errors == [pytest.approx(origin.error, rel=1e-5) for origin in expected.origins]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as download:
        page.get_by_role("button", name="Report").click()
    assert "Never saw this noise" in Path(download.value.path()).read_text(encoding="utf-8")
    with page.expect_download() as download:
        page.get_by_role("button", name="Script", exact=True).last.click()
    assert download.value.suggested_filename == "denoising.py"
    assert Path(download.value.path()).read_text(encoding="utf-8") == expected.origins[1].script
