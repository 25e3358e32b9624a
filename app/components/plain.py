"""Text from people and links, shown as text."""

import html
import re

#: Invisible, without width: parts what Streamlit would find in text that Markdown is done with.
JOINER = "\N{WORD JOINER}"
#: What it finds there: its icons and its own name between colons, and seven symbols such as ``->``, standing alone.
_FOUND = re.compile(r":(?=material|streamlit:)|(?<!\S)[-<>~](?=(?:[->=]|->)(?!\S))")
#: What Markdown takes for markup, unless there is a backslash before it.
_SIGN = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|$:~&]")
#: At the ends it would undo emphasis around the text, and an empty line would end it.
_SPACE = re.compile(r"^\s+|\s+$|[^\S ]+")


def plain(text: str) -> str:
    """The text with nothing in it that Markdown, or Streamlit after it, would take for markup."""
    signs = _SIGN.sub(r"\\\g<0>", _FOUND.sub(rf"\g<0>{JOINER}", text))
    return _SPACE.sub(lambda found: "".join(f"&#{ord(space)};" for space in found[0]), signs)


def plain_in_figure(text: str) -> str:
    """The same for Plotly, which knows some tags and entities of HTML."""
    return html.escape(text, quote=False)
