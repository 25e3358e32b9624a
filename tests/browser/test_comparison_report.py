"""The report of a comparison, opened from a disk: drawn whole, without a network and without a complaint."""

import re

import pytest

from aelib import load_dataset
from aelib.commands.compare import read_models
from aelib.compare import as_html, compare
from aelib.home import pretrained_folder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def found():
    folders = [pretrained_folder() / f"digits-{name}" for name in ("linear", "denoising", "vae-10")]
    return compare(read_models(folders), load_dataset("digits"), limit=100, levels=(0.0, 0.5, 1.0))


@pytest.fixture
def file(found, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(as_html(found), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_report_opens_from_a_disk(new_page, file, found, width, dark):
    page = new_page(width=width, dark=dark)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    figures = page.locator("svg.chart")
    assert figures.count() == 5
    assert page.locator("svg.chart polyline").count() == sum(
        len(figure.lines) for figure in (found.curve, found.scree, *found.robustness)
    )
    for figure in figures.all():
        box = figure.bounding_box()
        assert box["width"] > 250
        assert box["height"] > 140
    loaded = page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth)")
    assert loaded
    assert set(loaded) == {8}
    assert page.evaluate("document.documentElement.scrollWidth") == width  # wide tables scroll by themselves
    text, paper = page.evaluate(
        "(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.body))"
    )
    assert (brightness(text) > brightness(paper)) is dark


def brightness(colour):
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_a_script_can_be_saved_from_it(page, file, found):
    page.goto(file.as_uri())
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the script as linear.py").click()
    assert download.value.suggested_filename == "linear.py"
    assert download.value.path().read_text(encoding="utf-8") == found.origins[0].script
