"""One answer has room for so many bytes of pictures, whatever is wished: pictures in colour are large."""

import importlib

import pytest

from aelib.desk.answers import asks
from aelib.desk.answers.space import picture_room, pictures
from aelib.desk.answers.standalone import standalone
from aelib.desk.answers.subject import Subject
from aelib.frames.message import unpack
from aelib.progress import silent

#: The module, whose name in its package is that of the answer.
space = importlib.import_module("aelib.desk.answers.space")


def test_room_is_counted_in_bytes():
    assert [picture_room(features) for features in (64, 3 * 64 * 64, 3 * 128 * 128, 10**9)] == [262144, 1365, 341, 1]


@pytest.mark.parametrize("wish", [{"first": 3, "count": 50}, {"indices": list(range(3, 53))}])
def test_the_first_of_the_wished_pictures_come(subject: Subject, monkeypatch, wish):
    monkeypatch.setattr(space, "PICTURE_BYTES", 64 * 10)
    _, arrays = unpack(pictures(subject, asks.Pictures(limit=400, **wish), silent))
    assert arrays["indices"].tolist() == list(range(3, 13))
    assert arrays["pictures"].shape == (10, 64)


def test_a_page_without_a_server_has_as_many_examples(subject: Subject, monkeypatch):
    monkeypatch.setattr(space, "PICTURE_BYTES", 64 * 10)
    _, parts = unpack(standalone(subject, asks.Standalone(limit=400), None))
    for name, array in (("space", "codes"), ("pictures", "pictures")):
        assert len(unpack(parts[name].tobytes())[1][array]) == 10
