"""What the desk does of files: a projection that took long is taken as it was made, unless the model has moved on."""

from types import SimpleNamespace

import numpy as np
import pytest

from aelib.desk import Desk
from aelib.desk.answers import asks
from aelib.desk.answers.layouts import encode_layout
from aelib.desk.wire import Reply
from aelib.frames.message import pack
from aelib.home import pretrained_folder
from aelib.latent.projection import ProjectionSpec
from aelib.runs import RunFolder

SPEC = ProjectionSpec(method="umap")
POINTS = np.arange(8, dtype=np.float32).reshape(4, 2)
FOLDER = RunFolder(pretrained_folder() / "digits-variational")


@pytest.fixture
def asked(monkeypatch):
    """``asked(question, stamp)``: with a projection of that stamp at hand, the start that an analyst is given, or the
    sentence of a failure."""

    def ask(question, stamp):
        found = []
        desk = Desk()
        analyst = SimpleNamespace(
            ask=lambda folder, ask, tell, start, clusters: found.append(start), is_alive=True, drop=lambda number: None
        )
        monkeypatch.setattr(desk, "_analyst", lambda: analyst)
        if stamp is not None:
            of = (str(FOLDER.path), question.limit, SPEC)
            desk._layouts[of] = pack("projection", {"stamp": str(stamp)}, {"points": POINTS})
        desk.ask(FOLDER, question, lambda reply: found.append(reply.text))
        return found[0]

    return ask


FILES = [asks.Export(format="csv", projection=SPEC), asks.Standalone(projection=SPEC)]


@pytest.mark.parametrize("question", FILES, ids=["table", "page"])
def test_a_projection_of_these_weights_goes_into_the_file(asked, question):
    assert asked(question, FOLDER.newest_weights()) == encode_layout(POINTS)


@pytest.mark.parametrize("question", FILES, ids=["table", "page"])
def test_codes_and_an_older_projection_are_not_mixed(asked, question):
    assert "trained on since" in asked(question, 1)


@pytest.mark.parametrize("question", FILES, ids=["table", "page"])
def test_without_the_projection_nothing_is_made(asked, question):
    assert "not at hand" in asked(question, None)


def test_principal_axes_are_found_where_the_codes_are(asked):
    assert asked(asks.Export(format="csv", projection=ProjectionSpec(method="pca")), None) == ""


@pytest.mark.parametrize("question", FILES, ids=["table", "page"])
def test_codes_that_are_newer_when_the_turn_comes_are_not_mixed_either(monkeypatch, question):
    def heard(stamp):
        answer, found = Reply("answer", message=pack("file", {"stamp": stamp}, {})), []
        analyst = SimpleNamespace(ask=lambda folder, ask, tell, start, clusters: tell(answer), drop=lambda number: None)
        monkeypatch.setattr(desk, "_analyst", lambda: analyst)
        desk.ask(FOLDER, question, found.append)
        return found

    desk, now = Desk(), str(FOLDER.newest_weights())
    desk._layouts[str(FOLDER.path), question.limit, SPEC] = pack("projection", {"stamp": now}, {"points": POINTS})
    assert [reply.kind for reply in heard(now)] == ["answer"]
    assert ["trained on since" in reply.text for reply in heard("1")] == [True]
