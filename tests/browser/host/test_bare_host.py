"""Any page can be a host: one of 35 lines, made only for this test, shows a bench and its map with nothing else there."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page

from aelib.frames.framelog import read_log
from aelib.home import pretrained_folder
from aelib.runs import RunFolder
from app.service.modules import SOURCES, WEB
from tests.browser.conftest import Bench

HOST = Path(__file__).with_name("bare.js")
STYLES = ("base/base", "run/transport", "run/bench")
PAGE = """<!doctype html>
<html lang="en"><title>A bare page</title><link rel="icon" href="data:,"><style>{style}</style>
<main></main><script type="module" src="bare.js"></script></html>
"""


@pytest.fixture(scope="module")
def bare() -> Iterator[str]:
    """The address of a server that knows no app: a page, its host, the modules, and the messages of a checkpoint."""
    folder = RunFolder(pretrained_folder() / "digits-vanilla")
    messages = [entry.payload for entry in read_log(folder.frames)[1]]
    style = "\n".join((WEB / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    files = {
        "/": PAGE.format(style=style).encode(),
        "/bare.js": HOST.read_bytes(),
        "/messages/count": json.dumps(len(messages)).encode(),
        "/messages/weights": folder.decoder_message(),
        **{f"/messages/{i}": message for i, message in enumerate(messages)},
        **{f"/web/{name}": text.encode() for name, text in SOURCES.items()},
    }

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = files.get(self.path)
            self.send_response(200 if found is not None else 404)
            self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
            self.end_headers()
            with suppress(ConnectionError):  # a page that leaves waits for nothing
                self.wfile.write(found or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the answers are not of interest."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bench(bare: str, page: Page) -> Bench:
    return Bench(page).open(f"{bare}/#run/bench")


def test_the_host_is_small():
    assert len(HOST.read_text(encoding="utf-8").splitlines()) <= 40


def test_a_bare_page_shows_a_map_that_decodes_and_a_bench_that_travels(bench: Bench) -> None:
    page = bench.page
    page.wait_for_function("() => notes.some(note => note.type === 'weights')")
    box = bench.map.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    code = bench.root.get_by_test_id("code")
    page.wait_for_function("node => node.textContent.trim() !== ''", arg=code.element_handle())
    before, there = bench.pictures(), code.text_content()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    page.wait_for_function("([node, text]) => node.textContent !== text", arg=[code.element_handle(), there])
    last = bench.step
    bench.root.get_by_role("slider", name="Time machine").press("Home")
    page.wait_for_selector(f"[data-testid=bench]:not([data-step='{last}'])")
    after = bench.pictures()
    assert all(before[part] != after[part] for part in ("map", "strip", "moment"))


def test_what_the_user_chooses_is_told_to_the_host(bench: Bench) -> None:
    bench.root.get_by_role("button", name="Continue training").click()
    bench.page.wait_for_function("() => notes.some(note => note.told === 'action' && note.value === 'fork')")
    assert bench.page.evaluate("() => notes[0]") == {"path": "live/some-run?look=1"}


def test_a_drag_that_was_released_elsewhere_ends_and_other_buttons_pan_nothing(bench: Bench) -> None:
    page, canvas = bench.page, bench.map
    bench.settle()
    box = canvas.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    view = "() => JSON.stringify(view.cloud.chosen)"
    for button in ("right", "middle"):
        page.mouse.move(*middle)
        page.mouse.down(button=button)
        page.mouse.move(middle[0] + 50, middle[1] + 30, steps=4)
        page.mouse.up(button=button)
    assert page.evaluate(view) == "null"
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 50, middle[1] + 30, steps=4)
    dragged = page.evaluate(view)
    assert dragged != "null"
    # Outside of the window nobody hears of the release; the next that comes is a move with no button down.
    canvas.evaluate(
        "(node, [x, y]) => node.dispatchEvent(new PointerEvent('pointermove', {pointerId: 1, pointerType: 'mouse', buttons: 0, clientX: x, clientY: y, bubbles: true}))",
        [middle[0] - 60, middle[1]],
    )
    page.mouse.move(middle[0] - 80, middle[1], steps=3)
    assert page.evaluate(view) == dragged
    page.mouse.up()


def test_shortcuts_of_the_browser_stay_the_browser_s(bench: Bench) -> None:
    bench.map.focus()
    left_alone = bench.page.evaluate(
        """() => {
            const map = document.querySelector('[data-testid=map]');
            const tab = document.querySelector('[data-testid=bench] [role=tab]');
            const fire = (node, key, more) => !(node.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...more})));
            const kept = [];
            for (const more of [{ctrlKey: true}, {altKey: true}, {metaKey: true}]) {
                for (const key of ['+', '-', '0', 'ArrowLeft', 'ArrowRight', 'r', ' ', '.']) if (fire(map, key, more)) kept.push([key, more]);
                for (const key of ['ArrowLeft', 'ArrowRight']) if (fire(tab, key, more)) kept.push(['tab', key, more]);
            }
            return kept;
        }"""
    )
    assert left_alone == []
