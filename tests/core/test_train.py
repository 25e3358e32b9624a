"""Training: the same seed gives the same run bit for bit, whatever else the process does."""

import random as python_random

import numpy as np
import pytest
import torch

from aelib import DATASETS, MLP, Autoencoder, ConfigError, DataError, Experiment, TrainConfig, Variational, train
from aelib.progress import silent
from aelib.randomness import generator


def trace(records):
    """Everything that the records say, exact."""
    return [(r.step, r.epoch, r.terms, r.test) for r in records]


def assert_equal_weights(a, b):
    for (name, ours), theirs in zip(a.state_dict().items(), b.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs), name


def with_seed(experiment, seed):
    return experiment.model_copy(update={"train": experiment.train.replace(seed=seed)})


def test_records_count_from_1_and_the_end_of_each_epoch_is_evaluated(experiment, tiny):
    records = list(experiment.build(tiny))
    assert [r.step for r in records] == list(range(1, 25))  # 4 epochs of ⌊192 / 32⌋ steps
    assert [r.epoch for r in records] == [1 + i // 6 for i in range(24)]
    assert [r.step for r in records if r.test] == [6, 12, 18, 24]
    assert all(r.loss == sum(r.terms.values()) for r in records)


def test_an_epoch_shows_each_example_once(tiny):
    training = Experiment.of(train={"batch_size": 32}).build(tiny)
    seen = []
    update = training._update
    training._update = lambda x, y: seen.append(x) or update(x, y)
    for _ in range(12):
        next(training)
    first, second = torch.cat(seen[:6]), torch.cat(seen[6:])
    for epoch in (first, second):
        assert torch.equal(torch.unique(epoch, dim=0), torch.unique(tiny.train.x.flatten(1), dim=0))
    assert not torch.equal(first, second)


def test_same_seed_same_run_different_seed_different_run(experiment, tiny):
    first, again = experiment.build(tiny), experiment.build(tiny)
    expected = trace(first)
    torch.manual_seed(99)  # the global generator has no say
    assert trace(again) == expected
    assert_equal_weights(first.model, again.model)
    other = with_seed(experiment, 1).build(tiny)
    assert all(a[2] != b[2] for a, b in zip(trace(other), expected, strict=True))


def test_the_seed_decides_weights_and_order_separately(tiny):
    """The order of the batches does not change with the initial weights."""
    experiment = Experiment.of(train={"learning_rate": 0, "batch_size": 32})

    def weights(seed):
        return Autoencoder(experiment.network, experiment.objective, seed)

    assert not torch.equal(weights(0).network.encoder[0].weight, weights(1).network.encoder[0].weight)
    losses = [[r.loss for r in train(weights(0), tiny, with_seed(experiment, s).train)] for s in (0, 1)]
    assert losses[0][:6] != losses[1][:6]
    draws = [torch.rand(3, generator=generator(0, stream)) for stream in ("order", "noise", "initialisation")]
    assert len({tuple(draw.tolist()) for draw in draws}) == 3


def test_two_interleaved_trainings_equal_each_alone(experiment, tiny):
    other = with_seed(experiment, 1)
    expected = trace(experiment.build(tiny)), trace(other.build(tiny))
    pairs = list(zip(experiment.build(tiny), other.build(tiny), strict=True))
    assert (trace(a for a, _ in pairs), trace(b for _, b in pairs)) == expected


def test_watching_does_not_disturb(experiment, tiny, random):
    """Evaluations, maps and samples between the steps leave the run as it would be without them."""
    quiet = experiment.model_copy(update={"train": experiment.train.replace(evaluate_every=0)})
    expected = [r.terms for r in quiet.build(tiny)]
    watched, found = experiment.build(tiny), []
    for record in watched:
        found.append(record.terms)
        watched.model.encode(tiny.test.x)
        watched.model.sample(2, random)
        watched.state_dict()
    assert found == expected


def test_the_global_generators_are_left_alone(experiment):

    def state():
        return (torch.get_rng_state(), np.random.get_state(), python_random.getstate())

    before = state()
    for name in ("swiss_roll", "shapes", "digits"):
        data = DATASETS[name].load(silent)
    training = Experiment.of("digits", experiment.variant, train={"batch_size": 1000, "epochs": 2}).build(data)
    list(training)
    training.model.sample(3, torch.Generator())
    after = state()
    assert torch.equal(before[0], after[0])
    assert all(np.array_equal(a, b) for a, b in zip(before[1], after[1], strict=True))
    assert before[2] == after[2]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("variant", ["vanilla", "convolutional"])
def test_a_run_is_the_same_and_resumes_with_as_many_threads(variant, threads, tiny):
    """Convolutions split their sums by the number of threads."""
    experiment = Experiment.of(variant=variant, train={"batch_size": 32, "evaluate_every": 0, "epochs": 2})
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        first, again, resumed = (experiment.build(tiny) for _ in range(3))
        found = trace(next(again) for _ in range(5))
        resumed.load_state_dict(again.state_dict())
        assert found + trace(resumed) == trace(first)
        assert_equal_weights(first.model, resumed.model)
        list(again)
        assert_equal_weights(first.model, again.model)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("stop", [1, 6, 9])
def test_a_resumed_training_goes_on_bit_for_bit(experiment, tiny, stop):
    undisturbed = experiment.build(tiny)
    expected = trace(undisturbed)
    first = experiment.build(tiny)
    found = trace(next(first) for _ in range(stop))
    state = first.state_dict()
    list(first)  # the state is a copy: that its owner goes on does not change it
    second = experiment.build(tiny)
    second.load_state_dict(state)
    assert found + trace(second) == expected
    assert_equal_weights(undisturbed.model, second.model)


def test_a_fresh_state_can_be_saved_too(experiment, tiny):
    fresh = experiment.build(tiny)
    again = experiment.build(tiny)
    again.load_state_dict(fresh.state_dict())
    assert trace(again) == trace(fresh)


def test_a_state_of_another_network_is_refused(tiny, complains):
    state = Experiment.of(network={"latent": 2}).build(tiny).state_dict()
    with complains(ConfigError, "another configuration"):
        Experiment.of(network={"latent": 3}).build(tiny).load_state_dict(state)
    del state["step"]
    with complains(ConfigError, "another configuration"):
        Experiment.of(network={"latent": 2}).build(tiny).load_state_dict(state)


def test_a_batch_larger_than_the_data_is_the_whole_data(tiny):
    training = Experiment.of(train={"batch_size": 5000, "epochs": 3}).build(tiny)
    assert (training.batch_size, len(list(training))) == (192, 3)


def test_data_that_do_not_fit_the_model_are_refused(tiny, digits, complains):
    with complains(DataError, "(3,)", "(1, 8, 8)", "tiny"):
        Experiment.of("swiss_roll").build(tiny)
    likely = {"objective": {"likelihood": "cross_entropy"}, "network": {"output": "sigmoid"}}
    with complains(ConfigError, "[0, 1]", "squared error"):
        Experiment.of("swiss_roll", "variational", **likely)
    roll = DATASETS["swiss_roll"].load(silent)
    model = Autoencoder(MLP(roll.shape), Variational())
    with complains(DataError, "[0, 1]", "squared error"):
        train(model, roll)


def test_default_configuration_is_used(tiny):
    assert train(Experiment.of().build(tiny).model, tiny).config == TrainConfig()
