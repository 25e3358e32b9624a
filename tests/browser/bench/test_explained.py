"""Words that explain themselves: by keys, by a finger on a phone, and as one glossary says it."""

from playwright.sync_api import Browser, Locator, Page, expect

from aelib.glossary import GLOSSARY
from tests.browser.conftest import PATIENCE, App, Bench

#: More words and controls than there are on the bench before the readouts.
MANY = 120


def tab_to(page: Page, term: str) -> Locator:
    """Go there with the Tab key alone, from the start of the bench."""
    page.get_by_test_id("bench").focus()
    word = page.get_by_test_id("readouts").locator(f"[data-term={term}]")
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if word.evaluate("node => node.getRootNode().activeElement === node"):
            return word
    raise AssertionError(f"no way to {term}")


def note_of(word: Locator) -> Locator:
    return word.locator("xpath=following-sibling::*[@role='note']")


def test_a_readout_is_explained_by_keys_alone(app: App, bench: Bench) -> None:
    bench.open(f"{app.url}/train?variant=variational&data=digits")
    page, term = bench.page, GLOSSARY["rmse"]
    word = tab_to(page, "rmse")
    note = note_of(word)
    expect(word).to_have_accessible_description(term.sentence)
    expect(note).to_be_hidden()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    expect(note).to_have_role("note")
    expect(note).to_have_accessible_name(term.name)
    for text in (term.sentence, term.formula, term.watch):
        expect(note).to_contain_text(text)
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(word).to_be_focused()
    page.keyboard.press("Space")  # which is also a key of the bench
    expect(note).to_be_visible()
    page.keyboard.press("Tab")
    expect(note).to_be_hidden()
    assert not bench.root.locator("[title]").evaluate_all(
        "all => all.filter(one => one.localName !== 'button' && !one.matches('select, option, .bar')).map(one => one.title)"
    )


def test_a_finger_opens_a_word_on_a_phone_and_closes_it_elsewhere(app: App, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    Bench(page).open(f"{app.url}/train?variant=variational&data=digits")
    word = page.get_by_test_id("readouts").locator("[data-term=in_use]")
    word.scroll_into_view_if_needed()
    word.tap()
    note = note_of(word)
    expect(note).to_contain_text(GLOSSARY["in_use"].sentence)
    box = note.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844
    page.touchscreen.tap(195, 4 if box["y"] > 20 else 840)
    expect(note).to_be_hidden()
    context.close()
