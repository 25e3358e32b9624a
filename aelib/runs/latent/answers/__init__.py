"""The answer to each question about a latent space: one message for the browser (see `aelib.runs.message`).

``meta.stamp`` says which weights it is about, ``meta.limit`` how many examples were asked for.
"""

from collections.abc import Callable
from typing import Any

from aelib.latent.codes import Progress
from aelib.runs.latent import asks
from aelib.runs.latent.answers.animation import animation
from aelib.runs.latent.answers.distribution import aggregate, samples
from aelib.runs.latent.answers.example import inspection, own
from aelib.runs.latent.answers.geometry import ball, geodesic, magnification
from aelib.runs.latent.answers.space import pictures, space, weights
from aelib.runs.latent.answers.still import still
from aelib.runs.latent.subject import Subject

#: What has to do with projections is answered by `aelib.runs.latent.layouts.Layouts`, which remembers them.
ANSWERS: dict[type[asks.AnyAsk], Callable[[Subject, Any, Progress], bytes]] = {
    asks.Space: space,
    asks.Weights: weights,
    asks.Pictures: pictures,
    asks.Inspect: inspection,
    asks.Own: own,
    asks.Geodesic: geodesic,
    asks.Magnification: magnification,
    asks.Ball: ball,
    asks.Samples: samples,
    asks.Aggregate: aggregate,
    asks.Still: still,
    asks.Animation: animation,
}
