"""Projections that a process remembers: codes are placed on one that was made, and none is made for that alone."""

from dataclasses import replace

import numpy as np
import pytest

from aelib.desk.answers import asks, layouts
from aelib.desk.answers.layouts import Layouts, encode_layout
from aelib.errors import RunError
from aelib.frames.message import unpack
from aelib.latent.projection import ProjectionSpec, project

UMAP = ProjectionSpec(method="umap")


def quietly(share, text):
    pass


@pytest.fixture
def starts(monkeypatch):
    """What each projection was begun from; a principal plane takes the place of one that takes long."""
    found = []

    def quick(codes, spec, start, progress):
        found.append(start)
        return replace(project(codes, ProjectionSpec()), spec=spec)

    monkeypatch.setattr(layouts, "project", quick)
    return found


def test_codes_are_placed_on_the_projection_on_show_when_the_model_has_moved_on(subject, starts):
    made, limit = Layouts(), len(subject.codes)
    wish = asks.Project(projection=UMAP, limit=limit)
    _, shown = unpack(made.project(subject, wish, quietly))
    moved = replace(subject, stamp=subject.stamp + 1, codes=replace(subject.codes, mean=2 - 3 * subject.codes.mean))
    ask = asks.Place(projection=UMAP, codes=subject.codes.mean[:4].tolist(), limit=limit)
    meta, placed = unpack(made.place(moved, ask, quietly))
    assert meta["layout"] == str(subject.stamp)
    assert np.abs(placed["points"] - shown["points"][:4]).max() <= 1e-5
    # Nothing was made for it, which the next projection would be taken from: that one follows.
    assert len(starts) == 1
    made.project(moved, wish, quietly, encode_layout(shown["points"]))
    assert np.array_equal(starts[1].numpy(), shown["points"])
    assert unpack(made.place(moved, ask, quietly))[0]["layout"] == str(moved.stamp)


def test_without_the_projection_codes_are_not_placed(subject, starts):
    ask = asks.Place(projection=UMAP, codes=subject.codes.mean[:1].tolist(), limit=len(subject.codes))
    with pytest.raises(RunError, match="make it again"):
        Layouts().place(subject, ask, quietly)
    assert not starts


def test_principal_axes_are_those_of_the_codes_as_they_are(subject):
    ask = asks.Place(codes=subject.codes.mean[:1].tolist(), projection=ProjectionSpec(), limit=len(subject.codes))
    moved = replace(subject, stamp=subject.stamp + 1)
    assert unpack(Layouts().place(moved, ask, quietly))[0]["layout"] == str(moved.stamp)
