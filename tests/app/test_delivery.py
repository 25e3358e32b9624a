"""Pages bring links to all modules of their components, and the server has what they lead to."""

import asyncio
import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette

from app.asgi import COMPONENTS, ROUTES
from app.service.modules import HOST, SOURCES, TERMS_MODULE, VERSION, address, closure, version
from tests.imports import ROOT, imported_modules
from tests.test_house import web_imports

WEB = "app/web/"
IMPORTS: dict[str, set[str]] = {}
for importing, imported in web_imports():
    IMPORTS.setdefault(importing.removeprefix(WEB), set()).add(imported.removeprefix(WEB))


def walked(*entries: str) -> set[str]:
    """Modules that are needed for some, by the imports that the tests of the house find."""
    found = set(entries)
    while new := {name for each in found for name in IMPORTS.get(each, ())} - found:
        found |= new
    return found


def get(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what the app's own routes answer."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "method": method, "path": path, "root_path": "", "query_string": b"", "scheme": "http",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(Starlette(routes=ROUTES)(scope, receive, send))
    start, *parts = sent
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], told, b"".join(part.get("body", b"") for part in parts)


class Links(HTMLParser):
    """The addresses of the modules that a page wants loaded ahead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        if tag == "link" and about.get("rel") == "modulepreload" and about["href"].startswith("web/"):
            self.addresses.append(about["href"])


@pytest.mark.parametrize("entry", sorted(SOURCES))
def test_the_closure_of_a_module_is_what_a_walk_finds(entry):
    found = closure(entry)
    assert set(found) == walked(entry)
    assert len(found) == len(set(found))


def test_the_latent_page_is_what_the_walk_was_made_for():
    """What the tests of pages rely on: a graph of many modules and levels."""
    assert len(closure("latent/latent.js")) > 90


@pytest.mark.parametrize("path", COMPONENTS)
def test_a_page_links_to_exactly_what_its_components_need(path):
    status, headers, body = get(path)
    assert status == 200
    assert headers["cache-control"] == "no-cache"
    needed = [*walked(HOST, *COMPONENTS[path]), TERMS_MODULE] if COMPONENTS[path] else []
    assert sorted(Links(body.decode()).addresses) == sorted(map(address, needed))


@pytest.mark.parametrize("path", COMPONENTS)
def test_a_page_is_that_of_streamlit_in_all_else(path):
    ours = re.sub(r'<link rel="modulepreload"[^>]* href="web/[^>]*>\n', "", get(path)[2].decode())
    ours = re.sub(r"\n<script>window.__streamlit = .*</script>", "", ours)
    assert ours == (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", COMPONENTS)
def test_a_page_tells_where_the_server_is_before_streamlit_looks_for_it(path):
    """Without that it asks below the page's path, where there is nothing."""
    page = get(path)[2].decode()
    told = page.index('BACKEND_BASE_URL: new URL(".", document.baseURI).href')
    assert told < page.index('<script type="module"')


def test_the_pages_and_their_components_are_those_of_the_navigation():
    navigation = (ROOT / "app/navigation.py").read_text(encoding="utf-8")
    pages = re.findall(r'st\.Page\(\s*(\w+),.*?url_path="([^"]+)"(, default=True)?', navigation, re.S)
    found = {"/" if default else f"/{path}": components_of(f"app/views/{view}.py") for view, path, default in pages}
    assert found == {path: set(entries) for path, entries in COMPONENTS.items()}


def components_of(view: str) -> set[str]:
    """The modules of the components that a page imports."""
    sources = [f"{name.replace('.', '/')}.py" for name in imported_modules(view)]
    declared = [
        re.search(r'declare\(\s*"\w+", "([^"]+)"', (ROOT / source).read_text(encoding="utf-8"))
        for source in sources
        if source.startswith("app/components/") and (ROOT / source).is_file()
    ]
    return {f"{found[1]}.js" for found in declared if found}


@pytest.mark.parametrize("name", ["host/streamlit.js", "latent/walk/walkpanel.js"])
def test_a_module_is_served_as_it_is_written_for_ever(name):
    status, headers, body = get(f"/{address(name)}")
    assert (status, body) == (200, (ROOT / WEB / name).read_bytes())
    assert headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in headers
    packed_status, packed_headers, packed = get(f"/{address(name)}", accept_encoding="gzip, deflate, br")
    assert packed_status == 200
    assert gzip.decompress(packed) == body
    assert packed_headers["content-encoding"] == "gzip"
    for told in (headers, packed_headers):
        assert told["cache-control"] == "public, max-age=31536000, immutable"
        assert told["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "/web/latent/latent.js", "/web/0/latent/latent.js", f"/web/{VERSION}/nothing.js",
        f"/web/{VERSION}/base/base.css", f"/web/{VERSION}/../asgi.py", f"/web/{VERSION}//etc/passwd",
        f"/web/{VERSION}/",
    ],
)  # fmt: skip
def test_there_is_nothing_at_other_addresses(path):
    assert get(path)[0] == 404


def test_another_text_or_name_gives_another_address():
    versions = {
        version({"a.js": "1", "b.js": "2"}), version({"a.js": "1", "b.js": "3"}), version({"a.js": "1", "c.js": "2"}),
        version({"a.js": "1"}), version({}),
    }  # fmt: skip
    assert len(versions) == 5
    assert version({"b.js": "2", "a.js": "1"}) == version({"a.js": "1", "b.js": "2"})
