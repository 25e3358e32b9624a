"""The answer to each question about a latent space: one message for the browser (see `aelib.frames.message`).

``meta.stamp`` says which weights it is about, ``meta.limit`` how many examples were asked for.
"""

from collections.abc import Callable
from typing import Any

from aelib.desk.answers import asks
from aelib.desk.answers.animation import animation
from aelib.desk.answers.columns import column
from aelib.desk.answers.distribution import aggregate, samples
from aelib.desk.answers.example import inspection, own
from aelib.desk.answers.geometry import ball, geodesic, magnification
from aelib.desk.answers.space import pictures, space, weights
from aelib.desk.answers.still import still
from aelib.desk.answers.subject import Subject
from aelib.progress import Progress

#: What has to do with projections and clusters is answered by `aelib.desk.answers.layouts.Layouts` and
#: `aelib.desk.answers.clusterings.Clusterings`, which remember them.
ANSWERS: dict[type[asks.AnyAsk], Callable[[Subject, Any, Progress], bytes]] = {
    asks.Space: space,
    asks.Column: column,
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
