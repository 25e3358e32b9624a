"""Training live on real digits, as a user sees it."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect

from aelib import VARIANTS, load_dataset
from aelib.checkpoint import read_tensors
from aelib.runs import RunFolder
from aelib.runs.history import History
from tests.browser.conftest import App, Bench, serving, wait_for

LONG = "epochs=100000"
#: How many different colours a canvas shows.
COLOURS_IN = """canvas => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""


def history_of(app: App, run_id: str) -> list[dict[str, float]]:
    """The loss trace of a run, from its last snapshot."""
    state = RunFolder(app.store.folder(run_id)).read_state()
    assert state
    points: list[dict[str, float]] = state[1]["history"]["points"]
    return points


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_trains_moves_decodes_and_shows_its_sheets(app: App, bench: Bench, variant: str) -> None:
    bench.open(f"{app.url}/train?variant={variant}").train()
    bench.wait_step(100)
    expect(bench.root).not_to_have_attribute("data-frames", re.compile("^[0-5]$"))
    box = bench.map.bounding_box()
    assert box
    bench.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    bench.page.wait_for_timeout(600)  # the newest weights are fetched
    bench.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    assert bench.page.get_by_test_id("code").inner_text().startswith("z = (")
    decoded = bench.page.get_by_test_id("decoded").evaluate(COLOURS_IN)
    assert decoded > 1
    tabs = bench.root.get_by_role("tab")
    assert tabs.count() >= 4
    for tab in tabs.all():
        tab.click()
        if tab.inner_text() == "Network":
            network = bench.page.get_by_test_id("network")
            network.scroll_into_view_if_needed()
            expect(network).to_have_attribute("data-step", re.compile("."))
            assert network.evaluate(COLOURS_IN) > 20
            continue
        rows = bench.root.locator(".strip-row")
        assert rows.count() >= 1
        for row in rows.all():
            if row.locator("canvas").count():
                # The spread over corruptions begins below what a picture of 256 shades can show.
                picture, what = row.locator("canvas").first, row.get_attribute("data-row") or ""
                wait_for(lambda picture=picture: picture.evaluate(COLOURS_IN) > 1, what)
            else:
                assert row.locator(".bar").count() >= 2
    readouts = dict(bench.root.get_by_test_id("readouts").locator(".readout").evaluate_all(
        "all => all.map(one => [one.dataset.readout, one.querySelector('dd').textContent])"
    ))  # fmt: skip
    assert {"rmse", "variance_explained", "neighbours"} <= readouts.keys()
    assert "–" not in readouts.values()
    bench.press("stop")
    bench.wait("status", "stopped")


def test_map_and_strip_change_with_the_frames(app: App, bench: Bench) -> None:
    """How often frames come, the machine decides."""
    bench.open(f"{app.url}/train?variant=denoising&{LONG}").train()
    bench.wait_step(30)
    frames = bench.root.evaluate(
        """async root => {
            const watch = (read) => { let before = read(), changes = 0; return () => { const now = read(); changes += now !== before; before = now; return changes; }; };
            const map = watch(() => root.querySelector('[data-testid=map]').toDataURL());
            const strip = watch(() => [...root.querySelectorAll('[data-row=reconstruction] canvas')].map(c => c.toDataURL()).join());
            const painted = () => new Promise(done => requestAnimationFrame(done));
            for (let frames = 1; ; frames++) {
                const step = root.dataset.step;
                while (root.dataset.step === step) await painted();
                await painted();
                await painted();
                const counts = [map(), strip()];
                if (Math.min(...counts) >= 8) return frames;
            }
        }"""
    )
    assert frames <= 16
    bench.press("stop")


def test_a_dragged_knob_acts_is_marked_and_never_sets_the_run_back(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=sparse&{LONG}").train()
    bench.wait_step(50)
    bench.root.evaluate(
        """root => {
            globalThis.steps = [];
            new MutationObserver(() => globalThis.steps.push(Number(root.dataset.step))).observe(root, {attributes: true, attributeFilter: ['data-step']});
        }"""
    )
    for target in (0.3, 0.9, 0.5):
        bench.drag_knob("weight", [0.5, 0.6, target])
        seen = int(bench.read("frames"))
        # Those of the drag may still be on their way, and one without a change does not end it.
        wait_for(lambda seen=seen: int(bench.read("frames")) > seen + 5, "frames without a change")
    bench.wait_step(bench.step + 100)
    steps = bench.page.evaluate("() => globalThis.steps")
    assert len(steps) > 5
    assert steps == sorted(steps)
    assert bench.page.get_by_test_id("curves").get_attribute("data-marks") == "3"
    assert bench.run_id
    bench.press("pause")
    bench.wait("status", "paused")
    events = RunFolder(app.store.folder(bench.run_id)).read_events()
    shown = float(
        bench.knob("weight").evaluate("slider => slider.closest('.knob').querySelector('[type=number]').value")
    )
    assert events[-1].name == "weight"
    assert events[-1].value == pytest.approx(shown)
    bench.page.wait_for_url(f"**weight={shown:g}*")


def test_pause_freezes_and_a_step_is_one_step(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&{LONG}").train()
    bench.wait_step(50)
    bench.press("pause")
    bench.wait("status", "paused")
    bench.settle()
    frozen = bench.step
    bench.page.wait_for_timeout(700)
    assert bench.step == frozen
    for k in range(1, 4):
        bench.press("step")
        bench.wait("step", str(frozen + k))
    bench.map.focus()
    bench.page.keyboard.press(".")
    bench.wait("step", str(frozen + 4))
    bench.page.keyboard.press(" ")
    bench.wait("status", "running")
    bench.page.keyboard.press(" ")
    bench.wait("status", "paused")


def test_rewind_is_the_same_beginning_every_time(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=variational&{LONG}").train()
    bench.wait_step(200)
    bench.press("pause")
    bench.wait("status", "paused")
    assert bench.run_id
    beginnings, losses = [], []
    for _ in range(2):
        bench.press("rewind")
        bench.wait("newest", "0")
        beginnings.append(bench.pictures()["map"])
        bench.press("play")
        bench.wait_step(200)
        bench.press("pause")
        bench.wait("status", "paused")
        bench.settle()
        losses.append(next(p for p in history_of(app, bench.run_id) if p["step"] == 200))
    assert beginnings[0] == beginnings[1]
    assert losses[0] == pytest.approx(losses[1], abs=1e-6)


def test_scrubbing_a_training_run_and_coming_back(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&{LONG}").train()
    bench.wait_step(300)
    bench.press("pause")
    bench.wait("status", "paused")
    bench.page.wait_for_timeout(800)  # the newest weights have been fetched
    end = bench.pictures()
    sent = bench.count_messages()
    scrubber = bench.page.get_by_test_id("scrubber")
    for index in range(int(scrubber.get_attribute("max") or 0)):
        scrubber.fill(str(index))
    assert bench.pictures() != end
    bench.page.get_by_role("button", name="Now").click()
    assert bench.pictures() == end
    assert sent() == 0


def test_two_browsers_with_different_seeds_do_not_disturb_each_other(app: App, new_page: Callable[..., Page]) -> None:
    first, second = (Bench(new_page()).open(f"{app.url}/train?variant=denoising&seed={seed}&{LONG}") for seed in (1, 2))
    first.train()
    second.train()
    runs = []
    for bench in (first, second):
        bench.wait_step(150)
        bench.press("stop")
        bench.wait("status", "stopped")
        bench.settle()
        assert bench.run_id
        runs.append((app.store.get(bench.run_id).experiment, history_of(app, bench.run_id)))
    assert runs[0][1] != runs[1][1]
    for experiment, points in runs:
        training, alone = experiment.build(load_dataset("digits")), History()
        while len(alone.points) < len(points):
            record = next(training)
            alone.add(record.step, record.tensors)
        assert alone.points == points


def test_a_copied_link_shows_the_same_run_live(app: App, bench: Bench, new_page: Callable[..., Page]) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&seed=5&{LONG}").train()
    bench.wait_step(30)
    bench.page.wait_for_url("**seed=5*")
    other = Bench(new_page()).open(bench.page.url)
    other.wait("status", "running")
    before = other.step
    other.wait_step(before + 50)
    other.press("pause")
    bench.wait("status", "paused")
    assert other.page.get_by_role("spinbutton", name="Seed").input_value() == "5"
    other.wait("step", bench.read("step"))
    assert other.pictures()["strip"] == bench.pictures()["strip"]


def test_what_can_be_done_with_a_run_stands_in_one_row_on_every_screen(app: App, bench: Bench) -> None:
    page = bench.open(f"{app.url}/train?variant=vanilla&{LONG}").train().page
    bench.press("pause")
    bench.wait("status", "paused")
    buttons = [
        page.get_by_role("button", name=re.compile(name)) for name in ("Latent space", "Compare", "Save", "Delete")
    ]
    controls = [*bench.root.locator(".transport .button:visible").all(), bench.root.get_by_label("Speed")]
    for width, height in ((1440, 900), (1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for row in (buttons, controls):
            boxes = [box for button in row if (box := button.bounding_box())]
            assert len(boxes) == len(row) > 3
            assert max(box["y"] for box in boxes) < min(box["y"] + box["height"] for box in boxes), width
            assert max(box["x"] + box["width"] for box in boxes) <= width


def test_a_new_seed_is_a_new_run_with_another_map(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&seed=7&{LONG}").train()
    first = bench.run_id
    bench.press("seed")
    bench.page.wait_for_url(lambda url: "run=" in url and str(first) not in url and "seed=8" in url)
    bench.wait("status", "running")
    assert app.store.get(str(bench.run_id)).experiment.train.seed == 8
    bench.press("stop")


def test_a_killed_worker_is_replaced_and_the_page_goes_on(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&epochs=100000").train()
    bench.wait_step(100)
    victims = app.worker_pids()
    assert victims
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: bool(app.worker_pids()) and not set(app.worker_pids()) & set(victims), "a new worker")
    assert bench.run_id
    bench.page.wait_for_timeout(500)
    before = bench.step
    bench.wait_step(before + 50)
    assert bench.read("status") == "running"
    bench.press("stop")
    bench.wait("status", "stopped")


def test_a_restarted_server_lists_the_runs_and_goes_on(tmp_path: Path, bench: Bench) -> None:
    """After it was killed, and after Ctrl-C."""
    with serving(tmp_path) as first:
        bench.open(f"{first.url}/train?variant=vanilla&{LONG}").train()
        bench.wait_step(200)
        run_id = str(bench.run_id)
        wait_for(lambda: first.store.get(run_id).step >= 200, "a heartbeat")
        bench.page.goto("about:blank")  # a page without its server complains, as it should
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(30)
    for end in (signal.SIGINT, None):
        with serving(tmp_path) as again:
            wait_for(lambda: again.store.get(run_id).status == "paused", "the run is released")
            bench.open(again.url)
            bench.page.locator(f".card[data-key='{run_id}']").click()
            bench.page.wait_for_url(f"**run={run_id}*")
            bench.ready()
            bench.press("play")
            bench.wait("status", "running")
            bench.wait_step(again.store.get(run_id).step + 50)
            points = [point["step"] for point in history_of(again, run_id)]
            assert points == list(range(10, 10 * len(points) + 1, 10))
            bench.page.goto("about:blank")
            if end:
                again.process.send_signal(end)
                again.process.wait(30)


def test_settings_and_run_are_kept_when_the_user_looks_at_the_library(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=sparse&latent=3&hidden=32&seed=4&{LONG}")
    pages = bench.page.get_by_role("link", name="Library"), bench.page.get_by_role("link", name="Train")
    pages[0].click()
    bench.wait("status", "pretrained")
    pages[1].click()
    bench.page.wait_for_url("**/train?*variant=sparse&latent=3&*seed=4*hidden=32*")
    bench.train()
    run_id = str(bench.run_id)
    pages[0].click()
    bench.page.wait_for_url(app.url + "/")
    pages[1].click()
    bench.page.wait_for_url(f"**/train?*run={run_id}*")
    bench.wait("status", "running")
    assert app.store.get(run_id).experiment.network.latent == 3
    bench.press("stop")


def test_choosing_a_variant_brings_its_defaults(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla")
    bench.page.get_by_role("combobox", name="Variant").click()
    bench.page.get_by_role("option", name="Contractive").click()
    bench.page.wait_for_url("**variant=contractive*hidden=128*activation=sigmoid*tied=1*learning_rate=0.01*")


def test_save_reopen_continue_and_delete(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=linear&epochs=20").train()
    bench.wait("status", "finished")
    run_id = bench.run_id
    bench.page.get_by_role("button", name="Save", exact=True).click()
    bench.page.get_by_label("Title").fill("Mine <b>& *only*</b>")
    bench.page.get_by_role("button", name="Keep in the library").click()
    bench.page.get_by_text("Kept in the library.").wait_for()
    bench.open(app.url)
    bench.page.locator(f".card[data-key='{run_id}']").click()
    bench.page.wait_for_url(f"**/?open={run_id}")
    bench.wait("status", "saved")
    assert "Mine <b>& *only*</b>" in bench.page.locator(".stMainBlockContainer").inner_text()
    bench.press("fork")
    bench.page.wait_for_url("**/train?*run=*")
    assert bench.run_id != run_id
    bench.ready()
    bench.wait_step(401)
    assert app.store.get(str(run_id)).step == 400
    bench.press("stop")
    bench.open(f"{app.url}/?open={run_id}")
    bench.page.get_by_role("button", name="Delete").click()
    bench.page.get_by_role("button", name="Delete it").click()
    wait_for(lambda: not app.store.folder(str(run_id)).exists(), "the folder is gone")
    assert all(row.id != run_id for row in app.store.rows())


def test_a_saved_run_is_a_checkpoint_of_the_library(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=contractive&epochs=5").train()
    bench.wait("status", "finished")
    folder = app.store.folder(str(bench.run_id))
    assert read_tensors(folder / "model.safetensors")
    assert (folder / "history.json").exists()


def test_divergence_stops_the_run_with_a_sentence(app: App, bench: Bench) -> None:
    deep = "-".join(["128"] * 8)  # ten layers a side and a learning rate of 1: infinite at the second step
    bench.page.goto(
        f"{app.url}/train?data=swiss_roll&variant=vanilla&activation=relu&learning_rate=1&hidden={deep}&{LONG}"
    )
    bench.page.get_by_role("button", name="Train", exact=True).first.click()
    bench.wait("status", "diverged")
    assert "lower the learning rate" in bench.page.get_by_test_id("message").inner_text()
    folder = app.store.folder(str(bench.run_id))
    wait_for((folder / "model.safetensors").exists, "the last good weights")
    assert all(torch.isfinite(value).all() for value in read_tensors(folder / "model.safetensors").values())
    assert bench.page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        (
            "data=nonsense&latent=0&variant=denoising&level=NaN&hidden=1-2-3-4-5-6-7-8-9-10&seed=99999999999999999999",
            [
                "Data set in the link: There is no data set 'nonsense'",
                "Code size in the link: '0' is not a whole number from 1 to",
                "Noise level in the link:",
                "Hidden layers in the link: There can be at most 8",
                "Seed in the link:",
            ],
        ),
        ("variant=<script>alert(1)</script>", ["Variant in the link:"]),
        ("run=../../../etc/passwd", ["This is not the id of a run"]),
        ("run=AAAAAAAAAAAAAAAAAAAAAA", ["This run is not here (any more)"]),
        ("latent=4096&hidden=4096-4096-4096-4096", ["50 million"]),
    ],
)
def test_nonsense_in_a_link_gets_plain_sentences(app: App, bench: Bench, query: str, sentences: list[str]) -> None:
    bench.open(f"{app.url}/train?{query}")
    alerts = bench.page.get_by_test_id("stAlert")
    for sentence in sentences:
        expect(alerts.filter(has_text=sentence)).to_be_visible()
    assert bench.page.get_by_test_id("stException").count() == 0
    bench.page.get_by_role("button", name="Train", exact=True).first.wait_for()


def test_nonsense_in_a_field_gets_one_plain_sentence(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train")
    field = bench.page.get_by_role("textbox", name="Hidden layers")
    field.fill("12, abc")
    field.press("Enter")
    alert = bench.page.get_by_test_id("stAlert").first
    alert.wait_for()
    assert "Widths are whole numbers" in alert.inner_text()
    assert "(got '12, abc')" in alert.inner_text()
