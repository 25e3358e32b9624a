"""The live socket of a run or of a stacked sweep: frames go out as they appear in its log, commands come in.

out  binary  scene, frames, weights (see `aelib.frames.frame`; of a sweep `aelib.frames.sweepprobe`)
     text    {"type": "status" | "error", …}
in   text    commands (see `aelib.runs.commands`)
"""

import asyncio

from starlette.websockets import WebSocket

from aelib.errors import AelibError, ConfigError
from aelib.runs import FrameReader, RunFolder, RunRow
from aelib.runs.commands import Command, SendWeights, SetKnob, check_for_sweep, parse_command
from aelib.runs.store import is_run_id

from .server import Server
from .sockets import MAX_MISTAKES, NOT_ALLOWED, admit, serve_together, tell

POLL_SECONDS = 0.02
STATUS_SECONDS = 0.5


async def live(socket: WebSocket) -> None:
    """Serve one viewer of one run or checkpoint."""

    async def serve(server: Server, key: str, folder: RunFolder) -> None:
        await Viewer(socket, server, key, folder).serve()

    await admit(socket, serve, {"type": "status", "status": "failed"})


class Viewer:
    """One open socket."""

    def __init__(self, socket: WebSocket, server: Server, key: str, folder: RunFolder) -> None:
        self.socket, self.server, self.key, self.folder = socket, server, key, folder
        self.is_run = is_run_id(key)
        self.is_sweep = server.store.is_sweep(key)
        # Who opens it only to look (the library) neither sets it going nor keeps it going.
        self.attends = self.is_run and "look" not in socket.query_params
        self.reader = FrameReader(folder.frames)
        self._wants_weights = False
        self._weights_sent = 0

    async def serve(self) -> None:
        """Send and receive until the other side leaves."""
        try:
            if self.attends:
                self.server.viewer_came(self.key)
            await serve_together(self._send_frames, self._send_status, self._receive)
        finally:
            if self.attends:
                self.server.viewer_left(self.key)

    async def _send_frames(self) -> None:
        while True:
            for message in self.reader.poll()[1]:
                await self.socket.send_bytes(message)
            if self._wants_weights and self.is_run:
                await self._send_new_weights()
            await asyncio.sleep(POLL_SECONDS)

    async def _send_new_weights(self) -> None:
        try:
            changed = self.folder.weights.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed != self._weights_sent:
            self._weights_sent = changed
            await self.socket.send_bytes(self.folder.weights.read_bytes())

    async def _send_status(self) -> None:
        """What the frames do not tell: a run that waits, loads its data, or failed."""
        told = None
        while self.is_run:
            row = await asyncio.to_thread(self.server.store.get, self.key)
            now = (row.status, row.message)
            if now != told and (told is not None or row.status != "running"):
                await tell(self.socket, type="status", status=row.status, message=row.message)
            told = now
            await asyncio.sleep(STATUS_SECONDS)
        await asyncio.Event().wait()

    async def _receive(self) -> None:
        mistakes = 0
        while mistakes < MAX_MISTAKES:
            try:
                message = await self.socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                await self._obey(parse_command(message.get("text") or message.get("bytes") or ""))
            except AelibError as error:
                mistakes += isinstance(error, ConfigError)
                await tell(self.socket, type="error", message=str(error))
        await self.socket.close(NOT_ALLOWED)

    async def _obey(self, command: Command) -> None:
        if self.is_sweep:
            check_for_sweep(command)
        if isinstance(command, SendWeights):
            # Of a run at rest the checkpoint has the newest decoder, and no worker is needed.
            self._wants_weights = self.server.supervisor.is_open(self.key) or not self.folder.is_at_rest
            if not self._wants_weights:
                await self.socket.send_bytes(await asyncio.to_thread(self.folder.decoder_message))
                return
        elif not self.is_run:
            raise ConfigError(
                "This checkpoint is only for looking: press Continue training to go on with a copy of it."
            )
        elif isinstance(command, SetKnob):
            self._check_knob(await asyncio.to_thread(self.server.store.get, self.key), command)
        await asyncio.to_thread(self.server.supervisor.send, self.key, command)

    def _check_knob(self, row: RunRow, command: SetKnob) -> None:
        """Refuse here what the run would refuse, so that only the sender is told."""
        knobs = row.experiment.knobs
        if command.name not in knobs:
            raise ConfigError(f"This run has no knob {command.name!r:.40}; it has {', '.join(knobs)}.")
        knobs[command.name].check(command.value)
