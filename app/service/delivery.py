"""How pages and their modules come to the browser."""

import gzip
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from .modules import SOURCES, VERSION, address, needed

#: The page that Streamlit serves, whatever its address.
_PAGE = Path(st.__file__).parent / "static" / "index.html"
# Streamlit takes each page for a server of its own and asks below it first, unless it is told where the server is.
_ROOT = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", document.baseURI).href };</script>'
# The address changes with what it gives: a browser that has it never asks again.
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def page(entries: Iterable[str]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that serves Streamlit's page with the server's address and links to some modules and all that they
    import.

    So they come while Streamlit starts, which needs the server and the network only now and then; its own scripts are
    needed first, and come first.
    """
    links = "".join(
        f'<link rel="modulepreload" fetchpriority="low" href="{address(name)}">\n' for name in needed(*entries)
    )
    content = _PAGE.read_text(encoding="utf-8").replace("<head>", f"<head>\n{_ROOT}", 1)
    content = content.replace("</head>", f"{links}</head>", 1)

    async def endpoint(_: Request) -> Response:
        return HTMLResponse(content, headers={"Cache-Control": "no-cache"})

    return endpoint


def _response(body: bytes, **headers: str) -> Response:
    return Response(body, media_type="text/javascript", headers=_FOR_EVER | headers)


_PLAIN = {name: _response(source.encode()) for name, source in SOURCES.items()}
_PACKED = {
    name: _response(gzip.compress(source.encode(), mtime=0), **{"Content-Encoding": "gzip"})
    for name, source in SOURCES.items()
}


async def module(request: Request) -> Response:
    """A module, from memory: a page asks for dozens at once."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    found = (_PACKED if packed else _PLAIN).get(request.path_params["name"])
    if request.path_params["version"] != VERSION or found is None:
        raise HTTPException(404)
    return found
