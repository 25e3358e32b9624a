"""Still figures: what they plot is what scikit-learn and the model say."""

from dataclasses import replace
from typing import Any

import pytest
from sklearn.decomposition import PCA

from aelib.desk.answers import asks
from aelib.desk.answers.still import still
from aelib.desk.answers.subject import Subject
from aelib.frames.message import unpack
from aelib.latent.figures import BINS
from aelib.progress import silent

LIMIT = 1797


@pytest.fixture(scope="module")
def whole(checkpoint) -> Subject:
    from aelib.desk.answers.subject import load_subject
    from aelib.runs import RunFolder

    return load_subject(RunFolder(checkpoint), LIMIT)


def figures(subject: Subject) -> dict[str, dict[str, Any]]:
    meta, _ = unpack(still(subject, asks.Still(limit=LIMIT), silent))
    return {figure["name"]: figure for figure in meta["figures"]}


def test_units_come_in_their_order_with_their_kl(whole):
    (line,) = figures(whole)["units"]["lines"]
    assert [int(unit) - 1 for unit in line["x"]] == whole.units.order.tolist()
    assert line["y"] == pytest.approx(whole.codes.unit_kl.mean(0)[whole.units.order].tolist(), rel=1e-5)
    assert line["y"] == sorted(line["y"], reverse=True)


def test_shares_of_the_axes_are_those_of_scikit_learn(whole):
    (line,) = figures(whole)["spectrum"]["lines"]
    expected = PCA().fit(whole.codes.mean.double().numpy()).explained_variance_ratio_
    assert line["y"] == pytest.approx(expected.tolist(), rel=1e-5)


def test_errors_are_told_by_what_training_had(whole):
    lines = figures(whole)["errors"]["lines"]
    assert [line["label"] for line in lines] == ["held out", "training"]
    errors, held_out = whole.codes.errors, whole.examples.held_out
    top = float(errors.quantile(0.995))
    for line, part in zip(lines, (errors[:held_out], errors[held_out:]), strict=True):
        assert len(line["y"]) == BINS
        assert sum(line["y"]) == pytest.approx(float((part <= top).double().mean()), abs=1e-6)


def test_errors_of_a_class_that_was_left_out_are_no_training_errors(whole):
    without = replace(whole, experiment=whole.experiment.replace(left_out=3))
    lines = {line["label"]: line["y"] for line in figures(without)["errors"]["lines"]}
    assert set(lines) == {"held out", "training", "left out"}
    y, errors = whole.examples.y[whole.examples.held_out :], whole.codes.errors[whole.examples.held_out :]
    top = float(whole.codes.errors.quantile(0.995))
    assert sum(lines["left out"]) == pytest.approx(float((errors[y == 3] <= top).double().mean()), abs=1e-6)
    assert sum(lines["training"]) == pytest.approx(float((errors[y != 3] <= top).double().mean()), abs=1e-6)
