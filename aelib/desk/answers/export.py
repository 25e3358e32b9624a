"""Codes as files for other programs."""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from aelib.data.description import is_data_id
from aelib.desk.answers import asks
from aelib.desk.answers.subject import Subject
from aelib.frames.message import pack_file
from aelib.latent.clusters import Clusters
from aelib.latent.export import make_table, projector_zip, to_csv, to_parquet
from aelib.latent.export.projector import sprite_room

#: Of each format: how the name of the file ends, and its media type.
FORMATS = {
    "csv": ("codes.csv", "text/csv"),
    "parquet": ("codes.parquet", "application/vnd.apache.parquet"),
    "projector": ("projector.zip", "application/zip"),
}


def export(
    subject: Subject, ask: asks.Export, projection: Mapping[str, Tensor | None] | None, clusters: Clusters | None = None
) -> bytes:
    """A file; ``projection``: with its points among the arrays, for the table."""
    end, media_type = FORMATS[ask.format]
    content = export_file(subject, ask, None if projection is None else projection["points"], clusters)
    return pack_file(f"{file_stem(subject)}-{end}", media_type, content, {"stamp": str(subject.stamp)})


def file_stem(subject: Subject) -> str:
    """How the names of the files about a model begin: with the name of its data, of added data with its title.

    The id of added data, which opens it, does not go where files go.
    """
    info = subject.experiment.info
    data = re.sub(r"\W+", "-", info.title.lower()).strip("-") if is_data_id(info.name) else info.name
    return f"{data or 'data'}-{subject.experiment.variant}".replace("_", "-")


def export_file(
    subject: Subject, ask: asks.Export, points: Tensor | None = None, clusters: Clusters | None = None
) -> bytes:
    """The content of the file."""
    named = {f"{ask.clustering.title} cluster": clusters.labels} if ask.clustering and clusters else {}
    if ask.format == "projector":
        return _projector(subject, named)
    examples, method = subject.examples, ask.projection.method if ask.projection else "projection"
    table = make_table(subject.codes, examples.y, examples.classes, splits_of(subject), points, method, named)
    return to_csv(table) if ask.format == "csv" else to_parquet(table)


def splits_of(subject: Subject) -> list[str]:
    """Of each example: held out, training, or left out, as all of a class that training never sees."""
    examples, left_out = subject.examples, subject.experiment.left_out
    names = ["held out" if i < examples.held_out else "training" for i in range(len(examples.x))]
    if left_out is not None and examples.y is not None:
        for i in (examples.y[examples.held_out :] == left_out).nonzero().flatten().tolist():
            names[examples.held_out + i] = "left out"
    return names


def _named(cluster: int) -> str:
    return f"cluster {cluster + 1}" if cluster >= 0 else "no cluster"


def _projector(subject: Subject, clusters: Mapping[str, Tensor]) -> bytes:
    examples, codes = subject.examples, subject.codes
    # Names of classes: numbers would be taken for a scale of colours.
    labels = [] if examples.y is None else examples.y.tolist()
    if examples.classes:
        labels = [examples.classes[label] for label in labels]
    metadata = {
        **({"class" if examples.classes else "label": labels} if labels else {}),
        "index": list(range(len(codes))),
        "split": splits_of(subject),
        "error": codes.errors.tolist(),
        **({} if codes.kl is None else {"kl": codes.kl.tolist()}),
        **{name: [_named(k) for k in labels.tolist()] for name, labels in clusters.items()},
    }
    shape = subject.model.spec.shape
    pictures: torch.Tensor | None = None
    if len(shape) == 3 and shape[0] in (1, 3):
        some = examples.x[: sprite_room(*shape[1:])]
        pictures = examples.to_bytes(some).reshape(len(some), *shape)
        metadata = {name: values[: len(some)] for name, values in metadata.items()}
        return projector_zip(codes.mean[: len(some)], metadata, pictures, file_stem(subject))
    return projector_zip(codes.mean, metadata, None, file_stem(subject))
