"""The live socket of a run or of a stacked sweep: frames go out as they appear in its log, commands come in.

out  binary  scene, frames, weights (see `aelib.frames.frame`; of a sweep `aelib.frames.sweepprobe`)
     text    {"type": "status" | "error", …}; to whoever has asked for weights {"type": "kept", "steps": …}, the moments
             that have passed whose decoders can be asked for, and {"type": "gone", "step": …} instead of such an answer
in   text    commands (see `aelib.runs.commands`)
"""

import asyncio
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError
from starlette.websockets import WebSocket

from aelib.errors import AelibError, CheckpointError, ConfigError, RunError
from aelib.frames.kept import kept_decoder, kept_steps
from aelib.runs import FrameReader, RunFolder
from aelib.runs.commands import Command, SendWeights, SetKnob, check_for_sweep, parse_command
from aelib.runs.store import is_run_id
from aelib.spec import Knob

from .server import Server
from .sockets import MAX_MISTAKES, NOT_ALLOWED, admit, from_database, serve_together, tell
from .watching import Watched

STATUS_SECONDS = 0.5


async def live(socket: WebSocket) -> None:
    """Serve one viewer of one run or checkpoint."""

    async def serve(server: Server, key: str, folder: RunFolder) -> None:
        is_sweep = await from_database(server.store.is_sweep, key)
        await Viewer(socket, server, key, folder, is_sweep=is_sweep).serve()

    await admit(socket, serve, {"type": "status", "status": "failed"})


class Viewer:
    """One open socket; ``files``, while it is served, those of the run that it waits for."""

    files: Watched

    def __init__(
        self, socket: WebSocket, server: Server, key: str, folder: RunFolder, *, is_sweep: bool = False
    ) -> None:
        self.socket, self.server, self.key, self.folder = socket, server, key, folder
        self.is_run = is_run_id(key)
        self.is_sweep = is_sweep
        # Who opens it only to look (the library) neither sets it going nor keeps it going.
        self.attends = self.is_run and "look" not in socket.query_params
        # Who needs no past gets of the frames that are there when it comes the newest alone.
        self.newest = "newest" in socket.query_params
        self.reader = FrameReader(folder.frames)
        self._knobs: dict[str, Knob] | None = None
        self._wanted: Path | None = None  # the file whose weights are wanted
        self._sent = (Path(), 0)  # the one whose weights were sent last, and when those were written
        self._kept: list[int] | None = None  # the moments that were told; None until somebody asks for weights

    async def serve(self) -> None:
        """Send and receive until the other side leaves."""
        try:
            if self.attends:
                await self.server.viewer_came(self.key)
            files = (self.folder.frames, self.folder.weights, self.folder.network)
            async with self.server.files.watch(*files) as self.files:
                await serve_together(self._send_frames, self._send_status, self._receive)
        finally:
            if self.attends:
                self.server.viewer_left(self.key)

    async def _send_frames(self) -> None:
        changes = 0
        while True:
            changes = await self.files.change(changes)
            begins, messages = await asyncio.to_thread(self.reader.poll)
            if self.newest:
                messages = messages[:begins] + messages[begins:][-1:]  # a beginning is a scene
            for message in messages:
                await self.socket.send_bytes(message)
            if self._kept is not None and messages:
                await self._tell_kept(again=begins)
            if self._wanted and self.is_run:
                await self._send_new_weights(self._wanted)

    async def _send_new_weights(self, file: Path) -> None:
        if message := await asyncio.to_thread(self._read_new_weights, file):
            await self.socket.send_bytes(message)

    def _read_new_weights(self, file: Path) -> bytes:
        """The weights that the worker wrote last; nothing if these were sent, or there are none."""
        try:
            written = (file, file.stat().st_mtime_ns)
            message = b"" if written == self._sent else file.read_bytes()
        except FileNotFoundError:
            return b""
        self._sent = written
        return message

    async def _tell_kept(self, *, again: bool) -> None:
        steps = await asyncio.to_thread(kept_steps, self.folder.decoders)
        if again or steps != self._kept:
            self._kept = steps
            await tell(self.socket, type="kept", steps=steps)

    async def _send_kept(self, step: int) -> None:
        try:
            message = await asyncio.to_thread(kept_decoder, self.folder.decoders, step)
        except (RunError, CheckpointError) as error:
            await tell(self.socket, type="gone", step=step, message=str(error))
        else:
            await self.socket.send_bytes(message)

    async def _send_status(self) -> None:
        """What the frames do not tell: a run that waits, loads its data, or failed."""
        told = None
        while self.is_run:
            with suppress(OperationalError):  # the database is busy for long: there is nothing new to tell
                row = await from_database(self.server.store.get, self.key)
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
            except OperationalError:
                await tell(self.socket, type="error", message="The list of runs is busy: do that again in a moment.")
        await self.socket.close(NOT_ALLOWED)

    async def _obey(self, command: Command) -> None:
        if self.is_sweep:
            check_for_sweep(command)
        if isinstance(command, SendWeights):
            if self._kept is None and not self.newest:
                await self._tell_kept(again=True)
            if command.step is not None:
                await self._send_kept(command.step)
                return
            # Of a run at rest the checkpoint has the newest weights, and no worker is needed.
            trains = await asyncio.to_thread(self._trains)
            self._wanted = self.folder.weights_for(encoder=command.encoder) if trains else None
            self.files.wake()  # they may be there already
            if not trains:
                message = await asyncio.to_thread(self.folder.decoder_message, encoder=command.encoder)
                await self.socket.send_bytes(message)
                return
        elif not self.is_run:
            raise ConfigError(
                "This checkpoint is only for looking: press Continue training to go on with a copy of it."
            )
        elif isinstance(command, SetKnob):
            await self._check_knob(command)
        await asyncio.to_thread(self.server.supervisor.send, self.key, command)

    def _trains(self) -> bool:
        return self.server.supervisor.is_open(self.key) or not self.folder.is_at_rest

    async def _check_knob(self, command: SetKnob) -> None:
        """Refuse here what the run would refuse, so that only the sender is told."""
        if self._knobs is None:  # a run keeps its knobs, and a drag is many turns
            row = await from_database(self.server.store.get, self.key)
            self._knobs = row.experiment.knobs
        if command.name not in self._knobs:
            raise ConfigError(f"This run has no knob {command.name!r:.40}; it has {', '.join(self._knobs)}.")
        self._knobs[command.name].check(command.value)
