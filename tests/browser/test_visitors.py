"""What the browser tests stand on: a visitor brings nothing from the test before but what the network has sent."""

from playwright.sync_api import Browser

from app.service.modules import address
from tests.browser.conftest import App, Visitors

#: Bytes that came over the network for a module; from the cache it is none, or fewer than 1000 for the question whether it has changed.
FETCHED = """async address => {
    await (await fetch(address)).text();
    return performance.getEntriesByType("resource").find((entry) => entry.name.endsWith(address)).transferSize;
}"""
KEPT = "async () => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, (await indexedDB.databases()).length]"
LOOK = """() => [
    innerWidth, innerHeight, matchMedia("(prefers-reduced-motion: reduce)").matches,
    matchMedia("(prefers-color-scheme: dark)").matches, history.length,
]"""


def test_a_visitor_forgets_all_but_what_the_network_has_sent(app: App, chromium: Browser) -> None:
    visitors, module = Visitors(chromium), f"/{address('map/cloud.js')}"
    page = visitors.come(1440, 900, False)
    page.goto(f"{app.url}/{address('base/dom.js')}")
    size, look = page.evaluate(FETCHED, module), page.evaluate(LOOK)
    assert size > 2000
    page.evaluate("() => { localStorage.theme = 'x'; sessionStorage.tab = 'y'; document.cookie = 'a=b'; }")
    page.evaluate("() => new Promise(done => { indexedDB.open('runs').onsuccess = done; }).then(() => null)")
    assert page.evaluate(KEPT) == [["theme"], ["tab"], "a=b", 1]
    page.goto(f"{app.url}/{address('base/parts.js')}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not any(before == after for before, after in zip(look, page.evaluate(LOOK), strict=True))
    with page.expect_popup() as opened:
        page.evaluate("() => { open(location.href); }")
    second = visitors.come(1440, 900, False)
    assert second.context != page.context
    visitors.all_leave()
    assert opened.value.is_closed()
    assert {visitors.come(1440, 900, False) for _ in range(2)} == {page, second}
    page.goto(f"{app.url}/{address('base/dom.js')}")
    assert page.evaluate(KEPT) == [[], [], "", 0]
    assert page.evaluate(LOOK) == look
    assert page.evaluate(FETCHED, module) < 1000 < size
    for each in page, second:
        each.context.close()
