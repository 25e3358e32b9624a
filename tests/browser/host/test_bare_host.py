"""Any page can be a host: one of 35 lines, made only for this test, shows a bench and its map with nothing else there."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from aelib.frames.framelog import read_log
from aelib.home import pretrained_folder
from aelib.runs import RunFolder
from app.service.modules import SOURCES, WEB
from tests.browser.conftest import Bench

HOST = Path(__file__).with_name("bare.js")
STYLES = ("base/base", "base/explained", "run/transport", "run/bench")
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


def told(bench: Bench) -> list[str]:
    """What the bench has sent or told that a user wanted, in order."""
    return bench.page.evaluate("() => notes.map(note => note.value ?? note.type).filter(what => what !== 'weights')")


def test_a_run_that_came_to_nothing_shows_nothing_of_the_one_before(bench: Bench) -> None:
    parts = [bench.map, bench.root.locator(".number"), *map(bench.root.get_by_test_id, ("curves", "readouts", "strip"))]
    for part in parts:
        expect(part.first).to_be_visible()
    bench.page.evaluate("() => view.open({key: 'failed', readOnly: false, status: 'waiting'})")
    expect(bench.root.get_by_test_id("status")).to_have_text("Failed")
    expect(bench.root.get_by_test_id("message")).to_have_text("There is no MNIST.")
    for part in parts:
        expect(part.first).not_to_be_visible()
    buttons = bench.root.locator(".transport button:visible")
    assert buttons.count() >= 4
    assert all(button.is_disabled() for button in buttons.all())
    before = told(bench)
    assert before[-1] == "failed"
    bench.root.focus()
    for key in (" ", ".", "r", "r"):
        bench.page.keyboard.press(key)
    assert told(bench) == before


def test_whoever_starts_a_run_goes_on_at_it_by_keys_and_rewinds_with_two(bench: Bench) -> None:
    page = bench.page
    page.evaluate(
        """() => {
            const train = document.body.appendChild(document.createElement('button'));
            train.onclick = () => view.open({key: 'another', readOnly: false, status: 'waiting'});
            train.focus();
            train.click();
        }"""
    )
    bench.ready()
    before = told(bench)
    page.keyboard.press(" ")
    *others, toggled = told(bench)
    assert others == before
    assert toggled in ("play", "pause")
    page.keyboard.press("r")
    expect(bench.root.get_by_test_id("complaint")).to_contain_text("Press r again")
    assert told(bench) == [*before, toggled]
    page.keyboard.press("r")
    expect(bench.root.get_by_test_id("complaint")).not_to_be_visible()
    assert told(bench) == [*before, toggled, "rewind"]
