"""What a stack is made of, against the same one by one."""

import pytest
import torch
import torch.nn.functional as F

from aelib.networks.linear import linear
from aelib.randomness import Streams, generator, normal_like, uniform_like
from aelib.sweep.adam import StackedAdam


@pytest.fixture
def weights(random):
    return torch.randn(5, 3, 4, generator=random), torch.randn(5, 3, generator=random)


@pytest.mark.parametrize("shared", [True, False])
def test_a_stacked_linear_map_is_that_of_each(weights, random, shared):
    weight, bias = weights
    x = torch.randn(7, 4, generator=random) if shared else torch.randn(5, 7, 4, generator=random)
    found = linear(x, weight, bias)
    expected = torch.stack([F.linear(x if shared else x[k], weight[k], bias[k]) for k in range(5)])
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("draw", [normal_like, uniform_like])
def test_streams_draw_what_each_generator_would(draw):
    streams = Streams(generator(seed, "noise") for seed in range(3))
    found = draw(torch.empty(3, 4, 2), streams)
    for seed in range(3):
        assert torch.equal(found[seed], draw(torch.empty(4, 2), generator(seed, "noise")))
    one = Streams([generator(1, "noise")])
    assert torch.equal(draw(torch.empty(3, 4, 2), one), found[1])  # one draw for all three


@pytest.mark.parametrize("rates", [[1e-3] * 4, [0.0] * 4, [0.0, 1e-5, 1e-3, 0.1]])
def test_stacked_adam_is_adam_for_each_with_its_rate(random, rates):
    starts = [torch.randn(4, 3, 5, generator=random), torch.randn(4, 2, generator=random)]
    stacked = {str(i): torch.nn.Parameter(start.clone()) for i, start in enumerate(starts)}
    single = [[torch.nn.Parameter(start[k].clone()) for start in starts] for k in range(4)]
    ours = StackedAdam(stacked, torch.tensor(rates))
    theirs = [torch.optim.Adam(single[k], lr=rates[k]) for k in range(4)]
    for step in range(20):
        ours.zero_grad()
        for i, parameter in enumerate(stacked.values()):
            if i == 1 and step < 5:  # has no gradient yet, and so no step of its own
                continue
            parameter.grad = torch.randn(parameter.shape, generator=random)
            for k in range(4):
                single[k][i].grad = parameter.grad[k].clone()
        ours.step()
        for optimizer in theirs:
            optimizer.step()
    for i, parameter in enumerate(stacked.values()):
        for k in range(4):
            torch.testing.assert_close(parameter[k], single[k][i], rtol=1e-5, atol=1e-6)
            if rates[k] == 0:
                assert torch.equal(parameter[k], starts[i][k])
