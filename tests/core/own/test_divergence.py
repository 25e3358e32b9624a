"""A loss that is no number ends a training at that step, and nothing unusable is kept."""

import pytest
import torch
from sklearn.datasets import load_breast_cancer

from aelib import MLP, Autoencoder, DataError, Dataset, DivergenceError, Split, TrainConfig, Vanilla, Variational, train
from aelib.checkpoint import Checkpoint
from aelib.estimator import AutoencoderTransformer
from aelib.train import LOOK_EVERY


@pytest.fixture(scope="module")
def cancer() -> Dataset:
    """Columns from 0.001 to 4,254, unscaled."""
    x, _ = load_breast_cancer(return_X_y=True)
    return Dataset("cancer", Split(x[:400]), Split(x[400:]))


def huge(steps=4):
    """Examples whose squares are no float32."""
    x = torch.full((8 * steps, 3), 0.5)
    x[0] = 1e30
    return Dataset("huge", Split(x), Split(x[1:]))


def test_unscaled_columns_end_it_at_the_step(cancer, complains, tmp_path):
    network = MLP(cancer.shape, hidden=(32,), latent=2, output="identity")
    training = train(
        Autoencoder(network, Variational(likelihood="squared_error")), cancer, TrainConfig(epochs=20, batch_size=32)
    )
    assert training.steps == 240
    done = []
    with complains(DivergenceError, f"step {2}:", "scale", "learning_rate"):
        done.extend(record.loss for record in training)
    assert len(done) == 1
    assert all(value.isfinite().all() for value in training.model.state_dict().values())
    training.model.save(tmp_path)
    Autoencoder.load(tmp_path)


def test_the_weights_are_those_before_the_step_wherever_it_comes():
    for seed in range(4):  # the bad example comes at some step of the epoch
        model = Autoencoder(MLP((3,), hidden=(4,), output="identity"), Vanilla())
        training, before = train(model, huge(), TrainConfig(epochs=1, batch_size=8, seed=seed)), {}

        def run(training=training, model=model, before=before):
            while True:
                before |= {name: value.clone() for name, value in model.state_dict().items()}
                next(training)

        with pytest.raises(DivergenceError, match=r"step [1-4]:") as caught:
            run()
        assert f"step {training.step}:" in str(caught.value)
        assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


class OnGpu:
    """A loss that is no number, on a GPU; counts how often that is waited for."""

    device = torch.device("cuda")
    asked = 0

    def __float__(self):
        self.asked += 1
        return float("nan")


def test_a_gpu_is_waited_for_at_the_ends_of_epochs_and_now_and_then():
    network = MLP((3,), hidden=(4,), output="identity")
    x = Split(torch.rand(8 * 2 * LOOK_EVERY, 3))
    training = train(Autoencoder(network, Vanilla()), Dataset("mine", x, x), TrainConfig(batch_size=8))
    loss, waits, said = OnGpu(), [], []
    for step in range(1, training.steps_per_epoch + 3):
        training.step, before = step, loss.asked
        try:
            training._judge(loss)
        except DivergenceError as error:
            waits.append(step)
            said.append(str(error))
        assert loss.asked - before == (step in waits)
    assert waits == [LOOK_EVERY, 2 * LOOK_EVERY]
    assert all(f"by step {step}:" in text for step, text in zip(waits, said, strict=True))


def spoilt():
    model = Autoencoder(MLP((3,), hidden=(4,)), Vanilla())
    with torch.no_grad():
        next(model.parameters())[0] = float("nan")
    return model


def test_weights_that_are_no_numbers_are_not_saved(tmp_path, complains):
    with complains(DivergenceError, "not saved", "learning rate"):
        spoilt().save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_neither_are_those_that_half_the_space_cannot_hold(tmp_path, complains):
    model = Autoencoder(MLP((3,), hidden=(4,)), Vanilla())
    with torch.no_grad():
        next(model.parameters()).fill_(1e6)
    about = Checkpoint(network=model.spec, objective=model.objective)
    with complains(DivergenceError, "not saved"):
        about.write(tmp_path / "model", model, half=True)
    about.write(tmp_path / "model", model)


def test_the_estimator_says_the_same(complains):
    with complains(DivergenceError, "step", "scale", "learning_rate"):
        AutoencoderTransformer(random_state=0).fit(huge().train.x.numpy())


def test_a_row_that_is_no_number_is_refused(complains):
    x = torch.rand(5, 3)
    x[2, 1] = float("nan")
    with complains(DataError, "not finite"):
        Autoencoder(MLP((3,)), Vanilla()).encode(x)
