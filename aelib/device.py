"""Which device computes, and how to call it."""

import torch

from aelib.errors import ConfigError

CHOICES = ("auto", "cpu", "cuda", "mps")


def available_devices() -> list[str]:
    """Devices of this machine, best first; the CPU is always the last."""
    found = [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def choose_device(wish: str = "auto") -> torch.device:
    """The device for a wish: ``auto`` takes CUDA, then MPS, then the CPU.

    Raises `ConfigError` when the wished device does not exist here.
    """
    devices = available_devices()
    if wish == "auto":
        return torch.device(devices[0])
    for device in devices:
        if wish in (device, device.split(":")[0]):
            return torch.device(device)
    raise ConfigError(f"There is no device {wish!r:.40} on this machine; choose auto or one of {', '.join(devices)}.")


def describe_device(device: torch.device | str) -> str:
    """A name for people: ``CPU``, ``Apple GPU`` or the product name of the CUDA card."""
    device = torch.device(device)
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return {"cpu": "CPU", "mps": "Apple GPU"}.get(device.type, str(device))
