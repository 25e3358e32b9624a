"""Titles of people are shown as they were typed, on every page."""

import re
import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from aelib import Experiment
from aelib.home import pretrained_folder
from app.components.plain import JOINER
from tests.browser.comparepage import ComparePage
from tests.browser.conftest import App
from tests.browser.latentpage import LatentPage

pytestmark = pytest.mark.browser

#: All in one: entities, HTML, emphasis, colours, formulas, icons.
TITLE = "R&amp;D &lt;i&gt; <b>b</b> *c* _d_ ~~e~~ `f` :red[g] $h$ :smile: :material/home: -> end"
TITLES = {
    "many": TITLE,
    "a list": "1. one - two + three # four > five",
    "a heading": "# four",
    "a quotation": "> five",
    "an item": "- six",
    "links": "[a](http://b.c) ![d](e) <http://f.g> www.h.i j@k.l [^1] {m} | n |",
    "backslashes": "a\\b \\* \\\\ \\alpha \\(x\\) end\\",
    "symbols": "<-> -> <- -- --- >= <= ~= :streamlit: :material_home: :badge[x] :+1: :) (c) ...",
    "spaces at its ends": " padded ",
}


@pytest.fixture
def kept(app: App) -> Callable[[str], str]:
    """Keep a model in the library under a title; gives its key."""

    def keep(title: str) -> str:
        key = app.store.create(Experiment.of(variant="linear"), "cpu", title)
        app.store.update(key, status="stopped", saved=True)
        shutil.copytree(pretrained_folder() / "digits-linear", app.store.folder(key), dirs_exist_ok=True)
        return key

    return keep


def text_of(place: Locator) -> str:
    return (place.inner_text() or "").replace(JOINER, "")


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_the_library(app: App, page: Page, kept: Callable[[str], str], title: str) -> None:
    key = kept(title)
    page.goto(f"{app.url}/?open={key}")
    headline = page.get_by_test_id("stMarkdownContainer").filter(has_text=" on Digits 8×8 · ")
    headline.wait_for()
    assert text_of(headline).split(" on Digits")[0].strip() == title.strip()
    assert headline.locator("strong").count() == 1
    assert headline.locator("code, em, del, img, .katex, [style*=color]").count() == 0
    assert text_of(page.locator(f".card[data-key='{key}'] b")).strip() == title.strip()


def test_the_other_pages(app: App, page: Page, kept: Callable[[str], str]) -> None:
    key = kept(TITLE)
    LatentPage(page).open(app, key)
    chosen = page.get_by_label(re.compile("Model")).first
    expect(chosen).to_have_value(f"{TITLE} · Digits 8×8 · saved")
    compare = ComparePage(page).open(app, key, "digits-linear")
    assert text_of(compare.control("pane").first.locator("h3")) == TITLE
    assert TITLE in text_of(page.get_by_test_id("stMultiSelect"))
    begin = page.get_by_role("button", name="Compare", exact=True)
    table = page.locator("table.figures").first
    begin.or_(table).first.wait_for()
    if begin.count():
        begin.press("Enter")
    table.wait_for(timeout=120_000)  # what is compared is computed after everything else
    assert TITLE in text_of(table)
    page.locator(".js-plotly-plot .main-svg").nth(9).wait_for()
    legends = page.locator(".js-plotly-plot .legendtext").all_text_contents()
    assert [text for text in legends if "R&" in text] == [text for text in legends if TITLE in text] != []
    headings = page.locator("strong").filter(has_text="is better, and where")
    assert TITLE in text_of(headings.first)
    assert all(TITLE in text_of(place) for place in page.locator("strong").filter(has_text="R&").all())
