"""Train a VAE with pythae, one epoch whenever a line comes in on standard input.

``python -m benchmarks.pythae_epochs EXAMPLES EPOCHS FOLDER`` with pythae on the PYTHONPATH. Says ``ready``,
waits for a line, trains an epoch, says ``seconds …``. pythae's own code is left as it is.
"""

import sys
import time

import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.trainers.training_callbacks import TrainingCallback
from torch import Tensor, nn

from benchmarks.data import mnist_or_noise
from benchmarks.pythae import BATCH, HIDDEN, LATENT

FEATURES = 784


class Encoder(BaseEncoder):
    """784-256-64-(2+2)."""

    def __init__(self) -> None:
        super().__init__()
        a, b = HIDDEN
        self.layers = nn.Sequential(
            nn.Linear(FEATURES, a), nn.ReLU(), nn.Linear(a, b), nn.ReLU(), nn.Linear(b, 2 * LATENT)
        )

    def forward(self, x: Tensor) -> ModelOutput:
        mean, log_variance = self.layers(x.flatten(1)).chunk(2, dim=1)
        return ModelOutput(embedding=mean, log_covariance=log_variance)


class Decoder(BaseDecoder):
    """Its mirror image; pythae's cross-entropy takes probabilities."""

    def __init__(self) -> None:
        super().__init__()
        a, b = HIDDEN
        self.layers = nn.Sequential(
            nn.Linear(LATENT, b), nn.ReLU(), nn.Linear(b, a), nn.ReLU(), nn.Linear(a, FEATURES), nn.Sigmoid()
        )

    def forward(self, z: Tensor) -> ModelOutput:
        return ModelOutput(reconstruction=self.layers(z).reshape(len(z), 1, 28, 28))


class Turns(TrainingCallback):
    """Waits before each epoch, and tells how long it took."""

    def on_epoch_begin(self, training_config: object, **kwargs: object) -> None:
        print("ready", flush=True)
        if not sys.stdin.readline():
            sys.exit(0)
        self.started = time.perf_counter()

    def on_log(self, training_config: object, logs: object, **kwargs: object) -> None:
        print("seconds", time.perf_counter() - self.started, flush=True)


def main() -> None:
    """Entry point of the process."""
    examples, epochs, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    data, _ = mnist_or_noise()
    config = VAEConfig(input_dim=(1, 28, 28), latent_dim=LATENT, reconstruction_loss="bce")
    trainer = BaseTrainer(
        model=VAE(config, encoder=Encoder(), decoder=Decoder()),
        train_dataset=BaseDataset(data.train.x[:examples], torch.zeros(examples)),
        training_config=BaseTrainerConfig(
            output_dir=folder,
            num_epochs=epochs,
            per_device_train_batch_size=BATCH,
            learning_rate=1e-3,
            optimizer_cls="Adam",
            no_cuda=True,
        ),
        callbacks=[Turns()],
    )
    trainer.train()


if __name__ == "__main__":
    main()
