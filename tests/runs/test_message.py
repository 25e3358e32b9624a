"""Messages: what was packed is unpacked, and anything else gets one sentence."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as save_arrays

from aelib import CheckpointError
from aelib.frames.message import pack, read_meta, unpack


def test_pack_and_unpack():
    arrays = {
        "a": np.arange(6, dtype=np.float16).reshape(2, 3),
        "b": np.arange(6, dtype=np.uint8).reshape(2, 3).T,  # not contiguous
        "c": np.zeros((0, 4), np.int16),
    }
    meta, found = unpack(pack("frame", {"step": 3, "text": 'β "quoted"'}, arrays))
    assert meta == {"kind": "frame", "step": 3, "text": 'β "quoted"'}
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_arrays_are_aligned_for_the_views_of_the_browser():
    arrays = {"u": np.zeros(3, np.uint8), "h": np.zeros(5, np.float16), "f": np.zeros(7, np.float32)}
    message = pack("frame", {}, arrays)
    length = struct.unpack_from("<Q", message)[0]
    header = json.loads(message[8 : 8 + length])
    for name, array in arrays.items():
        assert (8 + length + header[name]["data_offsets"][0]) % array.itemsize == 0


HOSTILE = {
    "nothing": b"",
    "too short": b"\x01\x02",
    "a huge header": b"\xff" * 8 + b"{}",
    "no header": struct.pack("<Q", 2) + b"{}",
    "a list": struct.pack("<Q", 2) + b"[]",
    "not text": struct.pack("<Q", 4) + b"\xff\xfe\xff\xfe",
    "no message": bytes(save_arrays({"a": np.zeros(2)}, metadata={"other": "x"})),
    "a message that is no JSON": bytes(save_arrays({}, metadata={"message": "x"})),
    "a message that is no object": bytes(save_arrays({}, metadata={"message": "[1]"})),
    "deep": struct.pack("<Q", 200_000) + b"[" * 200_000,
    "a pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_message_gets_one_sentence(message):
    for read in (read_meta, unpack):
        with pytest.raises(CheckpointError) as caught:
            read(message)
        assert str(caught.value).endswith(".")
        assert "\n" not in str(caught.value)


GOOD = pack("frame", {"step": 1}, {"codes": np.zeros((3, 2), np.float16)})


@pytest.mark.parametrize("length", range(0, len(GOOD), 5))
def test_a_message_cut_short(length):
    with pytest.raises(CheckpointError):
        unpack(GOOD[:length])


@given(st.binary(max_size=100), st.integers(0, len(GOOD) - 1), st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_message_or_a_checkpoint_error(noise, at, value):
    changed = GOOD[:at] + bytes([value]) + GOOD[at + 1 :]
    for message in (noise, struct.pack("<Q", len(noise)) + noise, changed):
        try:
            meta, _ = unpack(message)
        except CheckpointError:
            continue
        assert isinstance(meta, dict)
