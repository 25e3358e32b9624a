"""Dead units start afresh: a unit that no example activates gets no gradient and would stay dead for ever."""

import torch
from torch import Tensor

from aelib.metrics.sparsity import dead_units
from aelib.objectives.base import Trained

#: Examples that decide whether a unit is dead: a unit that is on for one in a thousand shows.
EXAMPLES = 4096
#: A pre-activation at which units that are never exactly 0 are silent: sigmoid(−4) = 0.02.
SILENT = -4.0


@torch.no_grad()
def renew_dead_units(model: Trained, optimizer: torch.optim.Optimizer, x: Tensor, random: torch.Generator) -> int:
    """Let each unit of the code that is active on none of the examples ``x`` (n, features) answer to one of them.

    The example is drawn with a chance proportional to its squared error, as Bricken et al. (2023) do. With c
    the input of the code layer there, less its mean, the unit gets weights along c and a bias which make its
    pre-activation ``high`` on that example and ``low`` on the mean one: silent there, and here about as large
    as the largest unit of an example is on average. The decoder's weights for it start at 0 (tied ones are the
    encoder's), Adam's moments of all of them too.

    Returns how many units there were; 0 when the codes are no finite numbers, which is for others to report.
    """
    into, out_of = model.network.code_layers()
    x = x[:EXAMPLES].to(into.weight)
    codes = model.encode(x)
    if not torch.isfinite(codes).all():
        return 0
    dead = dead_units(codes).nonzero().flatten()
    if not len(dead):
        return 0
    errors = (model(x).flatten(1) - x).square().sum(1)
    chosen = torch.multinomial(errors.cpu().double() + 1e-12, len(dead), replacement=True, generator=random)
    inputs = model.network.before_code(x)
    mean = inputs.mean(0)
    centred = inputs[chosen.to(x.device)] - mean
    activation = model.spec.code_activation
    low = SILENT if activation in ("sigmoid", "softplus") else 0.0
    high = -SILENT if activation == "sigmoid" else codes.amax(1).mean().clamp_min(1e-3)
    weights = (high - low) * centred / centred.square().sum(1, keepdim=True).clamp_min(1e-6)
    _replace(optimizer, into.weight, (dead,), weights)
    _replace(optimizer, into.bias, (dead,), low - weights @ mean)
    if out_of is not None:
        _replace(optimizer, out_of.weight, (slice(None), dead), torch.zeros_like(out_of.weight[:, dead]))
    return len(dead)


def _replace(
    optimizer: torch.optim.Optimizer, parameter: Tensor, where: tuple[Tensor | slice, ...], new: Tensor
) -> None:
    parameter[where] = new
    for name, slot in optimizer.state[parameter].items():
        if name != "step":
            slot[where] = 0.0
