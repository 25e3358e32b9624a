"""Time for a class: a run that can be watched, undone, replayed; settings that say what they are of."""

from playwright.sync_api import expect

from app.settings.pace import WATCHED
from tests.browser.conftest import App, Bench, wait_for


def press_train(bench: Bench) -> None:
    bench.page.get_by_role("button", name="Train", exact=True).first.click()
    bench.page.wait_for_url("**run=*")
    bench.wait("status", "running")


def test_a_run_begins_at_a_pace_to_watch_until_another_is_chosen(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&epochs=100000")
    speed = bench.root.get_by_label("Speed")
    press_train(bench)
    expect(speed).to_have_value(f"{WATCHED:.0f} steps/s")
    speed.select_option("10 steps/s")
    run_id = str(bench.run_id)
    bench.page.get_by_role("button", name="Train", exact=True).first.click()
    bench.page.wait_for_url(lambda url: "run=" in url and run_id not in url)
    bench.wait("status", "running")
    bench.wait_step(2)
    expect(speed).to_have_value("10 steps/s")
    bench.press("stop")


def test_a_rewind_is_undone_by_a_button(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&epochs=100000").train()
    undo = bench.root.locator("[data-action=undo]")
    bench.wait_step(100)
    expect(undo).to_be_hidden()
    bench.press("pause")
    bench.wait("status", "paused")
    bench.settle()
    there, before = bench.step, bench.pictures()
    bench.press("rewind")
    bench.wait("step", "0")
    expect(undo).to_have_accessible_name(f"Undo the rewind: back to step {there:,}")
    undo.click()
    bench.wait("step", str(there))
    bench.settle()
    after = bench.pictures()
    for part in ("strip", "curves", "moment"):
        assert after[part] == before[part]
    expect(undo).to_have_accessible_name("Undo the rewind: back to step 0")


def test_a_replay_shows_all_from_the_first_step_to_now(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&epochs=1").train()
    bench.wait("status", "finished")
    last = bench.step
    bench.root.evaluate(
        """bench => {
            globalThis.seen = [];
            new MutationObserver(() => globalThis.seen.push(Number(bench.dataset.step)))
                .observe(bench, { attributes: true, attributeFilter: ['data-step'] });
        }"""
    )
    replay = bench.root.locator("[data-action=replay]")
    replay.click()
    expect(replay).to_have_text("Stop")
    expect(replay).to_have_text("Replay")
    expect(bench.page.get_by_role("button", name="Now", exact=True)).to_be_disabled()
    seen = bench.page.evaluate("() => globalThis.seen")
    seen = seen[seen.index(0) :]  # the last moment may be painted once more before
    assert seen == sorted(seen)
    assert seen[-1] == last
    assert len(set(seen)) > 3

    replay.click()  # whoever takes the slider in hand is alone with it
    bench.page.get_by_test_id("scrubber").fill("5")
    expect(replay).to_have_text("Replay")
    bench.settle()
    assert 0 < bench.step < last


def test_changed_settings_say_so_and_go_back(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&data=digits&epochs=1").train()
    page, run_id = bench.page, str(bench.run_id)
    size = page.get_by_role("spinbutton", name="Code size")
    told = page.locator(".stSidebar p", has_text="Settings changed")
    expect(told).to_have_count(0)
    size.fill("5")
    size.press("Enter")
    expect(told).to_contain_text("Settings changed (Code size): press Train to apply them.")
    page.wait_for_url("**latent=5**")
    page.get_by_role("button", name="Reset").click()
    expect(told).to_have_count(0)
    expect(size).to_have_value("2")
    page.wait_for_url(f"**latent=2**{run_id}**")

    page.get_by_role("combobox", name="Variant").click()
    page.get_by_role("option", name="Contractive").click()
    expect(told).to_contain_text("Variant")
    bench.train()
    expect(told).to_have_count(0)
    wait_for(lambda: app.store.get(str(bench.run_id)).experiment.variant == "contractive", "it is what was chosen")
