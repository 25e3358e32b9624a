"""Widths of layers as people write them, in fields, links and on the command line."""

import re

from aelib.errors import ConfigError
from aelib.networks.base import MAX_WIDTH
from aelib.networks.mlp import MAX_HIDDEN


def read_widths(text: str, most: int = MAX_HIDDEN) -> tuple[int, ...]:
    """Widths of layers as people write them: ``"256, 64"`` or ``"256-64"``; empty text or ``"0"`` is no layer.

    `ConfigError` when the text is anything else, has more than ``most`` layers or a width out of range.
    """
    text = text.strip()
    if text in ("", "0"):
        return ()
    # Four digits at most: a longer number is out of range, and very long ones are no numbers to Python.
    if not re.fullmatch(r"[0-9]{1,4}([-, ]+[0-9]{1,4})*", text):
        raise ConfigError(
            f"Widths are whole numbers such as 256, 64, up to {MAX_WIDTH:,}; 0 is none (got {text!r:.60})."
        )
    widths = tuple(int(part) for part in re.split("[-, ]+", text))
    if len(widths) > most:
        raise ConfigError(f"There can be at most {most} layers (got {len(widths)}).")
    if not all(1 <= width <= MAX_WIDTH for width in widths):
        raise ConfigError(f"Each width must be from 1 to {MAX_WIDTH:,} (got {text!r:.60}).")
    return widths


def write_widths(widths: tuple[int, ...]) -> str:
    """Widths in a form that a URL can carry, e.g. ``"256-64"``; `read_widths` gives them again."""
    return "-".join(map(str, widths)) or "0"
