"""What a page may list: everybody sees the library; runs and sweeps that were not kept only who owns them all."""

import streamlit as st

from aelib.library import LibraryEntry
from aelib.runs import SweepRow

from .server import current

#: What is open before anybody chose anything.
FEATURED = "mnist-sample-vae-2"


def models() -> list[LibraryEntry]:
    """The library, then recent runs."""
    return [*current().library.entries(), *recent()]


def recent() -> list[LibraryEntry]:
    """The newest runs that nobody kept."""
    return current().library.recent() if _is_private() else []


def sweeps() -> list[SweepRow]:
    """The newest sweeps."""
    return current().library.sweeps() if _is_private() else []


def _is_private() -> bool:
    """Whether only this machine reaches the server: then its user owns every run, kept or not."""
    return st.get_option("server.address") in ("127.0.0.1", "localhost", "::1")
