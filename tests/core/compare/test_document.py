"""A report in one file: all that was found is in it, nothing is fetched, and nothing that somebody worded is markup."""

import base64
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from aelib.commands.cli import main
from aelib.compare import Comparison, as_html, compare, read_contestants
from aelib.script import Recipe, as_script

HOSTILE = '<script>alert(1)</script>"><img src=http://example.org/x onerror=alert(1)>'


class Parts(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def contestants(checkpoints):
    first, second = read_contestants([checkpoints / f"digits-{name}" for name in ("linear", "denoising")])
    return [replace(first, recipe=Recipe(first.experiment, 12)), second]


@pytest.fixture(scope="module")
def found(contestants, digits):
    return compare(contestants, digits, limit=60, levels=(0.0, 0.5))


def test_all_that_was_found_is_in_it(found):
    parts = Parts(as_html(found))
    text = "".join(parts.text).replace("\u00a0", " ")
    for row in (*found.metrics, *found.classes):
        assert all(shown in text for shown in row.shown)
    for setting in (*found.settings.differing, *found.settings.equal):
        assert setting.name in text
    for figure in (found.curve, found.scree, *found.robustness):
        assert figure.title in text
    assert len([tag for tag, _ in parts.tags if tag == "svg"]) == 2 + len(found.robustness)
    pictures = sum(len(example.pictures) for duel in found.duels for example in (*duel.for_model, *duel.for_pca))
    assert len([tag for tag, _ in parts.tags if tag == "img"]) == pictures > 0
    for origin in found.origins:
        assert f"all 500 examples: {origin.error:.6g}. Seed 0." in text
        assert '"batch_size": 64' in text
    assert "Never saw this noise in training: Linear." in text
    assert all(f"{name} {version}" in text for name, version in found.versions.items())
    assert found.origins[1].obstacle in text


def test_the_script_can_be_read_and_saved(found, contestants):
    parts = Parts(as_html(found))
    script = as_script(contestants[0].recipe)
    assert script in parts.text
    [link] = [attributes for tag, attributes in parts.tags if tag == "a"]
    assert link["download"] == "linear.py"
    assert base64.b64decode(link["href"].split(",")[1]).decode() == script


def test_nothing_is_fetched_and_nothing_runs(found):
    parts = Parts(as_html(found))
    addresses = [attributes[name] for _, attributes in parts.tags for name in ("src", "href") if name in attributes]
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert not {"script", "iframe", "object", "embed"} & {tag for tag, _ in parts.tags}
    [policy] = [a["content"] for tag, a in parts.tags if tag == "meta" and "http-equiv" in a]
    assert policy.startswith("default-src 'none'")


def test_names_are_text(contestants, digits):
    one = replace(contestants[0], name=HOSTILE)
    page = as_html(compare([one], digits, limit=20, levels=(0.5,)))
    parts = Parts(page)
    assert HOSTILE in "".join(parts.text)
    assert not any(tag == "script" or "onerror" in attributes for tag, attributes in parts.tags)


def test_what_could_not_be_computed_is_said(found):
    assert "Nothing came of it." in as_html(replace(found, missing=("Nothing came of it.",)))


def test_equal_comparisons_give_equal_pages(found):
    assert as_html(Comparison.from_json(found.to_json())) == as_html(found)


def test_the_command_writes_the_page(checkpoints, tmp_path, capsys):
    folders = [str(checkpoints / "digits-linear"), f"--curve={checkpoints / 'digits-denoising'}"]
    target, data = tmp_path / "page.html", tmp_path / "found.json"
    assert main(["compare", *folders, "--limit=20", "--report", str(target), "--json", f"--output={data}"]) == 0
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8") == as_html(Comparison.from_json(data.read_bytes()))
