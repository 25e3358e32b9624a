"""What can be asked of a run: typed, validated messages, the same from a browser and within the server."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from aelib.errors import ConfigError, sentence
from aelib.spec import Spec


class Play(Spec):
    """Train on; a finished run gets as many epochs again."""

    type: Literal["play"] = "play"


class Resume(Spec):
    """Train on after a crash, if it was training."""

    type: Literal["resume"] = "resume"


class Pause(Spec):
    """Stop between two steps; ``unattended``: until somebody looks again."""

    type: Literal["pause"] = "pause"
    unattended: bool = False


class Step(Spec):
    """Do exactly one step of a paused run."""

    type: Literal["step"] = "step"


class Stop(Spec):
    """End the run and write its checkpoint."""

    type: Literal["stop"] = "stop"


class Rewind(Spec):
    """Back to the same initial weights, with the knobs where they stand now."""

    type: Literal["rewind"] = "rewind"


class Undo(Spec):
    """Back to where it was before the last rewind; once more, and that is undone in turn."""

    type: Literal["undo"] = "undo"


class SetKnob(Spec):
    """Turn a knob; the next step uses it. A finished run goes on, as with `Play`."""

    type: Literal["knob"] = "knob"
    name: str = Field(max_length=40)
    value: float = Field(allow_inf_nan=False)


class SetPace(Spec):
    """At most so many steps a second, for watching; None for as many as the device does."""

    type: Literal["pace"] = "pace"
    steps_per_second: float | None = Field(None, ge=1, le=1e6)


class SendWeights(Spec):
    """Write the decoder's weights for the browser, with ``encoder`` the encoder's too, if they changed since.

    ``step``: those of the decoder at a moment that has passed instead, which the server answers by itself (see
    `aelib.frames.kept`).
    """

    type: Literal["weights"] = "weights"
    encoder: bool = False
    step: int | None = Field(None, ge=0, lt=10**16)


Command = Annotated[
    Play | Resume | Pause | Step | Stop | Rewind | Undo | SetKnob | SetPace | SendWeights, Field(discriminator="type")
]
_ADAPTER: TypeAdapter[Command] = TypeAdapter(Command)
MAX_COMMAND_BYTES = 1024


def parse_command(text: str | bytes) -> Command:
    """A command from JSON; `ConfigError` when it is none."""
    if len(text) > MAX_COMMAND_BYTES:
        raise ConfigError(f"This message is too long for a command (more than {MAX_COMMAND_BYTES} bytes).")
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise ConfigError(f"This message is not a command: {sentence(error)}") from None


def check_for_sweep(command: Command) -> None:
    """`ConfigError` when this is nothing that a stacked sweep can do."""
    if isinstance(command, SetKnob):
        raise ConfigError("The knobs of a sweep stay where they are: open one of its cells as a run to turn them.")
    if isinstance(command, SendWeights):
        raise ConfigError("A sweep sends no decoder: open one of its cells as a run to look into it.")
