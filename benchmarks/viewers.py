"""Thirty live viewers of one run: how far behind the frame log are they?"""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from aelib import Experiment
from aelib.frames.message import read_meta
from aelib.runs import FrameReader
from benchmarks.appserver import FOR_EVER, app_server
from benchmarks.figure import Figure
from benchmarks.timing import percentile

VIEWERS = 30
Moment = tuple[int, str]


def run(quick: bool) -> list[Figure]:
    """95 % of the frames' lags: from the time of the log's last write to the arrival at a viewer."""
    with app_server() as server:
        run_id = server.launch(Experiment.of("digits", "variational", train=FOR_EVER))
        log = server.store.folder(run_id) / "frames.log"
        told = asyncio.run(_watch(f"{server.url.replace('http', 'ws', 1)}/live/{run_id}", log, 6 if quick else 20))
        server.stop(run_id)
    lags, lost, frames = told["lags"], told["lost"], told["frames"]
    seen = f"median {percentile(lags, 0.5):.0f} ms, worst {max(lags):.0f} ms; {frames} frames"
    return [
        Figure(f"frame lag of {VIEWERS} viewers, 95 %", percentile(lags, 0.95), "ms", ("≤", 300), seen),
        Figure("disconnected viewers", lost, "", ("=", 0)),
        Figure("frames that reached a viewer", 100 * len(lags) / (VIEWERS * frames), "%", ("≥", 99)),
    ]


async def _watch(address: str, log: Path, seconds: float) -> dict[str, Any]:
    written: dict[Moment, float] = {}
    arrived: list[tuple[Moment, float]] = []
    counts = {"open": 0, "lost": 0}

    async def view() -> None:
        # As a browser does, it offers to compress; what the server answers is its own business.
        async with connect(address, max_size=None, proxy=None) as socket:
            counts["open"] += 1
            try:
                async for message in socket:
                    now = time.time()
                    if isinstance(message, bytes):
                        arrived.append((_moment(message), now))
            except ConnectionClosed:
                counts["lost"] += 1
            else:
                counts["lost"] += 1  # closed in good order, but not by us

    async def follow() -> None:
        reader = FrameReader(log)
        reader.poll()
        while True:
            changed = os.stat(log).st_mtime
            for payload in reader.poll()[1]:
                written[_moment(payload)] = changed
            await asyncio.sleep(0.003)

    viewers = [asyncio.create_task(view()) for _ in range(VIEWERS)]
    while counts["open"] < VIEWERS:
        await asyncio.sleep(0.05)
        for viewer in viewers:
            if viewer.done():
                viewer.result()
    await asyncio.sleep(1.5)  # the history that each of them gets first
    follower = asyncio.create_task(follow())
    await asyncio.sleep(seconds)
    follower.cancel()
    await asyncio.sleep(1.0)  # the last ones arrive
    for viewer in viewers:
        viewer.cancel()
    await asyncio.gather(*viewers, follower, return_exceptions=True)
    lags = [1000 * (now - written[moment]) for moment, now in arrived if moment in written]
    return {"lags": lags, "lost": counts["lost"], "frames": len(written)}


def _moment(message: bytes) -> Moment:
    meta = read_meta(message)
    return meta.get("step", -1), f"{meta['kind']} {meta.get('status', '')}"
