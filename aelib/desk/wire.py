"""How the server and an analyst talk over pipes: envelopes in, replies out, each with its length first."""

import json
import struct
from dataclasses import dataclass
from typing import IO, Any, Literal

#: Of a reply: the number of the question, the kind, and the length of what follows.
_HEAD = struct.Struct("<QBQ")
_LENGTH = struct.Struct("<Q")
Kind = Literal["answer", "progress", "failed"]
_KINDS: tuple[Kind, ...] = ("answer", "progress", "failed")


@dataclass(frozen=True)
class Reply:
    """``answer``: the message, which ends the question. ``progress``: ``share`` in [0, 1] and what is being
    done. ``failed``: one sentence, which ends it too."""

    kind: Kind
    message: bytes = b""
    text: str = ""
    share: float = 0.0


def write_envelope(pipe: IO[bytes], envelope: dict[str, Any]) -> None:
    """Send a question."""
    content = json.dumps(envelope).encode()
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def read_envelope(pipe: IO[bytes]) -> dict[str, Any] | None:
    """The next question, or None when there will be no more."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    envelope: dict[str, Any] = json.loads(pipe.read(*_LENGTH.unpack(head)))
    return envelope


def write_reply(pipe: IO[bytes], number: int, reply: Reply) -> None:
    """Send a reply to a question."""
    content = reply.message
    if reply.kind != "answer":
        content = json.dumps([reply.share, reply.text]).encode()
    pipe.write(_HEAD.pack(number, _KINDS.index(reply.kind), len(content)) + content)
    pipe.flush()


def read_reply(pipe: IO[bytes]) -> tuple[int, Reply] | None:
    """The next reply with the number of its question, or None when the other side is gone."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    number, kind, length = _HEAD.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        return None
    if _KINDS[kind] == "answer":
        return number, Reply("answer", message=content)
    share, text = json.loads(content)
    return number, Reply(_KINDS[kind], text=text, share=share)
