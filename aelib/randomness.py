"""Independent random streams from one seed, without touching any global generator."""

import hashlib

import torch


def generator(seed: int, stream: str, device: torch.device | str = "cpu") -> torch.Generator:
    """A generator for one named use ("initialisation", "order", "noise", …) of one seed.

    Streams of the same seed are independent of one another: drawing more noise does not change the
    order of the batches.
    """
    digest = hashlib.sha256(f"{seed}/{stream}".encode()).digest()
    # 63 bits: manual_seed takes a signed integer.
    return torch.Generator(device).manual_seed(int.from_bytes(digest[:8], "little") >> 1)


class Streams(tuple[torch.Generator, ...]):
    """The generators of a stack of models: one for each, or a single one whose draws all of them share."""


#: Where draws come from: of one model, or of a stack.
Random = torch.Generator | Streams


def normal_like(x: torch.Tensor, random: Random) -> torch.Tensor:
    """Standard normal noise of the shape, type and device of ``x``; for `Streams` see `uniform_like`."""
    if isinstance(random, Streams):
        return _one_or_all([normal_like(x[k] if x.ndim == 3 else x, stream) for k, stream in enumerate(random)])
    return torch.randn(x.shape, generator=random, device=x.device, dtype=x.dtype)


def uniform_like(x: torch.Tensor, random: Random) -> torch.Tensor:
    """Uniform noise on [0, 1) of the shape, type and device of ``x``.

    With K `Streams` and ``x`` of shape (K, n, m), what each of them would draw for its part, stacked; with a
    single one (n, m), which broadcasts over all.
    """
    if isinstance(random, Streams):
        return _one_or_all([uniform_like(x[k] if x.ndim == 3 else x, stream) for k, stream in enumerate(random)])
    return torch.rand(x.shape, generator=random, device=x.device, dtype=x.dtype)


def _one_or_all(draws: list[torch.Tensor]) -> torch.Tensor:
    return draws[0] if len(draws) == 1 else torch.stack(draws)
