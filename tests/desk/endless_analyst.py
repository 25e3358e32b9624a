"""``python -m tests.desk.endless_analyst``: an analyst whose projections never come to an end."""

import signal
import time

from aelib.desk.__main__ import EVERY, main
from aelib.desk.answers.layouts import Layouts
from aelib.progress import Progress


def project(self: Layouts, subject: object, ask: object, progress: Progress, start: str = "") -> bytes:
    time.sleep(2 * EVERY)  # or this word would be too soon after the last
    progress(0.5, "At work")
    while True:
        pass  # without a word, so that nothing but the closed pipe can tell it


if __name__ == "__main__":
    signal.alarm(600)  # if a test leaves it behind
    Layouts.project = project
    main()
