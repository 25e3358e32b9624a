"""Sweeps on real digits, as a user sees them."""

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from aelib.sweep import SweepSpec
from tests.browser.conftest import App, Bench, wait_for
from tests.browser.sweeppage import SweepPage

#: Small, so that frames come often; long, so that it goes on.
SMALL = "hidden=16&epochs=100000"
BETAS = f"variant=variational&over=beta&from=0.1&to=10&count=9&{SMALL}"


def test_nine_values_unfold_side_by_side_and_the_time_machine_goes_back(app: App, page: Page) -> None:
    sweep = SweepPage(app, page).open(BETAS).train()
    names = ["0.1", "0.178", "0.316", "0.562", "1", "1.78", "3.16", "5.62", "10"]
    assert sweep.titles() == [f"β = {name}" for name in names]
    expect(page.get_by_text("β from 0.1 to 10 on Variational (β) · Digits 8×8")).to_be_visible()
    sweep.wait_step(30)
    sweep.press("pause")
    sweep.wait_status("paused")
    now = sweep.maps()
    assert len(set(now)) == 9
    assert sweep.root.get_by_test_id("trade").get_attribute("data-points") == "9"
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("moment")).to_have_text("step 0")
    beginning = sweep.maps(glide=False)
    assert not set(now) & set(beginning)
    page.get_by_role("button", name="Now").click()
    assert sweep.maps(glide=False) == now
    before = sweep.step
    sweep.press("step")
    wait_for(lambda: sweep.step == before + 1, "one step")
    sweep.press("rewind")
    wait_for(lambda: sweep.step == 0, "the beginning")
    assert sweep.maps(glide=False) == beginning
    sweep.press("stop")
    sweep.wait_status("stopped")


def test_a_card_and_its_point_belong_together_and_an_example_is_chosen(app: App, page: Page) -> None:
    sweep = SweepPage(app, page).open(BETAS).train()
    sweep.wait_step(10)
    sweep.press("pause")
    sweep.wait_status("paused")
    page.wait_for_timeout(300)
    trade, losses = page.get_by_test_id("trade"), page.get_by_test_id("losses")
    plain = [sweep.pixels(trade), sweep.pixels(losses)]
    sweep.cards.nth(3).hover()
    expect(page.get_by_test_id("pointed")).to_contain_text("β = 0.562: error")
    expect(page.get_by_test_id("pointed")).to_contain_text("nats")
    marked = [sweep.pixels(trade), sweep.pixels(losses)]
    assert plain[0] != marked[0]
    assert plain[1] != marked[1]
    places = trade.evaluate(
        """async canvas => {
            const found = {};
            const {width, height} = canvas.getBoundingClientRect();
            for (let x = 2; x < width; x += 6) for (let y = 2; y < height; y += 6) {
                canvas.dispatchEvent(new PointerEvent('pointermove', {clientX: canvas.getBoundingClientRect().x + x, clientY: canvas.getBoundingClientRect().y + y, bubbles: true}));
                const on = [...canvas.getRootNode().querySelectorAll('[data-testid=card]')].findIndex(card => card.dataset.on === 'true');
                if (on >= 0) found[on] = [x, y];
            }
            return found;
        }"""
    )  # fmt: skip
    k, (x, y) = next(iter(places.items()))
    trade.hover(position={"x": x, "y": y})
    expect(sweep.cards.nth(int(k))).to_have_attribute("data-on", "true")
    rebuilt = [sweep.pixels(canvas) for canvas in sweep.root.locator(".card-picture").all()]
    page.get_by_role("button", name="Example 8").click()
    expect(page.get_by_role("button", name="Example 8")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(100)
    others = [sweep.pixels(canvas) for canvas in sweep.root.locator(".card-picture").all()]
    assert all(one != other for one, other in zip(rebuilt, others, strict=True))
    before = sweep.pixels(losses)
    page.get_by_label("Which loss").select_option("training loss")
    page.wait_for_timeout(100)
    assert sweep.pixels(losses) != before
    sweep.press("stop")


def test_it_survives_a_reload_a_second_viewer_and_a_killed_worker(app: App, new_page: Callable[..., Page]) -> None:
    first = SweepPage(app, new_page()).open(BETAS).train()
    first.wait_step(10)
    second = SweepPage(app, new_page()).open(f"sweep={first.sweep_id}")
    assert second.titles() == first.titles()
    first.press("pause")
    second.wait_status("paused")
    wait_for(lambda: first.step == second.step, "the same moment")
    assert first.errors() == second.errors()
    first.page.reload()
    first.ready()
    assert first.errors() == second.errors()
    second.press("play")
    first.wait_status("running")
    before = first.step
    for pid in app.worker_pids():
        os.kill(pid, signal.SIGKILL)
    first.wait_step(before + 20)
    second.wait_step(before + 20)
    first.press("stop")
    second.wait_status("stopped")
    first.page.get_by_role("button", name="Delete", exact=True).click()
    first.page.get_by_role("button", name="Delete this sweep").click()
    expect(first.cards).to_have_count(0)
    expect(second.page.get_by_test_id("message")).to_contain_text("not here (any more)")


def test_one_diverging_cell_is_marked_and_the_others_go_on(app: App, page: Page) -> None:
    deep = f"hidden={'-'.join(['64'] * 8)}"
    query = f"variant=linear&over=learning_rate&spacing=list&values=0.0001,0.3,0.001&{deep}&batch=32&epochs=100000"
    sweep = SweepPage(app, page).open(query).train()
    wait_for(lambda: sweep.cards.nth(1).get_attribute("data-diverged") not in ("0", None), "a diverged cell")
    expect(sweep.cards.nth(1)).to_contain_text(re.compile(r"diverged at step \d+"))
    assert [sweep.cards.nth(k).get_attribute("data-diverged") for k in (0, 2)] == ["0", "0"]
    expect(page.get_by_test_id("pointed")).to_contain_text("1 diverged, left out")
    assert page.get_by_test_id("trade").get_attribute("data-points") == "2"
    sweep.wait_step(sweep.step + 20)
    sweep.wait_status("running")
    sweep.press("stop")


def test_a_cell_is_opened_as_a_run_by_keyboard(app: App, page: Page) -> None:
    sweep = SweepPage(app, page).open(BETAS).train()
    sweep.wait_step(20)
    sweep.press("pause")
    sweep.wait_status("paused")
    step = sweep.step
    sweep.cards.nth(7).locator(".card-face").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Open as a run")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    bench = Bench(page)
    page.wait_for_url("**/train?*run=*")
    bench.ready()
    bench.wait("step", str(step))
    assert bench.run_id
    run = app.store.get(bench.run_id)
    assert run.experiment.knob_values["beta"] == pytest.approx(5.62341, rel=1e-5)
    page.go_back()
    sweep.ready()
    wait_for(lambda: sweep.step == step, "the newest frame, after those before it")
    page.go_forward()
    bench.ready()
    assert bench.run_id == run.id


def test_code_sizes_are_runs_side_by_side(app: App, page: Page) -> None:
    sweep = SweepPage(app, page).open(f"variant=variational&over=latent&spacing=list&values=1,2,5&{SMALL}").train()
    assert sweep.titles() == ["code size 1", "code size 2", "code size 5"]
    expect(page.get_by_test_id("pointed")).to_have_text("held-out squared error against KL to the prior")
    row = app.store.sweep(sweep.sweep_id)
    assert len(row.members) == 3
    sweep.wait_step(20)
    sweep.press("pause")
    sweep.wait_status("paused")
    assert len(set(sweep.maps())) == 3
    assert {app.store.get(member).status for member in row.members} == {"paused"}
    assert page.get_by_test_id("trade").get_attribute("data-points") == "3"
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("Home")
    wait_for(lambda: {c.get_attribute("data-step") for c in sweep.cards.all()} == {"0"}, "the beginning of all")
    page.goto(f"{app.url}/train?run={sweep.sweep_id}")
    expect(page.get_by_text("This is a sweep of several models")).to_be_visible()
    page.go_back()
    sweep.ready()
    sweep.cards.nth(2).locator(".card-face").click()
    page.get_by_role("menuitem", name="Open as a run").click()
    page.wait_for_url(f"**/train?*run={row.members[2]}*")


def test_bad_input_gets_one_sentence_and_nothing_is_lost(app: App, page: Page) -> None:
    sweep = SweepPage(app, page).open(BETAS).train()
    shown, titles = sweep.sweep_id, sweep.titles()

    def refuse(label: str, text: str, sentence: str) -> None:
        field = page.get_by_label(label, exact=True)
        before = field.input_value()
        field.fill(text)
        sweep.button.click()
        expect(page.get_by_test_id("stAlert")).to_have_text(re.compile(sentence))
        assert sweep.sweep_id == shown
        assert sweep.titles() == titles
        assert field.input_value() == text
        field.fill(before)
        field.press("Enter")
        expect(page.get_by_test_id("stAlert")).to_have_count(0)

    refuse("How many", "65", "2 to 64 values")
    refuse("To", "1000", "KL weight .* from 0 to 100")
    refuse("From", "20", "from a number to a greater one")
    refuse("From", "a little", "number such as 0.5")
    sweep.press("stop")
    page.get_by_label("Sweep", exact=True).click()
    page.get_by_role("option", name="Code size").click()
    expect(page.get_by_label("How many", exact=True)).to_have_count(0)
    refuse("Values", "1, 65", "from 1 to 64")


def test_the_link_holds_what_was_chosen(app: App, page: Page) -> None:
    sweep = SweepPage(app, page).open(
        "variant=denoising&latent=3&seed=7&over=level&spacing=linear&from=0.1&to=0.5&count=5"
    )
    page.wait_for_url("**over=level**")
    url = page.url
    page.goto("about:blank")
    page.goto(url)
    sweep.button.wait_for()
    for label, text in {"From": "0.1", "To": "0.5", "How many": "5", "Code size": "3", "Seed": "7"}.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(text)
    page.wait_for_timeout(300)
    assert page.url == url
    sweep.train()
    spec = app.store.sweep(sweep.sweep_id).spec
    assert isinstance(spec, SweepSpec)
    assert spec.values == pytest.approx((0.1, 0.2, 0.3, 0.4, 0.5))
    assert (spec.base.variant, spec.base.network.latent, spec.base.train.seed) == ("denoising", 3, 7)
    sweep.press("stop")
    page.goto(f"{app.url}/sweep?sweep={sweep.sweep_id}")
    sweep.ready()
    expect(page.get_by_label("To", exact=True)).to_have_value("0.5")
    page.goto(f"{app.url}/sweep?sweep=of-the-moon&over=gravity")
    expect(page.get_by_text("This sweep is not here (any more)")).to_be_visible()
    expect(page.get_by_text("'gravity' in the link cannot be swept here")).to_be_visible()
    page.get_by_role("link", name="Train", exact=True).click()  # the first time that this session sees it
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()


def test_on_a_phone_in_the_dark_cards_flow_in_two_columns(app: App, new_page: Callable[..., Page]) -> None:
    sweep = SweepPage(app, new_page(390, 844, dark=True)).open(BETAS).train()
    boxes = [card.bounding_box() for card in sweep.cards.all()]
    assert len({round(box["x"]) for box in boxes if box}) == 2
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert sweep.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert sweep.root.evaluate("root => root.style.colorScheme") == "dark"
    sweep.cards.nth(1).locator(".card-face").click()
    expect(sweep.page.get_by_role("menuitem", name="Open as a run")).to_be_visible()
    sweep.press("stop")
