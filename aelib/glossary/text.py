"""Terms as text, for a terminal."""

from collections.abc import Sequence
from textwrap import fill

from aelib.glossary.term import Term

#: Characters of a line, at most.
WIDTH = 100


def as_text(term: Term) -> str:
    """All that is known of it."""
    parts = (term.sentence, term.formula, f"Watch: {term.watch}")
    return "\n".join([term.name, *(_indented(part) for part in parts if part)])


def as_list(terms: Sequence[Term]) -> str:
    """Names and sentences."""
    return "\n".join(_indented(f"{term.name}: {term.sentence}") for term in terms)


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
