"""The first page: a learned latent space is there, interactive, before anything is trained."""

from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page

from aelib import Autoencoder
from aelib.home import pretrained_folder
from tests.browser.conftest import App, Bench

PRETRAINED = sorted(path.name for path in pretrained_folder().iterdir() if (path / "config.json").exists())


def test_a_pretrained_latent_space_is_open_at_once(app: App, bench: Bench) -> None:
    bench.open(app.url)
    assert bench.read("status") == "pretrained"
    assert bench.step > 1000
    assert bench.page.locator(".card").count() >= len(PRETRAINED)
    assert bench.page.locator(".card img").count() >= len(PRETRAINED)


def test_hover_decodes_without_the_network(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/?open=mnist-sample-vae-2")
    bench.page.wait_for_timeout(500)  # the decoder's weights arrive
    box = bench.map.bounding_box()
    assert box
    bench.page.mouse.move(box["x"] + 5, box["y"] + 5)
    sent = bench.count_messages()
    seen = set()
    for k in range(100):
        bench.page.mouse.move(
            box["x"] + 20 + (box["width"] - 40) * k / 100, box["y"] + box["height"] * (0.3 + 0.004 * k)
        )
        seen.add(bench.page.get_by_test_id("decoded").evaluate("canvas => canvas.toDataURL()"))
    assert len(seen) >= 90
    assert sent() == 0


def test_every_checkpoint_opens_and_the_decoder_in_the_browser_agrees_with_pytorch(app: App, bench: Bench) -> None:
    bench.open(app.url)
    for key in PRETRAINED:
        bench.page.locator(f".card[data-key={key}]").click()
        bench.page.wait_for_selector(f".card[data-key={key}][aria-pressed=true]")
        bench.wait("key", key)
        check_decoder(bench, key)


def check_decoder(bench: Bench, key: str) -> None:
    """That JavaScript and PyTorch make the same of twenty codes."""
    model = Autoencoder.load(pretrained_folder() / key)
    z = torch.linspace(-2.5, 2.5, 20 * model.spec.latent).reshape(20, -1)
    if key == "digits-overcomplete":
        z = z.abs() / 2.5  # identity: what comes out is the code, and the tolerance is for values in [0, 1]
    decoded = bench.page.evaluate(
        """async ([key, codes]) => {
            const load = (name) => import(document.querySelector(`link[rel=modulepreload][href$="/${name}"]`).href);
            const { parseMessage } = await load('wire/wire.js');
            const { makeDecoder } = await load('decoder/decoder.js');
            const url = new URL('live/' + key, document.baseURI);
            url.protocol = 'ws'; url.search = '';
            const socket = new WebSocket(url);
            socket.binaryType = 'arraybuffer';
            socket.onopen = () => socket.send('{"type": "weights"}');
            const message = await new Promise(done => socket.onmessage = event => {
                if (typeof event.data === 'string') return; // a note
                const found = parseMessage(event.data);
                if (found.meta.kind === 'weights') done(found);
            });
            socket.close();
            const decode = makeDecoder(message);
            return codes.map(code => Array.from(decode(Float32Array.from(code))));
        }""",
        [key, z.tolist()],
    )
    with torch.no_grad():
        expected = model.decode(z).flatten(1)
    assert (torch.tensor(decoded) - expected).abs().max() <= 1e-4, key


def test_a_card_opens_its_model(app: App, bench: Bench) -> None:
    bench.open(app.url)
    before = bench.pictures()["map"]
    bench.page.locator(".card[data-key=digits-linear]").click()
    bench.page.wait_for_url("**/?open=digits-linear")
    bench.page.wait_for_selector(".card[data-key=digits-linear][aria-pressed=true]")
    bench.wait("key", "digits-linear")
    assert bench.pictures()["map"] != before
    assert "Linear" in bench.page.locator(".stMainBlockContainer").inner_text()


def test_a_code_of_ten_units_lets_the_axes_be_chosen(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/?open=digits-vae-10")
    before = bench.pictures()["map"]
    bench.page.get_by_label("Unit on the horizontal axis").select_option("unit 3")
    bench.page.get_by_label("Unit on the vertical axis").select_option("unit 7")
    assert bench.pictures()["map"] != before


def test_the_time_machine_needs_no_server(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/?open=digits-variational")
    end = bench.pictures()
    sent = bench.count_messages()
    scrubber = bench.page.get_by_test_id("scrubber")
    steps = scrubber.evaluate(
        """async scrubber => {
            const seen = [];
            for (let index = Number(scrubber.max); index >= 0; index--) {
                scrubber.value = index;
                scrubber.dispatchEvent(new Event('input'));
                await new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)));
                seen.push(Number(scrubber.closest('.bench').dataset.step));
            }
            return seen;
        }"""
    )
    assert len(steps) >= 25
    assert steps == sorted(set(steps), reverse=True)
    start = bench.pictures()
    assert bench.step == 0
    assert all(start[name] != end[name] for name in ("map", "strip", "curves"))
    scrubber.fill(scrubber.get_attribute("max") or "")
    assert bench.pictures() == end
    assert sent() == 0


def test_zoom_pan_and_fit(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/?open=mnist-sample-vae-2")
    box = bench.map.bounding_box()
    assert box
    centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    bench.page.mouse.move(*centre)
    fitted = bench.pictures()["map"]
    bench.page.mouse.wheel(0, -300)
    zoomed = bench.pictures()["map"]
    assert zoomed != fitted
    bench.page.mouse.down()
    bench.page.mouse.move(centre[0] + 60, centre[1] + 30, steps=3)
    bench.page.mouse.up()
    assert bench.pictures()["map"] != zoomed
    bench.map.press("0")
    bench.page.mouse.move(*centre)
    assert bench.pictures()["map"] == fitted


def test_the_keyboard_moves_the_decoded_point(app: App, bench: Bench) -> None:
    bench.open(app.url)
    bench.page.wait_for_timeout(500)
    bench.map.focus()
    codes = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        bench.page.keyboard.press(key)
        codes.add(bench.page.get_by_test_id("code").inner_text())
    assert len(codes) >= 4


@pytest.mark.parametrize("path", ["", "/train"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_everything_without_scrolling_sideways(
    app: App, new_page: Callable[..., Page], path: str, dark: bool
) -> None:
    bench = Bench(new_page(390, 844, dark)).open(app.url + path)
    wide = bench.root.evaluate(
        "root => root.scrollWidth > root.clientWidth + 1 || root.getBoundingClientRect().right > innerWidth"
    )
    assert not wide
    assert bench.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_link_to_nothing_says_so(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/?open=../../etc/passwd")
    assert "not in the library" in bench.page.get_by_test_id("stAlert").inner_text()
