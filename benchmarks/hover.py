"""Pointer moved over the map → decoded picture painted; timed inside the page, the network watched."""

import math
import os
import statistics
from unittest.mock import patch

import numpy as np
from playwright.sync_api import BrowserContext, Page

from aelib import Dataset, Experiment
from aelib.data import add_dataset
from benchmarks.appserver import FOR_EVER, AppServer, app_server
from benchmarks.browser import chromium, fresh_context, wait_for_status
from benchmarks.data import find_mnist
from benchmarks.figure import Figure
from benchmarks.timing import percentile

MOVES = 100
#: Milliseconds from a move to its picture, at most: a frame of the screen, and two for a convolution in colour.
FRAME, TWO_FRAMES = 16, 33


def run(quick: bool) -> list[Figure]:
    """For the pretrained VAE on digits, a convolution of 64×64 in colour, and MNIST's size where that is here."""
    with chromium() as browser, app_server() as server, fresh_context(browser) as context:
        figures = _hover(context, server.url, "pretrained", "digits")
        url = f"{server.url}/train?run={_colour_run(server)}"
        figures += _hover(context, url, "stopped", "64×64 colour convolution", TWO_FRAMES)
        if find_mnist():
            figures += _hover(context, f"{server.url}/train?run={_mnist_run(server)}", "stopped", "MNIST")
        else:
            print("without a decoder of MNIST size: MNIST is not here")
    return figures


def _mnist_run(server: AppServer) -> str:
    run_id = server.launch(Experiment.of("mnist", "variational", train=FOR_EVER))
    server.stop(run_id)
    return run_id


def _colour_run(server: AppServer) -> str:
    pictures = np.random.default_rng(0).integers(0, 256, (300, 3, 64, 64), np.uint8)
    with patch.dict(os.environ, AELIB_HOME=str(server.home)):
        data = add_dataset(Dataset.from_arrays(pictures))
        run_id = server.launch(Experiment.of(data.name, "convolutional", train=FOR_EVER))
    server.stop(run_id)
    return run_id


def _hover(context: BrowserContext, url: str, status: str, title: str, most: float = FRAME) -> list[Figure]:
    page = context.new_page()
    page.goto(url)
    wait_for_status(page, status)
    page.wait_for_function("probe.weights > 0")
    figures = hover_over(page, "map", title, most)
    page.close()
    return figures


def hover_over(page: Page, name: str, title: str, most: float = FRAME) -> list[Figure]:
    """Move the pointer along a spiral over the map of that test id."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    map_canvas = page.get_by_test_id(name)
    map_canvas.scroll_into_view_if_needed()
    box = map_canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(1000)
    page.evaluate("name => { probe.watchMap(name); probe.sockets.sent = probe.sockets.received = 0; }", name)
    requests.clear()
    for i in range(MOVES):
        angle, radius = 0.4 * i, 0.05 + 0.4 * i / MOVES
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + radius * math.cos(angle)),
            box["y"] + box["height"] * (0.5 + radius * math.sin(angle)),
        )
        page.wait_for_timeout(20)
    page.wait_for_timeout(300)
    told = page.evaluate("({ moves: probe.moves, pictures: probe.pictures, ...probe.sockets })")
    painted = [move["painted"] for move in told["moves"]]
    handled = [move["handled"] for move in told["moves"]]
    messages = told["sent"] + told["received"] + len(requests)
    note = f"95 % {percentile(painted, 0.95):.1f} ms; {len(painted)} moves"
    return [
        Figure(f"hover → decoded picture painted, {title}", statistics.median(painted), "ms", ("≤", most), note),
        Figure(f"hover, the handlers alone, {title}", statistics.median(handled), "ms"),
        Figure(f"network messages during the hover, {title}", messages, "", ("=", 0), " ".join(requests[:3])),
        Figure(f"distinct decoded pictures, {title}", told["pictures"], "", ("≥", 90), f"of {MOVES} moves"),
    ]
