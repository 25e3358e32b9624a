"""What our sockets have in common: who is let in, how they are told, when they are shown the door."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from aelib.errors import AelibError
from aelib.runs import RunFolder

from .server import Server, current

#: Close codes of ours, which tell the page not to try again.
NOT_ALLOWED, NO_SUCH_RUN = 4403, 4404
#: Messages that mean nothing, after which a socket is closed.
MAX_MISTAKES = 50

Serve = Callable[[Server, str, RunFolder], Awaitable[None]]
Found = TypeVar("Found")

#: Whoever waits for the database waits here: the threads that read frames must not run out while it is busy.
_DATABASE = ThreadPoolExecutor(8, "database")


async def from_database(read: Callable[[str], Found], key: str) -> Found:
    """What the store says of a run, without holding up anybody else."""
    return await asyncio.get_running_loop().run_in_executor(_DATABASE, read, key)


async def admit(socket: WebSocket, serve: Serve, refusal: dict[str, object]) -> None:
    """Serve a viewer of the run or checkpoint that the path names; what is not there is told as a ``refusal``.

    Whoever leaves meanwhile has left, and that is no fault.
    """
    try:
        await socket.accept()
    except OSError:
        return
    try:
        await _serve_or_refuse(socket, serve, refusal)
    except WebSocketDisconnect:
        pass
    except RuntimeError:
        # Of two jobs that send to somebody who has left, the second finds the socket closed.
        if socket.application_state is not WebSocketState.DISCONNECTED:
            raise


async def _serve_or_refuse(socket: WebSocket, serve: Serve, refusal: dict[str, object]) -> None:
    if not _same_origin(socket):
        await socket.close(NOT_ALLOWED)
        return
    server, key = current(), socket.path_params["key"]
    try:
        await serve(server, key, await asyncio.to_thread(server.library.folder_of, key))
    except AelibError as error:
        await tell(socket, **refusal, message=str(error))
        await socket.close(NO_SUCH_RUN)


async def serve_together(*jobs: Callable[[], Awaitable[None]]) -> None:
    """Do jobs side by side until the first of them ends, and end the others; what went wrong in it is raised."""
    tasks = [asyncio.ensure_future(job()) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def tell(socket: WebSocket, **note: object) -> None:
    """Send a note as JSON."""
    await socket.send_text(json.dumps(note))


def _same_origin(socket: WebSocket) -> bool:
    """Pages of other sites may not reach the runs; programs that send no Origin may."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
