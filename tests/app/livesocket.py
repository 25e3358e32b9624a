"""What the tests of the live socket share: patience, and words for what goes in and out."""

import json
import time

from websockets.exceptions import ConnectionClosed

from aelib.frames.frame import unpack

PATIENCE = 60.0


def message_of(socket, wanted):
    """The next message that is wanted: (meta, arrays) of a binary one, (note, None) of a text."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        content = socket.recv(timeout=PATIENCE)
        found = (json.loads(content), None) if isinstance(content, str) else unpack(content)
        if wanted(found[0]):
            return found
    raise AssertionError("waited in vain")


def note_of(socket, kind):
    return message_of(socket, lambda note: note.get("type") == kind)[0]


def send(socket, **command):
    socket.send(json.dumps(command))


def closing_code(socket):
    """The code with which the other side closes; what it still sends is passed over."""
    try:
        while True:
            socket.recv(timeout=PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd.code
