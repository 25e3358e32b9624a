"""Interpolating: every picture is the decoded code of its place on the way, and every control does what it says."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from aelib import Autoencoder, Experiment, load_dataset
from aelib.commands import pretrain
from aelib.home import pretrained_folder
from aelib.latent.paths import linear, spherical
from tests.browser.conftest import App, wait_for
from tests.browser.latentpage import LatentPage

FRAMES = 11
WAYS = {"linear": linear, "spherical": spherical}
#: Of bytes: rounding, and the browser's decoder against PyTorch.
ROUNDING = 1
PANEL = "latent.view.tabs.panels.find(({ name }) => name === 'walk')"


class Walk(LatentPage):
    """The panel."""

    def show(self) -> "Walk":
        """Open the panel, and wait for all rows."""
        self.tab("walk")
        return self.settled()

    def settled(self) -> "Walk":
        self.page.wait_for_selector("[data-testid=walk-row-geodesic][data-length]")
        wait_for(
            lambda: bool(self.panel("panel.blend.walk !== null && panel.root.dataset.painting === 'false'")),
            "rows are painted",
        )
        return self

    def panel(self, expression: str, argument: Any = None) -> Any:
        """Evaluate an expression of ``panel`` and ``argument``."""
        return self.evaluate(f"(latent, argument) => {{ const panel = {PANEL}; return {expression}; }}", argument)

    def codes(self, way: str) -> torch.Tensor:
        """The codes of the pictures in a row."""
        found = self.panel(
            f"Array.from({{ length: {FRAMES} }}, (_, i) => Array.from(panel.{way}.walk.path(i / {FRAMES - 1})))"
        )
        return torch.tensor(found)

    def pixels(self, way: str) -> np.ndarray:
        """The pictures of a row as they are painted, (frames, height, width)."""
        return self.read_pixels(f"panel.{way}.canvases")

    def large(self, way: str) -> np.ndarray:
        return self.read_pixels(
            f"[panel.player.views[panel.rows.findIndex((row) => row.way.name === '{way}')].canvas]"
        )[0]

    def read_pixels(self, canvases: str) -> np.ndarray:
        found = self.panel(
            f"{canvases}.map((c) => [c.height, c.width, Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)])"
        )
        return np.array([np.array(data).reshape(height, width, 4)[..., 0] for height, width, data in found])

    def ends(self) -> list[dict[str, Any]]:
        return list(
            self.panel("[panel.a, panel.b].map(({ end, code }) => ({ ...end, code: code && Array.from(code) }))")
        )

    def lengths(self) -> dict[str, float]:
        return {
            way: float(self.control(f"walk-row-{way}").get_attribute("data-length") or "nan")
            for way in ("linear", "spherical", "geodesic", "blend")
        }

    def drawn(self) -> dict[str, Any]:
        """What the panel draws on the map."""
        found = self.evaluate(
            """latent => {
                const { lines = [], marks = [] } = latent.view.map.drawings.get("walk") ?? {};
                return { lines: lines.map((line) => ({ ...line, points: Array.from(line.points) })), marks };
            }"""
        )
        return dict(found)


@pytest.fixture
def walk(new_page: Callable[..., Page]) -> Walk:
    """Without motion that nobody asked for."""
    page = new_page()
    page.emulate_media(reduced_motion="reduce")
    return Walk(page)


@pytest.fixture(scope="module")
def made(app: App, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Train a small model and keep it as a run; gives its key."""

    def make(dataset: str, variant: str, **settings: Any) -> str:
        experiment = Experiment.of(dataset, variant, **settings)
        target = tmp_path_factory.mktemp("made")
        pretrain.pretrain("made", "Made", experiment, target)
        key = app.store.create(experiment, "cpu", "Made")
        app.store.update(key, status="stopped", saved=True)
        shutil.copytree(target / "made", app.store.folder(key), dirs_exist_ok=True)
        return key

    return make


def model_of(key: str = "digits-variational") -> Autoencoder:
    return Autoencoder.load(pretrained_folder() / key)


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    data = load_dataset("digits")
    return torch.cat([data.test.x, data.train.x]), torch.cat([data.test.y, data.train.y])


@torch.no_grad()
def as_bytes(model: Autoencoder, codes: torch.Tensor) -> np.ndarray:
    return np.asarray(model.decode(codes).squeeze(1).clamp(0, 1).mul(255).round().numpy())


def near(found: np.ndarray, expected: np.ndarray) -> bool:
    return found.shape == expected.shape and bool(np.abs(found - expected).max() <= ROUNDING)


@pytest.mark.parametrize("key", ["digits-variational", "digits-vae-10", "digits-overcomplete", "digits-conditional"])
def test_rows_show_the_decoded_codes_of_each_way(app: App, walk: Walk, key: str) -> None:
    walk.open(app, key).tab("walk")
    walk.settled()
    model, (x, y) = model_of(key), digits()
    a, b = (torch.tensor(end["code"]) for end in walk.ends())
    indices = [end["index"] for end in walk.ends()]
    assert y[indices[0]] != y[indices[1]]
    with torch.no_grad():
        assert (model.encode(x[indices]) - torch.stack([a, b])).abs().max() <= 1e-5
    for way, between in WAYS.items():
        assert (walk.codes(way) - between(a, b, FRAMES)).abs().max() <= 1e-5
        assert near(walk.pixels(way), as_bytes(model, between(a, b, FRAMES)))
    assert near(walk.pixels("geodesic"), as_bytes(model, walk.codes("geodesic")))
    for way in (*WAYS, "geodesic"):
        assert torch.equal(walk.codes(way)[[0, -1]], torch.stack([a, b]))
    t = np.linspace(0, 1, FRAMES).reshape(-1, 1, 1)
    first, last = (255 * x[index, 0].numpy() for index in indices)
    assert near(walk.pixels("blend"), np.round((1 - t) * first + t * last))


@pytest.mark.parametrize("key", ["digits-variational", "digits-vae-10"])
def test_lengths_are_of_the_decoded_walks_and_the_geodesic_is_the_shortest(app: App, walk: Walk, key: str) -> None:
    walk.open(app, key).tab("walk")
    walk.settled()
    model, (x, _) = model_of(key), digits()
    a, b = (torch.tensor(end["code"]) for end in walk.ends())
    lengths = walk.lengths()
    for way, between in WAYS.items():
        with torch.no_grad():
            expected = model.decode(between(a, b, 481)).flatten(1).double().diff(dim=0).norm(dim=1).sum()
        assert lengths[way] == pytest.approx(float(expected), rel=1e-3)
    assert lengths["geodesic"] <= lengths["linear"]
    i, j = (end["index"] for end in walk.ends())
    assert lengths["blend"] == pytest.approx(float((x[i] - x[j]).norm()), rel=1e-2)
    said = walk.control("walk-length-geodesic").inner_text()
    share = 1 - lengths["geodesic"] / lengths["linear"]
    assert (f"{100 * share:.0f} % shorter" if share >= 0.1 else "shorter than linear") in said


def test_bars_tell_the_distance_to_the_nearest_example(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    x, _ = digits()
    with torch.no_grad():
        codes = model_of().encode(x)
    for way in ("linear", "spherical", "geodesic"):
        nearest = torch.cdist(walk.codes(way), codes, compute_mode="donot_use_mm_for_euclid_dist").min(1)
        assert walk.panel(f"Array.from(panel.{way}.distances)") == pytest.approx(nearest.values.tolist(), abs=1e-5)
        farthest = float(walk.control(f"walk-row-{way}").get_attribute("data-farthest") or "nan")
        assert farthest == pytest.approx(float(nearest.values.max()), abs=1e-5)
        heights = walk.panel(f"panel.{way}.bars.map((bar) => bar.getBoundingClientRect().height)")
        assert np.corrcoef(heights, nearest.values.tolist())[0, 1] > 0.999
        assert f"{farthest:.3g}" in walk.control(f"walk-off-{way}").inner_text()
    others = torch.cdist(codes[:: len(codes) // 100][:100], codes).topk(2, largest=False).values[:, 1]
    usual = walk.panel("panel.usual")
    assert 0.3 * float(others.median()) < usual < 3 * float(others.median())


def test_ends_are_picked_on_the_map(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    walk.control("walk-pick-b").click()
    assert walk.control("walk-pick-b").get_attribute("aria-pressed") == "true"
    expect(walk.control("walk-hint")).to_contain_text("Click a point or a place")
    before = walk.lengths()["geodesic"]
    index = walk.evaluate(  # the lowest point: nobody stands in its way
        "latent => { const p = latent.space.layout.points; let least = 0; for (let i = 0; i < p.length / 2; i++) if (p[2 * i + 1] < p[2 * least + 1]) least = i; return least; }"
    )
    walk.click(index)
    wait_for(lambda: walk.ends()[1].get("index") == index, "the point is B")
    assert walk.control("walk-pick-b").get_attribute("aria-pressed") == "false"
    walk.settled()
    assert walk.lengths()["geodesic"] != before
    assert f"#{index}" in walk.control("walk-caption-b").inner_text()
    assert walk.evaluate("latent => latent.space.point") == -1  # the click was the panel's alone

    walk.control("walk-pick-a").click()
    box = walk.cloud.bounding_box()
    assert box
    place = (box["x"] + 12, box["y"] + 60)  # a corner without points
    walk.page.mouse.click(*place)
    wait_for(lambda: walk.ends()[0]["kind"] == "place", "the place is A")
    walk.settled()
    expected = walk.evaluate(
        """(latent, [px, py]) => {
            const { low, high } = latent.view.map.cloud.box;
            const { width, height, left, top } = latent.view.map.cloud.canvas.getBoundingClientRect();
            return [low[0] + (high[0] - low[0]) * (px - left) / width, high[1] - (high[1] - low[1]) * (py - top) / height];
        }""",
        list(place),
    )
    assert walk.ends()[0]["code"] == pytest.approx(expected, abs=1e-4)
    assert near(walk.pixels("blend")[0], as_bytes(model_of(), torch.tensor([walk.ends()[0]["code"]]))[0])


def test_escape_and_the_other_button_end_picking(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    walk.control("walk-pick-a").click()
    walk.control("walk-pick-b").click()
    assert walk.control("walk-pick-a").get_attribute("aria-pressed") == "false"
    walk.page.keyboard.press("Escape")
    assert walk.control("walk-pick-b").get_attribute("aria-pressed") == "false"
    assert walk.evaluate("latent => latent.view.map.picking") is None
    walk.control("walk-pick-a").click()
    walk.tab("sample")
    assert walk.evaluate("latent => latent.view.map.picking") is None
    assert walk.drawn() == {"lines": [], "marks": []}


def test_ends_are_chosen_by_keyboard_and_swapped(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    assert walk.control("walk-take-a").is_disabled()
    walk.control("search").fill("#42")
    walk.control("search").press("Enter")
    walk.page.locator("[data-tab=walk]").focus()
    walk.page.keyboard.press("Enter")
    walk.control("walk-take-a").focus()
    walk.page.keyboard.press("Enter")
    wait_for(lambda: walk.ends()[0].get("index") == 42, "the example on show is A")
    b = walk.ends()[1]["index"]
    walk.settled()
    first = walk.pixels("linear")
    walk.control("walk-swap").click()
    wait_for(lambda: [end["index"] for end in walk.ends()] == [b, 42], "ends are swapped")
    walk.settled()
    assert near(walk.pixels("linear"), first[::-1])


def picture_file(values: torch.Tensor, path: Path) -> Path:
    """An example as a PNG, eight pixels for one."""
    large = values.squeeze(0).mul(255).round().byte().numpy().repeat(8, 0).repeat(8, 1)
    Image.fromarray(large).save(path)
    return path


def test_a_picture_of_ones_own_is_an_end(app: App, walk: Walk, tmp_path: Path) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    x, _ = digits()
    file = picture_file(x[7], tmp_path / "mine.png")
    walk.control("walk-file-b").set_input_files(file)
    wait_for(lambda: walk.ends()[1]["kind"] == "picture" and walk.ends()[1]["code"], "the picture is B")
    walk.settled()
    with torch.no_grad():
        code = model_of().encode(x[7:8])[0]
    assert walk.ends()[1]["code"] == pytest.approx(code.tolist(), abs=2e-2)
    assert "mine.png" in walk.control("walk-caption-b").inner_text()
    assert near(walk.pixels("blend")[-1], np.round(255 * x[7, 0].numpy()))

    walk.control("walk-invert-b").check()
    with torch.no_grad():
        code = model_of().encode(1 - x[7:8])[0]
    wait_for(lambda: walk.ends()[1]["code"] == pytest.approx(code.tolist(), abs=2e-2), "the picture is inverted")


def test_a_picture_is_dropped_on_an_end(app: App, walk: Walk, tmp_path: Path) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    content = list(picture_file(digits()[0][3], tmp_path / "dropped.png").read_bytes())
    transfer = walk.page.evaluate_handle(
        """content => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(content)], "dropped.png", { type: "image/png" }));
            return transfer;
        }""",
        content,
    )
    walk.control("walk-end-a").dispatch_event("dragover", {"dataTransfer": transfer})
    walk.control("walk-end-a").dispatch_event("drop", {"dataTransfer": transfer})
    wait_for(lambda: walk.ends()[0]["kind"] == "picture", "the picture is A")


def test_what_is_no_picture_is_refused_in_words(app: App, walk: Walk, tmp_path: Path) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    (tmp_path / "text.png").write_text("This is no picture.")
    walk.control("walk-file-a").set_input_files(tmp_path / "text.png")
    expect(walk.control("complaint")).to_contain_text('"text.png" is not a picture')
    assert walk.ends()[0]["kind"] == "example"


def test_the_slider_moves_the_large_pictures_and_the_marks(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    walk.control("walk-t").focus()
    for _ in range(60):
        walk.page.keyboard.press("ArrowRight")
    assert walk.control("walk-t-value").inner_text() == "t = 0.30"
    for way in ("linear", "spherical", "geodesic"):
        code = torch.tensor([walk.panel(f"Array.from(panel.{way}.walk.path(0.3))")])
        assert near(walk.large(way), as_bytes(model_of(), code)[0])
    mark = walk.drawn()["marks"][0]
    a, b = (torch.tensor(end["code"]) for end in walk.ends())
    assert [mark["x"], mark["y"]] == pytest.approx((a + 0.3 * (b - a)).tolist(), abs=1e-4)
    expect(walk.control("walk-note-linear")).to_contain_text("from #")
    walk.panel("panel.linear.frames[10].click()")
    assert walk.control("walk-t-value").inner_text() == "t = 1.00"


def test_play_and_pause(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    assert walk.panel("panel.player.playing") is False  # reduced motion: nothing moves by itself
    assert walk.panel("panel.player.t") == 0
    walk.control("walk-speed").select_option("1.5")
    walk.control("walk-play").click()
    seen = set()
    deadline = 60
    while len(seen) < 12 and deadline:
        seen.add(walk.panel("panel.player.t"))
        walk.page.wait_for_timeout(60)
        deadline -= 1
    assert len(seen) == 12
    assert all(0 <= t <= 1 for t in seen)
    walk.control("walk-play").click()
    rest = walk.panel("panel.player.t")
    walk.page.wait_for_timeout(200)
    assert walk.panel("panel.player.t") == rest
    code = torch.tensor([walk.panel("Array.from(panel.linear.walk.path(panel.player.t))")])
    assert near(walk.large("linear"), as_bytes(model_of(), code)[0])


def test_the_walk_is_shown_once_where_motion_is_welcome(app: App, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.emulate_media(reduced_motion="no-preference")
    walk = Walk(page)
    walk.open(app).tab("walk")
    assert walk.panel("panel.player.playing") is True
    wait_for(lambda: walk.panel("panel.player.playing") is False, "it rests after one way and back")
    assert walk.panel("panel.player.t") == 0
    walk.tab("sample")
    walk.tab("walk")
    assert walk.panel("panel.player.playing") is False


def test_the_walks_are_lines_on_the_map(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    a, b = (end["code"] for end in walk.ends())
    drawn = walk.drawn()
    assert len(drawn["lines"]) == 3
    for line in drawn["lines"]:
        assert line["points"][:2] == pytest.approx(a, abs=1e-6)
        assert line["points"][-2:] == pytest.approx(b, abs=1e-6)
    assert [mark.get("label") for mark in drawn["marks"]] == [None, None, None, "A", "B"]
    assert len({(line["colour"], tuple(line["dash"])) for line in drawn["lines"]}) == 3

    walk.layout("pca")
    turned = walk.drawn()
    index = walk.ends()[0]["index"]
    place = walk.evaluate("(latent, i) => Array.from(latent.space.layout.points.slice(2 * i, 2 * i + 2))", index)
    assert all(line["points"][:2] == pytest.approx(place, abs=1e-4) for line in turned["lines"])


def test_in_space_points_are_picked_and_walks_are_drawn(app: App, walk: Walk) -> None:
    walk.open(app, "digits-vae-10").tab("walk")
    walk.settled()
    walk.layout("pca", 3)
    lines = walk.drawn()["lines"]
    assert [len(line["points"]) for line in lines] == [93] * 3
    assert all("z" in mark for mark in walk.drawn()["marks"])
    walk.control("walk-pick-a").click()
    box = walk.cloud.bounding_box()
    assert box
    walk.page.mouse.click(box["x"] + 5, box["y"] + 5)  # nothing is there
    expect(walk.control("walk-hint")).to_contain_text("Only points can be picked in space")
    assert walk.control("walk-pick-a").get_attribute("aria-pressed") == "true"


def test_a_ball_is_drawn_around_a(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    assert len(walk.drawn()["lines"]) == 3
    walk.control("walk-ball").check()
    expect(walk.control("walk-ball-note")).to_contain_text("Lines every")
    wait_for(lambda: len(walk.drawn()["lines"]) > 3, "the ball is drawn")
    step = walk.panel("panel.ball.step")
    a = torch.tensor(walk.ends()[0]["code"])
    model = model_of()
    first = torch.tensor(walk.drawn()["lines"][0]["points"]).reshape(-1, 2)
    for z in first[:: max(1, len(first) // 8)]:
        with torch.no_grad():
            pictures = model.decode(linear(a, z, 65)).flatten(1).double()
        gap = float((pictures[0] - pictures[-1]).norm())
        straight = float(pictures.diff(dim=0).norm(dim=1).sum())
        assert 0.85 * gap <= step <= 1.15 * straight
    walk.control("walk-ball").uncheck()
    wait_for(lambda: len(walk.drawn()["lines"]) == 3, "the ball is gone")


def test_a_ball_is_offered_where_it_can_be_drawn(app: App, walk: Walk) -> None:
    walk.open(app, "digits-vae-10").tab("walk")
    walk.settled()
    assert not walk.control("walk-ball").is_visible()


def test_a_walk_is_saved_as_a_gif(app: App, walk: Walk) -> None:
    way = "spherical"
    walk.open(app).tab("walk")
    walk.settled()
    walk.control("walk-gif-row").select_option(way)
    with walk.page.expect_download() as download:
        walk.control("walk-gif").click()
    assert download.value.suggested_filename == f"walk-{way}.gif"
    codes = torch.tensor(
        walk.panel(f"Array.from({{ length: 24 }}, (_, i) => Array.from(panel.{way}.walk.path(i / 23)))")
    )
    expected = as_bytes(model_of(), codes)
    with Image.open(io.BytesIO(Path(download.value.path()).read_bytes())) as gif:
        assert getattr(gif, "n_frames", 1) == 46
        assert gif.size == (256, 256)
        for frame, k in [(0, 0), (9, 9), (23, 23), (45, 1)]:
            gif.seek(frame)
            assert near(np.asarray(gif.convert("L"))[16::32, 16::32].astype(int), expected[k])


def test_the_rows_are_saved_as_a_png(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    with walk.page.expect_download() as download:
        walk.control("walk-png").click()
    picture = np.asarray(Image.open(io.BytesIO(Path(download.value.path()).read_bytes())).convert("L")).astype(int)
    rows = {way: walk.pixels(way) for way in ("linear", "spherical", "geodesic", "blend")}
    for k, pixels in enumerate(rows.values()):
        top = 26 + k * 94 + 22
        for i in (0, 5, 10):
            left = 8 + 68 * i
            assert near(picture[top + 4 : top + 64 : 8, left + 4 : left + 64 : 8], pixels[i])


@pytest.mark.parametrize("units", [1, 3])
def test_codes_of_any_length_can_be_walked(app: App, walk: Walk, made: Callable[..., str], units: int) -> None:
    key = made("digits", "variational", network={"latent": units, "hidden": (16,)}, train={"epochs": 2})
    walk.open(app, key).tab("walk")
    walk.settled()
    model = Autoencoder.load(app.store.folder(key))
    a, b = (torch.tensor(end["code"]) for end in walk.ends())
    for way, between in WAYS.items():
        assert near(walk.pixels(way), as_bytes(model, between(a, b, FRAMES)))
    assert walk.lengths()["geodesic"] <= walk.lengths()["linear"]
    assert bool(walk.control("walk-map-note").inner_text()) == (units == 1)


def test_lists_of_numbers_are_walked_but_not_animated(app: App, walk: Walk, made: Callable[..., str]) -> None:
    walk.open(app, made("swiss_roll", "vanilla", train={"epochs": 2})).tab("walk")
    walk.settled()
    assert not walk.control("walk-file-a").is_visible()
    assert walk.pixels("linear").shape[0] == FRAMES
    walk.control("walk-gif").click()
    expect(walk.control("complaint")).to_contain_text("no pictures")


def test_a_model_that_moves_on_is_walked_anew(app: App, walk: Walk, made: Callable[..., str], tmp_path: Path) -> None:
    small = {"network": {"latent": 2, "hidden": (16,)}}
    key = made("digits", "variational", **small, train={"epochs": 1})
    walk.open(app, key).tab("walk")
    walk.settled()
    walk.control("walk-file-b").set_input_files(picture_file(digits()[0][7], tmp_path / "mine.png"))
    wait_for(lambda: walk.ends()[1]["kind"] == "picture" and walk.ends()[1]["code"], "the picture is B")
    before = walk.settled().ends()
    pretrain.pretrain("made", "Made", Experiment.of("digits", "variational", **small, train={"epochs": 3}), tmp_path)
    folder = app.store.folder(key)
    shutil.copy(tmp_path / "made" / "model.safetensors", folder / "next.safetensors")
    (folder / "next.safetensors").replace(folder / "model.safetensors")
    wait_for(
        lambda: all(now["code"] != then["code"] for now, then in zip(walk.ends(), before, strict=True)), "codes are new"
    )
    walk.settled()
    model, (x, _) = Autoencoder.load(folder), digits()
    with torch.no_grad():
        codes = model.encode(x[[walk.ends()[0]["index"], 7]])
    assert walk.ends()[0]["code"] == pytest.approx(codes[0].tolist(), abs=1e-5)
    assert walk.ends()[1]["code"] == pytest.approx(codes[1].tolist(), abs=2e-2)
    ends = torch.tensor([end["code"] for end in walk.ends()])
    wait_for(lambda: near(walk.pixels("linear"), as_bytes(model, linear(*ends, FRAMES))), "rows are decoded anew")


def test_a_failure_is_told_in_the_row(app: App, walk: Walk) -> None:
    walk.open(app).tab("walk")
    walk.settled()
    walk.evaluate("latent => latent.space.client.socket.socket.close()")
    walk.panel("panel.refresh()")
    expect(walk.control("walk-state-geodesic")).to_contain_text("There is no shortest path: ")
    assert walk.panel("panel.linear.walk !== null")


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_sticks_out_on_a_phone(app: App, new_page: Callable[..., Page], dark: bool) -> None:
    walk = Walk(new_page(width=390, height=844, dark=dark))
    walk.open(app, "digits-vae-10").tab("walk")
    walk.settled()
    outside = walk.control("walk").evaluate(
        "root => [...root.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > root.getBoundingClientRect().right + 1).length"
    )
    assert outside == 0
    assert walk.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
