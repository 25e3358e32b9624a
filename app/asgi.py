"""The ASGI app: Streamlit's pages, the sockets, and the modules of the components."""

from pathlib import Path

import streamlit as st
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

from .latent_socket import latent
from .live import live
from .server import lifespan

HERE = Path(__file__).parent

app = st.App(
    HERE / "main.py",
    lifespan=lifespan,
    routes=[
        WebSocketRoute("/live/{key}", live),
        WebSocketRoute("/latent/{key}", latent),
        Mount("/web", StaticFiles(directory=HERE / "web")),
    ],
)
