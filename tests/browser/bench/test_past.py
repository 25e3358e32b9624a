"""Back in time the map is decoded with the weights of that time."""

from playwright.sync_api import expect

from tests.browser.conftest import App, Bench

PIXELS = """canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"""
LONG = "epochs=100000"


def decoded(bench: Bench) -> list[int]:
    found: list[int] = bench.page.get_by_test_id("decoded").evaluate(PIXELS)
    return found


def point(bench: Bench) -> None:
    """Onto the map, at a place of it."""
    box = bench.map.bounding_box()
    assert box
    bench.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)


def far(a: list[int], b: list[int]) -> int:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def travel(bench: Bench, step: int) -> None:
    """With the slider to the first frame of a step."""
    scrubber = bench.page.get_by_test_id("scrubber")
    for index in range(int(scrubber.get_attribute("max") or 0)):
        scrubber.fill(str(index))
        bench.settle()
        if bench.step == step:
            return
    raise AssertionError(f"no frame of step {step}")


def test_going_back_decodes_the_picture_that_was_live_then(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&{LONG}").train()
    bench.press("pause")
    bench.wait("status", "paused")
    bench.press("rewind")
    bench.wait("newest", "0")
    for step in range(1, 4):  # of a young run every step is kept
        bench.press("step")
        bench.wait("newest", str(step))
    point(bench)
    bench.wait("decoder", "3")
    code, live = bench.page.get_by_test_id("code").inner_text(), decoded(bench)
    for step in range(4, 24):
        bench.press("step")
        bench.wait("newest", str(step))
    point(bench)
    bench.wait("decoder", "23")
    bench.settle()
    newest = decoded(bench)
    assert far(newest, live) > 2

    bench.page.mouse.move(0, 0)
    travel(bench, 3)
    bench.wait("decoder", "3")
    point(bench)
    bench.settle()
    expect(bench.root).to_contain_text("Decoded with the weights of this step.")
    assert bench.page.get_by_test_id("code").inner_text() == code
    assert far(decoded(bench), live) <= 1

    bench.page.mouse.move(0, 0)
    bench.press("play")
    bench.wait_step(300)
    bench.press("pause")
    bench.wait("status", "paused")
    bench.open(bench.page.url)  # who has seen step 3 has its weights still
    point(bench)
    bench.wait("decoder", bench.read("newest"))
    bench.page.mouse.move(0, 0)
    travel(bench, 3)  # the picture follows the slider, with the nearest that is kept now
    bench.wait("decoder", "0")
    expect(bench.root).to_contain_text("Decoded with the weights of step 0.")
    bench.page.get_by_role("button", name="Now", exact=True).click()
    bench.wait("decoder", bench.read("newest"))
    expect(bench.root).not_to_contain_text("Decoded with")


def test_a_run_that_keeps_no_past_says_so(app: App, bench: Bench) -> None:
    """As what an older version wrote; the pretrained ones do not, either."""
    bench.open(app.url + "/train")
    bench.page.get_by_test_id("scrubber").fill("0")
    point(bench)
    expect(bench.root).to_contain_text("none of earlier steps are kept")
