"""A page without a server: everything that it needs is in it, and nothing more is asked for."""

import base64
import json
import os
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from aelib.desk.answers import asks
from aelib.desk.answers.standalone import standalone
from aelib.desk.answers.subject import load_subject
from aelib.frames.message import pack, unpack
from aelib.home import pretrained_folder
from aelib.runs import RunFolder
from app.service.standalone import bundle, standalone_file


@pytest.fixture(scope="module")
def answer() -> bytes:
    subject = load_subject(RunFolder(pretrained_folder() / "digits-variational"), 10_000)
    return standalone(subject, asks.Standalone(), None)


def page_of(answer: bytes) -> str:
    return unpack(standalone_file(answer))[1]["content"].tobytes().decode()


class Scripts(HTMLParser):
    """The scripts of a page with their attributes, and whatever names an address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.addresses: list[str] = []
        self._open: dict[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self._open = dict(attributes) if tag == "script" else None
        self.addresses += [value for name, value in attributes if name in ("src", "href")]

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open is not None:
            self.scripts.append((self._open, data))


def source_of(url: str) -> str:
    head, content = url.split(",", 1)
    assert head == "data:text/javascript;base64"
    return base64.b64decode(content).decode()


def test_every_module_that_is_imported_is_in_the_map():
    modules = bundle("host/standalone.js")
    assert "web/host/standalone.js" in modules
    assert "web/wire/wire.js" in modules
    imported = {
        name for url in modules.values() for name in re.findall(r'^import\b[^;]*?"([^"]+)"', source_of(url), re.M)
    }
    assert imported
    assert imported <= set(modules)
    assert len(imported) == len(modules) - 1  # all but the entry are imported by somebody


def test_panels_that_need_a_server_stay_outside():
    assert not [name for name in bundle("host/standalone.js") if name.endswith("panel.js") or "panels" in name]


def test_two_thousand_pictures_of_mnist_are_less_than_three_megabytes(monkeypatch):
    folder = Path(os.environ.get("AELIB_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
    if not (folder / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file():
        pytest.skip("needs real MNIST, in AELIB_DATA or beside the repository")
    monkeypatch.setenv("AELIB_DATA", str(folder))
    subject = load_subject(RunFolder(pretrained_folder() / "mnist-vae"), 2000)
    page = standalone_file(standalone(subject, asks.Standalone(), None))
    assert len(subject.codes) == 2000
    assert len(page) < 3e6


def test_the_messages_are_embedded_as_they_are(answer):
    parts = {name: array.tobytes() for name, array in unpack(answer)[1].items()}
    found = {
        about["data-part"]: zlib.decompress(base64.b64decode(text))
        for about, text in Scripts(page_of(answer)).scripts
        if "data-part" in about
    }
    assert found == parts
    meta, arrays = unpack(found["space"])
    assert meta["count"] == len(arrays["codes"]) == 1797


def test_the_file_has_the_name_that_the_answer_says(answer):
    meta, arrays = unpack(standalone_file(answer))
    assert meta["kind"] == "file"
    assert meta["name"] == "digits-variational.html"
    assert meta["type"] == "text/html"
    assert arrays["content"].dtype == np.uint8


def test_equal_answers_give_equal_files(answer):
    assert standalone_file(answer) == standalone_file(answer)


def test_nothing_is_fetched(answer):
    page = page_of(answer)
    assert Scripts(page).addresses == ["data:,"]
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_the_import_map_is_one(answer):
    (found,) = [text for about, text in Scripts(page_of(answer)).scripts if about.get("type") == "importmap"]
    assert json.loads(found)["imports"] == bundle("host/standalone.js")


def test_titles_are_text_not_markup(answer):
    meta, arrays = unpack(answer)
    space, of_space = unpack(arrays["space"].tobytes())
    space["title"] = "<script>alert(1)</script>"
    kind = space.pop("kind")
    arrays["space"] = np.frombuffer(pack(kind, space, of_space), np.uint8)
    page = page_of(pack("standalone", {"name": meta["name"], "stamp": "0"}, arrays))
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>" in page
    assert page.count("<script") == page.count("</script")
