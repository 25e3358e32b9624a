"""Thirty numbers for a digit: PCA, logistic PCA and a deep autoencoder (Hinton & Salakhutdinov 2006)."""

from aelib import MLP, Autoencoder, TrainConfig, Vanilla, evaluate, train
from benchmarks.published.exact import pca_errors
from benchmarks.published.reproduction import Effort, Obtained, Reproduction
from benchmarks.published.training import train_to_the_end

SOURCE = "Hinton & Salakhutdinov 2006, fig. 2B"
SIZE = 30


def _pca(effort: Effort) -> Obtained:
    data = effort.mnist(whole=True)
    train, test = data.train.x.flatten(1), data.test.x.flatten(1)
    spent = f"exact; fitted on {len(train):,} images, error on {len(test):,} others"
    return Obtained(tuple(pca_errors(train, test, (SIZE,))), spent)


def _autoencoder(effort: Effort, hidden: tuple[int, ...], epochs: int, learning_rate: float) -> Obtained:
    data = effort.mnist()
    model = Autoencoder(MLP(data.shape, hidden=hidden, latent=SIZE), Vanilla(likelihood="cross_entropy"))
    config = TrainConfig(epochs=effort.epochs(epochs), learning_rate=learning_rate, evaluate_every=0)
    spent = train_to_the_end(train(model.to(effort.device), data, config))
    return Obtained((evaluate(model, data.test.x)["squared_error"],), spent)


pca_30 = Reproduction(
    name="pca_30",
    published={"MNIST, PCA, 30 components": 13.87},
    decimals=2,
    unit="‖x − x̂‖²",
    source=SOURCE,
    differs="",
    minutes=0.2,
    obtain=_pca,
)

logistic_pca = Reproduction(
    name="logistic_pca",
    published={"MNIST, logistic PCA, 30 components": 8.01},
    decimals=2,
    unit="‖x − x̂‖²",
    source=SOURCE,
    differs="the code is a linear map of the image; logistic PCA looks for the best code of each image",
    minutes=2,
    obtain=lambda effort: _autoencoder(effort, (), epochs=50, learning_rate=2e-3),
)

deep_30 = Reproduction(
    name="deep_30",
    published={"MNIST, 784–1000–500–250–30": 3.00},
    decimals=2,
    unit="‖x − x̂‖²",
    source=SOURCE,
    differs="ReLU and Adam from random weights; there logistic units, pretrained as restricted Boltzmann machines, "
    "then conjugate gradients",
    minutes=20,
    obtain=lambda effort: _autoencoder(effort, (1000, 500, 250), epochs=60, learning_rate=1e-3),
)
