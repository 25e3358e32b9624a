"""The latent space page with 10,000 examples: hover, also while UMAP computes; cancelling; coming back."""

import time

from playwright.sync_api import BrowserContext, Page

from benchmarks.appserver import app_server
from benchmarks.browser import chromium, fresh_context
from benchmarks.data import find_mnist
from benchmarks.figure import Figure, UnavailableError
from benchmarks.hover import hover_over

#: Milliseconds to wait for a UMAP of 10,000 codes of a machine's first.
PATIENCE = 400_000


def run(quick: bool) -> list[Figure]:
    """With the pretrained VAE on MNIST: its codes of two units, and 10,000 held-out pictures."""
    if not find_mnist():
        raise UnavailableError("MNIST is not here")
    with chromium() as browser, app_server() as server, fresh_context(browser) as context:
        url = f"{server.url}/latent-space?open=mnist-vae"
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        start = time.perf_counter()
        _open(page, url)
        figures = [Figure("page → map of 10,000 examples, the first time", time.perf_counter() - start, "s")]
        figures += hover_over(page, "cloud", "10,000 points")
        figures += _while_umap_computes(page, url)
        if not quick:
            figures += _coming_back(context, page, url)
    return figures


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("[data-testid=latent][data-count='10000']")
    page.wait_for_function("() => probe.find('[data-testid=latent]').latent.space.pictures.known.size === 10000")


def _while_umap_computes(page: Page, url: str) -> list[Figure]:
    _choose_umap(page)
    page.wait_for_function("() => probe.find('[data-testid=projecting] progress').value > 0.05")
    figures = [
        figure for figure in hover_over(page, "cloud", "while UMAP computes") if figure.name.startswith("hover →")
    ]
    start = time.perf_counter()
    page.get_by_test_id("cancel").click()
    page.wait_for_selector("[data-testid=projecting]", state="hidden")
    return [*figures, Figure("UMAP cancelled", time.perf_counter() - start, "s", ("≤", 1))]


def _coming_back(context: BrowserContext, page: Page, url: str) -> list[Figure]:
    """UMAP to its end; then a new page asks for the same."""
    start = time.perf_counter()
    _choose_umap(page)
    _wait_for_umap(page)
    whole = time.perf_counter() - start
    page.close()
    again = context.new_page()
    again.set_default_timeout(PATIENCE)
    _open(again, url)
    start = time.perf_counter()
    _choose_umap(again)
    _wait_for_umap(again)
    return [
        Figure("UMAP of 10,000 codes", whole, "s"),
        Figure("the same when one comes back", time.perf_counter() - start, "s", ("≤", 0.3)),
    ]


def _choose_umap(page: Page) -> None:
    page.get_by_test_id("method").select_option("axes")
    page.get_by_test_id("method").select_option("umap")


def _wait_for_umap(page: Page) -> None:
    page.wait_for_function("() => probe.find('[data-testid=latent]').latent.space.layout.method === 'umap'")
