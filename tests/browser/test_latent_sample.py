"""The Sample panel: what is drawn is what PyTorch decodes, and what is near is near."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from aelib import Autoencoder, load_dataset
from aelib.home import pretrained_folder
from aelib.latent.aggregate import aggregate
from aelib.latent.codes import encode_all
from aelib.randomness import generator
from tests.browser.conftest import App
from tests.browser.latentpage import LatentPage


@pytest.fixture
def latent(page: Page) -> LatentPage:
    return LatentPage(page)


def model_of(key: str) -> Autoencoder:
    return Autoencoder.load(pretrained_folder() / key)


def drawn(latent: LatentPage, count: int) -> None:
    """Wait until the draws last asked for are there, so many tiles, and all are painted."""
    expect(latent.control("drawing")).to_be_empty()
    expect(latent.control("sample")).to_have_count(count)
    latent.page.wait_for_function(
        "root => root.querySelector('[data-testid=tiles][data-painting=false] [data-testid=sample]')",
        arg=latent.root.element_handle(),
    )


def pictures(latent: LatentPage) -> np.ndarray:
    """Grey values of the samples as painted, one row each."""
    values = latent.root.evaluate(
        """root => [...root.querySelectorAll('[data-testid=sample] > canvas')].map(canvas => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return Array.from(data).filter((_, i) => i % 4 === 0);
        })"""
    )
    return np.array(values, dtype=float)


def decoded(key: str, codes: torch.Tensor, label: int = -1) -> np.ndarray:
    model = model_of(key)
    told = torch.full((len(codes),), label) if model.spec.classes and label >= 0 else None
    with torch.no_grad():
        return 255 * model.decode(codes, told).flatten(1).numpy()


def test_samples_are_the_decoded_draws(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("sample")
    drawn(latent, 10)
    codes = torch.randn(10, 2, generator=generator(0, "samples"))
    assert np.abs(pictures(latent) - decoded("digits-variational", codes)).max() <= 0.5 + 0.255
    latent.control("new-draws").click()
    latent.page.wait_for_selector(".sample-panel[data-seed='1']")
    drawn(latent, 10)
    codes = torch.randn(10, 2, generator=generator(1, "samples"))
    assert np.abs(pictures(latent) - decoded("digits-variational", codes)).max() <= 0.5 + 0.255


def test_distances_are_those_to_the_nearest_training_example(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("sample")
    latent.control("count").select_option("20")
    drawn(latent, 20)
    codes = torch.randn(20, 2, generator=generator(0, "samples"))
    data = load_dataset("digits")
    samples = torch.tensor(decoded("digits-variational", codes)) / 255
    distances = torch.cdist(samples.double(), data.train.x.flatten(1).double())
    captions = latent.control("sample").locator("figcaption").all_inner_texts()
    nearest, index = distances.min(1)
    assert captions == [f"{d:.2f} · {data.classes[data.train.y[i]]}" for d, i in zip(nearest, index, strict=True)]
    assert f"Median distance {float(nearest.quantile(0.5)):.2f}" in latent.control("sample-note").inner_text()
    assert "copied, not invented" in latent.control("sample-note").inner_text()
    # The nearest example of the first is looked at by a click: it stands after the held-out ones on the map.
    latent.control("sample").first.locator("button").click()
    assert latent.evaluate("latent => latent.space.point") == len(data.test) + int(index[0])


def test_samples_stand_on_the_map_where_their_codes_are(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("sample")
    drawn(latent, 10)
    codes = torch.randn(10, 2, generator=generator(0, "samples")).numpy()
    read = "latent => (latent.view.map.drawings.get('sample')?.marks ?? []).map(({ x, y, label }) => [x, y, label])"
    marks = latent.evaluate(read)
    assert np.allclose([mark[:2] for mark in marks], codes, atol=1e-6)
    assert [mark[2] for mark in marks] == list("ABCDEFGHIJ")
    latent.control("sample").nth(3).hover()
    ring = latent.evaluate(read)[-1]
    assert np.allclose(ring[:2], codes[3], atol=1e-6)
    latent.layout("pca")
    latent.page.wait_for_timeout(300)
    marks = latent.evaluate(read)
    inverted = "latent => { const { components, mean } = latent.space.layout; return [Array.from(components), Array.from(mean)]; }"
    components, mean = latent.evaluate(inverted)
    places = (codes - np.array(mean)) @ np.array(components).reshape(2, 2).T
    assert np.allclose([mark[:2] for mark in marks[:10]], places, atol=1e-5)
    latent.tab("export")
    assert latent.evaluate(read) == []


def test_a_model_without_a_prior_says_so(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vanilla")
    latent.tab("sample")
    drawn(latent, 10)
    assert latent.control("source").input_value() == "codes"
    expect(latent.control("no-prior")).to_be_hidden()
    before = pictures(latent)
    latent.control("source").select_option("prior")
    expect(latent.control("no-prior")).to_be_visible()
    expect(latent.control("no-prior")).to_contain_text("Nothing trained this prior")
    drawn(latent, 10)
    codes = torch.randn(10, model_of("digits-vanilla").spec.latent, generator=generator(0, "samples"))
    assert np.abs(pictures(latent) - decoded("digits-vanilla", codes)).max() <= 0.5 + 0.255
    assert np.abs(pictures(latent) - before).max() > 10


def test_classes_are_told_one_or_all(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-conditional")
    latent.tab("sample")
    drawn(latent, 10)
    key, latent_size = "digits-conditional", model_of("digits-conditional").spec.latent
    codes = torch.randn(10, latent_size, generator=generator(0, "samples"))
    assert np.abs(pictures(latent) - decoded(key, codes)).max() <= 0.5 + 0.255
    latent.control("sample-class").select_option("7")
    drawn(latent, 10)
    assert np.abs(pictures(latent) - decoded(key, codes, 7)).max() <= 0.5 + 0.255
    latent.control("sample-class").select_option("every")
    drawn(latent, 100)
    expected = np.concatenate([decoded(key, codes, label) for label in range(10)])
    assert np.abs(pictures(latent) - expected).max() <= 0.5 + 0.255
    assert latent.root.locator(".tile-class > b").all_inner_texts() == list("0123456789")
    assert latent.control("count").locator("option[value='100']").is_disabled()


def test_units_are_shown_by_their_divergence(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10")
    latent.tab("sample")
    expect(latent.control("density")).to_have_count(10)
    data = load_dataset("digits")
    kl = aggregate(encode_all(model_of("digits-vae-10"), torch.cat([data.test.x, data.train.x]))).kl
    assert kl is not None
    found = latent.root.evaluate(
        "root => [...root.querySelectorAll('[data-testid=density]')].map(({ dataset }) => [Number(dataset.unit), Number(dataset.kl)])"
    )
    order = kl.argsort(descending=True)
    assert [unit for unit, _ in found] == order.tolist()
    assert np.allclose([value for _, value in found], kl[order], rtol=1e-5)
    spoken = latent.control("density").first.inner_text()
    assert float(re.search(r"([\d.]+) nats", spoken)[1]) == pytest.approx(float(kl.max()), rel=0.01)
    expect(latent.control("all-units")).to_be_hidden()


def test_more_than_ten_units_are_shown_when_asked(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-overcomplete")
    units = model_of("digits-overcomplete").spec.latent
    assert units > 10
    latent.tab("sample")
    expect(latent.control("density")).to_have_count(10)
    latent.control("all-units").click()
    expect(latent.control("density")).to_have_count(units)
    latent.control("all-units").click()
    expect(latent.control("density")).to_have_count(10)


def test_the_panel_fits_a_phone(app: App, new_page) -> None:
    latent = LatentPage(new_page(390, 844, dark=True)).open(app)
    latent.tab("sample")
    drawn(latent, 10)
    assert latent.page.evaluate("() => document.documentElement.scrollWidth") <= 390
