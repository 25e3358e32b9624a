"""Which column of a row is to blame: oracles where it is known."""

import numpy as np
import pandas as pd
import pytest
import torch

from aelib import MLP, Autoencoder, Dataset, Split, Vanilla
from aelib.anomalies import worst_rows
from aelib.data import TableOptions

BOTH = ("training", "held-out")
N, D, K = 120, 6, 3


def projecting(axes):
    """A linear model whose reconstructions are projections onto the rows of ``axes`` (k, d), which are orthonormal."""
    model = Autoencoder(MLP((axes.shape[1],), hidden=(), latent=len(axes), output="identity"), Vanilla())
    with torch.no_grad():
        for weights, found in zip(model.parameters(), (axes, torch.zeros(K), axes.T, torch.zeros(D)), strict=True):
            weights.copy_(found)
    return model


@pytest.fixture(scope="module")
def axes():
    """A plane that lies so that a change of one column spoils the reconstruction of the others."""
    random = torch.Generator().manual_seed(3)
    return torch.linalg.qr(torch.randn(D, K, generator=random)).Q.T


@pytest.fixture(scope="module")
def rows(axes):
    random = torch.Generator().manual_seed(4)
    return torch.randn(N, K, generator=random) @ axes + 1e-3 * torch.randn(N, D, generator=random)


def test_a_planted_column_comes_first_wherever_it_is(axes, rows):
    """Of a linear model, by the inequality of Cauchy and Schwarz, however much of the error lies in other columns."""
    model, spoilt = projecting(axes), rows.clone()
    planted = {row: row % D for row in range(12)}
    for row, column in planted.items():
        # To the value of another row, as far away as any: it leaves the column's range nowhere.
        others = rows[:, column]
        spoilt[row, column] = others[(others - rows[row, column]).abs().argmax()]
    data = Dataset("planted", Split(rows), Split(spoilt))
    worst = worst_rows(model, data, len(planted))
    assert {row.place for row in worst} == {*planted}
    assert {row.place: row.to_blame[0].column for row in worst} == {
        row: f"feature {column + 1}" for row, column in planted.items()
    }
    # With its old value (or one near it) the row is a usual one.
    assert all(row.to_blame[0].share > 0.9 for row in worst)
    # The plain errors blame another column in some row, or this would show nothing.
    assert any(max(row.columns, key=lambda c: abs(c.error)) != row.to_blame[0] for row in worst)


def test_units_play_no_part():
    random = np.random.default_rng(0)
    cause = random.normal(size=N)
    frame = pd.DataFrame({name: cause + 0.3 * random.normal(size=N) for name in "abc"})
    frame.loc[5, "b"] = 4.0
    thousand = frame.assign(b=1000 * frame["b"])
    found = []
    for some in (frame, thousand):
        data = Dataset.from_table(some, TableOptions(labels=()))
        model = Autoencoder(MLP(data.shape, hidden=(), latent=1, output="identity"), Vanilla(), seed=1)
        found.append(worst_rows(model, data, None, BOTH))
    for row, same in zip(*found, strict=True):
        assert (row.row, row.score) == (same.row, pytest.approx(same.score, rel=1e-4))
        assert [c.share for c in same.columns] == pytest.approx([c.share for c in row.columns], abs=1e-4)
        assert same.columns[1].error == pytest.approx(1000 * row.columns[1].error, rel=1e-3, abs=1e-3)


def test_neither_do_they_where_nothing_is_scaled(axes, rows):
    """The same reconstructions in other units: each column's errors are divided by what they usually are."""
    units = torch.tensor([1.0, 1000, 1, 0.001, 1, 1])
    plain = worst_rows(projecting(axes), Dataset("plain", Split(rows), Split(rows)), None)
    model = Autoencoder(MLP((D,), hidden=(), latent=K, output="identity"), Vanilla())
    with torch.no_grad():
        found = (axes / units, torch.zeros(K), (axes * units).T, torch.zeros(D))
        for weights, value in zip(model.parameters(), found, strict=True):
            weights.copy_(value)
    scaled = rows * units
    other = worst_rows(model, Dataset("other", Split(scaled), Split(scaled)), None)
    # Errors are differences of float32 numbers a thousand times as large.
    scores = {row.place: row.score for row in plain}
    for row in other:
        assert row.score == pytest.approx(scores[row.place], rel=0.02)


def test_a_column_that_is_always_rebuilt_badly_is_not_always_to_blame(axes, rows):
    """The model knows nothing of the last column: plain errors would blame it in every row."""
    random = torch.Generator().manual_seed(5)
    noise = 5 * torch.randn(N, 1, generator=random)
    x = torch.cat([rows, noise], dim=1)
    wide = torch.cat([axes, torch.zeros(K, 1)], dim=1)
    model = Autoencoder(MLP((D + 1,), hidden=(), latent=K, output="identity"), Vanilla())
    with torch.no_grad():
        for weights, value in zip(model.parameters(), (wide, torch.zeros(K), wide.T, torch.zeros(D + 1)), strict=True):
            weights.copy_(value)
    spoilt = x.clone()
    spoilt[0, 2] += 1.0
    first = worst_rows(model, Dataset("noisy", Split(x), Split(spoilt)), 1)[0]
    assert (first.place, first.to_blame[0].column) == (0, "feature 3")
    assert first.error < float(noise.square().max())


def test_a_category_is_changed_as_a_whole():
    """A kind that follows from a number: the one that was written wrongly is to blame, and not the number."""
    random = np.random.default_rng(0)
    kind = random.choice(["a", "b", "c"], N)
    x = np.stack([kind == name for name in "abc"], 1).astype(float)
    numbers = {f"is {name}": x[:, place] + 0.01 * random.normal(size=N) for place, name in enumerate("abc")}
    wrong = kind.copy()
    wrong[7] = {"a": "b", "b": "c", "c": "a"}[kind[7]]
    data = Dataset.from_table(pd.DataFrame({"kind": wrong, **numbers}), TableOptions(labels=(), scaling="none"))
    assert [place.stop - place.start for place in data.table.places.values()] == [3, 1, 1, 1]
    axes = torch.cat([torch.eye(3), torch.eye(3)], dim=1) / 2**0.5  # the mean of what both say
    first = worst_rows(projecting(axes), data, 1, BOTH)[0]
    assert (first.row, first.to_blame[0].column) == (8, "kind")
    assert first.to_blame[0].share > 0.9


def test_of_very_many_columns_those_with_errors_are_tried():
    columns = 60
    x = torch.zeros(40, columns)
    x[:, 0] = torch.linspace(-1, 1, 40)
    spoilt = x.clone()
    spoilt[3, 50] = 10.0
    model = Autoencoder(MLP((columns,), hidden=(), latent=1, output="identity"), Vanilla())
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
    first = worst_rows(model, Dataset("wide", Split(x), Split(spoilt)), 1)[0]
    assert first.to_blame[0].column == "feature 51"
    assert sum(column.share > 0 for column in first.columns) <= 32
