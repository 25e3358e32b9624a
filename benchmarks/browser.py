"""A headless Chromium whose pages carry `probe.js`, which takes the time inside the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.figure import UnavailableError
from tests.chromium import ChromiumNotFoundError, find_chromium

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PROBE = Path(__file__).parent / "pages" / "probe.js"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; `UnavailableError` when there is none."""
    try:
        path = find_chromium()
    except ChromiumNotFoundError as error:
        raise UnavailableError(str(error)) from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_context(browser: Browser) -> Iterator[BrowserContext]:
    """A context with an empty cache, at the size that the app is designed for."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    context.add_init_script(path=PROBE)
    try:
        yield context
    finally:
        context.close()


def wait_for_status(page: Page, status: str) -> None:
    """Wait until the bench shows a frame and that status."""
    page.wait_for_function("status => probe.shows(status)", arg=status)
