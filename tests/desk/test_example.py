"""Answers about one example: what the model makes of it, who is near it, and what it refuses."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from aelib import ConfigError, DataError
from aelib.corruption import CORRUPTIONS
from aelib.desk.answers import ANSWERS
from aelib.desk.answers.asks import parse_ask
from aelib.desk.answers.subject import Subject, load_subject
from aelib.frames.message import unpack
from aelib.home import pretrained_folder
from aelib.latent.inspection import inspect
from aelib.progress import silent
from aelib.randomness import generator
from aelib.runs.folder import RunFolder

LIMIT = 700

Answer = tuple[dict[str, Any], dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def subjects() -> dict[str, Subject]:
    keys = ("digits-variational", "digits-vanilla", "digits-conditional", "digits-convolutional", "digits-vae-10")
    return {key: load_subject(RunFolder(pretrained_folder() / key), LIMIT) for key in keys}


@pytest.fixture
def variational(subjects: dict[str, Subject]) -> Subject:
    return subjects["digits-variational"]


def answer(subject: Subject, name: str, **values: object) -> Answer:
    """What travels to the browser, unpacked; the question travelled as JSON."""
    ask = parse_ask(json.dumps({"ask": name, "limit": LIMIT, **values}))
    return unpack(ANSWERS[type(ask)](subject, ask, silent))


def own(subject: Subject, x: torch.Tensor, **values: object) -> Answer:
    return answer(subject, "own", x=x.flatten().tolist(), **values)


def near(points: torch.Tensor, query: torch.Tensor, count: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """By scikit-learn: the distances and indices of the nearest points."""
    finder = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points.flatten(1).double().numpy())
    distances, indices = finder.kneighbors(query.reshape(1, -1).double().numpy())
    return distances[0], indices[0]


@pytest.mark.parametrize("key", ["digits-variational", "digits-vanilla", "digits-conditional", "digits-convolutional"])
def test_an_inspection_is_what_the_library_finds(subjects: dict[str, Subject], key: str) -> None:
    subject, index = subjects[key], 3
    x, y = subject.examples.x[index : index + 1], subject.examples.y[index : index + 1]
    meta, arrays = answer(subject, "inspect", index=index)
    found = inspect(subject.model, x, y if key == "digits-conditional" else None)
    assert meta["index"] == index
    assert meta["stamp"] == str(subject.stamp)
    assert meta["error"] == found.error
    assert meta["log_magnification"] == found.log_magnification
    for name, value in {
        "x": x[0], "code": found.code, "rebuilt": found.reconstruction, "error_map": found.error_map,
        "singular_values": found.singular_values,
    }.items():  # fmt: skip
        assert np.array_equal(arrays[name], value.flatten().numpy()), name
    assert np.array_equal(arrays["decoder_directions"], found.decoder_directions.flatten(1).numpy())
    assert np.array_equal(arrays["encoder_directions"], found.encoder_directions.flatten(1).numpy())
    assert arrays["error_map"].sum() == pytest.approx(meta["error"], rel=1e-5)


def test_a_posterior_comes_with_variational_models_alone(subjects: dict[str, Subject]) -> None:
    meta, arrays = answer(subjects["digits-variational"], "inspect", index=0)
    posterior = subjects["digits-variational"].model.posterior(subjects["digits-variational"].examples.x[:1])
    prior = torch.distributions.Normal(0.0, 1.0)
    assert np.allclose(arrays["deviation"], posterior.scale[0].detach().numpy(), atol=1e-6)
    assert meta["kl"] == pytest.approx(
        float(torch.distributions.kl_divergence(posterior, prior).sum().detach()), rel=1e-4
    )
    meta, arrays = answer(subjects["digits-vanilla"], "inspect", index=0)
    assert meta["kl"] is None
    assert "deviation" not in arrays
    assert "unit_kl" not in arrays


@pytest.mark.parametrize("key", ["digits-variational", "digits-vae-10"])
def test_neighbours_are_those_of_scikit_learn_without_the_example_itself(
    subjects: dict[str, Subject], key: str
) -> None:
    subject, index = subjects[key], 41
    _, arrays = answer(subject, "inspect", index=index)
    for name, distance_name, points in (
        ("by_code", "code_distances", subject.codes.mean),
        ("by_pixel", "pixel_distances", subject.examples.x),
    ):
        distances, indices = near(points, points[index], 11)
        assert index in indices[:1]
        assert index not in arrays[name]
        assert np.allclose(arrays[distance_name], distances[1:], rtol=1e-5)
        # In order, up to examples that are equally far.
        assert np.allclose(
            (points[arrays[name]] - points[index]).flatten(1).norm(dim=1), distances[1:], rtol=1e-5
        )  # fmt: skip


def test_an_example_of_ones_own_may_be_its_own_nearest(variational: Subject) -> None:
    _, arrays = own(variational, variational.examples.x[7])
    assert arrays["by_code"][0] == arrays["by_pixel"][0] == 7
    assert arrays["pixel_distances"][0] == 0
    assert arrays["code_distances"][0] <= 1e-6, "encoded alone or among others: equal up to rounding"
    assert arrays["by_code"].dtype == np.int32, "what the browser reads"


def test_an_only_example_has_no_neighbours() -> None:
    subject = load_subject(RunFolder(pretrained_folder() / "digits-vanilla"), 1)
    _, arrays = answer(subject, "inspect", index=0)
    assert arrays["by_code"].shape == arrays["pixel_distances"].shape == (0,)


def test_an_example_of_the_data_as_ones_own_is_inspected_alike(variational: Subject) -> None:
    theirs, their_arrays = answer(variational, "inspect", index=12)
    mine, arrays = own(variational, variational.examples.x[12])
    assert mine["error"] == pytest.approx(theirs["error"], rel=1e-5)
    assert mine["kl"] == pytest.approx(theirs["kl"], rel=1e-5)
    for name in ("code", "rebuilt", "deviation", "error_map"):
        assert np.allclose(arrays[name], their_arrays[name], atol=1e-6), name
    assert np.array_equal(arrays["seen"], their_arrays["x"])


def test_salt_and_pepper_are_the_extremes_of_the_data(variational: Subject) -> None:
    subject = replace(variational, examples=replace(variational.examples, range=(-1.0, 2.0)))
    _, arrays = own(subject, subject.examples.x[5:6], corruption="salt_and_pepper", level=1.0)
    assert set(arrays["seen"].tolist()) == {-1.0, 2.0}


@pytest.mark.parametrize("corruption", list(CORRUPTIONS))
def test_the_model_sees_the_corrupted_example_and_is_measured_by_the_clean_one(
    variational: Subject, corruption: str
) -> None:
    clean = variational.examples.x[5:6]
    meta, arrays = own(variational, clean, corruption=corruption, level=0.4, seed=9)
    seen = CORRUPTIONS[corruption](clean, torch.tensor(0.4), generator(9, "noise")).x  # type: ignore[index]
    assert np.array_equal(arrays["seen"], seen.flatten().numpy())
    assert not torch.equal(seen, clean)
    with torch.no_grad():
        code = variational.model.encode(seen)
        rebuilt = variational.model.decode(code)
    assert np.allclose(arrays["code"], code[0].numpy(), atol=1e-6)
    assert np.allclose(arrays["rebuilt"], rebuilt.flatten().numpy(), atol=1e-6)
    assert meta["error"] == pytest.approx(float((clean - rebuilt).square().sum()), rel=1e-5)
    assert np.allclose(arrays["error_map"], (clean - rebuilt).square().flatten().numpy(), atol=1e-6)


def test_noise_belongs_to_its_seed(variational: Subject) -> None:
    clean = variational.examples.x[5]
    seen = {seed: own(variational, clean, level=0.4, seed=seed)[1]["seen"].tobytes() for seed in (0, 1)}
    assert seen[0] != seen[1]
    assert own(variational, clean, level=0.4, seed=0)[1]["seen"].tobytes() == seen[0]


def test_its_share_counts_the_held_out_examples_with_smaller_errors(variational: Subject) -> None:
    errors = variational.codes.errors[: variational.examples.held_out]
    for index in (0, int(errors.argmax())):
        meta, _ = own(variational, variational.examples.x[index])
        # Its own error counts or not, by rounding.
        assert meta["share"] == pytest.approx(float((errors < errors[index]).double().mean()), abs=1.5 / len(errors))
    noise = torch.rand(64, generator=generator(0, "test"))
    assert own(variational, noise)[0]["share"] == 1


def test_a_conditional_decoder_is_told_the_examples_label_or_the_given_one(subjects: dict[str, Subject]) -> None:
    subject = subjects["digits-conditional"]
    x, label = subject.examples.x[4:5], int(subject.examples.y[4])
    with torch.no_grad():
        code = subject.model.encode(x)
        told = {
            k: subject.model.decode(code, torch.tensor([k])).flatten().numpy() for k in (-1, label, (label + 1) % 10)
        }
    assert np.allclose(answer(subject, "inspect", index=4)[1]["rebuilt"], told[label], atol=1e-6)
    for given, rebuilt in told.items():
        assert np.allclose(own(subject, x, label=given)[1]["rebuilt"], rebuilt, atol=1e-6)
    assert np.allclose(own(subject, x)[1]["rebuilt"], told[-1], atol=1e-6)
    assert not np.allclose(told[-1], told[label], atol=1e-2)


@pytest.mark.parametrize(
    ("change", "warned"), [(0.0, False), (1.0, False), (1.5, True), (-0.01, True), (1e6, True), (-1e6, True)]
)
def test_values_outside_the_range_are_computed_and_said(variational: Subject, change: float, warned: bool) -> None:
    x = variational.examples.x[0].clone()
    x[0, 0, 0] = change
    meta, arrays = own(variational, x)
    said = "Some values are outside the range 0 to 1 that the model was trained on."
    assert meta["warning"] == (said if warned else "")
    assert np.isfinite(arrays["rebuilt"]).all()
    assert np.isfinite(meta["error"])


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"ask": "inspect", "index": LIMIT}, DataError, f"There is no example {LIMIT}: there are {LIMIT}"),
        ({"ask": "inspect", "index": -1}, ConfigError, "index"),
        ({"ask": "inspect", "index": 1.5}, ConfigError, "index"),
        ({"ask": "inspect"}, ConfigError, "index"),
        ({"ask": "own", "x": [0.0] * 63}, DataError, "1 × 8 × 8 = 64 numbers .got 63."),
        ({"ask": "own", "x": []}, ConfigError, "x"),
        ({"ask": "own", "x": [0.0] * 63 + [None]}, ConfigError, "x.63"),
        ({"ask": "own", "x": [0.0] * 63 + [float("nan")]}, ConfigError, "x.63|JSON"),
        ({"ask": "own", "x": [0.0] * 63 + [float("inf")]}, ConfigError, "x.63|JSON"),
        ({"ask": "own", "x": [0.0] * 63 + [1e300]}, ConfigError, "x.63"),
        ({"ask": "own", "x": [[0.0] * 64]}, ConfigError, "x.0"),
        ({"ask": "own", "x": "picture"}, ConfigError, "x"),
        ({"ask": "own", "x": [0.0] * 64, "corruption": "rain"}, ConfigError, "corruption"),
        ({"ask": "own", "x": [0.0] * 64, "level": 1.1}, ConfigError, "level"),
        ({"ask": "own", "x": [0.0] * 64, "seed": -1}, ConfigError, "seed"),
        ({"ask": "own", "x": [0.0] * 64, "label": -2}, ConfigError, "label"),
    ],
)
def test_misuse(variational: Subject, values: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        answer(variational, values.pop("ask"), **values)


def test_a_class_that_the_decoder_does_not_know(subjects: dict[str, Subject]) -> None:
    with pytest.raises(DataError, match="Labels go from 0 to 9"):
        own(subjects["digits-conditional"], torch.zeros(64), label=10)
