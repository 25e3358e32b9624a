"""Commands: what is none gets one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelib import ConfigError
from aelib.runs.commands import (
    MAX_COMMAND_BYTES,
    Pause,
    Play,
    Rewind,
    SendWeights,
    SetKnob,
    SetPace,
    Step,
    Stop,
    parse_command,
)

GOOD = [
    ('{"type": "play"}', Play()),
    ('{"type": "pause"}', Pause()),
    ('{"type": "pause", "unattended": true}', Pause(unattended=True)),
    ('{"type": "step"}', Step()),
    ('{"type": "stop"}', Stop()),
    ('{"type": "rewind"}', Rewind()),
    ('{"type": "knob", "name": "beta", "value": 4}', SetKnob(name="beta", value=4.0)),
    ('{"type": "pace", "steps_per_second": 50}', SetPace(steps_per_second=50)),
    ('{"type": "pace", "steps_per_second": null}', SetPace()),
    (b'{"type": "weights"}', SendWeights()),
    ('{"type": "weights", "encoder": true}', SendWeights(encoder=True)),
]

BAD = [
    "",
    "play",
    "null",
    "[]",
    "{}",
    '{"type": "play"',
    '{"type": "explode"}',
    '{"type": ["play"]}',
    '{"type": "play", "extra": 1}',
    '{"type": "knob"}',
    '{"type": "knob", "name": "beta"}',
    '{"type": "knob", "name": "beta", "value": "high"}',
    '{"type": "knob", "name": "beta", "value": NaN}',
    '{"type": "knob", "name": "beta", "value": Infinity}',
    '{"type": "knob", "name": "beta", "value": -Infinity}',
    '{"type": "knob", "name": "beta", "value": 1e999}',
    '{"type": "knob", "name": 5, "value": 1}',
    '{"type": "knob", "name": "' + 41 * "x" + '", "value": 1}',
    '{"type": "knob", "name": "a\\nb", "value": {}}',
    '{"type": "weights", "encoder": "all of it"}',
    '{"type": "pace", "steps_per_second": 0}',
    '{"type": "pace", "steps_per_second": -5}',
    '{"type": "pace", "steps_per_second": NaN}',
    '{"type": "pace", "steps_per_second": 1e7}',
    b"\xff\xfe\x00",
    "[" * 1000,
    '{"type": "play"}' + " " * MAX_COMMAND_BYTES,
]


def assert_one_sentence(text):
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 300


@pytest.mark.parametrize(("text", "command"), GOOD)
def test_commands(text, command):
    assert parse_command(text) == command
    assert parse_command(command.model_dump_json()) == command


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_command_gets_one_sentence(text):
    with pytest.raises(ConfigError) as caught:
        parse_command(text)
    assert_one_sentence(str(caught.value))


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_text_is_a_command_or_gets_one_sentence(text):
    try:
        parse_command(text)
    except ConfigError as error:
        assert_one_sentence(str(error))
