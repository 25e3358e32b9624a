"""Rows of a table on the latent space page: as their columns, in the table's units, and the colour of the map in the link."""

from playwright.sync_api import Page, expect

from aelib import Experiment, load_dataset
from tests.browser.conftest import App
from tests.browser.examplepanels import made
from tests.browser.latentpage import LatentPage


def test_a_row_is_its_columns_and_the_link_has_the_colour(app: App, page: Page) -> None:
    data = load_dataset("iris")
    assert data.table
    key = made(app, Experiment.of("iris", "vanilla", network={"hidden": (8,), "latent": 2}))
    latent = LatentPage(page).open(app, key, colour="column%202")
    expect(latent.root.locator(".legend-title")).to_have_text("petal length (cm)")
    latent.click(3)
    example = latent.control("point-panel").get_by_test_id("example-row")
    names = example.locator("tbody th").all_inner_texts()
    assert names == [*data.table.places]
    there = [f"{float(column[3]):g}" for column in data.table.decode(data.test.x).values()]
    expect(example.locator("tbody td:nth-child(2)")).to_have_text(there)
    expect(latent.root.get_by_test_id("pointer-row").locator("tbody td:nth-child(3)")).to_have_text(there)
    assert latent.evaluate("latent => latent.view.map.cloud.thumbnails") is None
    latent.control("colour").select_option("errors")
    page.wait_for_url("**colour=errors")
    latent.open(app, key, colour="column%2099")
    expect(latent.control("colour")).to_have_value("label")
    page.wait_for_url(lambda url: "colour" not in url)
    expect(page.get_by_test_id("stException")).to_have_count(0)
