"""A server with the sockets alone: no Streamlit, real workers, a home of its own."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.sync.client import connect

from aelib.commands import pretrain
from aelib.library import Library
from aelib.runs import Supervisor
from app.service import server as app_server
from app.service.latent_socket import latent
from app.service.live_socket import live


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """``store``, ``supervisor``; ``connect(key)`` opens the live socket of a run or of the checkpoint ``made``,
    ``connect(key, path="latent")`` the one that answers questions."""
    target = tmp_path_factory.mktemp("checkpoints")
    experiment = pretrain.experiment_of({"variant": "linear", "train": {"epochs": 2}})
    pretrain.pretrain("made", "Made", experiment, target)
    with pytest.MonkeyPatch.context() as patch:
        server = app_server.Server(tmp_path_factory.mktemp("home"))
        server.supervisor = Supervisor(server.store, devices=["cpu"])
        server.library = Library(server.store, target)
        patch.setattr(app_server, "_current", [server])
        server.supervisor.start()
        routes = [WebSocketRoute("/live/{key}", live), WebSocketRoute("/latent/{key}", latent)]
        web = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", ws="websockets-sansio"))
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not web.started:
            time.sleep(0.01)

        def open_socket(key, path="live", **options):
            # Whoever leaves frames unread is not said goodbye to.
            return connect(f"ws://{address}/{path}/{key}", max_size=None, close_timeout=0.1, **options)

        yield SimpleNamespace(
            server=server, store=server.store, supervisor=server.supervisor, address=address, connect=open_socket
        )
        web.should_exit = True
        thread.join(10)
        listener.close()
        server.supervisor.stop()
        server.measurements.close()
        server.comparisons.close()
        server.desk.close()
        server.store.close()
