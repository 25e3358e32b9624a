"""`aelib.train` against the bare PyTorch loop of the same VAE, on the CPU with PyTorch's own number of threads."""

import torch

from aelib import MLP, Autoencoder, TrainConfig, Variational, load_dataset, train
from aelib.data import Dataset
from benchmarks.bare import bare_loop
from benchmarks.data import mnist_or_noise
from benchmarks.figure import Figure
from benchmarks.timing import interleave, ratio, seconds_of, spread

HIDDEN, LATENT = (256, 64), 2
FOR_EVER = 1_000_000  # epochs


def run(quick: bool) -> list[Figure]:
    """Steps per second of train() over those of the bare loop; more than 1 is faster."""
    images, kind = mnist_or_noise()
    rounds = 12 if quick else 40
    return [
        *_compare("MNIST size, batch 256", images, 256, 25 if quick else 50, rounds, kind),
        *_compare("digits, batch 64", load_dataset("digits"), 64, 100 if quick else 200, rounds, ""),
    ]


def _compare(title: str, data: Dataset, batch_size: int, steps: int, rounds: int, kind: str) -> list[Figure]:
    model = Autoencoder(MLP(data.shape, hidden=HIDDEN, latent=LATENT), Variational())
    config = TrainConfig(epochs=FOR_EVER, batch_size=batch_size, evaluate_every=0)
    x = data.train.x.flatten(1)
    times = interleave(
        {
            "bare": seconds_of(bare_loop(x, HIDDEN, LATENT, batch_size), steps),
            "bare fused": seconds_of(bare_loop(x, HIDDEN, LATENT, batch_size, fused=True), steps),
            "train": seconds_of(train(model, data, config), steps),
        },
        rounds,
    )
    note = ", ".join(filter(None, [kind, f"{torch.get_num_threads()} threads"]))
    return [
        Figure(f"train() / bare loop, {title}", ratio(times, "bare", "train"), "×", ("≥", 0.95),
               f"{spread(times, 'bare', 'train')}; {note}"),
        Figure(f"train() / bare loop with fused Adam, {title}", ratio(times, "bare fused", "train"), "×", None,
               spread(times, "bare fused", "train")),
        Figure(f"train(), {title}", 1 / sorted(times["train"])[rounds // 2], "steps/s"),
    ]  # fmt: skip
