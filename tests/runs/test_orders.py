"""Orders: what the supervisor writes is what the worker reads."""

import io

import pytest

from aelib import ConfigError
from aelib.processes import Packet
from aelib.processes.packets import encode_packet, read_packet
from aelib.runs.commands import (
    Pause,
    Play,
    Resume,
    Rewind,
    SendWeights,
    SetKnob,
    SetPace,
    Step,
    Stop,
    Undo,
    parse_command,
)
from aelib.runs.orders import Close, Delete, Open, Order

COMMANDS = [
    Play(), Resume(), Pause(), Pause(unattended=True), Step(), Stop(), Rewind(), Undo(), SetKnob(name="β", value=4.0),
    SetPace(), SetPace(steps_per_second=50), SendWeights(),
]  # fmt: skip


@pytest.mark.parametrize("what", [Open(), Close(), Delete(), *COMMANDS])
def test_an_order_is_one_packet_that_says_it_all(what):
    order = Order(run="a" * 22, what=what)
    assert Order.of(read_packet(io.BytesIO(encode_packet(order.packet())))) == order


@pytest.mark.parametrize("what", [Open(), Close(), Delete()])
def test_a_viewer_gives_no_orders(what):
    with pytest.raises(ConfigError, match="not a command"):
        parse_command(what.model_dump_json())


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "{}", '{"run": "x"}', '{"run": "x", "what": "open"}', '{"run": "x", "what": {"type": "explode"}}',
        '{"run": 5, "what": {"type": "open"}}', '{"run": "x", "what": {"type": "open", "extra": 1}}',
        '{"run": "x", "what": {"type": "knob", "name": "beta", "value": NaN}}',
    ],
)  # fmt: skip
def test_what_is_no_order_is_refused(text):
    with pytest.raises(ConfigError):
        Order.of(Packet(body=text.encode()))
