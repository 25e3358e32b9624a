"""A home may have any name that the system allows: nothing takes its path for a URL, an option or a pattern."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aelib import Autoencoder
from aelib.library import Library
from aelib.runs import FrameReader, RunFolder, RunStore, Supervisor, default_home, supervisor
from tests.runs.steering import wait_for

#: What means something in a URL, to SQLite, in a shell, in a pattern, in Markdown, in a format, to `argparse`.
HOSTILE = '-a %20b?mode=memory&x#y\' "q"; $(echo) `~` *[a-z]? {0} %s é漢\u00a0_x_ <b>&amp;'
#: Each and a home that it was, or might be, taken for.
PAIRS = {
    "a percent sign": ("a%20b", "a b"),
    "a question mark": ("a?1", "a"),
    "a query of SQLite's": ("a?mode=memory", "a"),
    "a fragment": ("a#b", "a"),
    "a plus": ("a+b", "a b"),
    "a user and a host": ("me:secret@host", "host"),
    "two percent signs": ("a%%b", "a%b"),
    "an entity": ("a&amp;b", "a&b"),
    "a pattern": ("a[b]", "ab"),
    "a scheme": ("file:a", "a"),
    "a database in memory": (":memory:", "memory"),
    "accents in two forms": ("e\u0301", "\u00e9"),
    "a line break": ("a\nb", "a b"),
    "a home sign": ("~", "home"),
    "bytes that are no text": (os.fsdecode(b"a\xffb"), "ab"),
}


def made(parent: Path, name: str) -> Path:
    """A folder of that name; skipped where the system does not allow it, or means another one."""
    try:
        (parent / name).mkdir()
    except OSError as error:
        pytest.skip(f"no such name here: {error.strerror}")
    return parent / name


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
def test_two_homes_share_no_list(pair, relative, tmp_path, small, monkeypatch):
    monkeypatch.chdir(tmp_path)
    homes = [Path(made(tmp_path, name).name) if relative else made(tmp_path, name) for name in pair]
    stores = [RunStore(home) for home in homes]
    ids = [store.create(small(), title=str(number)) for number, store in enumerate(stores)]
    assert [[row.id for row in store.rows()] for store in stores] == [[key] for key in ids]
    for store, home, key in zip(stores, homes, ids, strict=True):
        store.close()
        assert (tmp_path / home / "runs.sqlite").is_file()
        assert (tmp_path / home / "runs" / key).is_dir()
        again = RunStore(tmp_path / home)
        assert [row.id for row in again.rows()] == [key]
        again.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(pair)


def test_the_home_stays_where_it_was_when_somebody_goes_elsewhere(tmp_path, small, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AELIB_HOME", "-home")
    store = RunStore(default_home())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run_id = store.create(small())
    store.close()
    assert store.folder(run_id) == tmp_path / "-home" / "runs" / run_id
    assert store.folder(run_id).is_dir()


@pytest.mark.parametrize("name", [HOSTILE, os.fsdecode(b"a\xffb")], ids=["hostile", "no text"])
def test_a_run_is_trained_in_such_a_home_and_opens_again(name, tmp_path, small, monkeypatch):
    monkeypatch.setattr(supervisor, "_threads", lambda *_: 1)
    monkeypatch.chdir(tmp_path)
    made(tmp_path, name)
    store = RunStore(Path(name))
    server = Supervisor(store, devices=["cpu"])
    server.start()
    try:
        run_id = server.launch(small(epochs=1), title="x")
        store.update(run_id, saved=True)
        wait_for(lambda: store.get(run_id).status == "finished")
    finally:
        server.stop()
        store.close()
    again = RunStore(tmp_path / name)
    folder = RunFolder(again.folder(run_id))
    assert folder.newest_model()[2] == again.get(run_id).step
    assert Autoencoder.load(folder.path).spec.hidden == (16,)
    assert FrameReader(folder.frames).poll()[1]
    assert run_id in [entry.key for entry in Library(again).entries()]
    again.close()


def test_the_command_line_trains_in_such_a_home_and_opens_what_it_printed(tmp_path):
    home = made(tmp_path, HOSTILE)

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "aelib", *arguments], cwd=tmp_path, env={**os.environ, "AELIB_HOME": HOSTILE},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    printed = run("train", "--epochs", "1", "--hidden", "8", "--device", "cpu").strip()
    folder = printed.split(": ", 1)[1]
    assert folder.startswith(str(home))
    assert "aelib" in run("script", folder)
