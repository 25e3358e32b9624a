"""Widths of layers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelib import ConfigError
from aelib.widths import read_widths, write_widths


@pytest.mark.parametrize(
    ("text", "widths"),
    [
        ("", ()),
        ("0", ()),
        ("256", (256,)),
        ("256-64", (256, 64)),
        ("256, 64", (256, 64)),
        (" 256 , 64 ", (256, 64)),
        ("1 2,3", (1, 2, 3)),
        ("007", (7,)),
    ],
)
def test_widths(text, widths):
    assert read_widths(text) == widths


@given(st.lists(st.integers(1, 4096), max_size=8).map(tuple))
def test_what_is_written_is_read_again(widths):
    assert read_widths(write_widths(widths)) == widths
    assert read_widths(", ".join(map(str, widths))) == widths


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x", "whole numbers such as"),
        ("-5", "whole numbers such as"),
        ("1.5", "whole numbers such as"),
        ("1-", "whole numbers such as"),
        ("٣", "whole numbers such as"),
        ("9" * 5000, "whole numbers such as"),
        ("0-0", "from 1 to 4,096"),
        ("4097", "from 1 to 4,096"),
        ("1-1-1-1-1-1-1-1-1", "at most 8 layers (got 9)"),
    ],
)
def test_what_are_no_widths(text, reason):
    with pytest.raises(ConfigError) as caught:
        read_widths(text)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 200


def test_how_many_there_may_be_can_be_said():
    assert read_widths("1-1", most=2) == (1, 1)
    with pytest.raises(ConfigError, match="at most 1 layers"):
        read_widths("1-1", most=1)
