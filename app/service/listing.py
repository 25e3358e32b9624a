"""What a page may list: everybody sees the library; runs, sweeps and data that are not kept there only who owns them.

That is everything for who alone reaches the server, and else what a session has added or a link has named.
"""

from urllib.parse import urlsplit

import streamlit as st

from aelib.data import DATASETS, DatasetInfo, added_datasets
from aelib.library import LibraryEntry
from aelib.runs import SweepRow

from .server import current

#: What is open before anybody chose anything.
FEATURED = "mnist-sample-vae-2"
#: This machine, by its names in addresses.
HERE = ("127.0.0.1", "localhost", "::1", "[::1]")
#: What proxies add to a request.
FORWARDED = (
    "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via", "Cf-Connecting-Ip",
    "True-Client-Ip",
)  # fmt: skip


def models() -> list[LibraryEntry]:
    """The library, then recent runs."""
    return [*current().library.entries(), *recent()]


def recent() -> list[LibraryEntry]:
    """The newest runs that nobody kept."""
    return current().library.recent() if is_private() else []


def sweeps() -> list[SweepRow]:
    """The newest sweeps."""
    return current().library.sweeps() if is_private() else []


def added() -> list[DatasetInfo]:
    """The data that was added, newest first."""
    everything = added_datasets(current().store.home)
    if is_private():
        return everything
    known = {*st.session_state.get("data_added", []), st.query_params.get("open")}
    return [info for info in everything if info.name in known]


def datasets() -> list[DatasetInfo]:
    """What can be trained on: the data of the library, and what was added."""
    return [*DATASETS.values(), *added()]


def is_local() -> bool:
    """Whether a visitor sits at this machine, and may name its files: a proxy could let in anybody.

    A proxy that adds nothing, and calls itself this machine, is told by the address of the page alone (``Origin``),
    which somebody who is no browser may make up: such a proxy must guard the app.
    """
    headers = st.context.headers
    host = headers.get("Host") or HERE[0]
    return (
        is_private()
        and host.rsplit(":", 1)[0] in HERE
        and _names_here(headers.get("Origin"))
        and not any(headers.get(name) for name in FORWARDED)
    )


def _names_here(origin: str | None) -> bool:
    try:
        return origin is None or urlsplit(origin).hostname in HERE
    except ValueError:  # no address
        return False


def is_private() -> bool:
    """Whether only this machine reaches the server: then its user owns every run, kept or not."""
    return st.get_option("server.address") in HERE
