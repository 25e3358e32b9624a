"""Projections that take long: progress, cancelling, coming back, and what a map without an inverse can tell."""

import pytest
import torch
from playwright.sync_api import Page, expect

from aelib import Autoencoder, load_dataset
from aelib.home import pretrained_folder
from aelib.objectives.base import CHUNK
from tests.browser.conftest import MNIST, App
from tests.browser.latentpage import LatentPage

needs_mnist = pytest.mark.skipif(not MNIST, reason="needs real MNIST, in AELIB_DATA or beside the repository")
#: Milliseconds for a projection on a busy machine.
LONG = 180_000


@pytest.fixture
def latent(page: Page) -> LatentPage:
    page.set_default_timeout(LONG)
    return LatentPage(page)


def test_a_t_sne_comes_with_progress_and_is_there_at_once_on_the_next_visit(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10")
    latent.control("method").select_option("tsne")
    latent.page.wait_for_selector("[data-testid=projecting]:not([hidden])")
    latent.page.wait_for_function(
        "root => root.querySelector('[data-testid=projecting] progress').value > 0.2",
        arg=latent.root.element_handle(),
    )
    latent.wait_for_layout("tsne")
    assert latent.control("projecting").is_hidden()
    latent.page.mouse.move(*latent.pixel(11))
    assert "has no inverse" in latent.root.locator(".pointer-panel").inner_text()
    score = float(latent.control("score").get_attribute("data-trustworthiness") or 0)
    assert 0.9 < score <= 1
    points = latent.evaluate("latent => Array.from(latent.space.layout.points)")
    latent.page.reload()
    latent.ready()
    told = latent.evaluate(
        """async latent => {
            const told = [];
            await latent.view.layouts.project({ method: 'tsne', dimensions: 2 }, (share, text) => told.push(text));
            return told;
        }"""
    )
    assert told == []  # nothing was computed
    latent.layout("tsne")
    assert latent.evaluate("latent => Array.from(latent.space.layout.points)") == points


def test_a_drawn_example_has_no_place_on_a_t_sne_and_the_page_says_so(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10").layout("tsne")
    latent.search("#7")
    latent.tab("own").get_by_test_id("take").click()
    latent.page.wait_for_function(
        "root => root.innerText.includes('t-SNE has no place for new codes')", arg=latent.root.element_handle()
    )


def test_bad_settings_are_one_sentence_and_the_map_stays(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-variational")
    said = latent.evaluate(
        """async latent => latent.space.ask('project', { projection: { method: 'umap', neighbours: 20 }, limit: 15 })
            .answer.then(() => 'an answer', error => error.message)"""
    )
    assert "more than 20 points (got 15)" in said
    assert latent.evaluate("latent => latent.space.layout.method") == "axes"


@needs_mnist
def test_ten_thousand_digits_of_mnist_are_what_encode_gives(app: App, latent: LatentPage) -> None:
    latent.open(app, "mnist-vae")
    assert latent.evaluate("latent => latent.space.count") == 10_000
    plotted = torch.tensor(latent.evaluate("latent => Array.from(latent.space.layout.points)")).reshape(-1, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AELIB_DATA", str(MNIST))
        x = load_dataset("mnist").test.x
    model = Autoencoder.load(pretrained_folder() / "mnist-vae")
    with torch.no_grad():
        expected = torch.cat([model.encode(some) for some in x.split(CHUNK)])  # sums in the same order
    assert (plotted - expected).abs().max() <= 1e-6


@needs_mnist
def test_the_page_stays_live_while_umap_computes_and_cancels_at_once(app: App, latent: LatentPage) -> None:
    latent.open(app, "mnist-vae")
    latent.page.wait_for_function(
        "({ latent: { space } }) => space.pictures.known.size === space.count", arg=latent.root.element_handle()
    )
    latent.control("method").select_option("umap")
    latent.page.wait_for_selector("[data-testid=projecting]:not([hidden])")
    box = latent.cloud.bounding_box()
    assert box
    seen = set()
    for k in range(40):
        latent.page.mouse.move(box["x"] + 30 + (box["width"] - 60) * k / 40, box["y"] + box["height"] * 0.5)
        seen.add(latent.picture(latent.control("decoded")))
    assert len(seen) >= 35
    latent.control("cancel").click()
    latent.page.wait_for_selector("[data-testid=projecting]", state="hidden")
    assert latent.control("method").input_value() == "axes"
    assert latent.evaluate("latent => latent.space.layout.method") == "axes"


@needs_mnist
def test_all_of_mnist_is_on_the_map(app: App, latent: LatentPage) -> None:
    latent.open(app, "mnist-vae", limit=70_000)
    assert latent.evaluate("latent => latent.space.count") == 70_000
    before = latent.map_picture()
    latent.page.mouse.move(*latent.pixel(3))
    for _ in range(6):
        latent.page.mouse.wheel(0, -300)
    assert latent.map_picture() != before


BOX = "latent => { const { low, high } = latent.view.map.cloud.box; return [...low, ...high]; }"
RINGS = "latent => latent.view.map.cloud.scene.layout.rings.map(({ centre, radius }) => [...centre, radius])"


def test_a_variational_map_has_the_scale_of_its_prior_where_it_is_a_straight_view_of_the_code(
    app: App, latent: LatentPage
) -> None:
    latent.open(app, "digits-variational")
    scale = latent.control("scale")
    expect(scale).to_have_value("prior")
    left, bottom, right, top = latent.evaluate(BOX)
    assert max(left, bottom) <= -3
    assert min(right, top) >= 3
    assert (right - left) / (top - bottom) == pytest.approx(
        latent.evaluate("latent => { const { size } = latent.view.map.cloud; return size.width / size.height; }")
    )
    assert latent.evaluate(RINGS) == [[0, 0, 1], [0, 0, 2]]
    latent.layout("pca")
    zero = latent.evaluate("latent => latent.view.map.placeOf(new Float32Array(2))")
    assert latent.evaluate(RINGS) == [[*zero, 1], [*zero, 2]]
    scale.select_option("fit")
    fitted = latent.evaluate(BOX)
    scale.select_option("prior")
    assert latent.evaluate(BOX) != fitted
    latent.open(app, "digits-vae-10")
    expect(scale).to_be_visible()
    latent.layout("pca", 3)
    expect(scale).to_be_hidden()
    latent.open(app, "digits-denoising")
    expect(scale).to_be_hidden()
    assert latent.evaluate(RINGS) == []
