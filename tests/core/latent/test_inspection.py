"""One example through models whose derivatives are known, and through trained ones."""

import math

import pytest
import torch

from aelib import MLP, Autoencoder, ConfigError, DataError, Vanilla, Variational
from aelib.geometry import magnification
from aelib.home import pretrained_folder
from aelib.latent.inspection import inspect


def example(features=70, seed=0):
    return torch.rand(1, features, generator=torch.Generator().manual_seed(seed))


def linear_model(units, features=70):
    """x̂ = W z + c, z = V x + b."""
    spec = MLP((features,), hidden=(), latent=units, output="identity")
    model = Autoencoder(spec, Vanilla(), seed=3)
    return model, model.network.encoder[0].weight.detach(), model.network.decoder[0].weight.detach()


@pytest.mark.parametrize("units", [1, 2, 3, 10, 64])
def test_a_linear_model_moves_along_its_weights(units):
    model, encoder, decoder = linear_model(units)
    found = inspect(model, example())
    torch.testing.assert_close(found.singular_values, torch.linalg.svdvals(decoder))
    expected = float(torch.linalg.slogdet(decoder.double().T @ decoder.double()).logabsdet) / 2 / math.log(10)
    assert found.log_magnification == pytest.approx(expected, abs=1e-4)
    rank = min(units, 4)
    assert found.decoder_directions.shape == found.encoder_directions.shape == (rank, 70)
    # U Uᵀ of the leading singular vectors is what is common to all their signs.
    for directions, basis in [
        (found.decoder_directions, torch.linalg.svd(decoder, full_matrices=False).U[:, :rank]),
        (found.encoder_directions, torch.linalg.svd(encoder, full_matrices=False).Vh[:rank].T),
    ]:
        torch.testing.assert_close(directions.T @ directions, basis @ basis.T, rtol=0, atol=1e-3)


def test_code_reconstruction_and_errors_are_those_of_the_model():
    model, x = Autoencoder(MLP((1, 7, 10), latent=3), Variational(), seed=1), example().reshape(1, 1, 7, 10)
    found = inspect(model, x)
    with torch.no_grad():
        posterior, rebuilt = model.posterior(x), model(x)
    torch.testing.assert_close(found.code, posterior.mean[0])
    torch.testing.assert_close(found.deviation, posterior.stddev[0])
    assert found.unit_kl.shape == (3,)
    torch.testing.assert_close(found.reconstruction, rebuilt[0])
    torch.testing.assert_close(found.error_map, (x - rebuilt).square()[0])
    assert found.error == pytest.approx(float((x - rebuilt).square().sum()), rel=1e-5)
    assert found.decoder_directions.shape == found.encoder_directions.shape == (3, 1, 7, 10)
    flat = inspect(model, x.flatten(1))
    torch.testing.assert_close(flat.error_map, found.error_map)


def test_magnification_is_a_sum_of_logs():
    """64 singular values around 1e10 leave the range of floats when they are multiplied."""
    model, _, decoder = linear_model(64)
    reference = inspect(model, example()).log_magnification
    with torch.no_grad():
        model.network.decoder[0].weight *= 1e10
    assert inspect(model, example()).log_magnification == pytest.approx(reference + 640, abs=1e-3)
    assert not math.isfinite(float(magnification(lambda z: z @ (decoder * 1e10).T, torch.zeros(1, 64))))


def test_a_decoder_that_folds_has_no_magnification():
    model, _, _ = linear_model(3)
    with torch.no_grad():
        weight = model.network.decoder[0].weight
        weight[:, 2] = weight[:, 0] - 2 * weight[:, 1]
    assert inspect(model, example()).log_magnification is None
    with torch.no_grad():
        weight.zero_()
    assert inspect(model, example()).log_magnification is None
    overcomplete, _, _ = linear_model(9, features=4)
    found = inspect(overcomplete, example(4))
    assert found.log_magnification is None
    assert found.singular_values.shape == (4,)
    assert found.decoder_directions.shape == (4, 4)


@pytest.mark.parametrize("rank", [1, 2, 9])
def test_as_many_directions_as_asked_for_and_there_are(rank):
    found = inspect(linear_model(3)[0], example(), rank=rank)
    assert found.decoder_directions.shape == found.encoder_directions.shape == (min(rank, 3), 70)
    assert found.singular_values.shape == (3,)


@pytest.mark.parametrize("path", sorted(pretrained_folder().iterdir()), ids=lambda path: path.name)
def test_every_pretrained_model_can_be_looked_into(path):
    """Its directions are those in which the output really moves."""
    model = Autoencoder.load(path)
    x = example(model.spec.features).reshape(1, *model.spec.shape)
    y = torch.tensor([3])
    found = inspect(model, x, y)
    units = model.spec.latent
    assert found.code.shape == (units,)
    assert (found.deviation is None) == (found.unit_kl is None) == (model.objective.statistics == 1)
    assert found.reconstruction.shape == found.error_map.shape == model.spec.shape
    assert found.singular_values.shape == (units,)
    assert found.decoder_directions.shape == (min(4, units), *model.spec.shape)
    told = y.expand(2 * units) if model.objective.conditional else None
    moved = 1e-2 * torch.cat([torch.eye(units), -torch.eye(units)])
    with torch.no_grad():
        decoded = model.decode(found.code + moved, told).flatten(1)
    slopes = (decoded[:units] - decoded[units:]) / 2e-2
    values = torch.linalg.svdvals(slopes)
    torch.testing.assert_close(found.singular_values[0], values[0], rtol=0.1, atol=1e-3)
    assert all(p.grad is None for p in model.parameters())


def test_a_conditional_model_is_told_the_label(digits):
    model, x = Autoencoder.load(pretrained_folder() / "digits-conditional"), digits.test.x[:1]
    found = [inspect(model, x, torch.tensor([label])) for label in (0, 1)]
    assert torch.equal(found[0].code, found[1].code)
    assert not torch.allclose(found[0].reconstruction, found[1].reconstruction, atol=0.1)
    assert not torch.allclose(found[0].singular_values, found[1].singular_values, rtol=0.01)


def test_what_cannot_be_looked_at_is_refused(complains):
    model, _, _ = linear_model(2)
    for n in (0, 2):
        with complains(DataError, "One example", f"({n}, 70)"):
            inspect(model, example().expand(n, 70))
    with complains(DataError, "(70,)", "(1, 9)"):
        inspect(model, example(9))
    with complains(ConfigError, "1 direction", "got rank 0"):
        inspect(model, example(), rank=0)
    with complains(DataError, "not finite"):
        inspect(model, example() / 0)
