"""The rows that are rebuilt worst, and the columns that are to blame."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
import torch

from aelib import MLP, Autoencoder, Conditional, ConfigError, DataError, Dataset, Split, TrainConfig, Vanilla, train
from aelib.anomalies import Finding, to_csv, worst_rows
from aelib.commands.cli import main
from aelib.data import TableOptions, load_dataset
from aelib.latent.codes import encode_all
from aelib.metrics.row_anomaly import column_errors, standard_errors, worst_first

RANDOM = np.random.default_rng(0)
N = 200
HIDDEN_CAUSE = RANDOM.normal(size=N)
FRAME = pd.DataFrame(
    {
        "height": 170 + 10 * HIDDEN_CAUSE + 0.1 * RANDOM.normal(size=N),
        "kind": np.where(HIDDEN_CAUSE > 0, "=tall", "small"),
        "weight": 70 - 8 * HIDDEN_CAUSE + 0.1 * RANDOM.normal(size=N),
        "label": RANDOM.choice(["+u", "v"], N),
    }
)
#: Planted where the row and the column are known.
PLANTED, FAR = 7, 150.0
FRAME.loc[PLANTED, "weight"] += FAR
BOTH = ("training", "held-out")


@pytest.fixture(scope="module")
def data():
    return Dataset.from_table(FRAME)


@pytest.fixture(scope="module")
def model(data):
    model = Autoencoder(MLP(data.shape, hidden=(), latent=1, output="identity"), Vanilla())
    for _ in train(model, data, TrainConfig(epochs=30, batch_size=16, learning_rate=1e-2)):
        pass
    return model


def test_errors_of_columns_sum_to_those_of_rows():
    x, rebuilt = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(0))
    rebuilt[3] = x[3]
    errors = column_errors(x, rebuilt, [slice(0, 1), slice(1, 3), slice(3, 4)])
    assert errors.shape == (5, 3)
    square = (x.double() - rebuilt.double()) ** 2
    torch.testing.assert_close(errors[:, 1], square[:, 1] + square[:, 2])
    torch.testing.assert_close(errors.sum(1), square.sum(1))
    assert worst_first(torch.tensor([1.0, 3, 1, 3])).tolist() == [1, 3, 0, 2]


def test_the_score_of_usual_rows_is_1_and_columns_count_alike():
    errors = torch.tensor([[1.0, 100.0, 0.0], [3.0, 300.0, 0.0]])
    parts = standard_errors(errors, errors)
    torch.testing.assert_close(parts, torch.tensor([[0.5, 0.5, 0], [1.5, 1.5, 0]]).double() / 3)
    assert standard_errors(errors[:, :2], errors[:, :2]).sum(1).mean() == pytest.approx(1)
    # Of a column that was rebuilt without any error, an error is told as it is.
    assert standard_errors(torch.tensor([[1.0, 100, 6]]), errors)[0, 2] == pytest.approx(2)
    with pytest.raises(DataError, match="3 columns, but the usual ones of 2"):
        standard_errors(errors, errors[:, :2])


@pytest.mark.parametrize("columns", [[], [slice(0, 2)], [slice(0, 3), slice(2, 4)], [slice(0, 9)]])
def test_columns_that_are_not_of_these_features_are_refused(columns):
    if columns == [slice(0, 9)]:
        columns = [slice(0, 4), slice(0, 4)]
    with pytest.raises(DataError, match="each feature belongs to one column"):
        column_errors(torch.zeros(2, 4), torch.ones(2, 4), columns)


def test_a_planted_outlier_comes_first_with_its_column_in_its_own_units(model, data):
    worst = worst_rows(model, data, 5, BOTH)
    assert [row.score for row in worst] == sorted((row.score for row in worst), reverse=True)
    first = worst[0]
    assert first.row == PLANTED + 1
    assert first.label == FRAME["label"][PLANTED]
    assert [column.column for column in first.columns] == ["height", "kind", "weight"]
    assert all(0 <= column.share <= 1 for row in worst for column in row.columns)
    weight = first.columns[2]
    assert first.to_blame[0] == weight
    assert weight.value == pytest.approx(FRAME["weight"][PLANTED], rel=1e-6)
    assert weight.error == pytest.approx(weight.rebuilt - weight.value)
    assert first.columns[1].value == FRAME["kind"][PLANTED]


def test_errors_and_rows_are_those_of_the_model_and_the_table(model, data):
    rows = worst_rows(model, data, None)
    assert len(rows) == len(data.test)
    errors = encode_all(model, data.test.x).errors
    for row in rows:
        assert row.split == "held-out"
        assert row.error == pytest.approx(float(errors[row.place]), rel=1e-4)
        # The outlier makes the deviation of its column large, which float32 multiplies its rounding by.
        assert row.columns[0].value == pytest.approx(FRAME["height"][row.row - 1], rel=1e-5)
    assert {row.row for row in worst_rows(model, data, None, BOTH)} == set(range(1, N + 1))


def test_rows_are_known_while_examples_are_taken_from_training(model, data):
    fewer = data.without_class(0)
    assert all(row.row is None for row in worst_rows(model, fewer, None, ("training",)))
    found = [{row.place: row.row for row in worst_rows(model, some, None)} for some in (fewer, data)]
    assert found[0] == found[1]


def test_a_conditional_decoder_is_told_the_label(data):
    told = Conditional(likelihood="squared_error")
    model = Autoencoder(MLP(data.shape, hidden=(4,), latent=1, output="identity", classes=2), told)
    errors = encode_all(model, data.test.x, data.test.y).errors
    for row in worst_rows(model, data, None):
        assert row.error == pytest.approx(float(errors[row.place]), rel=1e-4)


def test_data_without_a_table_have_a_column_for_each_feature():
    x = torch.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, -5.0]])
    model = Autoencoder(MLP((2,), hidden=(), latent=1, output="identity"), Vanilla())
    worst = worst_rows(model, Dataset("plain", Split(x), Split(x)), 1)[0]
    rebuilt = model(x)[worst.place].tolist()
    assert (worst.row, worst.label) == (None, None)
    assert [column.column for column in worst.columns] == ["feature 1", "feature 2"]
    assert [column.rebuilt for column in worst.columns] == pytest.approx(rebuilt, rel=1e-5)


def test_what_has_no_rows_is_refused(model, data, digits):
    picture = Autoencoder(MLP(digits.shape, hidden=(), latent=1), Vanilla())
    with pytest.raises(DataError, match="has pictures"):
        worst_rows(picture, digits)
    with pytest.raises(DataError, match="takes examples of shape"):
        worst_rows(model, digits)
    for wrong in ({"count": 0}, {"splits": ()}, {"splits": ("test",)}, {"splits": ("training", "training")}):
        with pytest.raises(ConfigError):
            worst_rows(model, data, **wrong)


def test_a_csv_of_them_has_no_formulas_and_the_same_figures(model, data):
    worst = worst_rows(model, data, 10, BOTH)
    lines = list(csv.DictReader(io.StringIO(to_csv(worst))))
    assert len(lines) == 10
    for rank, (line, row) in enumerate(zip(lines, worst, strict=True), 1):
        assert (int(line["rank"]), line["split"], int(line["row"])) == (rank, row.split, row.row)
        assert line["label"] == {"+u": "'+u", "v": "v"}[row.label]
        assert line["to blame"] == row.to_blame[0].column
        assert float(line["score"]) == pytest.approx(row.score, rel=1e-6)
        assert float(line["error"]) == pytest.approx(row.error, rel=1e-6)
        assert line["kind"] == {"=tall": "'=tall", "small": "small"}[row.columns[1].value]
        assert float(line["weight rebuilt"]) == pytest.approx(row.columns[2].rebuilt, rel=1e-6)
        assert float(line["share"]) == pytest.approx(row.to_blame[0].share, rel=1e-6)
    assert to_csv([]).count("\n") == 1


@pytest.mark.parametrize("name", ["=1+1", "+a", "-a", "@a", '=HYPERLINK("x")'])
def test_names_of_columns_are_no_formulas_either(name):
    frame = pd.DataFrame({name: [1.0, 5.0, 2.0, 4.0, 9.0], "b": [2.0, 3.0, 5.0, 8.0, 1.0]})
    data = Dataset.from_table(frame, TableOptions(labels=()))
    model = Autoencoder(MLP((2,), hidden=(), latent=1, output="identity"), Vanilla())
    rows = list(csv.reader(io.StringIO(to_csv(worst_rows(model, data, None, BOTH)))))
    texts = [cell for row in rows for cell in row if not cell.lstrip("-").replace(".", "").replace("e-", "").isdigit()]
    assert f"'{name}" in texts
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)


def test_the_command_writes_them(tmp_path, capsys):
    data = load_dataset("swiss_roll")
    model = Autoencoder(MLP(data.shape, hidden=(), latent=2, output="identity"), Vanilla())
    for _ in train(model, data, TrainConfig(epochs=1, batch_size=500)):
        break
    model.save(tmp_path / "model")
    assert main(["anomalies", str(tmp_path / "model"), "--data", "swiss_roll", "--count", "3"]) == 0
    expected = to_csv(worst_rows(Autoencoder.load(tmp_path / "model"), data, 3))
    assert capsys.readouterr().out == expected
    command = ["anomalies", str(tmp_path / "model"), "--data", "swiss_roll", "--count"]
    file = tmp_path / "rows.csv"
    assert main([*command, "3", "--rows", "all", "--output", str(file)]) == 0
    assert file.read_text(encoding="utf-8-sig").splitlines()[0] == expected.splitlines()[0]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert main([*command, "2", "--rows", "training", "--json"]) == 0
    found = Finding.from_json(capsys.readouterr().out)
    rows = worst_rows(Autoencoder.load(tmp_path / "model"), data, 2, ("training",))
    assert found == Finding.of(rows, len(data.train))
    assert [row.columns for row in found.rows] == [row.to_blame for row in rows]
    with pytest.raises(DataError, match="no worst rows"):
        Finding.from_json("{}")
    assert main([*command, "0"]) == 1
    assert "At least 1 row" in capsys.readouterr().err
