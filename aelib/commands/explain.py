"""``aelib explain``: what a word of the field means, its formula and what to watch."""

import argparse

from aelib.commands.terminal import add_output, expect_output, hand_over
from aelib.glossary import TERMS, find
from aelib.glossary.text import as_list, as_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("term", nargs="*", help="a term, such as KL divergence; without it, all of them are listed")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Print the term, or all."""
    expect_output(options.output)
    found = as_text(find(" ".join(options.term))) if options.term else as_list(TERMS)
    hand_over(found, options.output)
    return 0
