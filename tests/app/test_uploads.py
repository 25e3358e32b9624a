"""Uploads lie below the home under names of the server's own, and are gone when nobody looks at them."""

import io
import os
import time
import zipfile

import pytest
from PIL import Image

from aelib.data.limits import Limits
from aelib.errors import AelibError, DataError
from app.service import uploads as module
from app.service.uploads import Uploads


class Sent(io.BytesIO):
    """As Streamlit gives an uploaded file."""

    def __init__(self, name, content):
        super().__init__(content)
        self.name, self.size = name, len(content)


def picture():
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    return file.getvalue()


def idx(*shape):
    return bytes([0, 0, 8, len(shape), *(byte for size in shape for byte in size.to_bytes(4, "big"))])


@pytest.fixture
def uploads(tmp_path):
    found = Uploads(tmp_path, Limits(max_bytes=10_000))
    yield found
    found.close()


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/passwd", "a\0b.csv", "..", "", "C:\\windows\\x.csv"])
def test_names_become_no_paths(uploads, tmp_path, name):
    upload = uploads.take([Sent(name, b"a,b\n1,2\n")])
    assert files_below(tmp_path) == [upload.path]
    assert upload.path.name == "upload"
    assert upload.path.read_bytes() == b"a,b\n1,2\n"
    assert "/" not in upload.name
    assert "\0" not in upload.name


def test_pictures_become_an_archive_with_their_folders(uploads):
    names = ["photos/cats/a.png", "photos/dogs/a.png", "photos/cats/a.png", "../x.png"]
    upload = uploads.take([Sent(name, picture()) for name in names] + [Sent("photos/notes.txt", b"hello")])
    with zipfile.ZipFile(upload.path) as archive:
        found = archive.namelist()
        assert archive.read(found[0]) == picture()
    assert len(set(found)) == 5
    assert found[:2] == names[:2]


def test_a_folder_gives_its_name(uploads):
    assert uploads.take([Sent("photos/cats/a.png", picture()), Sent("photos/b.png", picture())]).name == "photos"
    assert uploads.take([Sent("people.csv", b"a\n1\n")]).name == "people"


def test_idx_files_are_told_by_name_or_content(uploads):
    by_name = uploads.take([Sent("t10k-labels-idx1-ubyte.gz", b"\x1f\x8b"), Sent("train-images.idx3-ubyte", b"x")])
    assert [path.name for path in files_below(by_name.path)] == ["t10k-labels-idx1-ubyte", "train-images-idx3-ubyte"]
    by_content = uploads.take([Sent("mine", idx(2, 4, 4)), Sent("classes", idx(2))])
    assert [path.name for path in files_below(by_content.path)] == [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
    ]  # fmt: skip


def test_what_does_not_belong_together_or_is_too_much_is_refused_and_leaves_nothing(uploads, tmp_path):
    for files, words in (
        ([Sent("a.csv", b"a"), Sent("b.csv", b"b")], "choose one table"),
        ([Sent("a.csv", bytes(10_001))], "max_bytes"),
    ):
        with pytest.raises(DataError, match=words):
            uploads.take(files)
    assert files_below(tmp_path) == []
    for _ in range(2):
        uploads.take([Sent("a.csv", bytes(10_000))])
    with pytest.raises(DataError, match="in a while"):
        uploads.take([Sent("a.csv", b"a")])


def test_a_place_that_is_no_folder_stops_no_server_and_is_a_sentence(tmp_path):
    (tmp_path / "uploads").write_text("mine")
    found = Uploads(tmp_path, Limits())
    with pytest.raises(AelibError, match="cannot be kept"):
        found.take([Sent("a.csv", b"a")])
    assert (tmp_path / "uploads").read_text() == "mine"


def test_a_full_disk_is_a_sentence(uploads, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_write", lambda *_: os.read(-1, 1))
    with pytest.raises(AelibError, match="make room"):
        uploads.take([Sent("a.csv", b"a")])
    assert files_below(tmp_path) == []


def test_what_was_discarded_is_gone(uploads, tmp_path):
    upload = uploads.take([Sent("a.csv", b"a")])
    assert uploads.find(upload.token) == upload
    uploads.discard(upload.token)
    uploads.discard(upload.token)
    assert files_below(tmp_path) == []
    with pytest.raises(DataError, match="choose the files again"):
        uploads.find(upload.token)


def test_what_a_killed_server_left_is_swept_and_what_another_uses_stays(uploads, tmp_path):
    old, used = (uploads.take([Sent("a.csv", b"a")]) for _ in range(2))
    past = time.time() - module.ABANDONED - 1
    for upload in (old, used):
        os.utime(upload.path.parent, (past, past))
    uploads.find(used.token)
    other = Uploads(tmp_path, Limits())
    assert files_below(tmp_path) == [used.path]
    other.close()
    assert files_below(tmp_path) == [used.path]
    uploads.close()
    assert files_below(tmp_path) == []
