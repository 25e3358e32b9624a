"""Every error that a user of the library can cause, each with one plain sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a command that fails early imports neither pydantic nor PyTorch
    from pydantic import ValidationError


class AelibError(Exception):
    """Base of all errors raised on purpose by this library."""


class ConfigError(AelibError, ValueError):
    """A setting is missing, misspelt, of the wrong type or out of its range."""


class DataError(AelibError, ValueError):
    """Data cannot be had, or do not fit the model."""


class CheckpointError(AelibError, ValueError):
    """A folder is not a checkpoint of this library, or is damaged."""


class RunError(AelibError, RuntimeError):
    """A run does not exist or cannot do what was asked."""


class DivergenceError(AelibError, ArithmeticError):
    """A loss stopped being a finite number."""


def sentence(error: ValidationError) -> str:
    """The first complaint of a pydantic error as one sentence: where, what is wrong, what was given."""
    first = error.errors(include_url=False)[0]
    where = " ".join(".".join(str(part) for part in first["loc"]).split())[:80] or "configuration"
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, AelibError):  # a nested setting has already said it well
        return str(cause)
    message = str(cause) if cause else first["msg"]
    given = "" if first["type"] == "missing" else f" (got {first.get('input')!r:.80})"
    if message[1:2].islower():  # not "EOF"
        message = message[0].lower() + message[1:]
    return f"{where}: {message}{given}."
