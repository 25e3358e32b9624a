"""The ASGI app: Streamlit's pages, the sockets, and the modules of the components."""

from pathlib import Path

import streamlit as st
from starlette.routing import Route, WebSocketRoute

from .service.delivery import module, page
from .service.latent_socket import latent
from .service.live_socket import live
from .service.modules import HOST
from .service.server import lifespan

HERE = Path(__file__).parent
#: The modules of the components on each page.
COMPONENTS = {
    "/": ("front/front.js", "gallery/gallery.js", "run/bench.js"),
    "/train": ("run/bench.js",),
    "/data": (),
    "/sweep": ("sweep/sweep.js",),
    "/latent-space": ("latent/latent.js",),
    "/compare": ("compare/compare.js",),
}

ROUTES = [
    WebSocketRoute("/live/{key}", live),
    WebSocketRoute("/latent/{key}", latent),
    Route("/web/{version}/{name:path}", module),
    *(Route(path, page((HOST, *entries) if entries else ())) for path, entries in COMPONENTS.items()),
]

app = st.App(HERE / "main.py", lifespan=lifespan, routes=ROUTES)
