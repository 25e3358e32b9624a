"""A file is written whole, where it belongs, and stays whose it was."""

import os
import stat
from pathlib import Path

import pytest

from aelib.files import expect_writable, resolve, write_whole


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("was", [0o600, 0o640, 0o644, 0o666, 0o755])
def test_a_file_keeps_its_mode(tmp_path, umask, was):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    file.chmod(was)
    write_whole(file, b"new")
    assert (file.read_bytes(), mode(file), names(tmp_path)) == (b"new", was, ["file"])


def test_a_new_file_has_the_usual_mode(tmp_path, umask):
    write_whole(tmp_path / "file", b"new")
    assert mode(tmp_path / "file") == 0o666 & ~umask


def test_a_private_file_is_private_while_it_is_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file").chmod(0o600)
    seen = []

    def replace(self, target):
        seen.append((mode(self), self.read_bytes()))
        os.replace(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    write_whole(tmp_path / "file", b"new")
    assert seen == [(0o600, b"new")]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("relative", [True, False])
def test_a_link_stays_one(tmp_path, there, relative):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    file, link, second = tmp_path / "far" / "file", tmp_path / "near" / "link", tmp_path / "second"
    if there:
        file.write_bytes(b"old")
        file.chmod(0o600)
    link.symlink_to(Path("..", "far", "file") if relative else file)
    second.symlink_to(link)
    expect_writable(second)
    write_whole(second, b"new")
    assert second.is_symlink()
    assert link.is_symlink()
    assert file.read_bytes() == link.read_bytes() == b"new"
    assert not there or mode(file) == 0o600
    assert (names(tmp_path / "far"), names(tmp_path / "near")) == (["file"], ["link"])


def test_links_in_a_circle_are_refused_and_stay(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for ask in (resolve, expect_writable, lambda path: write_whole(path, b"new")):
        with pytest.raises(OSError, match="symbolic links"):
            ask(tmp_path / "a")
    assert (tmp_path / "a").is_symlink()


def test_another_name_of_the_old_file_keeps_the_old_content(tmp_path):
    """As backups rely on."""
    (tmp_path / "file").write_bytes(b"old")
    os.link(tmp_path / "file", tmp_path / "backup")
    write_whole(tmp_path / "file", b"new")
    assert ((tmp_path / "file").read_bytes(), (tmp_path / "backup").read_bytes()) == (b"new", b"old")


@pytest.mark.parametrize("error", [13, 16, 30])
def test_a_file_that_no_other_can_take_the_place_of_is_written_itself(tmp_path, monkeypatch, error):
    """A mount of its own, or a folder that takes no new file (root may do all, so the system's word is put here)."""
    (tmp_path / "file").write_bytes(b"a longer old one")

    def refuse(self, target):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(Path, "replace", refuse)
    write_whole(tmp_path / "file", b"new")
    assert ((tmp_path / "file").read_bytes(), names(tmp_path)) == (b"new", ["file"])
    with pytest.raises(OSError, match=os.strerror(error)):
        write_whole(tmp_path / "other", b"new")
    assert names(tmp_path) == ["file"]


def test_a_file_of_another_owner_stays_his(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"old")
    asked = []
    before = (tmp_path / "file").stat()
    own = Path.stat

    def foreign(self, **options):
        found = own(self, **options)
        return found if self.suffix == ".part" else os.stat_result((*found[:4], 12345, *found[5:]))

    def chown(path, user, group):
        asked.append((user, group))
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "stat", foreign)
    monkeypatch.setattr(os, "chown", chown)
    write_whole(tmp_path / "file", b"new")
    monkeypatch.undo()
    after = (tmp_path / "file").stat()
    assert asked == [(12345, before.st_gid)]
    assert (after.st_ino, (tmp_path / "file").read_bytes()) == (before.st_ino, b"new")
    assert names(tmp_path) == ["file"]


def test_a_full_disk_leaves_the_old_file_and_no_part(tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", full)
    for name in ("file", "other"):
        with pytest.raises(OSError, match="No space left"):
            write_whole(tmp_path / name, b"new")
    assert (names(tmp_path), (tmp_path / "file").read_bytes()) == (["file"], b"old")


def test_the_longest_name_and_the_part_of_somebody_else(tmp_path):
    name = "x" * 255
    (tmp_path / f"{'y' * 250}.part").write_bytes(b"mine")
    for file in (name, "y" * 250):
        write_whole(tmp_path / file, b"new")
    assert names(tmp_path) == [name, "y" * 250, f"{'y' * 250}.part"]
    assert (tmp_path / f"{'y' * 250}.part").read_bytes() == b"mine"


def test_the_way_to_an_open_file_writes_into_that_file(tmp_path):
    """/dev/stdout and the like: the file that is open, not one of the name that it had once."""
    with (tmp_path / "file").open("w+b") as file:
        (tmp_path / "file").unlink()
        write_whole(Path(f"/dev/fd/{file.fileno()}"), b"new")
        assert file.read() == b"new"
    assert names(tmp_path) == []


def test_asking_changes_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    before = (tmp_path / "file").stat().st_mtime_ns
    expect_writable(tmp_path / "file")
    expect_writable(tmp_path / "some" / "where" / "new")
    assert (tmp_path / "file").stat().st_mtime_ns == before
    assert names(tmp_path) == ["file"]
    for path in (tmp_path, tmp_path / "file" / "below"):
        with pytest.raises(OSError, match="directory"):
            expect_writable(path)
