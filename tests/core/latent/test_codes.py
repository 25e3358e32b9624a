"""Codes of a data set against one pass of the model itself, and against torch.distributions."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from aelib import MLP, Autoencoder, Conditional, DataError, Vanilla, Variational
from aelib.evaluate import evaluate_in_full
from aelib.home import pretrained_folder
from aelib.latent.codes import encode_all
from aelib.objectives.base import CHUNK

N = 2 * CHUNK + 3  # two chunks and a rest


def examples(n=N, features=9):
    return torch.rand(n, features, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
def test_a_variational_code_has_a_mean_a_deviation_and_a_divergence(units):
    model, x = Autoencoder(MLP((9,), latent=units), Variational(), seed=1), examples()
    codes = encode_all(model, x)
    with torch.no_grad():
        posterior = model.posterior(x)
        rebuilt = model(x)
    assert len(codes) == N
    torch.testing.assert_close(codes.mean, posterior.mean)
    torch.testing.assert_close(codes.deviation, posterior.stddev)
    divergence = kl_divergence(posterior, Normal(0.0, 1.0))
    torch.testing.assert_close(codes.unit_kl, divergence, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(codes.kl, divergence.sum(1), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(codes.errors, (x - rebuilt).square().sum(1))
    assert not any(part.requires_grad for part in (codes.mean, codes.deviation, codes.errors, codes.unit_kl))


def test_a_code_that_is_a_point_has_neither():
    codes = encode_all(Autoencoder(MLP((9,), latent=3), Vanilla()).double(), examples(4))
    assert codes.deviation is None
    assert codes.unit_kl is None
    assert codes.kl is None
    assert codes.mean.dtype == codes.errors.dtype == torch.float32
    assert codes.mean.shape == (4, 3)


@pytest.mark.parametrize(
    "name", ["digits-conditional", "digits-convolutional", "digits-k-sparse", "digits-stacked-denoising"]
)
def test_pretrained_models_make_what_their_evaluation_sees(name, digits):
    """The one judges on held-out examples with their labels, whatever the objective does in training."""
    model, split = Autoencoder.load(pretrained_folder() / name), digits.test
    codes = encode_all(model, split.x, split.y)
    torch.testing.assert_close(codes.errors, evaluate_in_full(model, split.x, split.y).errors)
    with torch.no_grad():
        torch.testing.assert_close(codes.mean, model.encode(split.x))


def test_only_a_conditional_decoder_is_told_the_label(digits):
    model, split = Autoencoder.load(pretrained_folder() / "digits-conditional"), digits.test
    told, untold = encode_all(model, split.x, split.y), encode_all(model, split.x)
    assert torch.equal(told.mean, untold.mean)
    assert told.errors.mean() < 0.95 * untold.errors.mean()
    model = Autoencoder(MLP((9,)), Vanilla())
    positions = torch.linspace(0, 1, 5)  # labels of a data set without classes are real numbers
    assert torch.equal(encode_all(model, examples(5), positions).errors, encode_all(model, examples(5)).errors)


def test_progress_rises_to_the_whole():
    seen = []
    encode_all(Autoencoder(MLP((9,)), Vanilla()), examples(), progress=lambda share, text: seen.append((share, text)))
    shares = [share for share, _ in seen]
    assert shares == sorted(set(shares))
    assert len(shares) == 3
    assert shares[-1] == 1
    assert all(text for _, text in seen)


def test_examples_that_cannot_be_encoded_are_refused(complains):
    model, x = Autoencoder(MLP((9,), classes=3), Conditional()), examples(4)
    with complains(DataError, "no examples"):
        encode_all(model, x[:0])
    with complains(DataError, "(9,)", "(4, 8)"):
        encode_all(model, x[:, :8])
    with complains(DataError, "not finite"):
        encode_all(model, x.where(x < x.max(), torch.nan))
    with complains(DataError, "0 to 2", "got 0 to 3"):
        encode_all(model, x, torch.arange(4))
    with torch.no_grad():
        model.network.decoder[0].weight.fill_(torch.nan)
    with complains(DataError, "train it anew"):
        encode_all(model, x)
