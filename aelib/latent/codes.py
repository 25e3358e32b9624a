"""What a model makes of the examples of a data set: the code of each, how sure of it, and how well it is rebuilt."""

from dataclasses import dataclass

import torch
from torch import Tensor

from aelib.arrays import Array
from aelib.autoencoder import Autoencoder
from aelib.errors import DataError
from aelib.objectives.base import CHUNK
from aelib.objectives.variational import unit_kl
from aelib.progress import Progress, silent

NOT_FINITE = "This model gives codes or errors that are not finite numbers: train it anew."


@dataclass(frozen=True)
class Codes:
    """Of n examples in a code of k units, all float32 on the CPU.

    ``mean``: f(x), (n, k); of a variational model the mean μ of its posterior. ``deviation``: its σ, (n, k), or
    None where the code is a point. ``errors``: ‖x − x̂‖² of the reconstruction of ``mean``, (n,).
    ``unit_kl``: KL(q(z_j | x) ‖ N(0, 1)) in nats, (n, k), or None.
    """

    mean: Tensor
    deviation: Tensor | None
    errors: Tensor
    unit_kl: Tensor | None

    @property
    def kl(self) -> Tensor | None:
        """KL(q(z | x) ‖ N(0, I)) = Σ_j KL_j in nats, (n,), or None."""
        return None if self.unit_kl is None else self.unit_kl.sum(1)

    def __len__(self) -> int:
        return len(self.mean)


@torch.no_grad()
def encode_all(model: Autoencoder, x: Array, y: Array | None = None, progress: Progress = silent) -> Codes:
    """The codes of ``x``, (n, *shape) or (n, features); a conditional decoder is told ``y`` (n,).

    Nothing is drawn or corrupted. ``progress(share, text)`` is called after each chunk. Raises `DataError` when
    there is no example, shapes or labels do not fit, or an example or what the model makes of it is not finite.
    """
    x = model.rows(x)
    if not len(x):
        raise DataError("There are no examples to encode: pass at least one.")
    told = model.labels(y, len(x)) if model.objective.conditional else None
    parts: list[tuple[Tensor, ...]] = []
    for start in range(0, len(x), CHUNK):
        some = slice(start, start + CHUNK)
        found = _encode(model, x[some].to(model.weight), None if told is None else told[some])
        parts.append(tuple(part.float().cpu() for part in found))
        progress(min(1.0, (start + CHUNK) / len(x)), "Encoding examples")
    mean, errors, *rest = (torch.cat(part) for part in zip(*parts, strict=True))
    if not all(part.isfinite().all() for part in (mean, errors, *rest)):
        raise DataError(NOT_FINITE)
    deviation, kl = rest if rest else (None, None)
    return Codes(mean, deviation, errors, kl)


def _encode(model: Autoencoder, x: Tensor, y: Tensor | None) -> tuple[Tensor, ...]:
    """Codes and errors of flat examples, and of a variational model σ and the KL of each unit."""
    statistics = model.network.encode(x)
    codes = model.objective.code(statistics, model.knob_tensors())
    if not codes.isfinite().all():  # which cannot be decoded
        raise DataError(NOT_FINITE)
    errors = (model.decode(codes, y).flatten(1) - x).square().sum(1)
    if model.objective.statistics == 1:
        return codes, errors
    mean, log_variance = statistics.chunk(2, dim=-1)
    return codes, errors, torch.exp(0.5 * log_variance), unit_kl(mean, log_variance)
