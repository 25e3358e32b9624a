"""Everything about one example: of the data set, or one's own."""

from typing import NamedTuple

import torch
from torch import Tensor

from aelib.corruption import CORRUPTIONS
from aelib.desk.answers import asks
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Examples, Subject
from aelib.errors import DataError
from aelib.latent.codes import encode_all
from aelib.latent.foreignness import anomaly_score
from aelib.latent.inspection import inspect
from aelib.metrics.points import distance_blocks
from aelib.progress import Progress
from aelib.randomness import generator

#: Neighbours on show, of an example or of one's own input.
NEIGHBOURS = 10
#: Examples that it is compared with at a time: bounds the memory, not the result.
AT_ONCE = 1000


def inspection(subject: Subject, ask: asks.Inspect, progress: Progress) -> bytes:
    """One of the examples: `aelib.latent.inspection.inspect`, with its neighbours among the others."""
    examples, index = subject.examples, ask.index
    if index >= len(examples.x):
        raise DataError(f"There is no example {index}: there are {len(examples.x)}, counted from 0.")
    x = examples.x[index : index + 1]
    found = inspect(subject.model, x, None if subject.labels is None else subject.labels[index : index + 1])
    meta = {
        "index": index,
        "error": found.error,
        "kl": None if found.unit_kl is None else float(found.unit_kl.sum()),
        "log_magnification": found.log_magnification,
    }
    arrays: dict[str, Tensor | None] = {
        "x": x.flatten(),
        "code": found.code,
        "deviation": found.deviation,
        "unit_kl": found.unit_kl,
        "rebuilt": found.reconstruction.flatten(),
        "error_map": found.error_map.flatten(),
        "singular_values": found.singular_values,
        "decoder_directions": found.decoder_directions.flatten(1),
        "encoder_directions": found.encoder_directions.flatten(1),
    }
    return packed("inspection", subject, ask, meta, arrays | _neighbours(subject, x, found.code, index))


def own(subject: Subject, ask: asks.Own, progress: Progress) -> bytes:
    """An example that nobody has seen, corrupted if that is wished: the model sees the corrupted one, and its error
    is that against the clean one. ``share``: of the held-out examples (seen clean) whose error is smaller.

    Neighbours are those of what the model sees. Values beyond the range of the data are taken, with a ``warning``.
    """
    model, examples, spec = subject.model, subject.examples, subject.model.spec
    if len(ask.x) != spec.features:
        shape = " × ".join(map(str, spec.shape))
        raise DataError(f"This model takes examples of {shape} = {spec.features} numbers (got {len(ask.x)}).")
    clean = torch.tensor(ask.x).reshape(1, *spec.shape)
    random = generator(ask.seed, "noise")
    seen = CORRUPTIONS[ask.corruption](clean, torch.tensor(ask.level), random, examples.range).x
    told = torch.tensor([ask.label]) if model.objective.conditional else None
    codes = encode_all(model, seen, told)
    with torch.no_grad():
        rebuilt = model.decode(codes.mean, told).cpu()
    error_map = (clean - rebuilt).square()
    error = float(error_map.sum())
    meta = {
        "error": error,
        "kl": None if codes.kl is None else float(codes.kl),
        "share": anomaly_score(error, subject.codes.errors[: examples.held_out]),
        "warning": _warning(clean, examples),
    }
    arrays: dict[str, Tensor | None] = {
        "code": codes.mean[0],
        "deviation": None if codes.deviation is None else codes.deviation[0],
        "unit_kl": None if codes.unit_kl is None else codes.unit_kl[0],
        "x": clean.flatten(),
        "seen": seen.flatten(),
        "rebuilt": rebuilt.flatten(),
        "error_map": error_map.flatten(),
    }
    return packed("own", subject, ask, meta, arrays | _neighbours(subject, seen, codes.mean[0]))


def _warning(x: Tensor, examples: Examples) -> str:
    low, high = examples.range
    if low <= x.min() and x.max() <= high:
        return ""
    if examples.table:  # whose numbers people have never seen as they are scaled
        return "Some values are further out than any that the model was trained on."
    return f"Some values are outside the range {low:g} to {high:g} that the model was trained on."


class _Near(NamedTuple):
    """Nearest first: indices (n,), int64, and Euclidean distances (n,)."""

    indices: Tensor
    distances: Tensor


def _neighbours(subject: Subject, x: Tensor, code: Tensor, without: int = -1) -> dict[str, Tensor | None]:
    by_code = _nearest(code, subject.codes.mean, without)
    by_pixel = _nearest(x.flatten(), subject.examples.x.flatten(1), without)
    return {
        "by_code": by_code.indices,
        "code_distances": by_code.distances,
        "by_pixel": by_pixel.indices,
        "pixel_distances": by_pixel.distances,
    }


def _nearest(query: Tensor, points: Tensor, without: int) -> _Near:
    """The nearest points of one query (d,), but for one of them; fewer than `NEIGHBOURS` where there are not more."""
    found = [next(distance_blocks(query[None], some)) for some in points.split(AT_ONCE)]
    distances = torch.cat(found, dim=1).squeeze(0)
    if without >= 0:
        distances[without] = torch.inf
    count = min(NEIGHBOURS, len(points) - (without >= 0))
    nearest = distances.topk(count, largest=False)
    return _Near(nearest.indices, nearest.values)
