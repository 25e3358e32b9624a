"""The panel for one point shows what PyTorch computes, and does what it says."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from aelib import Autoencoder, Experiment
from aelib.geometry import tangent_plane
from aelib.latent.codes import encode_all
from tests.browser.conftest import App
from tests.browser.examplepanels import INDEX, Panels, made, nearest, number, shows
from tests.browser.latentmodel import digits, model_of


@pytest.fixture
def panels(page: Page) -> Panels:
    return Panels(page)


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
