"""``python -m aelib.desk``: an analyst, which answers the questions of its parent until that hangs up."""

import os
import queue
import time
import traceback

import torch

from aelib.desk.analyst import Analyst
from aelib.desk.wire import Question, Reply
from aelib.errors import AelibError, ConfigError
from aelib.processes import Parent

#: Added to the process's niceness: training and pages go first.
NICE = 5
#: Seconds between two words on progress.
EVERY = 0.1


def main() -> None:
    """Answer one question after the other; an error is an answer, too.

    When the parent hangs up or is gone, nobody waits for an answer: the process ends in the midst of it.
    """
    if hasattr(os, "nice"):
        os.nice(NICE)
    torch.set_num_threads(max(1, int(os.environ.get("OMP_NUM_THREADS", "1"))))
    questions: queue.SimpleQueue[Question] = queue.SimpleQueue()
    parent, analyst = Parent(hear=lambda packet: questions.put(Question.of(packet))), Analyst()
    while True:
        question = questions.get()
        reply = answer(analyst, question, parent)
        try:
            parent.send(reply.packet(question.number))
        except ConfigError as error:  # too long to be sent
            parent.send(Reply("failed", text=str(error)).packet(question.number))


def answer(analyst: Analyst, question: Question, parent: Parent) -> Reply:
    """The last word on a question; the parent hears of the progress meanwhile."""
    last = 0.0

    def tell(share: float, text: str) -> None:
        nonlocal last
        if share == 0 or time.monotonic() - last >= EVERY:  # what begins may last
            last = time.monotonic()
            parent.send(Reply("progress", share=share, text=text).packet(question.number))

    try:
        return Reply("answer", message=analyst.answer(question, tell))
    except AelibError as error:
        return Reply("failed", text=str(error))
    except (MemoryError, torch.OutOfMemoryError):
        return Reply("failed", text="There is not enough memory for this: choose fewer points.")
    except Exception as error:  # a fault of ours: the next question may do better
        traceback.print_exc()
        return Reply("failed", text=f"This could not be computed ({type(error).__name__}).")


if __name__ == "__main__":
    main()
