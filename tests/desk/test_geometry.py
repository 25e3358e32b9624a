"""Answers in the decoder's metric: what travels is what the library finds, by lengths that can be compared."""

import json
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from aelib import ConfigError, DataError
from aelib.desk.answers import ANSWERS
from aelib.desk.answers.asks import parse_ask
from aelib.desk.answers.subject import Subject, load_subject
from aelib.frames.message import unpack
from aelib.geometry import magnification
from aelib.home import pretrained_folder
from aelib.latent.paths import linear, spherical
from aelib.progress import silent
from aelib.runs.folder import RunFolder

LIMIT = 500
FRAMES = 31
KEYS = ("digits-variational", "digits-conditional", "digits-vae-10", "digits-overcomplete", "digits-linear")

Answer = tuple[dict[str, Any], dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def subjects() -> dict[str, Subject]:
    return {key: load_subject(RunFolder(pretrained_folder() / key), LIMIT) for key in KEYS}


@pytest.fixture
def variational(subjects: dict[str, Subject]) -> Subject:
    return subjects["digits-variational"]


def answer(subject: Subject, name: str, **values: object) -> Answer:
    """What travels to the browser, unpacked; the question travelled as JSON."""
    ask = parse_ask(json.dumps({"ask": name, "limit": LIMIT, **values}))
    return unpack(ANSWERS[type(ask)](subject, ask, silent))


def between(subject: Subject, i: int, j: int, **values: object) -> Answer:
    begin, end = (subject.codes.mean[k].tolist() for k in (i, j))
    return answer(subject, "geodesic", begin=begin, end=end, frames=FRAMES, **values)


def length(subject: Subject, path: torch.Tensor, label: int = -1) -> float:
    """Of a decoded polyline: its chords, sixteen to a piece."""
    t = torch.arange(16).div(16).reshape(-1, 1)
    fine = torch.cat([torch.lerp(a, b, t) for a, b in pairwise(path)] + [path[-1:]])
    with torch.no_grad():
        return float(subject.decode(fine, label).double().diff(dim=0).norm(dim=1).sum())


@pytest.mark.parametrize("key", KEYS)
def test_lengths_are_those_of_the_decoded_walks(subjects: dict[str, Subject], key: str) -> None:
    subject = subjects[key]
    meta, arrays = between(subject, 0, 1)
    a, b = subject.codes.mean[:2]
    walks = {
        "linear": linear(a, b, FRAMES),
        "spherical": spherical(a, b, FRAMES),
        "geodesic": torch.from_numpy(arrays["points"]),
    }
    assert meta["lengths"] == pytest.approx({name: length(subject, path) for name, path in walks.items()}, rel=1e-5)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("pair", [(0, 1), (3, 20), (7, 7)])
def test_a_geodesic_is_never_longer_than_the_straight_line(
    subjects: dict[str, Subject], key: str, pair: tuple[int, int]
) -> None:
    meta, arrays = between(subjects[key], *pair)
    assert meta["lengths"]["geodesic"] <= meta["lengths"]["linear"]
    assert arrays["points"].dtype == np.float32
    ends = subjects[key].codes.mean[list(pair)].numpy()
    np.testing.assert_array_equal(arrays["points"][[0, -1]], ends)


def test_a_geodesic_is_shorter_where_the_decoder_is_curved(variational: Subject) -> None:
    meta, _ = between(variational, 0, 1)
    assert meta["lengths"]["geodesic"] < 0.95 * meta["lengths"]["linear"]


def test_the_class_that_is_told_makes_a_difference(subjects: dict[str, Subject]) -> None:
    subject = subjects["digits-conditional"]
    told = [between(subject, 0, 1, label=label)[0]["lengths"]["linear"] for label in (-1, 3)]
    a, b = subject.codes.mean[:2]
    assert told == pytest.approx([length(subject, linear(a, b, FRAMES), label) for label in (-1, 3)], rel=1e-5)
    assert told[0] != pytest.approx(told[1], rel=1e-3)


def test_progress_is_told(variational: Subject) -> None:
    said: list[tuple[float, str]] = []
    z = variational.codes.mean[:2].tolist()
    ask = parse_ask(json.dumps({"ask": "geodesic", "limit": LIMIT, "begin": z[0], "end": z[1]}))
    ANSWERS[type(ask)](variational, ask, lambda share, text: said.append((share, text)))
    shares = [share for share, _ in said]
    assert shares == sorted(shares)
    assert all(text for _, text in said)
    assert len(said) >= 3


def test_magnification_is_the_librarys(variational: Subject) -> None:
    low, high = (-1.0, -2.0), (2.0, 1.5)
    meta, arrays = answer(variational, "magnification", low=low, high=high)
    assert (meta["low"], meta["high"]) == (list(low), list(high))
    ny, nx = arrays["values"].shape
    for i, j in [(0, 0), (0, nx - 1), (ny - 1, 0), (ny // 2, nx // 3)]:
        z = torch.tensor([[low[0] + j * (high[0] - low[0]) / (nx - 1), low[1] + i * (high[1] - low[1]) / (ny - 1)]])
        there = float(magnification(partial(variational.decode, label=-1), z).detach().log10())
        assert arrays["values"][i, j] == pytest.approx(there, abs=1e-3)


def test_a_ball_grows_from_its_centre(variational: Subject) -> None:
    low, high = torch.tensor([-2.0, -2.0]), torch.tensor([2.0, 2.0])
    meta, arrays = answer(variational, "ball", centre=[0.0, 0.0], low=low.tolist(), high=high.tolist())
    values = arrays["values"]
    middle = values.shape[0] // 2
    assert values[middle, middle] == pytest.approx(0, abs=1e-5)
    assert (values >= 0).all()
    # No farther than straight, and no nearer than the pictures are.
    for i, j in [(5, 40), (30, 30), (48, 0)]:
        z = low + (high - low) * torch.tensor([j, i]) / (values.shape[0] - 1)
        straight = linear(torch.zeros(2), z, 65)
        with torch.no_grad():
            gap = float(variational.decode(straight[[0, -1]]).diff(dim=0).norm())
        assert 0.97 * gap <= values[i, j] <= 1.03 * length(variational, straight)
    assert meta["low"] == low.tolist()


PLANE = {"low": [-1.0, -1.0], "high": [1.0, 1.0]}
FLAT = {"low": [1.0, 1.0], "high": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("key", "ask", "error", "word"),
    [
        ("digits-variational", {"ask": "geodesic", "begin": [0.0] * 3, "end": [1.0] * 2}, DataError, "2 units"),
        ("digits-variational", {"ask": "geodesic", "begin": [0.0] * 2, "end": [1.0]}, DataError, "got 1"),
        ("digits-conditional", {"ask": "geodesic", "begin": [0.0] * 2, "end": [1.0] * 2, "label": 10}, DataError, "9"),
        ("digits-vae-10", {"ask": "magnification", **PLANE}, ConfigError, "2 units"),
        ("digits-vae-10", {"ask": "ball", "centre": [0.0, 0.0], **PLANE}, ConfigError, "has 10"),
        ("digits-variational", {"ask": "ball", "centre": [2.0, 0.0], **PLANE}, ConfigError, "centre"),
        ("digits-variational", {"ask": "ball", "centre": [0.0, 0.0], **FLAT}, ConfigError, "corner"),
        ("digits-variational", {"ask": "magnification", "low": [1.0, 1.0], "high": [0.0, 2.0]}, ConfigError, "corner"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused_in_words(
    subjects: dict[str, Subject], key: str, ask: dict[str, object], error: type[Exception], word: str
) -> None:
    values = {name: value for name, value in ask.items() if name != "ask"}
    with pytest.raises(error, match=word):
        answer(subjects[key], str(ask["ask"]), **values)
