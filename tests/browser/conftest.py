"""One app server and one Chromium for all browser tests; each test gets a fresh page that must stay free of errors."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    ViewportSize,
    sync_playwright,
)
from websockets.sync.client import connect

from aelib.runs import RunStore
from aelib.runs.store import ACTIVE
from tests.children import children_of
from tests.chromium import find_chromium

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30_000
#: Real MNIST, where it is beside the repository or where the environment says.
MNIST = next(
    (
        folder
        for folder in (os.environ.get("AELIB_DATA"), Path(__file__).parents[2].parent / "shared" / "data")
        if folder and (Path(folder) / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file()
    ),
    None,
)


@dataclass
class App:
    """A running server."""

    url: str
    home: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def store(self) -> RunStore:
        return RunStore(self.home)

    def worker_pids(self) -> list[int]:
        return children_of(self.process.pid, "aelib.runs.worker")


@contextlib.contextmanager
def serving(home: Path) -> Iterator[App]:
    """Start a server on a free port, and stop it as Ctrl-C does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "--port", str(port)],
            env={**os.environ, "AELIB_HOME": str(home), **({"AELIB_DATA": str(MNIST)} if MNIST else {})}, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(url, timeout=2).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise AssertionError(f"The server did not start:\n{log.read_text()}") from None
                time.sleep(0.1)
        yield App(url, home, log, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running
        assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def nothing_trains_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test has left training is paused: nobody looks at it any more, and the next test needs the processors."""
    shared: App | None = request.getfixturevalue("app") if "app" in request.fixturenames else None
    yield
    for row in shared.store.rows(status=ACTIVE) if shared else ():
        # Without a limit on what may wait unread, or the good-bye would wait behind the frames until it times out.
        with connect(f"{shared.url.replace('http', 'ws')}/live/{row.id}?look=1", max_size=None, max_queue=None) as live:
            live.send('{"type": "pause"}')
            wait_for(lambda run_id=row.id: shared.store.get(run_id).status not in ACTIVE, "it rests")


class Visitor:
    """A page in a browser context of its own, that outlives a test: Streamlit, the modules and the fonts come over the
    network and are compiled once, which is most of what opening a page costs.

    A Streamlit session hangs on the socket of its page, so a page that is opened begins a new one. A test about a first
    visit, about a touch screen or with scripts that a page begins with makes a context of its own.
    """

    def __init__(self, browser: Browser, width: int, height: int, dark: bool) -> None:
        self.viewport: ViewportSize = {"width": width, "height": height}
        self.scheme: Literal["dark", "light"] = "dark" if dark else "light"
        self.context = browser.new_context(viewport=self.viewport, color_scheme=self.scheme)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.tools = self.context.new_cdp_session(self.page)

    def forget(self) -> None:
        """Leave nothing of a test but the cache of what came over the network."""
        page = self.page
        for other in self.context.pages:
            if other != page:
                other.close()
        if page.url.startswith("http"):
            page.evaluate("() => sessionStorage.clear()")
        page.goto("about:blank")
        page.mouse.up()
        page.mouse.move(0, 0)
        page.set_default_timeout(PATIENCE)
        page.set_viewport_size(self.viewport)
        page.emulate_media(color_scheme=self.scheme, reduced_motion="no-preference")
        self.context.clear_cookies()
        self.context.clear_permissions()
        kinds = "local_storage,indexeddb,cache_storage,service_workers"
        self.tools.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": kinds})
        self.tools.send("Page.resetNavigationHistory")


class Visitors:
    """Every page of a test has a visitor of its own; the next test meets the same ones again."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.known: dict[tuple[int, int, bool], list[Visitor]] = {}
        self.here: list[Callable[[], None]] = []

    def come(self, width: int, height: int, dark: bool) -> Page:
        at_rest = self.known.setdefault((width, height, dark), [])
        visitor = at_rest.pop() if at_rest else Visitor(self.browser, width, height, dark)

        def leave() -> None:
            visitor.forget()
            at_rest.append(visitor)

        self.here.append(leave)
        return visitor.page

    def all_leave(self) -> None:
        while self.here:
            self.here.pop()()


@pytest.fixture(scope="session")
def visitors(chromium: Browser) -> Visitors:
    return Visitors(chromium)


@pytest.fixture
def new_page(visitors: Visitors) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own; at the end none may have shown an error."""
    faults: list[str] = []
    pages: list[Page] = []

    def make(width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        page = visitors.come(width, height, dark)
        page.on("pageerror", note_error)
        page.on("console", note_message)
        pages.append(page)
        return page

    def note_error(error: Error) -> None:
        faults.append(f"page: {error}")

    def note_message(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error":
            faults.append(f"console: {message.text} ({url})")

    yield make
    visitors.all_leave()
    for page in pages:
        page.remove_listener("pageerror", note_error)
        page.remove_listener("console", note_message)
    assert not faults


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


class Bench:
    """What a user sees of the bench, and does to it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("bench")
        self.map = page.get_by_test_id("map")

    def open(self, url: str) -> "Bench":
        """Go there, and wait until there is a map."""
        self.page.goto(url)
        return self.ready()

    def ready(self) -> "Bench":
        self.page.wait_for_selector("[data-testid=bench][data-frames]")
        return self

    def train(self) -> "Bench":
        """Press Train in the sidebar and wait for the run, which goes at full speed: there is nobody to watch it."""
        before = self.run_id
        self.page.get_by_role("button", name="Train", exact=True).first.click()
        self.page.wait_for_url(lambda url: "run=" in url and (before is None or before not in url))
        # A short run may have ended before anybody looks.
        self.page.wait_for_selector("[data-testid=bench]:is([data-status=running], [data-status=finished])")
        self.root.get_by_label("Speed").select_option("Full speed")
        return self

    @property
    def run_id(self) -> str | None:
        _, found, rest = self.page.url.partition("run=")
        return rest.split("&")[0] if found else None

    def press(self, action: str) -> None:
        self.root.locator(f"[data-action={action}]").click()

    def read(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}") or ""

    @property
    def step(self) -> int:
        return int(self.read("step"))

    def wait(self, name: str, value: str) -> None:
        """Until an attribute of the bench has a value."""
        self.page.wait_for_selector(f"[data-testid=bench][data-{name}='{value}']")

    def wait_step(self, least: int) -> None:
        """Until training is that far."""
        deadline = time.monotonic() + PATIENCE / 1000
        while self.step < least:
            assert time.monotonic() < deadline, f"still at step {self.step}"
            self.page.wait_for_timeout(30)

    def pictures(self) -> dict[str, str]:
        """The pixels of map, strip and curves, as they are painted."""
        self.settle()
        return self.root.evaluate(
            """root => ({
                map: root.querySelector('[data-testid=map]').toDataURL(),
                strip: [...root.querySelectorAll('.strip-row:not([hidden]) canvas')].map(c => c.toDataURL()).join(),
                curves: root.querySelector('[data-testid=curves]').toDataURL(),
                moment: root.querySelector('[data-testid=moment]').textContent,
            })"""
        )

    def settle(self) -> None:
        """Until points have glided to their places and all is painted, on a busy machine too."""
        self.page.wait_for_timeout(200)
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def knob(self, name: str) -> Locator:
        return self.root.locator(f"[data-knob={name}]")

    def drag_knob(self, name: str, shares: list[float]) -> None:
        """Drag a slider with the mouse, through shares of its length."""
        box = self.knob(name).bounding_box()
        assert box
        at = [(box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2) for share in shares]
        self.page.mouse.move(*at[0])
        self.page.mouse.down()
        for point in at[1:]:
            self.page.mouse.move(*point, steps=4)
        self.page.mouse.up()

    def count_messages(self, to: str = "") -> Callable[[], int]:
        """Start counting what the page sends over the network, to addresses with ``to`` in them; the function returned
        tells how much."""
        sent: list[str] = []
        self.page.on("request", lambda request: to in request.url and sent.append(request.url))
        self.page.evaluate(
            """(to) => {
                const send = WebSocket.prototype.send;
                globalThis.sentMessages = [];
                WebSocket.prototype.send = function (data) {
                    if (this.url.includes(to)) globalThis.sentMessages.push(String(data));
                    return send.call(this, data);
                };
            }""",
            to,
        )
        return lambda: len(sent) + int(self.page.evaluate("() => globalThis.sentMessages.length"))


@pytest.fixture
def bench(page: Page) -> Bench:
    return Bench(page)


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Poll until a condition outside the page holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
