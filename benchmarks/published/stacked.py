"""Stacked denoising autoencoders as a start for a classifier (Vincent et al. 2010)."""

import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from aelib import MLP, Autoencoder, Dataset, StackedDenoising, TrainConfig, train
from aelib.randomness import generator
from benchmarks.published.reproduction import Effort, Obtained, Reproduction
from benchmarks.published.training import report_epoch, train_to_the_end

WIDTH, BATCH, LEARNING_RATE = 1000, 128, 1e-3
PRETRAINING, FINE_TUNING = 10, 30  # epochs: of each layer, of the classifier


def fine_tune(model: Autoencoder, data: Dataset, epochs: int) -> float:
    """Put a softmax layer on the code, train it together with the encoder; the share of test images it gets wrong.

    Plain PyTorch: a classifier is no part of the library. The learning rate falls linearly to 0.
    """
    random = generator(0, "fine-tuning")
    x, y = model.flatten(data.train.x), data.train.y.to(model.device)
    head = nn.Linear(model.spec.latent, len(data.classes), device="meta").to_empty(device=model.device)
    for parameter in head.parameters():
        nn.init.zeros_(parameter)  # a single layer has no symmetry to break
    optimizer = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=LEARNING_RATE)
    start = time.perf_counter()
    for epoch in range(1, epochs + 1):
        total = 0.0
        batches = torch.randperm(len(x), generator=random).to(model.device).split(BATCH)
        for i, batch in enumerate(batches):
            done = (epoch - 1 + i / len(batches)) / epochs
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - done)
            loss = F.cross_entropy(head(model.encode(x[batch])), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss.detach())
        report_epoch(epoch, epochs, total / len(batches), start, "softmax and encoder")
    return _error(model, head, data)


@torch.no_grad()
def _error(model: Autoencoder, head: nn.Module, data: Dataset) -> float:
    found: Tensor = head(model.encode(data.test.x)).argmax(1).cpu()
    return float((found != data.test.y).double().mean())


def _sdae_3(effort: Effort) -> Obtained:
    data = effort.mnist()
    each, epochs = effort.epochs(PRETRAINING), effort.epochs(FINE_TUNING)
    network = MLP(data.shape, hidden=(WIDTH, WIDTH), latent=WIDTH, activation="sigmoid", code_activation="sigmoid")
    objective = StackedDenoising(likelihood="cross_entropy", level=0.25, epochs_per_layer=each)
    model = Autoencoder(network, objective).to(effort.device)
    config = TrainConfig(epochs=3 * each, batch_size=BATCH, learning_rate=LEARNING_RATE, evaluate_every=0)
    spent = train_to_the_end(train(model, data, config), settle=False)
    error = fine_tune(model, data, epochs)
    return Obtained((100 * error,), f"{spent} ({each} for each layer); then {epochs} epochs of softmax and encoder")


sdae_3 = Reproduction(
    name="sdae_3",
    published={"MNIST, SDAE-3 fine-tuned, test error": 1.28},
    decimals=2,
    unit="%",
    source="Vincent et al. 2010, table 3",
    differs="fixed settings (3 × 1000 units, a quarter of the entries masked), there chosen by validation on 10,000; "
    "all 60,000 training images; squared error in the upper layers; Adam",
    minutes=17,
    obtain=_sdae_3,
)
