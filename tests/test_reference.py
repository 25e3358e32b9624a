"""`benchmarks.reference`: the exact rows give the reference numbers, every row says where its number comes from."""

import json
import statistics

import pytest
import torch

from aelib import MLP, Autoencoder, DataError, Dataset, Split, Vanilla
from benchmarks import reference, report
from benchmarks.published import REPRODUCTIONS, Effort, disentangled, exact, reproduction, variational
from benchmarks.published.reproduction import Row
from benchmarks.published.stacked import fine_tune

QUICK = Effort(quick=True)
NUMBERS = [(name, line) for name, entry in REPRODUCTIONS.items() for line in entry.published]


@pytest.fixture(autouse=True)
def results(tmp_path, monkeypatch):
    """Results go to a folder of the test's own, inside a repository of its own."""
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


@pytest.fixture(scope="module")
def made_up():
    """Noise in the shape of MNIST: 160 training and 80 held-out images."""
    random = torch.Generator().manual_seed(0)

    def noise(n):
        return Split(torch.rand(n, 1, 28, 28, generator=random), torch.arange(n) % 10)

    return Dataset("mnist", noise(160), noise(80), classes=tuple("0123456789"))


def test_digits_pca_gives_the_four_reference_numbers():
    rows = REPRODUCTIONS["digits_pca"].run(QUICK)
    assert [f"{row.obtained:.4f}" for row in rows] == ["3.3553", "1.5304", "0.7068", "0.1579"]
    assert [row.reference for row in rows] == [3.3553, 1.5304, 0.7068, 0.1579]


def test_the_linear_autoencoder_reaches_the_optimum():
    """Never below what PCA gives, which is the least there is."""
    (row,) = REPRODUCTIONS["digits_linear"].run(QUICK)
    (least,) = exact.pca_errors(exact.all_digits(), exact.all_digits(), (8,))
    assert least == pytest.approx(1.53044819, abs=5e-9)
    assert least - 1e-12 <= row.obtained <= least + 1e-5
    assert row.reference == 1.53044821


def test_pca_error_of_other_examples_agrees_with_scikit_learn(digits):
    from sklearn.decomposition import PCA

    train, test = (split.x.flatten(1).double() for split in (digits.train, digits.test))
    for k, error in zip((2, 5), exact.pca_errors(train, test, (2, 5)), strict=True):
        pca = PCA(k, svd_solver="full").fit(train.numpy())
        rebuilt = pca.inverse_transform(pca.transform(test.numpy()))
        assert error == pytest.approx(((rebuilt - test.numpy()) ** 2).sum(1).mean(), rel=1e-10)


@pytest.mark.parametrize(("name", "line"), NUMBERS)
def test_every_number_lists_its_source_in_the_table(name, line):
    entry = REPRODUCTIONS[name]
    assert entry.source
    row = Row(line, 1.0, entry.published[line] or 2.0, 2, entry.unit, entry.source, "an epoch", entry.differs)
    printed = reference.table([row])
    assert line in printed
    assert f"source: {entry.source}" in printed
    assert "spent: an epoch" in printed
    assert f"differs: {entry.differs or 'nothing'}" in printed


def test_the_table_keeps_numbers_of_two_sources_apart():
    rows = [Row(f"n{i}", 1.1, 1.0, 1, "", source, "", "") for i, source in enumerate(("A", "A", "B"))]
    lines = [line.split()[0] if line[0] == "n" else line.strip() for line in reference.table(rows).splitlines()[1:]]
    about = ["spent:", "differs: nothing"]
    assert lines == ["n0", "n1", "source: A", *about, "n2", "source: B", *about]


@pytest.mark.parametrize(
    ("obtained", "published", "decimals", "words"),
    [
        (3.35532, 3.3553, 4, ["3.3553", "3.3553", "+0.00%"]),
        (3.35529, 3.3553, 4, ["3.3553", "3.3553", "+0.00%"]),  # not -0.00%
        (3.2, 3.0, 2, ["3.20", "3.00", "+6.67%"]),
        (-106.404, -103.31, 2, ["-106.40", "-103.31", "+2.99%"]),
    ],
)
def test_a_line_has_the_decimals_of_the_reference_and_the_difference(obtained, published, decimals, words):
    name, here, there, unit, difference = Row("name", obtained, published, decimals, "u", "", "", "").line().split()
    assert (name, unit, [here, there, difference]) == ("name", "u", words)


@pytest.mark.parametrize("name", [name for name, entry in REPRODUCTIONS.items() if entry.dataset == "mnist"])
def test_every_reproduction_on_mnist_runs_to_the_end(name, made_up, monkeypatch):
    monkeypatch.setattr(reproduction, "load_dataset", lambda asked: made_up)
    rows = REPRODUCTIONS[name].run(QUICK)
    assert [row.name for row in rows] == list(REPRODUCTIONS[name].published)
    assert all(torch.isfinite(torch.tensor(row.obtained)) and row.spent for row in rows)


def test_the_divergence_of_a_beta_vae_is_told_without_its_weight(made_up, monkeypatch):
    monkeypatch.setattr(reproduction, "load_dataset", lambda asked: made_up)
    monkeypatch.setattr(variational, "evaluate", lambda model, x: {"reconstruction": 100.0, "kl": 8.0})
    assert [row.obtained for row in REPRODUCTIONS["beta_vae"].run(QUICK)] == [100, 8, 100, 2]


def test_a_comparison_of_two_of_ours_has_the_second_as_its_reference(monkeypatch, capsys):
    """On shapes, which every installation makes itself."""
    monkeypatch.setattr(disentangled, "train_to_the_end", lambda training: "no training")
    (row,) = REPRODUCTIONS["beta_tc_vae"].run(QUICK)
    told = [line.split()[-1] for line in capsys.readouterr().out.splitlines() if "MIG" in line]
    middle = [
        statistics.median(map(float, told[: len(told) // 2])),
        statistics.median(map(float, told[len(told) // 2 :])),
    ]
    assert [row.obtained, row.reference] == pytest.approx(middle, abs=1e-3)
    assert 0 <= row.obtained <= 1


def test_binarised_pixels_are_one_with_the_probability_of_their_grey_value():
    half = Split(torch.full((100, 1, 10, 10), 0.3), torch.zeros(100, dtype=torch.int64))
    drawn = variational.binarised(Dataset("d", half, half, classes=("a",)))
    assert set(drawn.train.x.unique().tolist()) == {0.0, 1.0}
    assert float(drawn.train.x.mean()) == pytest.approx(0.3, abs=5 * (0.21 / 10_000) ** 0.5)
    assert not torch.equal(drawn.train.x, drawn.test.x)


def test_a_classifier_on_the_code_learns_with_the_encoder(digits):
    model = Autoencoder(MLP(digits.shape, hidden=(128,), latent=64), Vanilla())
    before = [parameter.clone() for parameter in model.network.parameters()]
    assert fine_tune(model, digits, epochs=60) < 0.1  # guessing gets nine of ten wrong
    changed = [not torch.equal(a, b) for a, b in zip(before, model.network.parameters(), strict=True)]
    assert changed == [True] * 4 + [False] * 4  # the encoder's two layers, not the decoder's


def test_without_mnist_it_says_so_in_a_sentence_and_names_what_it_skipped(monkeypatch, capsys, results):
    def missing(name):
        raise DataError(f"{name} is not here.")

    monkeypatch.setattr(reproduction, "load_dataset", missing)
    assert reference.main(["digits_pca", "mnist_pca", "sdae_3", "--quick"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("mnist is not here.") == 1
    (line,) = [line for line in printed.splitlines() if line.startswith("Skipped: ")]
    skipped = [*REPRODUCTIONS["mnist_pca"].published, *REPRODUCTIONS["sdae_3"].published]
    assert line == "Skipped: " + "; ".join(skipped) + "."
    (path,) = results.iterdir()
    written = json.loads(path.read_text(encoding="utf-8"))
    assert [row["reproduction"] for row in written["rows"]] == ["digits_pca"] * 4
    assert all(row["source"] for row in written["rows"])
    assert set(written["skipped"]) == {"mnist_pca", "sdae_3"}


def test_an_unknown_name_is_refused_with_the_names_there_are(capsys):
    with pytest.raises(SystemExit) as caught:
        reference.main(["digits_pac"])
    assert caught.value.code == 2
    assert "digits_pac; choose some of digits_pca, digits_linear" in capsys.readouterr().err


def test_an_unknown_device_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as caught:
        reference.main(["digits_pca", "--device", "abacus"])
    assert caught.value.code == 2
    assert "'abacus'" in capsys.readouterr().err
