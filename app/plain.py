"""Text from people and links, shown as text."""


def plain(text: str) -> str:
    """The text with nothing in it that Markdown would take for markup."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|$:~" else c for c in text)
