"""The same content added twice: it is kept once, and who adds it again is told so."""

import argparse
import json

from aelib.commands import data_import
from aelib.data import added_datasets


def test_who_adds_the_same_again_learns_its_title(tmp_path, monkeypatch):
    home, path, told = tmp_path / "home", tmp_path / "rows.csv", tmp_path / "told.json"
    monkeypatch.setenv("AELIB_HOME", str(home))
    path.write_text("a,b\n" + "".join(f"{k},{k * k % 7}\n" for k in range(20)))
    parser = argparse.ArgumentParser()
    data_import.add_arguments(parser)
    found = []
    for title in ("First", "Second"):
        data_import.run(parser.parse_args([f"--path={path}", f"--title={title}", f"--output={told}"]))
        found.append(json.loads(told.read_text()))
    first, second = found
    assert (first["title"], first["was_here"]) == ("First", False)
    assert second == {"id": first["id"], "title": "First", "was_here": True}
    assert len(added_datasets(home)) == 1
