"""`Question` and `Reply`: what the server and an analyst say to each other, as packets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aelib.processes import Packet

Kind = Literal["answer", "progress", "failed"]


@dataclass(frozen=True)
class Question:
    """About the model in a folder. ``ask`` travels as it came; ``start``: of a projection, and ``clusters``: the labels
    of a clustering that was made elsewhere (see `aelib.desk.answers.layouts.encode_layout`)."""

    number: int
    folder: Path
    ask: bytes
    start: str = ""
    clusters: str = ""

    def packet(self) -> Packet:
        """As it travels."""
        head = {"number": self.number, "folder": str(self.folder), "start": self.start, "clusters": self.clusters}
        return Packet(head, self.ask)

    @classmethod
    def of(cls, packet: Packet) -> "Question":
        """The question in a packet."""
        head = packet.head
        return cls(head["number"], Path(head["folder"]), packet.body, head["start"], head["clusters"])


@dataclass(frozen=True)
class Reply:
    """``answer``: the message, which ends the question. ``progress``: ``share`` in [0, 1] and what is being
    done. ``failed``: one sentence, which ends it too."""

    kind: Kind
    message: bytes = b""
    text: str = ""
    share: float = 0.0

    def packet(self, number: int) -> Packet:
        """As it travels, with the number of its question."""
        return Packet({"number": number, "kind": self.kind, "text": self.text, "share": self.share}, self.message)

    @classmethod
    def of(cls, packet: Packet) -> tuple[int, "Reply"]:
        """The number of the question, and the reply."""
        head = packet.head
        return head["number"], cls(head["kind"], packet.body, head["text"], head["share"])
