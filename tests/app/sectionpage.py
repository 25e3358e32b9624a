"""A section of a page by itself, as Streamlit makes it: with a server's library and jobs, and no worker."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aelib.library import Library
from aelib.processes import JobState
from app.service import server as app_server

PATIENCE = 60


@contextmanager
def section_page(section: Callable[[], None], home: Path, checkpoints: Path) -> Iterator[AppTest]:
    """The section of a server on an empty ``home``, whose library is ``checkpoints``."""
    with pytest.MonkeyPatch.context() as patch:
        server = app_server.Server(home)
        server.library = Library(server.store, checkpoints)
        patch.setattr(app_server, "_current", [server])
        yield AppTest.from_function(section, default_timeout=30)
        server.measurements.close()
        server.comparisons.close()
        server.store.close()


def words(page: AppTest) -> str:
    """All that a section says."""
    kinds = (page.subheader, page.markdown, page.caption, page.info, page.error)
    return " ".join(element.value for kind in kinds for element in kind)


def end_of(jobs: Any, key: Hashable) -> JobState[Any]:
    """The state of a job when it is done."""
    deadline = time.monotonic() + PATIENCE
    while (state := jobs.state(key)).kind in ("waiting", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return state
