"""``python -m aelib.desk``: an analyst, which answers questions from its standard input until that is closed."""

import os
import sys
import time
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch

from aelib.desk import asks
from aelib.desk.answers import ANSWERS
from aelib.desk.answers.export import export
from aelib.desk.answers.standalone import standalone
from aelib.desk.asks import parse_ask
from aelib.desk.layouts import Layouts
from aelib.desk.subject import Subject, load_subject
from aelib.desk.wire import Reply, read_envelope, write_reply
from aelib.errors import AelibError
from aelib.runs.folder import RunFolder

#: Added to the process's niceness: training and pages go first.
NICE = 5
#: Subjects that are remembered: models with their codes.
KEPT = 4
#: Seconds between two words on progress.
EVERY = 0.1


class Analyst:
    """Remembers the models that it was asked about; a newer state of a run replaces the older one."""

    def __init__(self) -> None:
        self._subjects: OrderedDict[tuple[str, int], Subject] = OrderedDict()
        self._layouts = Layouts()

    def answer(self, envelope: dict[str, Any], tell: Any) -> bytes:
        """The message that answers ``envelope["ask"]`` about the model in ``envelope["folder"]``."""
        ask = parse_ask(envelope["ask"])
        subject = self._subject(RunFolder(Path(envelope["folder"])), ask.limit, tell)
        match ask:
            case asks.Project():
                return self._layouts.project(subject, ask, tell, envelope["start"])
            case asks.Place():
                return self._layouts.place(subject, ask, tell)
            case asks.Score():
                return self._layouts.score(subject, ask, tell)
            case asks.Export():
                return export(subject, ask, self._layouts.arrays(subject, ask.projection, envelope["start"]))
            case asks.Standalone():
                return standalone(subject, ask, self._layouts.arrays(subject, ask.projection, envelope["start"]))
            case _:
                return ANSWERS[type(ask)](subject, ask, tell)

    def _subject(self, folder: RunFolder, limit: int, tell: Any) -> Subject:
        key = (str(folder.path), limit)
        known = self._subjects.get(key)
        if known is None or known.stamp != folder.newest_weights():
            examples = known.examples if known else None
            self._subjects[key] = load_subject(folder, limit, tell, examples)
            while len(self._subjects) > KEPT:
                self._subjects.popitem(last=False)
        self._subjects.move_to_end(key)
        return self._subjects[key]


def main() -> None:
    """Answer one question after the other; an error is an answer, too."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    torch.set_num_threads(max(1, int(os.environ.get("OMP_NUM_THREADS", "1"))))
    # What libraries print must not get between the replies.
    out, sys.stdout = os.fdopen(os.dup(1), "wb"), sys.stderr
    os.dup2(2, 1)
    analyst = Analyst()
    while (envelope := read_envelope(sys.stdin.buffer)) is not None:
        number, last = int(envelope["number"]), 0.0

        def tell(share: float, text: str, number: int = number) -> None:
            nonlocal last
            if time.monotonic() - last >= EVERY:
                last = time.monotonic()
                write_reply(out, number, Reply("progress", share=share, text=text))

        try:
            reply = Reply("answer", message=analyst.answer(envelope, tell))
        except AelibError as error:
            reply = Reply("failed", text=str(error))
        except (MemoryError, torch.OutOfMemoryError):
            reply = Reply("failed", text="There is not enough memory for this: choose fewer points.")
        except Exception as error:  # a fault of ours: the next question may do better
            traceback.print_exc()
            reply = Reply("failed", text=f"This could not be computed ({type(error).__name__}).")
        write_reply(out, number, reply)


if __name__ == "__main__":
    main()
