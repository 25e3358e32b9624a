"""The whole comparison of pretrained models against `measure`, scikit-learn and itself; and the command."""

import base64
import io
import json
import math
from dataclasses import replace

import pytest
import torch
from PIL import Image
from sklearn.decomposition import PCA

from aelib import Autoencoder, ConfigError, DataError, Dataset, Experiment, Split, evaluate, load_dataset, measure
from aelib.commands.cli import main
from aelib.compare import Comparison, Contestant, MetricRow, as_text, compare, looks, read_contestants
from aelib.report import Number
from aelib.script import Recipe, as_script

NAMES = ("linear", "denoising", "overcomplete", "vae-10")
LEVELS = (0.0, 0.3)


@pytest.fixture(scope="module")
def contestants(checkpoints):
    return read_contestants([checkpoints / f"digits-{name}" for name in NAMES])


@pytest.fixture(scope="module")
def found(contestants, digits):
    return compare(contestants, digits, levels=LEVELS)


def fresh(name="fresh", **settings):
    experiment = Experiment.of("digits", "vanilla", **settings)
    return Contestant(name, Autoencoder(experiment.network, experiment.objective), experiment)


def test_models_stand_before_pca_at_each_of_their_code_sizes(found):
    assert [(entry.name, entry.units, entry.kind) for entry in found.entries] == [
        ("Linear", 2, "model"), ("Denoising", 2, "model"), ("Overcomplete", 64, "model"),
        ("VAE, 10 units", 10, "model"),
        ("PCA, 2", 2, "pca"), ("PCA, 10", 10, "pca"), ("PCA, 64", 64, "pca"),
    ]  # fmt: skip
    assert [row.name for row in found.metrics] == ["squared_error", "rmse", "variance_explained", "linear_probe", "knn"]
    assert (found.dataset, found.left_out, found.train, found.held_out) == ("digits", "", 1000, 500)
    assert found.missing == ()


@pytest.mark.parametrize("limit", [500, 120])
def test_metrics_are_those_of_measure_on_the_same_examples(contestants, digits, limit):
    two = [contestants[1], contestants[3]]
    found = compare(two, digits, limit=limit, levels=())
    for place, one in enumerate(two):
        report = measure(one.model, digits, limit=limit)
        for row in found.metrics:
            section = "discriminator" if row.name in ("linear_probe", "knn") else "reconstruction"
            number = report.number(section, row.name)
            assert row.values[place] == number.value
            assert row.values[2 + place] == number.pca


def test_errors_of_pca_are_those_of_scikit_learn_wherever_they_are_shown(found, digits):
    train, test = (split.x.flatten(1).double().numpy() for split in (digits.train, digits.test))
    curve = next(line for line in found.curve.lines if line.role == "pca")
    for place, k in ((4, 2), (5, 10)):
        pca = PCA(k, svd_solver="full").fit(train)
        errors = ((pca.inverse_transform(pca.transform(test)) - test) ** 2).sum(1)
        expected = pytest.approx(errors.mean(), rel=1e-5)
        assert found.metric("squared_error").values[place] == expected
        assert curve.y[k] == expected
        assert next(line for line in found.robustness[0].lines if line.label == f"PCA, {k}").y[0] == expected
        for name, row in enumerate(found.classes):
            assert row.values[place] == pytest.approx(errors[digits.test.y.numpy() == name].mean(), rel=1e-5)


def test_models_are_points_beside_the_curve_of_pca(found):
    points = {line.label: (line.x, line.y) for line in found.curve.lines if line.role == "model"}
    for entry, error in zip(found.entries[:4], found.metric("squared_error").values, strict=False):
        assert points[entry.name] == ((entry.units,), pytest.approx((error,), rel=1e-5, abs=1e-9))
    assert sum(found.scree.lines[0].y) == pytest.approx(1)


def test_the_linear_model_is_pca_and_the_nonlinear_one_is_better(found):
    error = found.metric("squared_error").values
    assert error[0] == pytest.approx(error[4], rel=0.02)
    assert error[1] < 0.6 * error[4]
    duels = {duel.model: duel for duel in found.duels}
    assert duels["Linear"].angle <= 5
    assert len(duels["Linear"].angles) == 2
    assert duels["Linear"].angle == max(duels["Linear"].angles)
    assert duels["Denoising"].angle is None
    assert duels["Denoising"].share > 0.9
    assert duels["Overcomplete"].pca == "PCA, 64"
    # Both copy their input: neither is better by more than rounding.
    assert found.metric("squared_error").best == (2, 6)


@pytest.mark.parametrize("limit", [1000, 100])
def test_a_duel_names_examples_of_the_data_set(contestants, digits, limit):
    one = contestants[1]
    duel = compare([one], digits, limit=limit, levels=()).duels[0]
    pca = PCA(2, svd_solver="full").fit(digits.train.x.flatten(1).double().numpy())
    with torch.no_grad():
        ours = (one.model(digits.test.x) - digits.test.x).square().flatten(1).sum(1)
    rows = digits.test.x.flatten(1).double().numpy()
    theirs = ((pca.inverse_transform(pca.transform(rows)) - rows) ** 2).sum(1)
    assert len(duel.for_model) == 12
    for side, sign in ((duel.for_model, 1), (duel.for_pca, -1)):
        assert side
        for example in side:
            assert example.model == pytest.approx(float(ours[example.index]), rel=1e-4)
            assert example.pca == pytest.approx(theirs[example.index], rel=1e-5)
        gains = [sign * (example.pca - example.model) for example in side]
        assert min(gains) > 0
        assert gains == sorted(gains, reverse=True)
    if limit == 1000:
        assert duel.for_model[0].index == int((torch.from_numpy(theirs) - ours).argmax())


def test_robustness_has_every_kind_of_noise_and_every_entry(found):
    assert [figure.name for figure in found.robustness] == ["masking", "gaussian", "salt_and_pepper"]
    for figure in found.robustness:
        assert [line.label for line in figure.lines] == [entry.name for entry in found.entries]
        assert [line.role for line in figure.lines] == [entry.kind for entry in found.entries]
        for line, error in zip(figure.lines, found.metric("squared_error").values, strict=True):
            assert line.x == LEVELS
            assert line.y[0] == pytest.approx(error, rel=1e-5, abs=1e-9)
            assert line.y[1] > line.y[0]


def test_a_class_left_out_is_in_no_error(digits):
    found = compare([fresh(left_out=3)], digits, limit=200, levels=(0.5,))
    chosen = found.held_out
    assert found.left_out == "3"
    assert [row.name for row in found.classes] == list("012456789")
    assert 150 < chosen < 200
    assert all(digits.test.y[e.index] != 3 for duel in found.duels for e in (*duel.for_model, *duel.for_pca))
    train = digits.train.x[digits.train.y != 3].flatten(1).double().numpy()
    rows = digits.test.x.flatten(1).double().numpy()
    pca = PCA(2, svd_solver="full").fit(train)
    theirs = ((pca.inverse_transform(pca.transform(rows)) - rows) ** 2).sum(1)
    for example in found.duels[0].for_model:
        assert example.pca == pytest.approx(theirs[example.index], rel=1e-5)


def test_points_without_classes_have_no_accuracies():
    experiment = Experiment.of("swiss_roll", "vanilla")
    one = Contestant("roll", Autoencoder(experiment.network, experiment.objective), experiment)
    found = compare([one], limit=100, levels=(0.1,))
    assert found.classes == ()
    assert [row.name for row in found.metrics] == ["squared_error", "rmse", "variance_explained"]
    assert Comparison.from_json(found.to_json()) == found


def test_what_cannot_be_computed_says_why(digits):
    ones = Split(digits.train.x[digits.train.y == 1], digits.train.y[digits.train.y == 1])
    found = compare([fresh()], Dataset("ones", ones, digits.test, digits.classes), limit=100, levels=())
    assert "knn" not in [row.name for row in found.metrics]
    assert [reason for reason in found.missing if "fresh" in reason and "two classes" in reason]
    assert found.missing[0] in as_text(found)


def test_equal_arguments_give_equal_comparisons_and_json_keeps_all(contestants, digits):
    torch.manual_seed(1)
    state = torch.get_rng_state()
    first = compare(contestants[:2], digits, limit=60, levels=LEVELS)
    assert torch.equal(torch.get_rng_state(), state)
    assert compare(contestants[:2], digits, limit=60, levels=LEVELS) == first
    other = compare(contestants[:2], digits, limit=60, levels=LEVELS, seed=1)
    assert other.metrics != first.metrics
    assert other.robustness != first.robustness
    assert Comparison.from_json(first.to_json()) == first


def test_names_that_are_taken_are_numbered(digits):
    found = compare([fresh("a"), fresh("a"), fresh("PCA, 2"), fresh("a")], digits, limit=20, levels=(0.1,))
    names = [entry.name for entry in found.entries]
    assert names == ["a", "a (2)", "PCA, 2 (2)", "a (3)", "PCA, 2"]
    assert [line.label for line in found.robustness[0].lines] == names


def test_a_knob_that_was_turned_is_a_difference(checkpoints, tmp_path):
    for name, level in (("a", 0.3), ("b", 0.6)):
        (tmp_path / name).mkdir()
        for file in ("config.json", "model.safetensors"):
            (tmp_path / name / file).write_bytes((checkpoints / "digits-denoising" / file).read_bytes())
        config = json.loads((tmp_path / name / "config.json").read_text())
        config["objective"]["level"] = level
        (tmp_path / name / "config.json").write_text(json.dumps(config))
    found = compare(read_contestants([tmp_path / "a", tmp_path / "b"]), limit=20, levels=())
    assert [(row.name, row.values) for row in found.settings.differing] == [("objective.level", (0.3, 0.6))]


@pytest.mark.parametrize(
    ("values", "better", "best"),
    [
        ((3.0, 1.0, 2.0), "less", (1,)),
        ((3.0, 1.0, 2.0), "more", (0,)),
        ((3.0, None, 2.0), "less", (2,)),
        ((3.0, 3.00001, 4.0), "less", (0, 1)),  # they are shown alike
        ((3.0, 3.00001), "less", ()),
        ((0.0, 1e-28, 4.0), "less", (0, 1)),
        ((3.0, 1.0), "", ()),
        ((3.0,), "less", ()),
    ],
)
def test_the_best_of_a_row(values, better, best):
    row = MetricRow.of([None if value is None else Number("n", "label", value, better=better) for value in values])
    assert row.best == best
    assert row.values == values
    assert [bool(text) for text in row.shown] == [value is not None for value in values]


def test_misuse_is_one_sentence(contestants, digits, found, complains):
    with complains(ConfigError, "at least one"):
        compare([], digits)
    with complains(ConfigError, "at least 20", "got a limit of 5"):
        compare(contestants, digits, limit=5)
    with complains(ConfigError, "Noise level", "got 2"):
        compare(contestants[:1], digits, limit=20, levels=(2,))
    with complains(DataError, "Linear", "(1, 8, 8)", "(3,)"):
        compare(contestants, load_dataset("swiss_roll"))
    with complains(DataError, "same data only"):
        compare([contestants[0], replace(contestants[0], experiment=Experiment.of("mnist"))], digits)
    with complains(DataError, "no metric 'speed'"):
        found.metric("speed")
    with complains(DataError, "not a comparison"):
        Comparison.from_json(b'{"dataset": "digits"}')


def test_progress_rises_to_one(contestants):
    seen = []
    compare(contestants[:1], progress=lambda share, text: seen.append((share, text)), limit=20, levels=())
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert (shares[-1], seen[-1][1]) == (1, "Done")


def test_text_has_every_figure_in_columns(found):
    text = as_text(found)
    for row in (*found.metrics, *found.classes):
        assert all(shown in text for shown in row.shown)
    for setting in found.settings.differing:
        assert setting.name in text
    table = text.split("\n\n")[1].splitlines()
    assert len(table) == 2 + len(found.metrics)
    assert table[2].count("*") == 2
    assert "°" in text


def test_the_command_prints_text_or_json(checkpoints, tmp_path, capsys):
    folders = [str(checkpoints / f"digits-{name}") for name in ("linear", "denoising")]
    expected = compare(read_contestants([checkpoints / "digits-linear", checkpoints / "digits-denoising"]), limit=60)
    assert main(["compare", *folders, "--limit", "60"]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == as_text(expected).strip()
    assert "100% Done" in printed.err
    target = tmp_path / "comparison.json"
    assert main(["compare", *folders, "--limit", "60", "--json", "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    found = Comparison.from_json(target.read_bytes())
    assert [replace(origin, script="") for origin in found.origins] == [
        replace(origin, obstacle="") for origin in expected.origins
    ]
    assert replace(found, origins=expected.origins) == expected
    for origin, folder in zip(found.origins, folders, strict=True):
        assert main(["script", folder]) == 0
        assert origin.script == capsys.readouterr().out


def test_the_command_says_in_one_sentence_what_cannot_be_compared(checkpoints, tmp_path, capsys):
    digits, mnist = (str(checkpoints / name) for name in ("digits-linear", "mnist-vae"))
    assert main(["compare", digits, mnist]) == 1
    assert (
        capsys.readouterr().err == "aelib: Models can be compared on the same data only (got Digits 8×8 and MNIST).\n"
    )
    fresh().model.save(tmp_path / "own")
    assert main(["compare", str(tmp_path / "own")]) == 1
    assert "does not say what it was trained on" in capsys.readouterr().err
    assert main(["compare", str(tmp_path)]) == 1
    assert "not a checkpoint" in capsys.readouterr().err


def test_each_model_has_its_error_over_all_examples_and_its_settings(contestants, digits):
    script = Recipe(contestants[0].experiment, 3)
    found = compare([replace(contestants[0], recipe=script), contestants[1]], digits, limit=20, levels=())
    assert (found.held_out, found.all_held_out) == (20, 500)
    for origin, one in zip(found.origins, contestants, strict=False):
        assert origin.name == one.name
        assert origin.error == evaluate(one.model, digits.test.x, digits.test.y)["squared_error"]
        assert Experiment.from_json(origin.experiment) == one.experiment
    assert (found.origins[0].script, found.origins[0].obstacle) == (as_script(script), "")
    assert found.origins[1].script == ""
    assert found.origins[1].obstacle.endswith(".")
    assert set(found.versions) == {"aelib", "torch", "python"}


def test_models_that_never_saw_a_noise_are_marked(found):
    assert [entry.noise for entry in found.models] == ["", "masking", "", ""]
    assert found.new_to("masking") == ("Linear", "Overcomplete", "VAE, 10 units")
    assert len(found.new_to("gaussian")) == 4
    for figure in found.robustness:
        drawn = dict(zip((line.label for line in figure.lines), looks(found, figure), strict=True))
        assert {name for name, look in drawn.items() if look.dashed} == set(found.new_to(figure.name))
    assert "Never saw this noise in training: Linear, Overcomplete, VAE, 10 units." in as_text(found)


def test_noise_without_a_level_was_no_noise(digits):
    settings = {"network": {"hidden": (8,)}}
    one = Experiment.of(variant="denoising", objective={"level": 0.0}, **settings)
    silent = Contestant("silent", Autoencoder(one.network, one.objective), one)
    assert compare([silent], digits, limit=20, levels=()).models[0].noise == ""


def test_a_model_has_one_colour_in_all_figures(found):
    colours = {}
    for figure in (found.curve, found.scree, *found.robustness):
        for line, look in zip(figure.lines, looks(found, figure), strict=True):
            colours.setdefault(line.of or line.label, set()).add(look.colour)
    assert all(len(some) == 1 for some in colours.values())
    assert len(set.union(*(colours[entry.name] for entry in found.entries))) == len(found.entries)


def test_pictures_are_of_the_example_and_its_reconstructions(contestants, digits):
    one = contestants[1]
    example = compare([one], digits, limit=60, levels=()).duels[0].for_model[0]
    x = digits.test.x[example.index : example.index + 1]
    pca = PCA(2, svd_solver="full").fit(digits.train.x.flatten(1).double().numpy())
    theirs = torch.from_numpy(pca.inverse_transform(pca.transform(x.flatten(1).double().numpy()))).reshape(x.shape)
    with torch.no_grad():
        expected = (x, one.model(x), theirs)
    for url, values in zip(example.pictures, expected, strict=True):
        head, content = url.split(",")
        assert head == "data:image/png;base64"
        shown = torch.tensor(list(Image.open(io.BytesIO(base64.b64decode(content))).tobytes()))
        # Half a step of rounding, and that of float32.
        assert (shown - 255 * values.flatten().clamp(0, 1)).abs().max() < 0.51


def test_points_have_no_pictures():
    experiment = Experiment.of("swiss_roll", "vanilla")
    one = Contestant("roll", Autoencoder(experiment.network, experiment.objective), experiment)
    duel = compare([one], limit=50, levels=()).duels[0]
    assert {example.pictures for example in (*duel.for_model, *duel.for_pca)} == {()}


def test_a_model_has_a_curve_through_its_other_code_sizes(digits):
    def of(latent, **train):
        return fresh(f"{latent}", network={"latent": latent, "hidden": (8,)}, train=train)

    model, others = of(4), [of(9), of(2), of(3, seed=1), of(5, epochs=7)]
    found = compare([model], digits, limit=60, levels=(), others=others)
    assert [entry.name for entry in found.models] == ["4"]
    [curve] = [line for line in found.curve.lines if line.of]
    assert (curve.of, curve.x) == ("4", (2, 4, 5, 9))  # not that of another seed
    for k, error in zip(curve.x, curve.y, strict=True):
        alone = compare([of(int(k))], digits, limit=60, levels=()).metric("squared_error").values[0]
        assert error == pytest.approx(alone, rel=1e-5)
    assert Comparison.from_json(found.to_json()) == found


def test_others_have_to_be_of_the_same_data(contestants, digits, complains):
    with complains(DataError, "same data only"):
        compare(contestants[:1], digits, others=[replace(contestants[0], experiment=Experiment.of("mnist"))])


def test_a_model_is_marked_where_pca_has_its_error(found):
    curve = next(line for line in found.curve.lines if line.role == "pca")
    marks = {line.of: line.x[0] for line in found.scree.lines if line.of}
    errors = dict(zip(marks, found.metric("squared_error").values, strict=False))
    for name, k in marks.items():
        below, above = curve.y[math.ceil(k)], curve.y[math.floor(k)]
        assert below <= errors[name] * (1 + 1e-5) + 1e-9
        assert errors[name] <= above * (1 + 1e-5) + 1e-9
    assert marks["Linear"] == pytest.approx(2, abs=0.05)


def test_the_command_takes_names(checkpoints, capsys):
    folders = [str(checkpoints / "digits-linear"), str(checkpoints / "digits-denoising")]
    assert main(["compare", *folders, "--limit=20", "--name=-x", "--name=Other", "--json"]) == 0
    assert [entry.name for entry in Comparison.from_json(capsys.readouterr().out).models] == ["-x", "Other"]
    assert main(["compare", *folders, "--name=x"]) == 1
    assert capsys.readouterr().err == "aelib: Give a --name for each of the 2 folders (got 1).\n"


def test_a_model_without_a_title_has_the_name_of_its_variant(tmp_path, checkpoints):
    config = json.loads((checkpoints / "digits-linear" / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "title": ""}))
    (tmp_path / "model.safetensors").write_bytes((checkpoints / "digits-linear" / "model.safetensors").read_bytes())
    assert Contestant.read(tmp_path).name == "Linear"
