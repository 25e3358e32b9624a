"""The latent space page: the map is what the model encodes, and every place of it can be decoded at once."""

from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from aelib import Autoencoder, load_dataset
from aelib.home import pretrained_folder
from tests.browser.conftest import App, Bench, wait_for
from tests.browser.latentpage import LatentPage


@pytest.fixture
def latent(page: Page) -> LatentPage:
    return LatentPage(page)


def codes_of(key: str) -> torch.Tensor:
    """Of the held-out digits, then those of the training: the order of the map."""
    data = load_dataset("digits")
    with torch.no_grad():
        return Autoencoder.load(pretrained_folder() / key).encode(torch.cat([data.test.x, data.train.x]))


def test_raw_axes_are_what_encode_gives(app: App, latent: LatentPage) -> None:
    latent.open(app)
    plotted = torch.tensor(latent.evaluate("latent => Array.from(latent.space.layout.points)")).reshape(-1, 2)
    assert (plotted - codes_of("digits-variational")).abs().max() <= 1e-6


def test_principal_axes_are_those_of_scikit_learn(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10").layout("pca")
    plotted = torch.tensor(latent.evaluate("latent => Array.from(latent.space.layout.points)")).reshape(-1, 2)
    expected = torch.tensor(PCA(2).fit_transform(codes_of("digits-vae-10").double().numpy()))
    for ours, theirs in zip(plotted.T, expected.T, strict=True):
        assert min((ours - theirs).abs().max(), (ours + theirs).abs().max()) <= 1e-4


def test_the_score_is_that_of_scikit_learn(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10").layout("pca")
    latent.page.wait_for_selector("[data-testid=score][data-trustworthiness]")
    points = torch.tensor(latent.evaluate("latent => Array.from(latent.space.layout.points)")).reshape(-1, 2)
    expected = trustworthiness(codes_of("digits-vae-10").numpy(), points.numpy(), n_neighbors=15)
    assert float(latent.control("score").get_attribute("data-trustworthiness") or 0) == pytest.approx(
        expected, abs=1e-6
    )


def test_hover_decodes_without_the_network(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.page.wait_for_timeout(500)
    box = latent.cloud.bounding_box()
    assert box
    sent = latent.count_messages()
    seen = set()
    for k in range(60):
        latent.page.mouse.move(
            box["x"] + 20 + (box["width"] - 40) * k / 60, box["y"] + box["height"] * (0.3 + 0.006 * k)
        )
        seen.add(latent.picture(latent.control("decoded")))
    assert len(seen) >= 55
    assert sent() == 0


@pytest.mark.parametrize(
    ("key", "method"), [("digits-variational", "axes"), ("digits-vae-10", "axes"), ("digits-vae-10", "pca")]
)
def test_a_place_is_decoded_as_pytorch_does(app: App, latent: LatentPage, key: str, method: str) -> None:
    latent.open(app, key).layout(method)
    latent.page.mouse.move(*latent.pixel(3))
    found = latent.evaluate(
        """latent => {
            const { x, y, index } = latent.view.map.cloud.controls.pointer;
            const { code } = latent.view.map.codeAt(x, y, index);
            return { x, y, index, code: Array.from(code), decoded: Array.from(latent.space.decode(code)) };
        }"""
    )
    code = torch.tensor([found["code"]])
    with torch.no_grad():
        expected = Autoencoder.load(pretrained_folder() / key).decode(code).flatten()
    assert (torch.tensor(found["decoded"]) - expected).abs().max() <= 1e-4
    assert found["index"] == 3
    if method == "pca":  # on the plane: projecting it again gives the place
        pca = PCA(2).fit(codes_of(key).double().numpy())
        again = torch.tensor(pca.transform(code.double().numpy())[0]).abs()
        assert (again - torch.tensor([found["x"], found["y"]]).abs()).abs().max() <= 1e-3


def test_space_turns_and_decodes_the_nearest_example(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10").layout("pca", 3)
    before = latent.map_picture()
    box = latent.cloud.bounding_box()
    assert box
    centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    latent.page.mouse.move(*centre)
    latent.page.mouse.down()
    latent.page.mouse.move(centre[0] + 80, centre[1] + 30, steps=4)
    latent.page.mouse.up()
    assert latent.map_picture() != before
    latent.page.wait_for_timeout(300)
    latent.page.mouse.move(centre[0] + 3, centre[1])
    assert "nearest example is decoded" in latent.root.locator(".pointer-panel").inner_text()


def test_a_box_and_a_lasso_select_what_they_enclose(app: App, latent: LatentPage) -> None:
    latent.open(app)
    box = latent.cloud.bounding_box()
    assert box
    latent.root.locator("[data-tool=box]").click()
    latent.drag([(box["x"] + 2, box["y"] + 2), (box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)])
    assert latent.evaluate("latent => latent.space.set.length") == latent.evaluate("latent => latent.space.count")
    expect(latent.control("selected")).to_have_text("1,797 of 1,797 selected")
    latent.root.locator("[data-tool=lasso]").click()
    pixels = latent.positions()
    x, y = pixels[7]
    latent.drag([(x - 25, y - 25), (x + 25, y - 25), (x + 25, y + 25), (x - 25, y + 25)])
    chosen = set(latent.evaluate("latent => Array.from(latent.space.set)"))
    for i, (px, py) in enumerate(pixels):
        away = max(abs(px - x), abs(py - y))
        if not 24 < away < 26:  # the mouse goes by whole pixels
            assert (i in chosen) == (away < 25), i
    expect(latent.control("selected")).to_have_text(f"{len(chosen)} of 1,797 selected")
    latent.control("selection-vector").click()
    expect(latent.control("take-a")).to_have_text(f"A = selection ({len(chosen)})")
    latent.cloud.press("Escape")
    assert latent.evaluate("latent => latent.space.set.length") == 0
    expect(latent.control("selected")).to_have_text("1,797 examples")
    expect(latent.control("selection-clear")).not_to_be_visible()


def test_the_keyboard_selects_points_and_moves_the_view(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.root.locator("[data-tool=box]").press("Enter")
    latent.cloud.focus()
    for key in [*["ArrowLeft"] * 8, *["ArrowUp"] * 8, "Enter", *["ArrowRight"] * 16, *["ArrowDown"] * 16, "Enter"]:
        latent.page.keyboard.press(key)
    assert latent.evaluate("latent => latent.space.set.length") > 10
    before = latent.evaluate("latent => latent.view.map.cloud.box")
    latent.page.keyboard.press("+")
    zoomed = latent.evaluate("latent => latent.view.map.cloud.box")
    assert zoomed["high"][0] - zoomed["low"][0] < before["high"][0] - before["low"][0]
    latent.page.keyboard.press("0")
    assert latent.evaluate("latent => latent.view.map.cloud.box") == before


def test_the_tab_key_reaches_every_control(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.search("#3")
    # Not those within a group that arrow keys move in, and pictures that put the slider of their row where it says.
    left = """(root, seen) => [...root.querySelectorAll("button:not(.unit-cell), select, input, [tabindex='0']")]
        .filter(one => one.checkVisibility() && !one.disabled && one.getAttribute("role") !== "tab" && !seen.includes(one))
        .map(one => one.dataset.testid ?? one.ariaLabel ?? one.textContent)"""
    for name in ("point", "walk", "units", "attributes", "sample", "own", "export"):
        latent.tab(name)
        latent.page.wait_for_timeout(300)
        latent.root.evaluate("root => { root.seen = []; }")
        for _ in range(2):  # a control may come, or be enabled, behind the one that has the focus by then
            latent.root.evaluate("root => root.querySelector('button, select').focus()")
            for _ in range(150):
                latent.root.evaluate("root => root.seen.push(root.getRootNode().activeElement)")
                latent.page.keyboard.press("Tab")
                if not latent.root.evaluate("root => root.contains(root.getRootNode().activeElement)"):
                    break
            missed = latent.root.evaluate(f"root => ({left})(root, root.seen)")
            if not missed:
                break
        assert missed == [], name
    latent.root.locator("[data-tab=export]").press("ArrowLeft")
    assert latent.root.locator("[role=tab][aria-selected=true]").get_attribute("data-tab") == "own"


def test_a_finger_points_at_the_map_and_taps_a_point(app: App, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    try:
        latent = LatentPage(context.new_page()).open(app)
        latent.cloud.scroll_into_view_if_needed()
        before = latent.picture(latent.control("decoded"))
        places = torch.tensor(latent.positions())
        apart = torch.cdist(places, places).fill_diagonal_(torch.inf).min(1).values
        index = int(apart.argmax())  # no other lies under the finger
        latent.page.touchscreen.tap(*places[index].tolist())
        assert latent.evaluate("latent => latent.space.point") == index
        assert latent.picture(latent.control("decoded")) != before
    finally:
        context.close()


def test_search_finds_an_example_and_the_examples_of_a_label(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.search("#123")
    assert latent.evaluate("latent => latent.space.point") == 123
    latent.search("7")
    labels = torch.cat([load_dataset("digits").test.y, load_dataset("digits").train.y])
    assert latent.evaluate("latent => latent.space.set.length") == int((labels == 7).sum())
    latent.search("zebra")
    assert "no label and no example" in latent.control("complaint").inner_text()
    latent.search("")
    assert latent.evaluate("latent => latent.space.set.length") == 0
    assert latent.control("complaint").is_hidden()


def test_colours_follow_errors_kl_units_and_factors(app: App, latent: LatentPage) -> None:
    latent.open(app, "shapes-beta-vae", limit=2000)
    seen = {latent.map_picture()}
    for key in ("errors", "kl", "unit 3", "factor 0", "factor 4"):
        latent.control("colour").select_option(key)
        seen.add(latent.map_picture())
        assert latent.root.locator(".ramp").count() == 1
    assert len(seen) == 6
    errors = torch.tensor(latent.evaluate("latent => Array.from(latent.space.arrays.errors.data)"))
    model = Autoencoder.load(pretrained_folder() / "shapes-beta-vae")
    x = load_dataset("shapes").test.x[:100]
    with torch.no_grad():
        expected = (model(x) - x).square().flatten(1).sum(1)
    assert (errors[:100] - expected).abs().max() <= 1e-3


def test_something_lies_behind_the_points(app: App, latent: LatentPage) -> None:
    latent.open(app)
    seen = {latent.map_picture()}
    for name in ("density", "decoded", "magnification"):
        latent.control("background").select_option(name)
        if name == "magnification":
            latent.page.wait_for_function("root => root.innerText.includes('√det')", arg=latent.root.element_handle())
        seen.add(latent.map_picture())
    assert len(seen) == 4
    latent.control("background").select_option("none")
    latent.page.wait_for_timeout(300)
    assert latent.map_picture() in seen


def test_pictures_take_the_place_of_points_when_one_zooms_in(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.page.wait_for_timeout(500)
    latent.page.mouse.move(*latent.pixel(3))
    assert latent.evaluate("latent => latent.view.map.cloud.thumbnails.shown.size") == 0
    for _ in range(8):
        latent.page.mouse.wheel(0, -300)
    latent.page.wait_for_timeout(300)
    assert latent.evaluate("latent => latent.view.map.cloud.thumbnails.shown.size") >= 3


@pytest.mark.parametrize("units", [1, 3, 64])
def test_the_page_follows_a_run_that_trains(app: App, page: Page, units: int) -> None:
    bench = Bench(page)
    bench.page.goto(f"{app.url}/train?variant=variational&latent={units}&epochs=100000")
    run_id = bench.ready().train().run_id
    latent = LatentPage(page).open(app, str(run_id), limit=2000)
    try:
        assert latent.evaluate("latent => latent.space.units") == units
        first = latent.step
        before = latent.evaluate("latent => latent.space.layout.points.slice(0, 20).join()")
        wait_for(lambda: latent.step > first, "newer weights")
        assert latent.evaluate("latent => latent.space.layout.points.slice(0, 20).join()") != before
        latent.page.mouse.move(*latent.pixel(0))
        assert latent.control("code").inner_text().startswith("z = (")
    finally:
        latent.page.goto(f"{app.url}/train?run={run_id}")
        Bench(page).ready().press("stop")


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_everything_without_scrolling_sideways(
    app: App, new_page: Callable[..., Page], dark: bool
) -> None:
    latent = LatentPage(new_page(390, 844, dark)).open(app)
    for tab in latent.root.locator("[data-tab]").all():
        tab.click()
        latent.page.wait_for_timeout(300)
        assert latent.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), tab.inner_text()
        assert latent.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1"), tab.inner_text()


def test_a_link_to_nothing_says_so(app: App, latent: LatentPage) -> None:
    latent.page.goto(f"{app.url}/latent-space?open=../../etc/passwd&limit=zebra")
    latent.ready()
    assert "not there" in latent.page.get_by_test_id("stAlert").first.inner_text()


def test_the_library_and_a_run_lead_to_their_latent_space(app: App, page: Page) -> None:
    Bench(page).open(f"{app.url}/?open=digits-linear")
    page.get_by_role("button", name="Latent space").click()
    page.wait_for_url("**/latent-space?open=digits-linear")
    LatentPage(page).ready()


def test_still_figures_are_drawn_when_they_are_asked_for(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10")
    assert latent.page.get_by_test_id("stPlotlyChart").count() == 0
    latent.page.get_by_text("Figures of the code").click()
    latent.page.wait_for_function("() => document.querySelectorAll('[data-testid=stPlotlyChart]').length === 5")
    assert "6 of 10" in latent.page.locator(".stMainBlockContainer").inner_text()


def test_of_models_that_are_switched_in_haste_the_last_one_opens(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.evaluate(
        """async latent => {
            for (const key of ["digits-vae-10", "digits-linear", "digits-conditional", "digits-overcomplete", "digits-linear"]) {
                latent.open({ key, limit: 10000 });
                await new Promise(done => setTimeout(done, 25));
            }
        }"""
    )
    latent.ready()
    assert latent.evaluate("latent => latent.space.meta.experiment.variant") == "linear"


def test_nothing_of_a_model_goes_on_when_another_is_opened(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("walk")
    latent.control("walk-play").click()
    latent.evaluate("latent => { globalThis.before = latent.view; }")
    playing = "before.tabs.panels.find(panel => panel.name === 'walk').player.playing"
    latent.evaluate(f"latent => {{ if (!{playing}) {playing.removesuffix('ing')}(); }}")
    assert latent.page.evaluate(playing)
    latent.evaluate("latent => latent.open({ key: 'digits-linear', limit: 10000 })")
    latent.ready()
    assert not latent.page.evaluate(playing)
    assert latent.page.evaluate("before.space.client.waiting.size") == 0


def test_a_cancelled_projection_leaves_map_and_controls_as_they_are(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10")
    latent.control("method").select_option("tsne")
    latent.control("method").select_option("umap")
    latent.control("cancel").click()
    latent.page.wait_for_selector("[data-testid=projecting]", state="hidden")
    assert latent.evaluate("latent => latent.space.layout.method") == "axes"
    assert latent.control("method").input_value() == "axes"
    assert latent.control("axis-0").is_visible()


def test_the_picture_of_another_example_does_not_stay_while_one_is_fetched(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.page.wait_for_function(
        "({ latent: { space } }) => space.pictures.known.size === space.count", arg=latent.root.element_handle()
    )
    shown = latent.evaluate(
        """async latent => {
            const { pointer } = latent.view;
            const { pictures } = latent.space;
            const seen = () => pointer.nearest.toDataURL();
            pointer.show(null, 7);
            const other = seen();
            pointer.show(null, 3);
            const right = seen();
            pointer.show(null, 7);
            pictures.known.delete(3);
            pointer.show(null, 3);
            const meanwhile = seen();
            while (!pictures.known.has(3)) await new Promise(done => setTimeout(done, 10));
            return { stays: meanwhile === other, comes: seen() === right };
        }"""
    )
    assert shown == {"stays": False, "comes": True}


def test_what_was_asked_without_a_connection_is_asked_again_with_it(app: App, latent: LatentPage) -> None:
    latent.open(app)
    panel = latent.tab("walk")
    latent.page.wait_for_selector("[data-testid=walk-row-geodesic][data-length]")
    latent.evaluate(
        "latent => new Promise(done => { const { socket } = latent.client.socket; socket.addEventListener('close', done); socket.close(); })"
    )
    panel.get_by_test_id("walk-swap").click()
    expect(panel.get_by_test_id("walk-state-geodesic")).to_contain_text("no connection")
    expect(panel.get_by_test_id("walk-state-geodesic")).to_be_hidden()
    latent.page.wait_for_selector("[data-testid=walk-row-geodesic][data-length]")


def test_a_sentence_stays_when_the_model_moves_on(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.search("nothing of that name")
    expect(latent.control("complaint")).to_contain_text("no label and no example")
    latent.evaluate("latent => latent.view.opened()")  # as when a run has trained on
    expect(latent.control("complaint")).to_contain_text("no label and no example")
    latent.layout("pca")
    expect(latent.control("complaint")).to_be_hidden()


def test_what_is_drawn_on_the_map_follows_the_theme(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.search("#9")
    latent.page.wait_for_selector("[data-testid=point-panel][data-index='9']")
    texts = """latent => [...new Set(latent.view.map.cloud.foreground.marks.map(mark => mark.colour))]
        .filter(colour => [latent.before, latent.after].includes(colour))"""
    latent.evaluate(
        """latent => {
            const { theme } = latent.view.map;
            Object.assign(latent, { before: theme.text, after: "#abcdef" });
            latent.view.setTheme({ ...theme, text: latent.after });
        }"""
    )
    assert latent.evaluate(texts) == ["#abcdef"]
    latent.tab("walk")
    latent.evaluate(
        "latent => { latent.after = '#fedcba'; latent.view.setTheme({ ...latent.view.map.theme, text: '#fedcba' }); }"
    )
    assert latent.evaluate(texts) == ["#fedcba"]


def test_a_data_set_of_one_class_breaks_nothing(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.evaluate(
        """latent => {
            latent.space.arrays.labels.data.fill(0);
            latent.space.meta.classes = ["zero"];
            latent.view.close();
            latent.view = latent.build(latent.space);
            latent.view.opened();
        }"""
    )
    for name in ("point", "walk", "units", "attributes", "sample", "own", "export"):
        panel = latent.tab(name)
        latent.page.wait_for_timeout(400)
        assert panel.inner_text().strip()
        if name == "attributes":
            assert "empty" in panel.inner_text() or "no examples" in panel.inner_text().lower(), panel.inner_text()
    latent.search("zero")
    assert latent.evaluate("latent => latent.space.set.length") == latent.evaluate("latent => latent.space.count")
