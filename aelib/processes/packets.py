"""`Packet`: what processes say to each other over pipes. It tells first what it is and how long, so that nothing else
is taken for one."""

import json
import struct
from dataclasses import dataclass, field
from typing import IO, Any

from aelib.errors import ConfigError

MAGIC = b"\xaeP1\n"
#: The mark, the length of the head, the length of the body.
_START = struct.Struct("<4sQQ")
#: Head and body together may not be longer.
MAX_BYTES = 1 << 30


@dataclass(frozen=True)
class Packet:
    """``head``: what is small, as JSON. ``body``: what is large or travels as it came."""

    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


def encode_packet(packet: Packet) -> bytes:
    """As it travels; `ConfigError` when it is too long for that."""
    head = json.dumps(packet.head).encode()
    if len(head) + len(packet.body) > MAX_BYTES:
        raise ConfigError(f"This is too much at a time (more than {MAX_BYTES >> 20:,} MB): choose fewer points.")
    return b"".join([_START.pack(MAGIC, len(head), len(packet.body)), head, packet.body])


def read_packet(pipe: IO[bytes]) -> Packet | None:
    """The next one, or None when there will be no more: the pipe ended, be it within a packet, or went wrong."""
    start = pipe.read(_START.size)
    if len(start) < _START.size:
        return None
    magic, *lengths = _START.unpack(start)
    if magic != MAGIC or sum(lengths) > MAX_BYTES:
        return None
    try:
        text, body = map(pipe.read, lengths)
        head = json.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return None
    whole = [len(text), len(body)] == lengths and isinstance(head, dict)
    return Packet(head, body) if whole else None
