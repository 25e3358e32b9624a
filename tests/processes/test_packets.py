"""Packets: what is written is read, and what is no packet is the end, whatever it asks for."""

import io
import os
import struct

import pytest

from aelib import ConfigError
from aelib.processes import Packet, packets
from aelib.processes.packets import MAGIC, encode_packet, read_packet

PACKETS = [Packet(), Packet({"number": 7, "text": "β = 4\n"}), Packet({}, bytes(range(256)) * 999), Packet(body=MAGIC)]


class Pipe(io.BytesIO):
    """Remembers how much was asked for at a time."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked = [0]

    def read(self, size: int | None = -1) -> bytes:
        self.asked.append(size)
        return super().read(size)


def started(head: int, body: int) -> bytes:
    return struct.pack("<4sQQ", MAGIC, head, body)


def test_packets_are_read_as_they_were_sent():
    pipe = io.BytesIO(b"".join(map(encode_packet, PACKETS)))
    assert [read_packet(pipe) for _ in PACKETS] == PACKETS
    assert read_packet(pipe) is None


@pytest.mark.parametrize("size", range(len(encode_packet(PACKETS[1]))))
def test_a_packet_that_is_cut_off_is_the_end(size):
    assert read_packet(io.BytesIO(encode_packet(PACKETS[1])[:size])) is None


@pytest.mark.parametrize(
    "content",
    [
        b"Downloading: 100%\n" * 100, bytes(1000), b"\xff" * 1000, os.urandom(1000),
        started(2, packets.MAX_BYTES - 1) + b"{}", started(packets.MAX_BYTES + 1, 0), started(0, 2**64 - 1),
        started(2**64 - 1, 2**64 - 1),
    ],
)  # fmt: skip
def test_what_is_no_packet_is_the_end_and_no_more_is_asked_for(content):
    pipe = Pipe(content)
    assert read_packet(pipe) is None
    assert max(pipe.asked) <= len(started(0, 0))


@pytest.mark.parametrize("head", [b"", b"nonsense", b"[1]", b"null", b"\xff\xff", b"[" * 100_000])
def test_a_head_that_is_no_object_is_the_end(head):
    assert read_packet(io.BytesIO(started(len(head), 0) + head)) is None


def test_what_is_too_long_is_refused_by_whoever_sends_it(monkeypatch):
    monkeypatch.setattr(packets, "MAX_BYTES", 100)
    assert encode_packet(Packet(body=bytes(98)))
    for packet in (Packet(body=bytes(99)), Packet({"text": "a" * 100})):
        with pytest.raises(ConfigError, match="too much at a time"):
            encode_packet(packet)
