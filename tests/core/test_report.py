"""A report against PCA itself, scikit-learn, and `evaluate`."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.metrics import roc_auc_score

from aelib import ConfigError, DataError, Dataset, Experiment, Report, Split, evaluate, load_dataset, measure
from aelib.commands.cli import main
from aelib.glossary import GLOSSARY
from aelib.report import Number, as_text

FIGURES_OF_EVERY_MODEL = {"reconstruction", "discriminator", "embedding", "manifold"}


def trained(data, variant, epochs=2, left_out=None, objective=None, **network):
    settings = {"epochs": epochs, "batch_size": 32, "evaluate_every": 0}
    experiment = Experiment.of(
        data.name, variant, network=network, objective=objective, train=settings, left_out=left_out
    )
    training = experiment.build(data)
    for _ in training:
        pass
    return training.model


def assert_explained(report):
    """The glossary has a term for each figure, and the report lists it."""
    names = [number.name for section in report.sections for number in section]
    assert sorted(set(names) - set(GLOSSARY)) == []
    assert {GLOSSARY[name] for name in names} <= set(report.terms)
    text = " ".join(as_text(report).split())
    assert all(f"{term.name}: {term.sentence}" in text for term in report.terms)


@pytest.fixture(scope="module")
def pca_model(digits):
    """A linear autoencoder whose weights are the principal components of the digits."""
    experiment = Experiment.of("digits", "linear", network={"latent": 6})
    model = experiment.build(digits).model
    pca = PCA(6, svd_solver="full").fit(digits.train.x.flatten(1).numpy())
    components, mean = torch.from_numpy(pca.components_), torch.from_numpy(pca.mean_)
    encoder, decoder = model.network.encoder[0], model.network.decoder[0]
    with torch.no_grad():
        encoder.weight.copy_(components)
        encoder.bias.copy_(-components @ mean)
        decoder.weight.copy_(components.T)
        decoder.bias.copy_(mean)
    return model


@pytest.fixture(scope="module")
def vae(digits):
    return trained(digits, "variational", epochs=5, latent=4, hidden=(32,))


def test_the_linear_model_with_the_components_as_weights_has_pcas_figures(pca_model, digits):
    report = measure(pca_model, digits)
    numbers = [number for section in report.sections for number in section if number.pca is not None]
    assert {n.name for n in numbers} == {
        "squared_error", "rmse", "variance_explained", "linear_probe", "knn", "trustworthiness", "continuity",
        "agreement",
    }  # fmt: skip
    # A tie of float32 that float64 breaks moves one example of 500.
    assert all(n.value == pytest.approx(n.pca, rel=1e-4, abs=2e-3) for n in numbers)
    assert all(n.winner == "" for n in numbers if n.name in ("squared_error", "rmse", "variance_explained"))


def test_a_projection_has_a_flat_spectrum_and_contracts_alike_at_every_distance(pca_model, digits):
    manifold = measure(pca_model, digits).section("manifold")
    spectrum, contraction = manifold.figures
    assert spectrum.lines[0].y == pytest.approx([1] * 6, rel=1e-5)
    assert manifold.numbers[0].value == pytest.approx(6**0.5, rel=1e-5)
    ours, theirs = (line.y for line in contraction.lines)
    # E‖P ε‖ for ε uniform on the sphere in 64 dimensions is a little below its root mean square √(6/64).
    for values in (ours, theirs):
        assert max(values) / min(values) < 1.001
        assert values[0] == pytest.approx((6 / 64) ** 0.5, rel=0.07)


def test_the_divergences_of_the_units_add_up_to_the_kl_of_evaluate(vae, digits):
    report = measure(vae, digits)
    section = report.section("variational")
    expected = evaluate(vae, digits.test.x)["kl"]  # β = 1, no free bits
    assert report.number("variational", "kl").value == pytest.approx(expected, rel=1e-5)
    by_unit = section.figures[0].lines[0].y
    assert sum(by_unit) == pytest.approx(expected, rel=1e-5)
    assert sorted(section.figures[0].lines[0].x) == [1, 2, 3, 4]
    assert all(a >= b for a, b in pairwise(by_unit))


def test_the_bounds_are_ordered_and_the_elbo_is_minus_the_loss(vae, digits):
    report = measure(vae, digits)
    elbo, weighted = (report.number("variational", name).value for name in ("elbo", "importance_weighted"))
    assert elbo < weighted
    assert elbo == pytest.approx(-evaluate(vae, digits.test.x)["loss"], rel=0.01)  # of one draw, here 64


def test_reconstruction_is_that_of_evaluate(vae, digits):
    expected, report = evaluate(vae, digits.test.x), measure(vae, digits)
    for name in ("squared_error", "rmse"):
        assert report.number("reconstruction", name).value == pytest.approx(expected[name], rel=1e-5)


def test_the_class_left_out_is_the_anomaly_and_nothing_else(digits):
    model = trained(digits, "variational", left_out=3, latent=4, hidden=(32,))
    report = measure(model, digits, left_out=3)
    foreign = digits.test.y == 3
    error = (model(digits.test.x) - digits.test.x).detach().square().flatten(1).sum(1)
    expected = roc_auc_score(foreign, error)
    assert report.left_out == "3"
    assert_explained(report)
    assert report.number("anomaly", "auc_error").value == pytest.approx(expected, abs=1e-4)
    # All other figures are of the classes that training had.
    assert report.number("reconstruction", "squared_error").value == pytest.approx(
        float(error[~foreign].mean()), rel=1e-4
    )
    pca = PCA(4, svd_solver="full").fit(digits.train.x[digits.train.y != 3].flatten(1).numpy())
    rows = digits.test.x.flatten(1).numpy()
    pca_error = ((pca.inverse_transform(pca.transform(rows)) - rows) ** 2).sum(1)
    assert report.number("anomaly", "auc_error").pca == pytest.approx(roc_auc_score(foreign, pca_error), abs=1e-4)
    figure = report.section("anomaly").figures[0]
    assert [line.label for line in figure.lines] == ["reconstruction error", "negative ELBO", "PCA's error", "chance"]
    for line in figure.lines:
        assert (line.x[0], line.y[0], line.x[-1], line.y[-1]) == (0, 0, 1, 1)
    drawn = torch.trapezoid(torch.tensor(figure.lines[0].y), torch.tensor(figure.lines[0].x))
    assert float(drawn) == pytest.approx(expected, abs=0.02)  # thinned, for the picture


def test_every_variant_can_be_measured_and_says_nothing_that_does_not_apply(experiment, tiny):
    training = experiment.build(tiny)
    for record in training:
        if record.step == 6:
            break
    model = training.model
    before = {name: value.clone() for name, value in model.state_dict().items()}
    report = measure(model, tiny, limit=64)
    assert_explained(report)
    names = {section.name for section in report.sections}
    probabilistic = {"variational", "generator"} if model.objective.statistics == 2 else set()
    assert names == FIGURES_OF_EVERY_MODEL | {"sparsity"} | probabilistic
    assert not [reason for section in report.sections for reason in section.missing]
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert Report.from_json(report.to_json()) == report


def test_equal_arguments_give_equal_reports_and_the_global_generator_is_left_alone(vae, digits):
    torch.manual_seed(1)
    state = torch.get_rng_state()
    first = measure(vae, digits, limit=100)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(2)
    assert measure(vae, digits, limit=100) == first
    assert measure(vae, digits, limit=100, seed=1) != first
    assert (first.train, first.held_out) == (100, 100)


def test_points_without_classes_have_no_discriminator():
    data = load_dataset("swiss_roll")
    report = measure(trained(data, "vanilla", epochs=1), data, limit=100)
    assert {section.name for section in report.sections} == {"reconstruction", "embedding", "manifold"}
    with pytest.raises(DataError, match="no figure 'knn'"):
        report.number("discriminator", "knn")


def test_known_factors_are_asked_for():
    """The factors themselves as examples, and a model that copies them: each unit is one factor."""
    shapes = load_dataset("shapes")
    roll = load_dataset("swiss_roll")
    causes = [(split.factors[:400, 1:4].float() / 8, split.factors[:400, 1:4]) for split in (shapes.train, shapes.test)]
    splits = [Split(x, torch.zeros(len(x)), factors) for x, factors in causes]
    data = Dataset("causes", *splits, factors=("size", "angle", "column"))
    model = Experiment.of("swiss_roll", "linear", network={"latent": 3}).build(roll).model
    with torch.no_grad():
        for layer in (model.network.encoder[0], model.network.decoder[0]):
            layer.weight.copy_(torch.eye(3))
            layer.bias.zero_()
    report = measure(model, data)
    assert_explained(report)
    for name in ("mig", "disentanglement", "completeness", "informativeness", "factor_vae"):
        assert report.number("disentanglement", name).value > 0.9
    assert report.number("disentanglement", "sap").value > 0.4  # by chance the second unit is right 1 in 4 or 8 times


def test_what_cannot_be_computed_says_why(digits):
    small = replace(digits, test=Split(digits.test.x[:60], digits.test.y[:60]))
    wide = measure(trained(digits, "sparse", epochs=1, latent=70), small, limit=60)
    assert len(wide.section("manifold").missing) == 2
    assert all("64 units (got 70)" in reason for reason in wide.section("manifold").missing)
    relative = trained(digits, "variational", epochs=1, objective={"likelihood": "kl_divergence"})
    section = measure(relative, small, limit=60).section("variational")
    assert [number.name for number in section] == ["kl", "in_use"]
    assert "no probability" in section.missing[0]


def test_misuse_is_one_sentence(vae, digits, complains):
    with complains(DataError, "(1, 8, 8)", "swiss_roll", "(3,)"):
        measure(vae, load_dataset("swiss_roll"))
    with complains(ConfigError, "at least 20", "got a limit of 5"):
        measure(vae, digits, limit=5)
    with complains(DataError, "no class 10"):
        measure(vae, digits, left_out=10)
    with complains(DataError, "not a report"):
        Report.from_json(b'{"dataset": "digits"}')


def test_progress_rises_to_one(vae, digits):
    seen = []
    measure(vae, digits, progress=lambda share, text: seen.append((share, text)), limit=50)
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert all(text for _, text in seen)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.1234, "share", "12.3 %"),
        (-0.5, "share", "−50.0 %"),
        (-103.31, "nats", "−103.3 nats"),
        (12345.6, "", "12346"),
        (0.0, "", "0"),
        (-0.0001, "share", "0.0 %"),
        (-0.0001, "", "0.000"),
        (1.35891, "", "1.359"),
        (3.0, "of 10 units", "3 of 10 units"),
    ],
)
def test_numbers_are_shown_with_their_units(value, unit, shown):
    assert Number("n", "label", value, unit).shown == shown


@pytest.mark.parametrize(
    ("value", "pca", "better", "winner"),
    [(2, 1, "more", "model"), (2, 1, "less", "pca"), (1, 1.00001, "more", ""), (2, None, "more", ""), (2, 1, "", "")],
)
def test_the_better_one_wins(value, pca, better, winner):
    assert Number("n", "label", value, "", pca, "", better).winner == winner


def test_the_command_prints_text_or_json_and_knows_the_data_of_the_training(vae, digits, tmp_path, capsys):
    vae.save(tmp_path / "model")
    arguments = ["measure", str(tmp_path / "model"), "--limit", "60"]
    assert main(arguments) == 0  # it tells its data
    printed = capsys.readouterr()
    expected = measure(vae, digits, limit=60)
    assert printed.out.strip() == as_text(expected)
    assert "100% Done" in printed.err
    target = tmp_path / "report.json"
    assert main([*arguments, "--data", "digits", "--json", "--output", str(target)]) == 0
    assert Report.from_json(target.read_bytes()) == expected
    assert json.loads(target.read_text())["dataset"] == "digits"
    assert main(["measure", str(tmp_path)]) == 1
    assert "not a checkpoint" in capsys.readouterr().err


def test_text_has_a_line_for_every_figure(vae, digits):
    report = measure(vae, digits, limit=60)
    text = as_text(report)
    assert all(number.shown in text and number.shown_pca in text for section in report.sections for number in section)
    assert max(map(len, text.splitlines())) <= 110
