"""Numbers as people and programs write them, with a decimal point or a decimal comma."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from aelib.errors import DataError

Decimal = Literal[".", ","]

#: What stands for a missing value, in small letters.
MISSING = frozenset({"", "?", "na", "n/a", "#n/a", "nan", "-nan", "<na>", "null", "none"})
#: No number has more characters.
LONGEST = 400

_EXPONENT = r"(?:[eE][+-]?[0-9]{1,5})?"
_THOUSANDS = r"[1-9][0-9]{0,2}(?:%s[0-9]{3})+"
_FORMS = {
    sign: re.compile(
        rf"[+-]?(?:(?:[0-9]+|{_THOUSANDS % re.escape(group)})(?:{re.escape(sign)}[0-9]*)?|{re.escape(sign)}[0-9]+)"
        rf"{_EXPONENT}"
    )
    for sign, group in ((".", ","), (",", "."))
}
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)


def read_number(text: str, decimal: Decimal) -> float | None:
    """The number that a text without blanks around it is, or None. May be infinite."""
    if len(text) > LONGEST:
        return None
    if _FORMS[decimal].fullmatch(text):
        plain = text.replace(",", "") if decimal == "." else text.replace(".", "").replace(",", ".")
        return float(plain)
    return float(text) if _INFINITE.fullmatch(text) else None


def find_decimals(columns: Mapping[str, Iterable[str]], separator: str) -> dict[str, Decimal]:
    """The decimal sign of each column of texts, which are without missing ones.

    A column such as "1,5" tells it; one such as "1,234" follows the others, and where they do not tell, the separator:
    programs that write decimal commas separate columns by semicolons. Raises `DataError` where nothing tells.
    """
    found: dict[str, Decimal] = {}
    doubtful: dict[str, str] = {}
    told: set[Decimal] = set()
    for name, texts in columns.items():
        marked = [text for text in texts if "," in text or "." in text]
        point = all(read_number(text, ".") is not None for text in marked)
        comma = all(read_number(text, ",") is not None for text in marked)
        if marked and point and comma:
            doubtful[name] = marked[0]
            continue
        found[name] = "," if comma and not point else "."
        if point != comma:
            told.add(found[name])
    for name, text in doubtful.items():
        if "," not in text and told != {","}:
            found[name] = "."
        elif len(told) == 1:
            found[name] = next(iter(told))
        elif separator == ";" and not told:
            found[name] = ","
        else:
            raise DataError(
                f"{text!r:.40} in the column {name!r:.60} may have a decimal comma or be in thousands: say which by "
                'the option decimal, "," or ".".'
            )
    return found
