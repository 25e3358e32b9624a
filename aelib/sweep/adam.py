"""Adam for a stack of models, each with its own learning rate."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class StackedAdam:
    """Adam (Kingma & Ba 2015) on parameters (K, …) with learning rates (K,).

    A step of Adam is proportional to the learning rate, θ ← θ − η u, and u does not depend on it. So one step of
    PyTorch's fused Adam is made at the highest rate, and each model goes its share of the way.

    It works on the weights as they lie in memory, transposed (see `stack_networks`): the fused step would copy what
    is not contiguous.
    """

    def __init__(self, parameters: Mapping[str, nn.Parameter], rates: Tensor) -> None:
        self._parameters = dict(parameters)
        self._highest = rates.max()
        self._shares = None if rates.unique().numel() == 1 else rates / self._highest
        self._leaves = {name: _as_in_memory(p.detach()).requires_grad_() for name, p in self._parameters.items()}
        self._adam = torch.optim.Adam(list(self._leaves.values()), lr=self._highest.clone(), fused=True)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self._parameters.values():
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move the parameters that have a gradient."""
        for name, leaf in self._leaves.items():
            gradient = self._parameters[name].grad
            leaf.grad = None if gradient is None else _as_in_memory(gradient)
        if self._shares is None:
            self._adam.step()
            return
        moving = [leaf for leaf in self._leaves.values() if leaf.grad is not None]
        before = [leaf.detach().clone() for leaf in moving]
        self._adam.step()
        for leaf, start in zip(moving, before, strict=True):
            shares = self._shares.reshape(-1, *(1 for _ in leaf.shape[1:]))
            torch.lerp(start, leaf, shares, out=leaf)

    @torch.no_grad()
    def forget(self, which: Tensor) -> None:
        """Moments of zero for the models where ``which`` (K,) is true."""
        for slots in self._adam.state.values():
            for slot in _moments(slots).values():
                slot[which] = 0.0

    def of(self, k: int, parameters: Mapping[str, nn.Parameter]) -> torch.optim.Optimizer:
        """An optimizer of the k-th model's own ``parameters``, whose moments are those of the stack: it shares them."""
        own = torch.optim.Adam(list(parameters.values()))
        for name, parameter in parameters.items():
            slots = _moments(self._adam.state[self._leaves[name]])
            own.state[parameter] = {slot: of_one(value, k) for slot, value in slots.items()}
        return own

    def state_dict(self) -> dict[str, Tensor]:
        """The moments and the number of steps, as ``slot.parameter``."""
        return {
            f"{slot}.{name}": value
            for name, leaf in self._leaves.items()
            for slot, value in self._adam.state[leaf].items()
        }

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state. Raises `RuntimeError` when it belongs to another stack."""
        self._adam.state.clear()
        for key, value in state.items():
            slot, name = key.split(".", 1)
            leaf = self._leaves[name]
            if slot != "step" and value.shape != leaf.shape:
                raise RuntimeError(f"{key} has shape {tuple(value.shape)}, and its parameter {tuple(leaf.shape)}.")
            self._adam.state[leaf][slot] = value.to(leaf.device, copy=True)


def of_one(moment: Tensor, k: int) -> Tensor:
    """A view of the k-th model's share of a moment, laid out as its parameter is."""
    return _as_in_memory(moment)[k]


def _as_in_memory(values: Tensor) -> Tensor:
    """Weights (K, outputs, inputs) ↦ (K, inputs, outputs), and back; biases as they are."""
    return values.mT if values.ndim == 3 else values


def _moments(slots: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {slot: value for slot, value in slots.items() if slot != "step"}
