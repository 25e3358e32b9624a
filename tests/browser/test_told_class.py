"""A conditional decoder is told the class from a menu beside the decoded picture."""

from playwright.sync_api import expect

from tests.browser.conftest import App, Bench

DECODED = "canvas => canvas.toDataURL()"


def test_the_class_chosen_is_the_class_decoded_at_once(app: App, bench: Bench) -> None:
    bench.page.goto(f"{app.url}/train?variant=conditional")
    bench.train()
    bench.wait_step(300)
    bench.press("stop")
    bench.wait("status", "stopped")
    told, decoded = bench.page.get_by_test_id("told"), bench.page.get_by_test_id("decoded")
    assert told.locator("option").all_inner_texts() == ["none", *map(str, range(10))]
    bench.map.focus()
    bench.page.keyboard.press("ArrowRight")
    expect(bench.page.get_by_test_id("code")).to_contain_text("z = (")
    code = bench.page.get_by_test_id("code").inner_text()
    # The picture of a place depends on the class, and comes back with it.
    pictures = {"-1": decoded.evaluate(DECODED)}
    for label in ("0", "1", "8"):
        told.select_option(label)
        pictures[label] = decoded.evaluate(DECODED)
    assert len(set(pictures.values())) == len(pictures)
    told.focus()
    bench.page.keyboard.press("Home")
    assert told.input_value() == "-1"
    assert decoded.evaluate(DECODED) == pictures["-1"]
    assert bench.page.get_by_test_id("code").inner_text() == code
    # The choice decides what the pointer decodes too.
    told.select_option("8")
    bench.map.focus()
    bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.press("ArrowLeft")
    assert decoded.evaluate(DECODED) == pictures["8"]


def test_other_decoders_are_told_nothing(app: App, bench: Bench) -> None:
    bench.page.goto(f"{app.url}/train?variant=vanilla")
    bench.train()
    bench.wait_step(1)
    expect(bench.page.get_by_test_id("told")).to_be_hidden()
    bench.press("stop")
