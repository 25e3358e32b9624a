"""The progress of an optimiser that can only print: a file that reads what is written to it and keeps nothing."""

import io
import re
from collections.abc import Callable


class Iterations(io.TextIOBase):
    """Calls ``count(i)`` for every number i that the group of ``pattern`` finds in what is written."""

    def __init__(self, pattern: str, count: Callable[[int], None]) -> None:
        self._pattern = re.compile(pattern)
        self._count = count

    def write(self, text: str) -> int:
        for found in self._pattern.finditer(text):
            self._count(int(found[1]))
        return len(text)
