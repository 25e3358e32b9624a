"""What the panel for an example of one's own makes of it: taken, uploaded or typed, with noise, on each map."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from aelib import Autoencoder, Experiment, load_dataset
from aelib.corruption import gaussian
from aelib.randomness import generator
from tests.browser.conftest import PATIENCE, App
from tests.browser.examplepanels import INDEX, Panels, made, number, shows
from tests.browser.latentmodel import digits, model_of


@pytest.fixture
def panels(page: Page) -> Panels:
    return Panels(page)


def test_the_point_on_show_is_taken_as_it_is(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    panel.get_by_test_id("take").click()
    expect(panels.latent.control("complaint")).to_contain_text("no point on show")
    panels.choose(INDEX)
    panels.latent.tab("own")
    panel = panels.own
    panel.get_by_test_id("take").click()
    panels.settle()
    x, _ = digits()
    assert torch.equal(panels.entered(), x[INDEX].flatten())
    assert panels.near(panel, "code")[0] == INDEX
    assert panels.latent.control("complaint").is_hidden()


def test_noise_is_put_on_what_the_model_sees(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panels.choose(INDEX)
    panel = panels.latent.tab("own")
    panel.get_by_test_id("take").click()
    panels.settle()
    again = panel.get_by_test_id("noise-again")
    expect(again).to_be_disabled()
    panel.get_by_test_id("noise-kind").select_option("gaussian")
    panel.get_by_test_id("noise-level").fill("0.3")
    expect(panel.get_by_test_id("noise-said")).to_have_text("σ = 0.30")
    panels.page.wait_for_timeout(100)
    panels.settle()
    model, clean = model_of("digits-variational"), digits()[0][INDEX : INDEX + 1]
    for seed in (0, 1):
        noisy = gaussian(clean, torch.tensor(0.3), generator(seed, "noise")).x
        rebuilt = model(noisy).detach()
        assert shows(panel.get_by_test_id("seen"), noisy)
        assert shows(panel.get_by_test_id("rebuilt"), rebuilt)
        error = float((clean - rebuilt).square().sum())
        assert number(panel.get_by_test_id("error")) == pytest.approx(error, rel=1e-4)
        expect(panel.get_by_test_id("share")).to_contain_text("without noise")
        again.click()
        panels.page.wait_for_timeout(100)
        panels.settle()


def test_a_conditional_decoder_is_told_what_is_chosen(app: App, panels: Panels) -> None:
    panels.latent.open(app, "digits-conditional")
    panels.choose(INDEX)
    panel = panels.latent.tab("own")
    panel.get_by_test_id("take").click()
    panels.settle()
    model, x = model_of("digits-conditional"), digits()[0][INDEX : INDEX + 1]
    code = model.encode(x).detach()
    assert shows(panel.get_by_test_id("rebuilt"), model.decode(code))
    panel.get_by_test_id("told").select_option("4")
    assert panels.latent.evaluate("latent => latent.space.told") == 4
    panels.page.wait_for_timeout(100)
    panels.settle()
    assert shows(panel.get_by_test_id("rebuilt"), model.decode(code, torch.tensor([4])))


def test_other_decoders_offer_no_class(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    assert not panel.get_by_test_id("told").is_visible()


def test_examples_that_are_no_pictures_are_typed(app: App, panels: Panels) -> None:
    experiment = Experiment.of("swiss_roll", "vanilla")
    panels.latent.open(app, made(app, experiment))
    panel = panels.latent.tab("own")
    assert panels.easel.count() == 0
    for k, text in enumerate(("0.5", "-0.25", "")):
        panel.get_by_test_id(f"feature-{k + 1}").fill(text)
    expect(panel.get_by_test_id("own-message")).to_have_text("“column 3” needs a number.")
    panel.get_by_test_id("feature-3").fill("0.125")
    panels.settle()
    expect(panel.get_by_test_id("own-message")).to_be_hidden()
    model = Autoencoder(experiment.network, experiment.objective, 0)
    x = torch.tensor([[0.5, -0.25, 0.125]])
    error = float((x - model(x)).square().sum().detach())
    assert number(panel.get_by_test_id("error")) == pytest.approx(error, rel=1e-4)
    panel.get_by_test_id("feature-3").fill("1000")
    expect(panel.get_by_test_id("own-message")).to_contain_text("outside the range")
    expect(panel.get_by_test_id("own-message")).to_contain_text("that the model was trained on")
    panels.choose(INDEX)
    panel = panels.latent.tab("own")
    panel.get_by_test_id("take").click()
    panels.page.wait_for_timeout(200)
    panels.settle()
    assert torch.allclose(panels.entered(), load_dataset("swiss_roll").test.x[INDEX], rtol=1e-6)
    expect(panel.get_by_test_id("near-common")).to_contain_text("features")


def test_maps_that_cannot_place_it_say_so(app: App, panels: Panels) -> None:
    experiment = Experiment.of(variant="variational", network={"hidden": (16,), "latent": 1})
    panels.latent.open(app, made(app, experiment))
    panel = panels.latent.tab("own")
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    expect(panel.get_by_test_id("own-place")).to_have_text("This map has a row for each label, and yours has none.")
    assert panels.marks("own") == []


def test_where_the_server_cannot_place_it_the_panel_says_why(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    assert len(panels.marks("own")) == 1
    # A map as it is after the process that made it has gone.
    panels.latent.evaluate(
        """latent => latent.space.show({ ...latent.space.layout, method: "umap", units: [], axisNames: null,
            projection: { method: "umap", dimensions: 2 } })"""
    )
    expect(panel.get_by_test_id("own-place")).to_contain_text("make it again", timeout=PATIENCE)
    assert panels.marks("own") == [], "not where it was on the other map"


def test_the_mark_goes_and_comes_with_its_panel(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panels.latent.tab("own")
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    assert len(panels.marks("own")) == 1
    panels.latent.tab("point")
    assert panels.marks("own") == []
    panels.latent.tab("own")
    assert len(panels.marks("own")) == 1


def picture_file(folder: Path, pixels: np.ndarray, name: str = "mine.png") -> Path:
    Image.fromarray(pixels.astype(np.uint8)).save(folder / name)
    return folder / name


def test_an_uploaded_picture_is_fitted_and_inverted(app: App, panels: Panels, tmp_path: Path) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    pixels = np.kron(np.arange(64).reshape(8, 8) * 4, np.ones((8, 8)))
    panel.get_by_test_id("file").set_input_files(picture_file(tmp_path, pixels))
    panels.settle()
    plain = panels.entered()
    assert torch.allclose(plain, torch.arange(64) * 4 / 255, atol=2 / 255)
    panel.get_by_test_id("invert").check()
    panels.page.wait_for_timeout(100)
    panels.settle()
    assert torch.allclose(panels.entered(), 1 - plain, atol=1e-4)
    # A wide one: dark on light, the ground around it is ground.
    wide = np.full((40, 80), 255)
    wide[:, 30:50] = 0
    panel.get_by_test_id("file").set_input_files(picture_file(tmp_path, wide, "wide.png"))
    panels.page.wait_for_timeout(300)
    panels.settle()
    x = panels.entered().reshape(8, 8)
    assert x[:2].abs().max() == 0
    assert x[2:6, 3:5].min() > 0.95
    assert x[2:6, :2].max() < 0.05
    # What has been cleared does not come back.
    panel.get_by_test_id("clear").click()
    panel.get_by_test_id("invert").uncheck()
    panels.page.wait_for_timeout(300)
    expect(panel.get_by_test_id("own-empty")).to_be_visible()


def test_dark_ink_on_a_transparent_ground_is_turned_over(app: App, panels: Panels, tmp_path: Path) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    invert, file = panel.get_by_test_id("invert"), panel.get_by_test_id("file")
    bar = np.zeros((64, 64, 4))
    bar[8:56, 24:40, 3] = 255
    for ink, dark in ((10, True), (250, False)):
        bar[..., :3] = ink
        file.set_input_files(picture_file(tmp_path, bar))
        expect(invert).to_be_checked(checked=dark)
        panels.page.wait_for_timeout(300)
        panels.settle()
        x = panels.entered().reshape(8, 8)
        assert x[1:7, 3:5].min() > 0.95
        assert x[:, :3].max() < 0.05
    # Turned over by hand there is nothing left to see, and the panel says why.
    bar[..., :3] = 0
    file.set_input_files(picture_file(tmp_path, bar))
    invert.uncheck()
    expect(panel.get_by_test_id("own-empty")).to_contain_text("tick “invert”")
    # Of an opaque picture nobody knows: it is taken as the user took the last one.
    file.set_input_files(picture_file(tmp_path, np.kron(np.eye(8) * 255, np.ones((8, 8)))))
    panels.page.wait_for_timeout(300)
    panels.settle()
    assert torch.allclose(panels.entered().reshape(8, 8), torch.eye(8), atol=0.05)
    said = panel.get_by_test_id("own-message")
    for nothing, words in ((np.zeros((8, 8, 4)), "wholly transparent"), (np.full((8, 8), 200), "one colour all over")):
        file.set_input_files(picture_file(tmp_path, nothing))
        expect(said).to_contain_text(f'"mine.png" is {words if nothing.ndim == 3 else "of " + words}')


def test_what_is_no_picture_is_refused_in_a_sentence(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    said = panel.get_by_test_id("own-message")
    file = panel.get_by_test_id("file")
    file.set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"these are words"})
    expect(said).to_contain_text('"notes.png" is not a picture')
    big = io.BytesIO(bytes(10 * 2**20 + 1))
    file.set_input_files({"name": "big.png", "mimeType": "image/png", "buffer": big.getvalue()})
    expect(said).to_contain_text("at most 10 MB")
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    expect(said).to_be_hidden()
