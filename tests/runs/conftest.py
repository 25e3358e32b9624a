"""What the tests of runs share: a store, and a supervisor with a worker."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from aelib.runs import RunStore, Supervisor, supervisor


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    store = RunStore(tmp_path / "home")
    yield store
    store.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A store and a supervisor of one worker, shared by the tests of a file: a worker takes seconds to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "_threads", lambda *_: 1)  # sums in the order of runs in this process
        store = RunStore(tmp_path_factory.mktemp("home"))
        found = SimpleNamespace(store=store, supervisor=Supervisor(store, devices=["cpu"]))
        found.supervisor.start()
        yield found
        found.supervisor.stop()
        store.close()
