"""The space itself: codes of the examples and what the map is coloured by, the decoder, the pictures."""

from typing import Any

import torch

from aelib.data.table.shown import shown_columns
from aelib.desk.answers import asks
from aelib.desk.answers.columns import column_names
from aelib.desk.answers.export import file_stem
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.frames.frame import weights_message
from aelib.frames.heldout import sent_labels
from aelib.progress import Progress
from aelib.registry import get_variant

#: Of the pictures in one answer, or in a page without a server.
PICTURE_BYTES = 16 << 20


def picture_room(features: int) -> int:
    """How many examples of so many numbers go into one answer as pictures: one at least."""
    return max(1, PICTURE_BYTES // features)


def space(subject: Subject, ask: asks.Space, progress: Progress) -> bytes:
    """Codes as float32, so that what is plotted is what `encode` gives; whatever only colours as float16."""
    examples, codes, units, spec = subject.examples, subject.codes, subject.units, subject.model.spec
    variant = get_variant(subject.experiment.variant)
    meta = {
        "title": f"{variant.title} on {subject.experiment.info.title}",
        "stem": file_stem(subject),
        # But for the data's id, which is private where somebody added it: this goes into files, too.
        "experiment": subject.experiment.model_dump(mode="json", exclude={"dataset"}),
        "step": subject.step,
        "shape": spec.shape,
        "range": examples.range,
        "latent": spec.latent,
        "told": spec.classes,
        "classes": examples.classes,
        "labelled": examples.y is not None,
        "label": examples.table.label if examples.table else None,
        "factors": examples.factor_names,
        "factor_classes": examples.factor_classes,
        "columns": column_names(examples),
        "row": row_of(subject),
        "fit": examples.pictures.fit if examples.pictures else None,
        "inverted": examples.pictures is not None and examples.pictures.invert,
        "held_out": examples.held_out,
        "count": len(examples.x),
        "total": examples.total,
        "lacking": examples.lacking,
        "order": units.order.tolist(),
        "collapsed": units.collapsed.nonzero().flatten().tolist(),
    }
    arrays = {
        "codes": codes.mean,
        "errors": codes.errors,
        "labels": sent_labels(examples.y, len(examples.x), examples.classes),
        "unit_variance": units.variance,
        "deviation": None if codes.deviation is None else codes.deviation.half(),
        "kl": codes.kl,
        "unit_kl": units.kl,
        "factors": None if examples.factors is None else examples.factors.float(),
    }
    return packed("space", subject, ask, meta, arrays)


def weights(subject: Subject, ask: asks.Weights, progress: Progress) -> bytes:
    """The decoder, as the browser interprets it."""
    return weights_message(subject.model, subject.step)


def pictures(subject: Subject, ask: asks.Pictures, progress: Progress) -> bytes:
    """Bytes over the range of the data, of as many of the wished examples as there is `picture_room` for.

    ``values``: of examples that are shown as columns (see `row_of`) the numbers of those, which bytes would not tell.
    """
    count = len(subject.examples.x)
    if ask.indices is None:
        indices = torch.arange(min(ask.first, count), min(ask.first + ask.count, count))
    else:
        indices = torch.tensor([index for index in ask.indices if index < count], dtype=torch.int64)
    indices = indices[: picture_room(subject.model.spec.features)]
    chosen = subject.examples.to_bytes(subject.examples.x[indices])
    row = row_of(subject)
    values = subject.examples.x[indices, : row["numbers"]].float() if row else None
    return packed("pictures", subject, ask, {}, {"indices": indices.int(), "pictures": chosen, "values": values})


def row_of(subject: Subject) -> dict[str, Any] | None:
    """The columns as which an example is shown (see `shown_columns`); None where it is a picture.

    Of examples whose data is not here the numbers are known but roughly, and what they mean is not.
    """
    examples = subject.examples
    return None if examples.lacking else shown_columns(examples.table, tuple(examples.x.shape[1:]))
