"""Presets: each one is an experiment that a URL can carry, and shows what it promises."""

import pytest
import torch
from sklearn.decomposition import PCA

from aelib import load_dataset
from aelib.commands import pretrain
from aelib.evaluate import evaluate_in_full
from aelib.frames.foreign import foreign_pictures
from aelib.metrics.anomaly import roc_auc
from aelib.objectives.variational import unit_kl
from app.service import listing
from app.settings.presets import PRESETS
from app.settings.settings import experiment_of, from_query, to_query, values_of


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_url_carries_it(preset):
    experiment = preset.experiment
    query = to_query(values_of(experiment), experiment.knob_values)
    values, knobs, complaints = from_query(query)
    assert complaints == []
    assert experiment_of(values, knobs) == experiment


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_its_changes_are_knobs_or_structure_and_not_both(preset):
    assert set(preset.knobs) <= set(preset.experiment.knobs)
    assert not set(preset.objective) & set(preset.experiment.knobs)


def test_they_say_what_to_look_at():
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)
    for preset in PRESETS.values():
        assert len(preset.title) <= 30
        assert preset.look.endswith(".")
        assert 40 <= len(preset.look) <= 260


def test_handwriting_on_a_plane_is_the_model_of_the_first_page():
    [about] = [model for model in pretrain.MODELS if model[0] == listing.FEATURED]
    assert PRESETS["plane"].experiment == pretrain.experiment_of(about[2])


def trained(key, epochs, knobs=None):
    """The model of a preset after a few epochs, and its data."""
    experiment = PRESETS[key].experiment
    experiment = experiment.model_copy(update={"train": experiment.train.replace(epochs=epochs)})
    data = load_dataset(experiment.dataset)
    training = experiment.with_knobs(knobs or {}).build(data)
    for _ in training:
        pass
    return training.model.requires_grad_(False), data


def squared_error(model, seen, clean):
    return float((model(seen) - clean).square().flatten(1).sum(1).mean())


def test_linear_is_pca():
    model, data = trained("pca", 200)
    train, test = (split.x.flatten(1).numpy() for split in (data.train, data.test))
    pca = PCA(2).fit(train)
    best = ((pca.inverse_transform(pca.transform(test)) - test) ** 2).sum(1).mean()
    assert (best / 64) ** 0.5 == pytest.approx(0.231, abs=6e-4)  # as its text says
    assert squared_error(model, data.test.x, data.test.x) == pytest.approx(best, rel=0.02)


def test_copying_lets_foreign_pictures_through():
    model, data = trained("copy", 1)
    foreign = foreign_pictures(data.test.x[0])
    assert torch.equal(model(foreign), foreign)


def test_denoising_repairs():
    model, data = trained("repair", 30)
    x = data.test.x
    seen = model.corrupt(x, torch.Generator().manual_seed(0))
    assert squared_error(model, seen, x) < 0.4 * float((seen - x).square().flatten(1).sum(1).mean())


def test_few_units_light_up():
    model, data = trained("sparse", 5)
    z = model.encode(data.test.x)
    assert (z > 0).sum(1).max() <= 5
    assert z.shape[1] == 64
    assert (z > 0).any(0).sum() > 5  # not the same five for all


def test_contraction_shrinks_the_derivatives():
    norms = []
    for weight in (0.0, 0.1, 1.0):
        model, data = trained("contraction", 25, {"weight": weight})
        norms.append(float(model.network.squared_jacobian_norm(model.flatten(data.test.x)).mean()))
    assert norms[0] > 10 * norms[1] > 100 * norms[2]


def test_the_posterior_collapses():
    model, data = trained("collapse", 40)
    mean, log_variance = model.network.encode(model.flatten(data.test.x)).chunk(2, dim=1)
    assert (unit_kl(mean, log_variance).mean(0) < 0.01).all()


def test_only_the_prior_keeps_codes_within_reach():
    reach = {}
    for key in ("holes", "filled"):
        model, data = trained(key, 40)
        reach[key] = float((model.encode(data.test.x).norm(dim=1) < 3).double().mean())
    assert reach["filled"] > 0.95
    assert reach["holes"] < 0.6


def test_the_label_decides_the_digit():
    model, data = trained("label", 40)
    centres = torch.stack([data.train.x[data.train.y == k].mean(0) for k in range(10)]).flatten(1)
    y = torch.arange(10).repeat(20)
    z = torch.randn(20, 2, generator=torch.Generator().manual_seed(0)).repeat_interleave(10, 0)
    nearest = torch.cdist(model.decode(z, y).flatten(1), centres).argmin(1)
    assert (nearest == y).double().mean() > 0.9


def test_a_transposed_stride_shows_a_checkerboard_and_upsampling_does_not():
    power = {}
    for key in ("checkerboard", "upsampling"):
        experiment = PRESETS[key].experiment
        training = experiment.build(load_dataset(experiment.dataset))
        for _ in range(20):
            next(training)
        with torch.no_grad():
            pictures = training.model(training.data.test.x[:100])[:, 0]
        spectrum = torch.fft.fft2(pictures).abs().square().mean(0)
        half = spectrum.shape[0] // 2  # the frequency of two pixels, along either axis
        power[key] = float((spectrum[half].sum() + spectrum[:, half].sum()) / spectrum.flatten()[1:].sum())
    assert power["checkerboard"] > 0.1 > 10 * power["upsampling"]


def test_layers_are_trained_one_after_the_other():
    experiment = PRESETS["stacked"].experiment
    names = [experiment.objective.stage_name(experiment.network, epoch) for epoch in (0, 19, 20, 40, 60)]
    assert [name.split(" (")[0] for name in names] == [
        "layer 1 of 3", "layer 1 of 3", "layer 2 of 3", "layer 3 of 3", "fine-tuning all layers",
    ]  # fmt: skip


def test_the_class_left_out_is_found():
    model, data = trained("anomaly", 40)
    errors, strange = evaluate_in_full(model, data.test.x).errors, data.test.y == 0
    assert roc_auc(errors, strange) > 0.97
    assert errors[strange].mean() > 2.5 * errors[~strange].mean()
