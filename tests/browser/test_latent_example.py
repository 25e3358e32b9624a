"""The panels for one point and for an example of one's own show what PyTorch computes, and do what they say."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from aelib import Autoencoder, Experiment, load_dataset
from aelib.checkpoint import Checkpoint
from aelib.corruption import gaussian
from aelib.geometry import tangent_plane
from aelib.latent.codes import encode_all
from aelib.randomness import generator
from aelib.runs.home import pretrained_folder
from tests.browser.conftest import PATIENCE, App
from tests.browser.latentpage import LatentPage

#: Grey levels by which a picture may differ: 1e-3 of the range, and rounding.
LEVELS = 1
INDEX = 12


def digits() -> tuple[Tensor, Tensor]:
    """Held-out digits, then those of the training: the order of the map."""
    data = load_dataset("digits")
    return torch.cat([data.test.x, data.train.x]), torch.cat([data.test.y, data.train.y])


def model_of(key: str) -> Autoencoder:
    return Autoencoder.load(pretrained_folder() / key).eval()


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


class Panels:
    """Drives the two panels."""

    def __init__(self, latent: LatentPage) -> None:
        self.latent = latent
        self.page = latent.page
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


@pytest.fixture
def panels(page: Page) -> Panels:
    return Panels(LatentPage(page))


def made(app: App, experiment: Experiment, seed: int = 0, run_id: str = "") -> str:
    """A run that has ended, with the weights of a seed; or other weights for one."""
    run_id = run_id or app.store.create(experiment, "cpu", "Made")
    app.store.update(run_id, status="finished", saved=False)
    model = Autoencoder(experiment.network, experiment.objective, seed)
    values = experiment.model_dump(mode="json")
    Checkpoint(network=model.spec, objective=model.objective, experiment=values).write(app.store.folder(run_id), model)
    return run_id


# --- one point ---------------------------------------------------------------------------------------


def test_without_a_point_the_panel_tells_how_to_get_one(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("point")
    expect(panel.get_by_test_id("point-empty")).to_have_text("Click a point on the map, or search for an index.")
    expect(panel.get_by_test_id("rebuilt")).to_be_hidden()
    panels.choose(INDEX)
    expect(panel.get_by_test_id("point-empty")).to_be_hidden()


@pytest.mark.parametrize("key", ["digits-variational", "digits-vanilla", "digits-conditional", "digits-convolutional"])
def test_a_point_on_show_is_what_the_model_makes_of_it(app: App, panels: Panels, key: str) -> None:
    panels.latent.open(app, key)
    panel = panels.choose(INDEX)
    x, y = digits()
    model, one, label = model_of(key), x[INDEX : INDEX + 1], y[INDEX : INDEX + 1]
    told = label if key == "digits-conditional" else None
    codes = encode_all(model, one, told)
    rebuilt = model.decode(codes.mean, told).detach()
    squares = (one - rebuilt).square()
    assert shows(panel.get_by_test_id("seen"), one)
    assert shows(panel.get_by_test_id("rebuilt"), rebuilt)
    assert shows(panel.get_by_test_id("error-map"), squares, 0, float(squares.max()))
    assert number(panel.get_by_test_id("error")) == pytest.approx(float(squares.sum()), rel=1e-4)
    expect(panel.get_by_test_id("point-head")).to_have_text(f"#{INDEX} · label {int(label)} · held out")
    if codes.kl is None:
        expect(panel.get_by_test_id("kl")).to_be_hidden()
    else:
        assert number(panel.get_by_test_id("kl")) == pytest.approx(float(codes.kl), rel=1e-4)
        expect(panel.get_by_test_id("kl")).to_contain_text("nats")
    jacobian = torch.autograd.functional.jacobian(lambda z: model.decode(z, told).flatten(), codes.mean)[:, 0]
    magnification = float(torch.linalg.det(jacobian.T.double() @ jacobian.double()).sqrt().log10())
    assert number(panel.get_by_test_id("magnification")) == pytest.approx(magnification, abs=1e-3)


def test_tangent_directions_are_the_decoders(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.choose(INDEX)
    model, x = model_of("digits-variational"), digits()[0][INDEX : INDEX + 1]
    plane = tangent_plane(lambda z: model.decode(z).flatten(1), model.encode(x).detach(), 2, "output")
    figures = panel.get_by_test_id("decoder-directions").locator("figure")
    expect(figures).to_have_count(2)
    for k in range(2):
        direction = plane.directions[0, k]
        most = float(direction.abs().max())
        assert shows(figures.nth(k).locator("canvas"), direction, -most, most)
        assert f"s = {float(plane.singular_values[0, k]):.3g}" in figures.nth(k).inner_text()


def test_neighbours_are_the_nearest_and_lead_on(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.choose(INDEX)
    x, _ = digits()
    codes = model_of("digits-variational").encode(x).detach()
    by_code, by_pixel = panels.near(panel, "code"), panels.near(panel, "pixels")
    assert set(by_code) == set(nearest(codes, codes[INDEX], 11)) - {INDEX}
    assert set(by_pixel) == set(nearest(x, x[INDEX], 11)) - {INDEX}
    common = set(by_code) & set(by_pixel)
    assert panel.locator("[data-by=code] [data-both=true]").count() == len(common)
    first = panel.locator("[data-by=pixels] .near-cell").first
    assert shows(first.locator("canvas"), x[by_pixel[0]])
    distance = float((x[by_pixel[0]] - x[INDEX]).norm())
    assert f"distance {distance:.3g} in data units" in (first.get_attribute("title") or "")
    first.focus()
    first.press("Enter")
    panels.inspected(by_pixel[0])
    assert panels.latent.evaluate("latent => latent.space.point") == by_pixel[0]


def test_what_both_rows_share_is_marked_and_said(app: App, panels: Panels) -> None:
    # Its code is the picture itself.
    panels.latent.open(app, "digits-overcomplete")
    panel = panels.choose(INDEX)
    expect(panel.get_by_test_id("near-common")).to_have_text(
        "All of the 10 nearest in code are also among the 10 nearest in pixels."
    )
    assert panel.locator("[data-both=true]").count() == 20
    expect(panel.locator(".bar-cell")).to_have_count(64)


def test_a_click_on_the_map_opens_the_panel_with_rings_and_ellipses(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panels.latent.tab("own")
    panels.latent.click(INDEX)
    # Where points lie close another one may be on top.
    index = panels.latent.evaluate("latent => latent.space.point")
    assert index >= 0
    panel = panels.inspected(index)
    expect(panel).to_be_visible()
    posterior = model_of("digits-variational").posterior(digits()[0][index : index + 1])
    marks = panels.marks("inspection")
    ellipses = [mark for mark in marks if mark["shape"] == "ellipse"]
    for times, mark in zip((1, 2), ellipses, strict=True):
        assert [mark["x"], mark["y"]] == pytest.approx(posterior.mean[0].tolist(), abs=1e-5)
        assert [mark["rx"], mark["ry"]] == pytest.approx((times * posterior.scale[0]).tolist(), abs=1e-5)
    assert len(marks) == 22
    codes = model_of("digits-variational").encode(digits()[0]).detach()
    ring = marks[-10]
    assert [ring["x"], ring["y"]] == pytest.approx(codes[panels.near(panel, "code")[0]].tolist(), abs=1e-5)
    panels.latent.tab("own")
    assert panels.marks("inspection") == []


def test_ellipses_follow_the_layout(app: App, panels: Panels) -> None:
    panels.latent.open(app, "digits-vae-10")
    panels.choose(INDEX)
    panels.latent.layout("pca")
    model, (x, _) = model_of("digits-vae-10"), digits()
    layout = panels.latent.evaluate("latent => Array.from(latent.space.layout.components)")
    components = torch.tensor(layout).reshape(2, -1)
    scale = model.posterior(x[INDEX : INDEX + 1]).scale[0].detach()
    covariance = components @ scale.square().diag() @ components.T
    one = next(mark for mark in panels.marks("inspection") if mark["shape"] == "ellipse")
    turn = torch.tensor([[np.cos(one["angle"]), -np.sin(one["angle"])], [np.sin(one["angle"]), np.cos(one["angle"])]])
    drawn = turn @ torch.tensor([one["rx"], one["ry"]]).square().diag().to(turn) @ turn.T
    assert torch.allclose(drawn.float(), covariance, atol=1e-5)
    panels.latent.layout("pca", 3)
    marks = panels.marks("inspection")
    assert len(marks) == 20
    assert all(mark["shape"] != "ellipse" and np.isfinite(mark["z"]) for mark in marks)


def test_units_are_told_by_hover_and_by_keys(app: App, panels: Panels) -> None:
    panels.latent.open(app, "digits-vae-10")
    panel = panels.choose(INDEX)
    codes = encode_all(model_of("digits-vae-10"), digits()[0][INDEX : INDEX + 1])
    assert codes.deviation is not None
    readout = panel.get_by_test_id("unit-readout")
    panel.locator(".bar-chart").focus()
    panel.locator(".bar-chart").press("End")
    panel.locator(".bar-chart").press("ArrowLeft")
    expect(readout).to_contain_text("unit 9: z =")
    panel.locator("[data-unit='2']").hover()
    expect(readout).to_contain_text(
        f"unit 3: z = {float(codes.mean[0, 2]):.3g}, σ = {float(codes.deviation[0, 2]):.3g}"
    )
    collapsed = panels.latent.evaluate("latent => latent.space.meta.collapsed")
    assert collapsed
    assert panel.locator(".bar-cell[data-collapsed=true]").count() == len(collapsed)
    panel.locator(f"[data-unit='{collapsed[0]}']").hover()
    expect(readout).to_contain_text("collapsed")


def test_new_weights_are_asked_about_by_themselves(app: App, panels: Panels) -> None:
    experiment = Experiment.of(variant="variational", network={"hidden": (16,)})
    run_id = made(app, experiment)
    panels.latent.open(app, run_id)
    panel = panels.choose(INDEX)
    before = panel.get_attribute("data-stamp")
    made(app, experiment, seed=1, run_id=run_id)
    expect(panel).not_to_have_attribute("data-stamp", before or "")
    model = Autoencoder(experiment.network, experiment.objective, 1)
    assert shows(panel.get_by_test_id("rebuilt"), model(digits()[0][INDEX : INDEX + 1]))


# --- one's own ---------------------------------------------------------------------------------------


def test_a_drawing_is_answered_while_it_is_drawn(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    expect(panel.get_by_test_id("own-empty")).to_be_visible()
    panels.draw((0.3, 0.2), (0.7, 0.2), (0.5, 0.8))
    panels.settle()
    assert int(panel.get_attribute("data-answered") or 0) > 1, "answers came on the way"
    x = panels.entered()
    assert x.min() >= 0
    assert 0.5 < x.max() <= 1
    model = model_of("digits-variational")
    code = model.encode(x[None]).detach()
    rebuilt = model.decode(code).detach()
    assert shows(panel.get_by_test_id("seen"), x)
    assert shows(panel.get_by_test_id("rebuilt"), rebuilt)
    error = float((x - rebuilt.flatten()).square().sum())
    assert number(panel.get_by_test_id("error")) == pytest.approx(error, rel=1e-4)
    held_out = encode_all(model, load_dataset("digits").test.x).errors
    share = float((held_out < error).double().mean())
    assert float(panel.get_by_test_id("share").get_attribute("data-share") or -1) == pytest.approx(share, abs=2e-3)
    expect(panel.get_by_test_id("share")).to_contain_text("500 held-out examples")
    assert set(panels.near(panel, "pixels")) == set(nearest(digits()[0], x, 10))
    (mark,) = panels.marks("own")
    assert mark["label"] == "yours"
    assert [mark["x"], mark["y"]] == pytest.approx(code[0].tolist(), abs=1e-4)


def test_erasing_and_clearing_lead_back_to_an_empty_sheet(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    panel.locator("[data-tool=erase]").click()
    expect(panel.locator("[data-tool=erase]")).to_have_attribute("aria-pressed", "true")
    panel.get_by_test_id("brush").fill("2")
    panels.draw((0.25, 0.5), (0.75, 0.5))
    expect(panel.get_by_test_id("own-empty")).to_be_visible()
    assert panels.marks("own") == []
    panel.locator("[data-tool=draw]").click()
    panels.draw((0.3, 0.5), (0.7, 0.5))
    panels.settle()
    panel.get_by_test_id("clear").click()
    expect(panel.get_by_test_id("own-empty")).to_be_visible()


def test_a_larger_brush_leaves_more_ink(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panel = panels.latent.tab("own")
    ink = []
    for size in ("1", "2"):
        panel.get_by_test_id("clear").click()
        panel.get_by_test_id("brush").fill(size)
        panels.draw((0.2, 0.5), (0.8, 0.5))
        panels.settle()
        ink.append(float(panels.entered().sum()))
    assert 1.8 < ink[1] / ink[0] < 2.6


def test_keys_draw_as_well(app: App, panels: Panels) -> None:
    panels.latent.open(app)
    panels.latent.tab("own")
    panels.easel.focus()
    for key in ("ArrowLeft", "ArrowUp", "Space", "Shift+ArrowRight", "Shift+ArrowRight"):
        panels.easel.press(key)
    panels.settle()
    x = panels.entered().reshape(8, 8)
    # From (3, 3) to (5, 3), with a brush 1 px wide: half of it above, half below.
    assert x[2:4, 3:5].min() > 0.4
    assert x[4:].abs().max() == 0
    assert x[:2].abs().max() == 0


def test_fingers_draw_on_a_phone(app: App, chromium: Any) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    try:
        panels = Panels(LatentPage(context.new_page()))
        panels.latent.open(app)
        panels.latent.tab("own")
        panels.draw((0.5, 0.5), touch=True)
        panels.settle()
        assert panels.entered().sum() > 0
        widths = panels.latent.evaluate(
            "latent => [document.scrollingElement.scrollWidth, innerWidth, latent.root.scrollWidth, latent.root.clientWidth]"
        )
        assert widths[0] <= widths[1]
        assert widths[2] <= widths[3]
    finally:
        context.close()


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
    expect(panel.get_by_test_id("own-message")).to_have_text("Feature 3 needs a number.")
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
        """latent => latent.space.show({ ...latent.space.layout, method: "umap", units: [], axes: null,
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
