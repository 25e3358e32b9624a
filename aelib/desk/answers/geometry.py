"""The decoder's metric: shortest paths, magnification, balls."""

from functools import partial

import torch

from aelib.desk.answers import asks
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.errors import ConfigError
from aelib.latent.field import geodesic_ball, magnification_field
from aelib.latent.geodesic import FINE
from aelib.latent.geodesic import geodesic as shortest
from aelib.latent.images import decoded_lengths
from aelib.latent.paths import spherical
from aelib.progress import Progress

#: Points along each axis of a map of the plane.
SIDE = 49


def geodesic(subject: Subject, ask: asks.Geodesic, progress: Progress) -> bytes:
    """A path ``points`` (frames, k), and how long the decoded walks are: along it, the straight line and the great
    circle, all in chords at (frames − 1) · `FINE` pieces."""
    begin, end = (subject.check_code(code) for code in (ask.begin, ask.end))
    g = partial(subject.decode, label=ask.label)
    found = shortest(g, subject.codes.mean, begin, end, ask.frames, progress=progress)
    arc = spherical(begin, end, ask.frames)
    lengths = {
        "linear": found.straight,
        "spherical": float(decoded_lengths(g, arc[:-1], arc[1:], FINE).sum()),
        "geodesic": found.length,
    }
    return packed("geodesic", subject, ask, {"lengths": lengths}, {"points": found.points})


def magnification(subject: Subject, ask: asks.Magnification, progress: Progress) -> bytes:
    """``values`` (ny, nx): log₁₀ √det JᵀJ, of which −∞ is sent as it is."""
    _check_plane(subject)
    progress(0.0, "Measuring the decoder's magnification")
    values = magnification_field(partial(subject.decode, label=ask.label), ask.low, ask.high, (SIDE, SIDE))
    return packed("magnification", subject, ask, {"low": ask.low, "high": ask.high}, {"values": values})


def ball(subject: Subject, ask: asks.Ball, progress: Progress) -> bytes:
    """``values`` (ny, nx): distances from the centre."""
    _check_plane(subject)
    progress(0.0, "Measuring distances from A")
    g, centre = partial(subject.decode, label=ask.label), torch.tensor(ask.centre)
    values = geodesic_ball(g, centre, ask.low, ask.high, (SIDE, SIDE))
    return packed("ball", subject, ask, {"low": ask.low, "high": ask.high}, {"values": values.to(torch.float32)})


def _check_plane(subject: Subject) -> None:
    if subject.model.spec.latent != 2:
        raise ConfigError(
            f"Only codes of 2 units are a plane that can be measured everywhere (this model has "
            f"{subject.model.spec.latent})."
        )
