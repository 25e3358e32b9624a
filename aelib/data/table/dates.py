"""Dates and times in texts, to be told from what a network can learn."""

import re

_DAY = r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}[ -]?[A-Za-z]{3,9}\.?,?[ -]\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?"
_DATE = re.compile(rf"(?:{_DAY})(?:[ T]\s?{_TIME})?|{_TIME}", re.ASCII)


def is_date(text: str) -> bool:
    """Whether a text is a day, a time or both, in one of the usual forms."""
    return len(text) <= 40 and _DATE.fullmatch(text) is not None
