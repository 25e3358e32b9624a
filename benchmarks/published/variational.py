"""The evidence lower bound on binary digits, and what β does to its two terms."""

import torch
import torch.nn.functional as F

from aelib import MLP, Autoencoder, Conv, Dataset, Split, TrainConfig, Variational, evaluate, train
from aelib.randomness import generator
from benchmarks.published.reproduction import Effort, Obtained, Reproduction
from benchmarks.published.training import train_to_the_end

BETAS = (1.0, 4.0)


def binarised(data: Dataset) -> Dataset:
    """Each pixel 1 with the probability that is its grey value, drawn once (Salakhutdinov & Murray 2008)."""
    random = generator(0, "binarised")

    def drawn(split: Split) -> Split:
        return Split(torch.bernoulli(split.x, generator=random), split.y)

    return Dataset(f"{data.name}, binary", drawn(data.train), drawn(data.test), data.classes)


def enlarged(data: Dataset) -> Dataset:
    """28 × 28 pixels made 32 × 32 by bilinear interpolation."""

    def larger(split: Split) -> Split:
        return Split(F.interpolate(split.x, size=(32, 32), mode="bilinear"), split.y)

    return Dataset(f"{data.name}, 32 × 32", larger(data.train), larger(data.test), data.classes)


def _vae_128(effort: Effort) -> Obtained:
    data = binarised(effort.mnist())
    model = Autoencoder(MLP(data.shape, hidden=(256, 256), latent=128), Variational()).to(effort.device)
    spent = train_to_the_end(train(model, data, TrainConfig(epochs=effort.epochs(64), evaluate_every=0)))
    return Obtained((-evaluate(model, data.test.x)["loss"],), spent)


def _beta_vae(effort: Effort) -> Obtained:
    data = enlarged(effort.mnist())
    values, spent = [], ""
    for beta in BETAS:
        network = Conv(data.shape, channels=(32, 32, 32), latent=10, upsampling="transposed")
        model = Autoencoder(network, Variational(beta=beta)).to(effort.device)
        print(f"  β = {beta:g}")
        config = TrainConfig(epochs=effort.epochs(20), evaluate_every=0)
        spent = f"{train_to_the_end(train(model, data, config))}, for each β"
        terms = evaluate(model, data.train.x)
        values += [terms["reconstruction"], terms["kl"] / beta]  # the term is weighted, the published KL is not
    return Obtained(tuple(values), spent)


vae_128 = Reproduction(
    name="vae_128",
    published={"binary MNIST, VAE, 128 codes, test ELBO": -103.31},
    decimals=2,
    unit="nats",
    source="altosaar/variational-autoencoder (now jaanli/…), mean-field",
    differs="Bernoulli samples of the 60,000 training images by a seed of ours, there Larochelle's of 50,000; the last "
    "weights, there the best in validation within 30,000 steps (64 epochs here); Adam, there RMSprop; one draw for the "
    "bound, there 1,000",
    minutes=7,
    obtain=_vae_128,
)

beta_vae = Reproduction(
    name="beta_vae",
    published={
        "MNIST 32×32, β = 1, reconstruction": 118.8,
        "MNIST 32×32, β = 1, KL": 19.7,
        "MNIST 32×32, β = 4, reconstruction": 138.9,
        "MNIST 32×32, β = 4, KL": 11.0,
    },
    decimals=1,
    unit="nats",
    source="YannDubs/disentangling-vae, results/{VAE,betaH}_mnist/train_losses.log, last epoch",
    differs="three convolutions of 32 channels as there, but 3 × 3 and without the two layers of 256 units; "
    "400 epochs there, β growing in the first 10,000 steps; both on the training images, resized (not padded)",
    minutes=12,
    obtain=_beta_vae,
)
