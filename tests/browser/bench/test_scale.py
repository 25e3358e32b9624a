"""A variational map in the scale of its prior: a code that collapses is seen to, in pixels and in a word."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import App, Bench, wait_for

#: What the map shows, from its pixels: the outer ring is what is dark beneath the points, the inner one half as large;
#: points are what is coloured (text is not). Shares of the inner ring's radius: how far the points lie, and which of
#: them lie outside.
LOOK = """map => {
    const pixels = canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const base = map.parentElement.querySelector('canvas');
    const {width, height} = base;
    const lines = pixels(base);
    const dark = (x, y) => lines[4 * (y * width + x) + 3] > 128;
    const ends = {left: width, right: -1, top: height, bottom: -1};
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (dark(x, y)) {
        ends.left = Math.min(ends.left, x); ends.right = Math.max(ends.right, x);
        ends.top = Math.min(ends.top, y); ends.bottom = Math.max(ends.bottom, y);
    }
    const [cx, cy] = [(ends.left + ends.right) / 2, (ends.top + ends.bottom) / 2];
    const [across, up] = [(ends.right - ends.left) / 4, (ends.bottom - ends.top) / 4];
    const seen = radius => {
        let hits = 0;
        for (let k = 0; k < 360; k++) {
            const [x, y] = [cx + radius * Math.cos(k * Math.PI / 180), cy + radius * Math.sin(k * Math.PI / 180)];
            let hit = false;
            for (const dx of [-2, -1, 0, 1, 2]) for (const dy of [-2, -1, 0, 1, 2]) hit ||= dark(Math.round(x + dx), Math.round(y + dy));
            hits += hit;
        }
        return hits / 360;
    };
    const points = pixels(map);
    let [coloured, outside, farthest] = [0, 0, 0];
    for (let i = 0; i < points.length; i += 4) {
        const [r, g, b, a] = points.slice(i, i + 4);
        if (a < 128 || Math.max(r, g, b) - Math.min(r, g, b) < 60) continue;
        const far = Math.hypot((i / 4) % width - cx, Math.floor(i / 4 / width) - cy) / across;
        coloured++;
        outside += far > 1;
        farthest = Math.max(farthest, far);
    }
    return {across, up, inner: seen(across), outer: seen(2 * across), between: seen(1.5 * across), coloured, outside: outside / coloured, farthest, reach: Math.min(width, height) / 2 / across};
}"""


def look(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = bench.map.evaluate(LOOK)
    return found


def assert_rings(seen: dict[str, Any]) -> None:
    """Two circles, one half as large as the other, and three standard deviations within the map."""
    assert abs(seen["across"] - seen["up"]) <= 1
    assert seen["inner"] > 0.98
    assert seen["outer"] > 0.98
    assert seen["between"] < 0.2
    assert seen["reach"] >= 2.95


def test_a_posterior_that_collapses_falls_into_the_rings_of_its_prior_and_recovers(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=variational&epochs=100000&beta=0.3").train()
    badges = bench.root.get_by_test_id("collapsed")
    expect(badges).to_have_count(2)  # of the map, and beside the units in use
    wait_for(lambda: bench.step > 50 and look(bench)["outside"] > 0.2, "codes fill the prior", 60)
    for badge in badges.all():
        expect(badge).to_be_hidden()
    assert_rings(look(bench))

    bench.drag_knob("beta", [0.4, 0.8, 0.976])
    bench.page.wait_for_url(lambda url: float(url.split("beta=")[1].split("&")[0]) > 50)
    for badge in badges.all():
        expect(badge).to_be_visible()
        expect(badge).to_have_text("collapsed")
    wait_for(lambda: look(bench)["farthest"] < 0.5, "all codes lie in the middle of the prior")
    collapsed = look(bench)
    assert_rings(collapsed)
    assert collapsed["coloured"] > 0

    scale = bench.root.get_by_test_id("scale")
    scale.select_option("fit")  # as close as the codes allow: a code that has collapsed looks like any other
    wait_for(lambda: look(bench)["coloured"] > 5 * collapsed["coloured"], "points fill the map")
    scale.select_option("prior")
    wait_for(lambda: look(bench)["farthest"] < 0.5, "the scale of the prior is back")

    bench.drag_knob("beta", [0.6, 0.5, 0.388])
    wait_for(lambda: look(bench)["outside"] > 0.2, "codes fill the prior again", 120)
    for badge in badges.all():
        expect(badge).to_be_hidden()
    assert_rings(look(bench))
    bench.press("stop")


def test_a_plain_code_has_no_prior(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=vanilla&epochs=2").train()
    bench.wait("status", "finished")
    expect(bench.root.get_by_test_id("scale")).to_be_hidden()
    assert bench.root.get_by_test_id("collapsed").count() == 1
    expect(bench.root.get_by_test_id("collapsed")).to_be_hidden()
    assert look(bench)["outer"] < 0.5
