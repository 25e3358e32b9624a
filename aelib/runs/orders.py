"""`Order`: what the supervisor tells a worker, a packet each."""

from typing import Annotated, Literal

from pydantic import Field

from aelib.processes import Packet
from aelib.runs.commands import Command
from aelib.spec import Spec


class Open(Spec):
    """Take the run up where it stands."""

    type: Literal["open"] = "open"


class Close(Spec):
    """Save the run and forget it."""

    type: Literal["close"] = "close"


class Delete(Spec):
    """Forget the run and remove its folder."""

    type: Literal["delete"] = "delete"


#: One of the above, or a command for the run.
What = Annotated[Open | Close | Delete | Command, Field(discriminator="type")]


class Order(Spec):
    """What is to happen to a run."""

    run: str
    what: What

    def packet(self) -> Packet:
        """As it travels."""
        return Packet(body=self.model_dump_json().encode())

    @classmethod
    def of(cls, packet: Packet) -> "Order":
        """The order in a packet; `ConfigError` when there is none."""
        return cls.from_json(packet.body)
