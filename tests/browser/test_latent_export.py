"""The Export panel: files that hold what is on show, and a page that works without a server."""

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pa_parquet
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from aelib import Autoencoder, load_dataset
from aelib.home import pretrained_folder
from tests.browser.conftest import App
from tests.browser.latentpage import LatentPage

SIZE = 3e6


@pytest.fixture
def latent(page: Page) -> LatentPage:
    return LatentPage(page)


def download(latent: LatentPage, name: str) -> tuple[str, bytes]:
    """Press a button of the open panel; the name and the content of the file."""
    with latent.page.expect_download() as found:
        latent.control(f"export-{name}").click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def codes_of(key: str) -> np.ndarray:
    data = load_dataset("digits")
    with torch.no_grad():
        return Autoencoder.load(pretrained_folder() / key).encode(torch.cat([data.test.x, data.train.x])).numpy()


def test_tables_hold_the_codes_and_the_layout_on_show(app: App, latent: LatentPage) -> None:
    latent.open(app, "digits-vae-10")
    latent.layout("pca")
    latent.tab("export")
    plotted = np.array(latent.evaluate("latent => Array.from(latent.space.layout.points)"), np.float32).reshape(-1, 2)
    name, content = download(latent, "csv")
    assert name == "digits-variational-codes.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    expect(latent.control("export-state")).to_contain_text(name)
    name, content = download(latent, "parquet")
    assert name == "digits-variational-codes.parquet"
    table = pa_parquet.read_table(io.BytesIO(content))
    codes = codes_of("digits-vae-10")
    for j in range(10):
        assert np.allclose(table[f"unit_{j + 1}"], codes[:, j], atol=1e-6)
    for k in range(2):
        assert np.array_equal(table[f"pca_{k + 1}"], plotted[:, k])
    for column in table.column_names:
        assert [row[column] for row in rows[:3]] == [str(row[column]) for row in rows[:3]]
        if table[column].type == "float":
            assert np.array_equal(np.float32([row[column] for row in rows]), table[column])


def test_of_raw_axes_there_is_no_projection(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("export")
    table = pa_parquet.read_table(io.BytesIO(download(latent, "parquet")[1]))
    assert table.column_names == ["index", "split", "label", "class", "error", "kl", "unit_1", "unit_2"]


def test_the_archive_for_the_projector_is_whole(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("export")
    name, content = download(latent, "projector")
    assert name == "digits-variational-projector.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        (about,) = json.loads(archive.read("projector_config.json"))["embeddings"]
        assert about["tensorShape"] == [1797, 3]
        assert Image.open(archive.open("sprite.png")).size == (43 * 8, 43 * 8)


def test_the_map_is_a_picture(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("export")
    name, content = download(latent, "png")
    assert name == "digits-variational-map.png"
    picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    box = latent.cloud.bounding_box()
    assert box
    assert abs(picture.shape[1] - box["width"]) <= 1
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10
    name, content = download(latent, "svg")
    assert name == "digits-variational-map.svg"
    assert content.count(b"<circle") == 1797


def test_a_failure_is_told_and_the_panel_can_be_used_again(app: App, latent: LatentPage) -> None:
    latent.open(app)
    latent.tab("export")
    latent.evaluate(
        "latent => { latent.space.layout = { ...latent.space.layout, projection: { method: 'umap', dimensions: 2 } }; }"
    )
    latent.control("export-csv").click()
    expect(latent.control("complaint")).to_contain_text("not at hand")
    expect(latent.control("export-csv")).to_be_enabled()
    latent.evaluate("latent => { latent.space.layout = { ...latent.space.layout, projection: null }; }")
    download(latent, "csv")
    expect(latent.control("complaint")).to_be_hidden()


# --- a page without a server ----------------------------------------------------------------------------


class Offline:
    """The page as a file, in a browser without a network."""

    def __init__(self, chromium: Browser, path: Path, dark: bool = False, width: int = 1440) -> None:
        self.context = chromium.new_context(
            offline=True, color_scheme="dark" if dark else "light", viewport={"width": width, "height": 900}
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self.faults.append(message.text))
        self.page.goto(path.as_uri())
        self.root = self.page.get_by_test_id("standalone")
        self.root.wait_for()

    def decode(self, code: np.ndarray, told: int = -1) -> np.ndarray:
        """What the page's own decoder makes of a code."""
        script = "(root, [code, told]) => Array.from(root.latent.space.ready().decoder(Float32Array.from(code), told))"
        return np.array(self.root.evaluate(script, [[float(value) for value in code], told]))


@pytest.mark.parametrize(
    ("key", "method"), [("digits-variational", "axes"), ("digits-vae-10", "pca"), ("digits-conditional", "axes")]
)
def test_a_page_without_a_server_works_offline(
    app: App, latent: LatentPage, chromium: Browser, tmp_path: Path, key: str, method: str
) -> None:
    latent.open(app, key)
    latent.layout(method)
    plotted = latent.evaluate("latent => Array.from(latent.space.layout.points)")
    latent.tab("export")
    name, content = download(latent, "html")
    assert name.endswith(".html")
    assert len(content) < SIZE
    (tmp_path / name).write_bytes(content)
    offline = Offline(chromium, tmp_path / name)
    try:
        check_page(offline, key, plotted)
    finally:
        offline.context.close()
    assert offline.faults == []
    assert offline.requests == [(tmp_path / name).as_uri()]


def check_page(offline: Offline, key: str, plotted: list[float]) -> None:
    assert np.array_equal(offline.root.evaluate("root => Array.from(root.latent.space.layout.points)"), plotted)
    model = Autoencoder.load(pretrained_folder() / key)
    told = 7 if model.spec.classes else -1
    codes = torch.randn(20, model.spec.latent, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = model.decode(codes, torch.full((20,), told) if told >= 0 else None).flatten(1).numpy()
    for code, picture in zip(codes.numpy(), expected, strict=True):
        assert np.abs(offline.decode(code, told) - picture).max() <= 1e-3
    hover(offline, model)
    if told >= 0:
        offline.page.get_by_test_id("told").select_option(str(told))
        hover(offline, model, told)
    click(offline)
    zoom(offline)


def hover(offline: Offline, model: Autoencoder, told: int = -1) -> None:
    """What is under the pointer is decoded as PyTorch does."""
    box = offline.page.get_by_test_id("cloud").bounding_box()
    assert box
    seen = set()
    for k in range(12):
        offline.page.mouse.move(box["x"] + box["width"] * (0.2 + 0.05 * k), box["y"] + box["height"] * 0.4)
        seen.add(str(offline.page.get_by_test_id("decoded").evaluate("canvas => canvas.toDataURL()")))
    assert len(seen) >= 10
    where = "root => { const { x, y, index } = root.latent.map.cloud.controls.pointer; return Array.from(root.latent.map.codeAt(x, y, index).code); }"
    code = torch.tensor([offline.root.evaluate(where)])
    with torch.no_grad():
        expected = model.decode(code, torch.tensor([told]) if told >= 0 else None).flatten().numpy()
    painted = offline.page.get_by_test_id("decoded").evaluate(
        "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 8, 8).data).filter((_, i) => i % 4 === 0)"
    )
    assert np.abs(np.array(painted) - 255 * expected).max() <= 0.5 + 0.255


def click(offline: Offline) -> None:
    """An example that is clicked is on show with its picture."""
    index = 5
    x, y = offline.root.evaluate(
        """(root, index) => {
            const { cloud } = root.latent.map;
            const { low, high } = cloud.box;
            const { width, height, left, top } = cloud.canvas.getBoundingClientRect();
            const [x, y] = root.latent.space.layout.points.slice(2 * index, 2 * index + 2);
            return [left + width * (x - low[0]) / (high[0] - low[0]), top + height * (high[1] - y) / (high[1] - low[1])];
        }""",
        index,
    )
    offline.page.mouse.click(x, y)
    shown = offline.root.evaluate("root => root.latent.space.point")
    data = load_dataset("digits")
    x_shown, label = torch.cat([data.test.x, data.train.x])[shown], torch.cat([data.test.y, data.train.y])[shown]
    expect(offline.page.get_by_test_id("example")).to_have_text(f"#{shown}: {label}")
    painted = offline.page.get_by_test_id("original").evaluate(
        "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 8, 8).data).filter((_, i) => i % 4 === 0)"
    )
    assert np.abs(np.array(painted) - 255 * x_shown.flatten().numpy()).max() <= 0.5


def zoom(offline: Offline) -> None:
    width = "root => { const { low, high } = root.latent.map.cloud.box; return high[0] - low[0]; }"
    before = offline.root.evaluate(width)
    offline.page.mouse.wheel(0, -600)
    offline.page.wait_for_timeout(100)
    assert offline.root.evaluate(width) < 0.8 * before
    offline.page.get_by_role("button", name="Fit").click()
    assert offline.root.evaluate(width) == pytest.approx(before)


def test_a_page_without_a_server_has_choices_and_a_dark_look(
    app: App, latent: LatentPage, chromium: Browser, tmp_path: Path
) -> None:
    latent.open(app, "digits-vae-10")
    latent.layout("pca", 3)
    latent.tab("export")
    name, content = download(latent, "html")
    (tmp_path / name).write_bytes(content)
    offline = Offline(chromium, tmp_path / name, dark=True, width=390)
    try:
        page, space = offline.page, "root => [root.latent.space.layout.method, root.latent.space.layout.dimensions]"
        assert offline.root.evaluate(space) == ["pca", 3]
        page.get_by_test_id("method").select_option("axes")
        page.get_by_test_id("axis-0").select_option("3")
        assert offline.root.evaluate("root => root.latent.space.layout.units[0]") == 3
        colours = "root => new Set(root.latent.map.cloud.scene.layout.colours).size"
        assert offline.root.evaluate(colours) == 10
        page.get_by_test_id("colour").select_option("errors")
        assert offline.root.evaluate(colours) > 20
        page.get_by_test_id("background").select_option("decoded")
        page.wait_for_timeout(300)
        background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert sum(int(part) for part in background[4:-1].split(",")) < 150
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        assert offline.faults == []
    finally:
        offline.context.close()
