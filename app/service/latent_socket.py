"""The socket of the latent space page: questions come in, answers go out, and word when the model has moved on.

in   text    {"id": 7, "ask": "inspect", …} (see `aelib.desk.answers.asks`), {"id": 7, "ask": "cancel"}
out  binary  answers: 8 bytes with the id, then the message
     text    {"type": "progress" | "failed", "id": 7, …}, {"type": "moved", "stamp": …}
"""

import asyncio
import json
import struct
from contextlib import suppress

from starlette.websockets import WebSocket

from aelib.desk import MAX_ASK_BYTES, Ask, Cancel, Reply, Ticket, parse_message
from aelib.desk.answers.asks import Standalone
from aelib.errors import AelibError, ConfigError, RunError
from aelib.runs import RunFolder
from aelib.runs.store import is_run_id

from .server import Server
from .sockets import MAX_MISTAKES, NOT_ALLOWED, admit, serve_together, tell
from .standalone import standalone_file

#: Seconds between two looks at whether a run has newer weights.
LOOK_SECONDS = 0.5
#: Questions of one viewer that may be open at a time.
MAX_OPEN = 16


_NO_NUMBER = 'This message is not a question: it needs a whole number as "id".'


class _MessageError(ConfigError):
    """A message that means nothing, with the number of the question that it should be, if that can be told."""

    def __init__(self, number: int | None, text: str) -> None:
        super().__init__(text)
        self.number = number


async def latent(socket: WebSocket) -> None:
    """Serve one viewer of one run or checkpoint."""

    async def serve(server: Server, key: str, folder: RunFolder) -> None:
        await _Conversation(socket, server, folder, follows=is_run_id(key)).serve()

    await admit(socket, serve, {"type": "failed", "id": None})


class _Conversation:
    def __init__(self, socket: WebSocket, server: Server, folder: RunFolder, follows: bool) -> None:
        self.socket, self.desk, self.folder, self.follows = socket, server.desk, folder, follows
        self._open: dict[int, asyncio.Future[Ticket]] = {}
        self._replies: asyncio.Queue[tuple[int, Reply]] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    async def serve(self) -> None:
        try:
            await serve_together(self._receive, self._send, self._watch)
        finally:
            # Whoever comes back asks again: nothing is computed for nobody.
            await asyncio.gather(*map(self._cancel, list(self._open)), return_exceptions=True)

    async def _receive(self) -> None:
        mistakes = 0
        while mistakes < MAX_MISTAKES:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            number = None
            try:
                text = message.get("text") or ""
                number, wish = _read(text)
                if isinstance(wish, Cancel):
                    await self._cancel(number)
                else:
                    await self._ask(number, wish, text)
            except AelibError as error:
                mistakes += isinstance(error, ConfigError)
                number = error.number if isinstance(error, _MessageError) else number
                await tell(self.socket, type="failed", id=number, message=str(error))
        await self.socket.close(NOT_ALLOWED)

    async def _ask(self, number: int, ask: Ask, text: str) -> None:
        if number in self._open:
            raise ConfigError(f"Question {number} is open already: give each question a number of its own.")
        if len(self._open) >= MAX_OPEN:
            raise ConfigError(f"More than {MAX_OPEN} questions are open: wait for an answer first.")

        def hear(reply: Reply) -> None:
            if reply.kind == "answer" and isinstance(ask, Standalone):
                reply = Reply("answer", message=standalone_file(reply.message))
            with suppress(RuntimeError):  # the server has stopped in the meantime
                self._loop.call_soon_threadsafe(self._replies.put_nowait, (number, reply))

        asked = asyncio.ensure_future(asyncio.to_thread(self.desk.ask, self.folder, ask, hear, text))
        self._open[number] = asked
        await asyncio.shield(asked)  # also when the viewer leaves meanwhile: what is asked has to be cancelled

    async def _cancel(self, number: int) -> None:
        if asked := self._open.pop(number, None):
            await asyncio.to_thread(self.desk.cancel, await asked)

    async def _send(self) -> None:
        while True:
            number, reply = await self._replies.get()
            if number not in self._open:
                continue  # cancelled
            if reply.kind == "progress":
                await tell(self.socket, type="progress", id=number, share=reply.share, text=reply.text)
                continue
            del self._open[number]
            if reply.kind == "failed":
                await tell(self.socket, type="failed", id=number, message=reply.text)
            else:
                await self.socket.send_bytes(struct.pack("<Q", number) + reply.message)

    async def _watch(self) -> None:
        """Tell which weights there are, and when there are newer ones."""
        told = 0
        while True:
            try:
                stamp = await asyncio.to_thread(self.folder.newest_weights)
            except (AelibError, FileNotFoundError):
                if told:
                    raise RunError("This run is not there any more: choose another model.") from None
                stamp = 0
            if stamp != told:
                told = stamp
                await tell(self.socket, type="moved", stamp=str(stamp))
            if not self.follows:
                await asyncio.Event().wait()
            await asyncio.sleep(LOOK_SECONDS)


def _read(text: str) -> tuple[int, Ask | Cancel]:
    """The number of a question and the question, or that it is cancelled.

    `_MessageError` when it is neither. This is the one time that the server reads it: it goes on as it came.
    """
    if len(text) > MAX_ASK_BYTES:
        raise _MessageError(None, f"This message is too long for a question (more than {MAX_ASK_BYTES >> 20} MB).")
    try:
        wish = parse_message(text)
    except ConfigError as error:
        number = _number_in(text)
        raise _MessageError(number, _NO_NUMBER if number is None else str(error)) from None
    if wish.id is None:
        raise _MessageError(None, _NO_NUMBER)
    return wish.id, wish


def _number_in(text: str) -> int | None:
    """Of what is no question, so that its sender learns which."""
    try:
        number = json.loads(text)["id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return number if type(number) is int and 0 <= number < 2**53 else None
