"""What a page without a server shows: the messages that the page with one would have asked for."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from torch import Tensor

from aelib.desk.answers import asks
from aelib.desk.answers.clusterings import clusters_message
from aelib.desk.answers.columns import column
from aelib.desk.answers.export import file_stem
from aelib.desk.answers.message import packed
from aelib.desk.answers.space import picture_room, pictures, space, weights
from aelib.desk.answers.subject import Subject
from aelib.frames.message import pack
from aelib.latent.clusters import Clusters, ClusterSpec
from aelib.latent.codes import Codes
from aelib.latent.score import score_map
from aelib.progress import silent

#: Examples on such a page, at most: its size is mostly theirs.
STANDALONE_EXAMPLES = 2000


def standalone(
    subject: Subject,
    ask: asks.Standalone,
    projection: Mapping[str, Tensor | None] | None,
    clusters: Clusters | None = None,
) -> bytes:
    """The messages ``space``, ``weights``, ``pictures`` and, where they are wished for, ``projection``, ``clusters``
    and ``column``, as bytes.

    They are of one state of the model, and of its first examples: held-out ones come first.
    """
    few = _first(subject, min(STANDALONE_EXAMPLES, picture_room(subject.model.spec.features)))
    count = len(few.codes)
    parts = {
        "space": space(few, asks.Space(limit=count), silent),
        "weights": weights(few, asks.Weights(limit=count), silent),
        "pictures": pictures(few, asks.Pictures(limit=count, count=count), silent),
    }
    if ask.projection and projection:
        parts["projection"] = _projection(few, ask, dict(projection))
    if ask.clustering and clusters:
        parts["clusters"] = _clusters(few, ask.clustering, clusters)
    if ask.column is not None:
        parts["column"] = column(few, asks.Column(limit=count, column=ask.column), silent)
    about = {"stamp": str(subject.stamp), "name": f"{file_stem(subject)}.html"}
    return pack("standalone", about, {name: np.frombuffer(part, np.uint8) for name, part in parts.items()})


def _projection(few: Subject, ask: asks.Standalone, arrays: dict[str, Tensor | None]) -> bytes:
    points = arrays["points"]
    assert points is not None
    assert ask.projection
    arrays["points"] = some = points[: len(few.codes)]
    score = score_map(few.codes.mean, some)._asdict()
    meta = {"projection": ask.projection.model_dump(mode="json"), "score": score, "followed": False}
    return packed("projection", few, asks.Project(limit=len(few.codes), projection=ask.projection), meta, arrays)


def _clusters(few: Subject, spec: ClusterSpec, clusters: Clusters) -> bytes:
    """Clusters of all the codes, each under its number, with their sizes among those that are there."""
    labels = clusters.labels[: len(few.codes)]
    sizes = tuple(int((labels == k).sum()) for k in range(len(clusters.sizes)))
    ask = asks.Cluster(limit=len(few.codes), clustering=spec)
    return clusters_message(few, ask, Clusters(labels, sizes))


def _first(subject: Subject, count: int) -> Subject:
    """The same with fewer examples."""
    examples, codes = subject.examples, subject.codes

    def some(values: Tensor | None) -> Tensor | None:
        return None if values is None else values[:count]

    few = replace(
        examples, x=examples.x[:count], y=some(examples.y), held_out=min(count, examples.held_out),
        factors=some(examples.factors),
    )  # fmt: skip
    return replace(
        subject,
        examples=few,
        codes=Codes(codes.mean[:count], some(codes.deviation), codes.errors[:count], some(codes.unit_kl)),
    )
