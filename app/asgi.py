"""The ASGI app: Streamlit's pages, the live socket, and the modules of the bench."""

from pathlib import Path

import streamlit as st
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

from .live import live
from .server import lifespan

HERE = Path(__file__).parent

app = st.App(
    HERE / "main.py",
    lifespan=lifespan,
    routes=[
        WebSocketRoute("/live/{key}", live),
        Mount("/web", StaticFiles(directory=HERE / "web")),
    ],
)
