"""The compare page: panes that look at the same example and the same moment, maps laid onto each other, rivals."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from sklearn.decomposition import PCA

from aelib import load_dataset
from aelib.compare import procrustes
from tests.browser.comparepage import ComparePage
from tests.browser.conftest import App, wait_for

FOUR = ("digits-vanilla", "digits-variational", "digits-contractive", "pca-digits-2")
COUNT = 1797
#: Milliseconds from a move of the pointer to the rings in all panes.
AT_ONCE = 50


@pytest.fixture
def compare(new_page: Callable[..., Page]) -> ComparePage:
    """Without motion that nobody asked for."""
    page = new_page()
    page.emulate_media(reduced_motion="reduce")
    return ComparePage(page)


def test_a_hover_in_one_pane_rings_the_example_in_all_at_once_and_without_a_message(
    app: App, compare: ComparePage
) -> None:
    compare.open(app, *FOUR)
    assert [len(compare.points(k)) for k in range(4)] == [COUNT] * 4
    compare.hover(0, 30)
    wait_for(lambda: compare.marked() == ["30"] * 4, "rings around the first example")
    compare.evaluate(
        """compare => {
            compare.waits = [];
            let moved = 0;
            const canvas = compare.panes[0].cloud.canvas;
            canvas.addEventListener("pointermove", () => { moved = performance.now(); compare.left = new Set([0, 1, 2, 3]); }, true);
            compare.panes.forEach(({ cloud }, k) => {
                const draw = cloud.drawSheet.bind(cloud);
                cloud.drawSheet = (theme) => {
                    draw(theme);
                    if (compare.left?.delete(k) && !compare.left.size) compare.waits.push(performance.now() - moved);
                };
            });
        }"""
    )
    messages, seen = compare.count_messages(), []
    for index in (*range(0, 400, 10), 55):
        compare.hover(0, index)
        compare.page.wait_for_timeout(30)
        seen.append(compare.marked())
    assert messages() == 0
    assert all(len(set(rings)) == 1 for rings in seen)
    assert len({rings[0] for rings in seen}) > 30
    waits = compare.evaluate("compare => compare.waits")
    assert len(waits) > 30
    assert float(np.median(waits)) <= AT_ONCE


def test_each_model_rebuilds_the_example_and_tells_its_error(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR)
    compare.hover(1, 7)
    wait_for(lambda: compare.marked() == ["7"] * 4, "rings")
    pictures = compare.pictures("pane-rebuilt")
    assert len(set(pictures)) == 4
    errors = [float(text) for text in compare.control("pane-example-error").all_inner_texts()]
    shown = compare.evaluate("compare => compare.panes.map((pane) => pane.model.space.arrays.errors.data[7])")
    assert errors == pytest.approx(shown, rel=6e-3)  # three digits
    expect(compare.control("compare-example")).to_contain_text("#7 · label")
    # A picture that comes late takes its place; until then the one before is not taken for it.
    original = compare.pictures("compare-original")
    compare.evaluate("compare => compare.panes[0].model.space.pictures.known.clear()")
    compare.hover(1, 40)
    wait_for(lambda: compare.marked() == ["40"] * 4, "rings")
    painted = "compare => compare.original.canvas.getContext('2d').getImageData(0, 0, 8, 8).data.some(Boolean)"
    wait_for(lambda: bool(compare.evaluate(painted)), "its picture")
    assert compare.pictures("compare-original") != original


def test_pca_is_scikit_learns(app: App, compare: ComparePage) -> None:
    compare.open(app, "digits-vanilla", "pca-digits-2")
    data = load_dataset("digits")
    pca = PCA(2, svd_solver="full").fit(data.train.x.flatten(1).double().numpy())
    x = data.test.x.flatten(1).double().numpy()
    codes = pca.transform(x)
    found = compare.points(1)[: len(x)]
    signs = np.sign((found * codes).sum(0))
    assert found * signs == pytest.approx(codes, abs=1e-5 * np.abs(codes).max())
    error = ((x - pca.inverse_transform(codes)) ** 2).sum(1).mean()
    assert compare.read("error")[1] == pytest.approx(error, rel=1e-5)


def test_a_projection_is_finished_though_the_weights_move_on(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:2])
    asked = compare.evaluate(
        """async (compare) => {
            const [pane] = compare.panes;
            const { space } = pane.model;
            const open = [], cancelled = [];
            space.ask = (name) => ({
                answer: new Promise((resolve) => open.push([name, resolve])), cancel: () => cancelled.push(name),
            });
            pane.method.value = "umap";
            pane.layOut();
            space.tell("moved");
            space.tell("moved");
            const before = open.map(([name]) => name);
            open[0][1]({ meta: { stamp: "earlier", score: null }, arrays: { points: { data: new Float32Array(2 * space.count) } } });
            await new Promise((resolve) => setTimeout(resolve));
            return [before, open.map(([name]) => name), cancelled];
        }"""
    )
    assert asked == [["project"], ["project", "project"], []]
    assert compare.evaluate("compare => compare.panes[0].layout.method") == "umap"
    expect(compare.control("pane-message").first).to_be_hidden()


def test_a_kept_example_stays_until_escape(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:2])
    compare.page.mouse.click(*compare.pixel(0, 12))
    compare.page.mouse.move(3, 3)
    wait_for(lambda: compare.marked() == ["12"] * 2, "the clicked example is kept")
    compare.hover(1, 99)
    wait_for(lambda: compare.marked() == ["99"] * 2, "another one is looked at")
    compare.page.mouse.move(3, 3)
    wait_for(lambda: compare.marked() == ["12"] * 2, "and the kept one comes back")
    compare.root.get_by_test_id("pane-map").first.focus()
    compare.page.keyboard.press("Escape")
    wait_for(lambda: compare.marked() == [""] * 2, "Escape lets it go")


def test_keys_move_the_pointer_of_all_panes(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:2])
    compare.root.get_by_test_id("pane-map").nth(1).focus()
    for _ in range(4):
        compare.page.keyboard.press("ArrowRight")
    wait_for(lambda: len(set(compare.marked())) == 1 and compare.marked()[0] != "", "both maps ring one example")
    compare.page.keyboard.press("Enter")
    kept = compare.marked()[0]
    assert "kept" in compare.control("compare-example").inner_text()
    compare.page.mouse.move(3, 3)
    assert compare.marked() == [kept] * 2


def test_the_keyboard_reaches_every_control(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:2])
    compare.slide("compare-time", 300)  # so that "Now" can be pressed
    controls = ":is(select, button:not([disabled]), input, canvas[tabindex]):visible"
    count = compare.root.locator(controls).count()
    assert count > 15
    compare.root.locator(controls).first.focus()
    reached = [compare.root.locator(f"{controls}:focus").count()]
    for _ in range(count - 1):
        compare.page.keyboard.press("Tab")
        reached.append(compare.root.locator(f"{controls}:focus").count())
    assert reached == [1] * count
    compare.page.keyboard.press("Tab")
    assert compare.root.locator(":focus").count() == 0


def test_a_selection_in_one_pane_dims_the_others_in_all(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:3])
    compare.root.locator("[data-tool=box]").click()
    box = compare.root.get_by_test_id("pane-map").first.bounding_box()
    assert box
    compare.page.mouse.move(box["x"] + 5, box["y"] + 5)
    compare.page.mouse.down()
    compare.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    compare.page.mouse.up()
    chosen = compare.evaluate("compare => compare.focus.set.length")
    assert 0 < chosen < COUNT
    dimmed = compare.evaluate(
        "compare => compare.panes.map(({ cloud }) => cloud.scene.layout.dimmed.reduce((sum, one) => sum + one, 0))"
    )
    assert dimmed == [COUNT - chosen] * 3


@pytest.mark.parametrize("measure", ["step", "epoch"])
def test_the_time_machine_moves_all_runs_together(app: App, compare: ComparePage, measure: str) -> None:
    compare.open(app, *FOUR)
    wait_for(lambda: compare.control("compare-time").is_visible(), "frames")
    newest, now = compare.read("step"), compare.strips()
    compare.control("compare-measure").select_option(measure)
    messages = compare.count_messages()
    compare.slide("compare-time", 200)
    wait_for(lambda: compare.read("step")[0] < newest[0], "the past")
    moment = compare.evaluate("(compare) => compare.time.moment")
    per_epoch = compare.evaluate(
        "(compare, measure) => compare.panes.map(({ model }) => measure === 'step' ? 1 : model.timeline.scene?.meta.steps_per_epoch ?? 0)",
        measure,
    )
    steps = compare.read("step")
    for step, each, last in zip(steps[:3], per_epoch[:3], newest[:3], strict=True):
        # Frames are some steps apart.
        assert step / each == pytest.approx(min(moment, last / each), abs=0.05 * last / each)
    assert steps[3] == newest[3] == 0  # PCA has no past
    assert compare.points(3).shape == (COUNT, 2)
    frames = compare.evaluate("compare => compare.panes[0].model.frame.arrays.codes.shape[0]")
    assert len(compare.points(0)) == frames < COUNT
    past = compare.strips()
    assert [a == b for a, b in zip(past, now, strict=True)] == [False, False, False, True]
    compare.control("compare-now").click()
    wait_for(lambda: compare.read("step") == newest and compare.strips() == now, "now")
    assert messages() == 0


def test_maps_are_laid_onto_one_as_the_library_does_it(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR)
    compare.control("compare-align").select_option("1")
    wait_for(lambda: np.isfinite(compare.read("disparity")[0]), "maps are laid onto the second")
    fixed = compare.points(1)
    assert compare.points(1, "placed") == pytest.approx(fixed)
    for pane in (0, 2, 3):
        expected = procrustes(torch.tensor(compare.points(pane)), torch.tensor(fixed))
        assert compare.points(pane, "placed") == pytest.approx(expected.points.numpy(), abs=1e-4)
        assert compare.read("disparity")[pane] == pytest.approx(expected.disparity, abs=1e-6)
    compare.control("compare-align").select_option("-1")
    wait_for(lambda: not np.isfinite(compare.read("disparity")[0]), "maps are as they are")
    assert compare.points(0, "placed") == pytest.approx(compare.points(0))


def test_one_map_becomes_another(app: App, compare: ComparePage) -> None:
    compare.open(app, "digits-vanilla", "pca-digits-2")

    def shown() -> np.ndarray:
        found = compare.evaluate("compare => Array.from(compare.morph.cloud.scene.layout.points)")
        return np.array(found).reshape(-1, 2)

    assert shown() == pytest.approx(compare.points(1))  # from PCA
    compare.slide("morph", 1)
    expected = procrustes(torch.tensor(compare.points(0)), torch.tensor(compare.points(1)))
    assert shown() == pytest.approx(expected.points.numpy(), abs=1e-4)  # to the model
    compare.slide("morph", 0.5)
    assert shown() == pytest.approx((compare.points(1) + expected.points.numpy()) / 2, abs=1e-4)
    compare.control("morph-play").click()
    wait_for(lambda: compare.evaluate("compare => compare.morph.at") == 1, "it has played to the end")
    assert compare.control("morph-play").inner_text() == "Play"


def test_pixels_are_mapped_by_umap(app: App, compare: ComparePage) -> None:
    compare.page.goto(f"{app.url}/compare?open=digits-vanilla,pixels-digits")
    compare.page.wait_for_selector("[data-testid=compare][data-open='2']")
    expect(compare.control("pane-message").nth(1)).to_be_visible()  # progress
    compare.page.set_default_timeout(90_000)
    compare.page.wait_for_function(
        "root => root.compare.panes[1].layout?.method === 'umap'", arg=compare.root.element_handle(), timeout=90_000
    )
    compare.ready()
    assert compare.read("error")[1] == pytest.approx(0, abs=1e-9)
    compare.hover(0, 5)
    wait_for(lambda: compare.marked() == ["5"] * 2, "rings")


def test_one_model_finds_pca_of_its_code_size_beside_it(app: App, compare: ComparePage) -> None:
    compare.open(app, "digits-vae-10")
    assert compare.keys == ["digits-vae-10", "pca-digits-10"]
    assert "open=digits-vae-10%2Cpca-digits-10" in compare.page.url or "open=digits-vae-10,pca" in compare.page.url


def test_pages_lead_here(app: App, compare: ComparePage) -> None:
    compare.page.goto(f"{app.url}/?open=digits-sparse")
    compare.page.get_by_role("button", name="Compare").first.click()
    compare.ready()
    assert compare.keys[0] == "digits-sparse"
    assert compare.keys[1].startswith("pca-digits-")


@pytest.mark.parametrize(
    ("keys", "shown", "sentences"),
    [
        (
            ("digits-vanilla", "shapes-beta-vae", "pca-digits-65", "gone", "A" * 22),
            ["digits-vanilla", "pca-digits-2"],
            ["up to 64 units", "gone: There is nothing", "not here (any more)", "same data only"],
        ),
        (
            (*FOUR, "digits-sparse", *(f"pca-digits-{k}" for k in range(33, 64))),
            list(FOUR),
            ["The link names 36 models", "Up to 4 models"],
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    app: App, compare: ComparePage, keys: tuple[str, ...], shown: list[str], sentences: list[str]
) -> None:
    compare.open(app, *keys)
    expect(compare.page.get_by_test_id("stAlertContainer")).to_contain_text(sentences)
    assert compare.keys == shown
    assert not (app.home / "rivals" / "pca-digits-63").exists()  # what nobody can see is not made


def test_variants_trained_side_by_side_move_together(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:2])
    page = compare.page
    page.get_by_role("button", name="Train side by side").click()
    for label, value in (("Seed", "3"), ("Epochs", "5000")):  # more than it will have time for
        page.get_by_label(label).fill(value)
        page.get_by_label(label).press("Enter")
        page.get_by_label(label).blur()
    page.get_by_role("button", name="Train", exact=True).click()
    wait_for(lambda: "digits-vanilla" not in compare.keys, "panes of the runs")
    compare.ready()
    runs = compare.keys
    experiments = [app.store.get(key).experiment for key in runs]
    assert [experiment.variant for experiment in experiments] == ["vanilla", "variational"]
    assert len({experiment.train.model_dump_json(exclude={"learning_rate"}) for experiment in experiments}) == 1
    assert experiments[0].train.seed == 3
    first = compare.read("step")
    wait_for(lambda: all(b > a + 20 for a, b in zip(first, compare.read("step"), strict=True)), "both train")
    compare.slide("compare-time", 990)  # runs go on, the moment stays
    moment = compare.evaluate("compare => compare.time.moment")
    newest = "compare => compare.time.timelines.map((timeline) => timeline.newest.meta.step)"
    wait_for(lambda: min(compare.evaluate(newest)) > 2 * moment, "both train on")
    assert compare.read("step") == pytest.approx([moment] * 2, rel=0.3)
    assert int(compare.control("compare-time").input_value()) < 600
    compare.control("compare-pause").click()
    wait_for(lambda: {app.store.get(key).status for key in runs} == {"paused"}, "both rest")
    app.store.update(runs[0], status="diverged", message="The loss is not finite any more.")
    page.reload()
    compare.ready()
    assert compare.keys == runs
    expect(compare.control("pane-message").first).to_have_text("The loss is not finite any more.")
    expect(compare.control("pane-message").nth(1)).to_be_hidden()


def test_the_choice_is_the_link(app: App, compare: ComparePage) -> None:
    compare.open(app, *FOUR[:3])
    compare.page.get_by_role("button", name="Add PCA").click()
    compare.page.get_by_label("Components").fill("5")
    compare.page.get_by_label("Components").press("Enter")
    compare.page.get_by_role("button", name="Add it").click()
    compare.page.wait_for_url(lambda url: "pca-digits-5" in url)
    wait_for(lambda: compare.root.get_attribute("data-panes") == "4", "a fourth pane")
    compare.ready()
    assert compare.keys == [*FOUR[:3], "pca-digits-5"]


def test_on_a_phone_panes_stand_below_each_other(app: App, new_page: Callable[..., Page]) -> None:
    compare = ComparePage(new_page(390, 844)).open(app, *FOUR[:2])
    models = compare.page.get_by_test_id("stMultiSelect").bounding_box()
    assert models
    assert models["width"] > 330  # room for their names
    boxes = [pane.bounding_box() for pane in compare.root.get_by_test_id("pane").all()]
    assert boxes[0]
    assert boxes[1]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
