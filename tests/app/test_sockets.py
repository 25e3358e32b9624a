"""Sockets of viewers who leave at a bad moment: nothing is raised, and the log of the server stays clean."""

import asyncio
from types import SimpleNamespace

import pytest
from starlette.websockets import WebSocket

from aelib.errors import RunError
from app.service import sockets


def socket_of_somebody_who(leaves_at: int) -> WebSocket:
    """The first messages reach them; from this one on the connection is gone."""
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)
        if len(sent) > leaves_at:
            raise OSError("the connection is gone")

    scope = {"type": "websocket", "headers": [], "path_params": {"key": "a-run"}, "query_string": b"", "path": "/"}
    return WebSocket(scope, receive, send)


@pytest.fixture
def library(monkeypatch):
    """Knows every run, until a test says otherwise."""
    library = SimpleNamespace(folder_of=lambda key: key)
    monkeypatch.setattr(sockets, "current", lambda: SimpleNamespace(library=library))
    return library


@pytest.mark.parametrize("leaves_at", [0, 1, 2, 5])
def test_whoever_leaves_while_several_jobs_send_is_no_fault(library, leaves_at):
    socket = socket_of_somebody_who(leaves_at)

    async def keep_sending():
        while True:
            await socket.send_text("a frame")
            await asyncio.sleep(0)

    async def serve(server, key, folder):
        await sockets.serve_together(keep_sending, keep_sending)

    asyncio.run(asyncio.wait_for(sockets.admit(socket, serve, {}), 10))


@pytest.mark.parametrize("leaves_at", [0, 1, 2])
def test_whoever_leaves_while_a_refusal_is_told_is_no_fault(library, leaves_at):
    def unknown(key):
        raise RunError("This run is not here.")

    async def serve(server, key, folder):
        raise AssertionError("there is nothing to serve")

    library.folder_of = unknown
    asyncio.run(sockets.admit(socket_of_somebody_who(leaves_at), serve, {"type": "status"}))


def test_a_fault_of_ours_is_not_taken_for_a_leave(library):
    async def serve(server, key, folder):
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        asyncio.run(sockets.admit(socket_of_somebody_who(leaves_at=9), serve, {}))
