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


def normal_like(x: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Standard normal noise of the shape, type and device of ``x``."""
    return torch.randn(x.shape, generator=random, device=x.device, dtype=x.dtype)


def uniform_like(x: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Uniform noise on [0, 1) of the shape, type and device of ``x``."""
    return torch.rand(x.shape, generator=random, device=x.device, dtype=x.dtype)
