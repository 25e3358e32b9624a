"""What version 0.1.0 wrote (see fixtures/README.md), and a copy of its home that a server may work on."""

import json
import shutil
import time
from pathlib import Path

from aelib.runs import RunStore

OLD = Path(__file__).parent / "fixtures" / "0.1.0"
EXPECTED = json.loads((OLD / "expected.json").read_text())
LINKS = json.loads((OLD / "links.json").read_text())
#: Ids of its runs and sweeps by what they are.
IDS: dict[str, str] = EXPECTED["ids"]


def copy_home(home: Path) -> RunStore:
    """Copy it, as if it had been left a minute ago: a server deletes unsaved runs after 30 days."""
    shutil.copytree(OLD / "home", home, dirs_exist_ok=True)
    for model in home.glob("runs/*/model.safetensors"):  # written after the state; a clone of a repository forgets it
        model.touch()
    store = RunStore(home)
    for row in store.rows():
        store.update(row.id, created=time.time() - 60)
    return store
