"""Draws, the aggregated posterior, files: the numbers are those of the model and of the data set."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.parquet as pa_parquet
import pytest
import torch
from PIL import Image

from aelib import DATASETS, load_dataset
from aelib.desk.answers import asks
from aelib.desk.answers.distribution import aggregate, samples
from aelib.desk.answers.export import export
from aelib.desk.answers.layouts import Layouts
from aelib.desk.answers.standalone import standalone
from aelib.desk.answers.subject import Subject, load_subject
from aelib.errors import ConfigError
from aelib.frames.message import unpack
from aelib.home import pretrained_folder
from aelib.latent.aggregate import aggregate as aggregated
from aelib.latent.projection import ProjectionSpec
from aelib.randomness import generator
from aelib.runs import RunFolder

Answer = tuple[dict[str, Any], dict[str, np.ndarray]]


def quietly(share: float, text: str) -> None:
    pass


@pytest.fixture(scope="module")
def subject() -> Callable[[str], Subject]:
    found: dict[str, Subject] = {}

    def load(key: str = "digits-variational") -> Subject:
        if key not in found:
            found[key] = load_subject(RunFolder(pretrained_folder() / key), 10_000)
        return found[key]

    return load


def drawn(subject: Subject, **values: object) -> Answer:
    return unpack(samples(subject, asks.Samples.model_validate(values), quietly))


# --- draws ----------------------------------------------------------------------------------------------


def test_draws_come_from_the_prior_and_the_seed_decides_which(subject):
    meta, arrays = drawn(subject("digits-vae-10"), count=100, seed=3)
    assert meta["source"] == "prior"
    assert arrays["codes"].shape == (100, 10)
    expected = torch.randn(100, 10, generator=generator(3, "samples")).numpy()
    assert np.array_equal(arrays["codes"], expected)
    assert not np.array_equal(arrays["codes"], drawn(subject("digits-vae-10"), count=100, seed=4)[1]["codes"])


def test_the_nearest_training_example_is_nearest(subject):
    """Against all pairs of distances in float64."""
    of = subject("digits-variational")
    _, arrays = drawn(of, count=20, seed=1)
    train = load_dataset("digits").train
    with torch.no_grad():
        decoded = of.model.decode(torch.tensor(arrays["codes"])).flatten(1).double()
    distances = torch.cdist(decoded, train.x.flatten(1).double(), compute_mode="donot_use_mm_for_euclid_dist")
    assert np.allclose(arrays["distances"], distances.min(1).values, rtol=1e-5)
    assert torch.equal(torch.tensor(arrays["nearest"]).long(), distances.argmin(1))
    assert np.array_equal(arrays["nearest_labels"], train.y[arrays["nearest"]])
    shown = arrays["nearest_pictures"].astype(np.float32) / 255
    assert np.abs(shown - train.x[arrays["nearest"]].flatten(1).numpy()).max() <= 0.5 / 255 + 1e-6


def test_a_copy_is_at_distance_0(subject, monkeypatch):
    of = subject("digits-variational")
    train = load_dataset("digits").train
    monkeypatch.setattr(Subject, "decode", lambda self, z, label=-1: train.x[:10].flatten(1))
    _, arrays = drawn(of, count=10)
    assert np.array_equal(arrays["distances"], np.zeros(10, np.float32))
    assert np.array_equal(arrays["nearest"], np.arange(10))


def test_held_out_examples_give_the_scale(subject):
    meta, _ = drawn(subject("digits-variational"), count=1)
    data = load_dataset("digits")
    distances = torch.cdist(data.test.x.flatten(1)[:500].double(), data.train.x.flatten(1).double())
    assert meta["compared"] == len(data.train)
    assert meta["unseen"] == pytest.approx(float(distances.min(1).values.median()), rel=1e-5)


def test_what_training_never_saw_is_not_compared_with(subject):
    of = subject("digits-variational")
    without = replace(of, experiment=of.experiment.replace(left_out=3))
    meta, arrays = drawn(without, count=100)
    train = load_dataset("digits").train
    assert meta["compared"] == int((train.y != 3).sum())
    assert 3 not in arrays["nearest_labels"]
    assert np.array_equal(train.y[arrays["nearest"]], arrays["nearest_labels"])  # indices are those of the split
    assert 3 in drawn(of, count=100)[1]["nearest_labels"]


def test_every_class_is_told_with_equal_codes(subject):
    of = subject("digits-conditional")
    _, arrays = drawn(of, count=4, every_class=True)
    assert arrays["codes"].shape == (4, of.model.spec.latent)
    assert arrays["told"].tolist() == [label for label in range(10) for _ in range(4)]
    assert arrays["distances"].shape == (40,)
    one = drawn(of, count=4, label=7)[1]
    assert one["told"].tolist() == [7] * 4
    assert np.allclose(one["distances"], arrays["distances"][28:32])
    assert drawn(of, count=4)[1]["told"].tolist() == [-1] * 4


def test_draws_of_the_codes_have_their_moments(subject):
    """Standard error of 100 means is a tenth of a deviation."""
    of = subject("digits-vanilla")
    meta, arrays = drawn(of, count=100, source="codes")
    assert meta["source"] == "codes"
    codes = of.codes.mean.numpy()
    assert np.all(np.abs(arrays["codes"].mean(0) - codes.mean(0)) < 0.4 * codes.std(0))
    assert np.all(np.abs(arrays["codes"].std(0) / codes.std(0) - 1) < 0.3)


def test_without_the_data_set_nothing_is_compared(subject, monkeypatch):
    monkeypatch.setitem(DATASETS, "digits", replace(DATASETS["digits"], is_here=lambda: False))
    meta, arrays = drawn(subject("digits-variational"), count=3)
    assert meta["compared"] == 0
    assert sorted(arrays) == ["codes", "told"]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("digits-variational", {"every_class": True}),
        ("digits-variational", {"label": 0}),
        ("digits-conditional", {"label": 10}),
    ],
)
def test_classes_that_there_are_not(subject, key, values):
    with pytest.raises(ConfigError, match="decoder is told"):
        drawn(subject(key), **values)


# --- the aggregated posterior -----------------------------------------------------------------------------


def test_units_stand_in_the_order_of_their_divergence(subject):
    of = subject("digits-vae-10")
    meta, arrays = unpack(aggregate(of, asks.Aggregate(), quietly))
    expected = aggregated(of.codes)
    assert np.allclose(arrays["kl"], expected.kl)
    assert np.allclose(arrays["density"], expected.density)
    assert np.allclose(arrays["grid"], expected.grid)
    assert meta["order"] == np.argsort(-expected.kl.numpy(), kind="stable").tolist()


def test_without_a_posterior_they_stand_by_variance(subject):
    of = subject("digits-vanilla")
    meta, arrays = unpack(aggregate(of, asks.Aggregate(), quietly))
    assert "kl" not in arrays
    assert meta["order"] == of.units.order.tolist()


# --- files ------------------------------------------------------------------------------------------------


def exported(subject: Subject, layouts: Layouts | None = None, **values: object) -> tuple[str, bytes]:
    ask = asks.Export.model_validate(values)
    meta, arrays = unpack(export(subject, ask, (layouts or Layouts()).arrays(subject, ask.projection, "")))
    return meta["name"], arrays["content"].tobytes()


def test_both_tables_hold_codes_and_projection_exactly(subject):
    of, layouts, spec = subject("digits-variational"), Layouts(), ProjectionSpec(method="pca")
    points = layouts.find(of, spec).points.float().numpy()
    name, content = exported(of, layouts, format="parquet", projection=spec)
    assert name == "digits-variational-codes.parquet"
    table = pa_parquet.read_table(io.BytesIO(content)).to_pydict()
    name, content = exported(of, layouts, format="csv", projection=spec)
    assert name == "digits-variational-codes.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    for j in range(2):
        for column, values in ((f"unit_{j + 1}", of.codes.mean[:, j].numpy()), (f"pca_{j + 1}", points[:, j])):
            assert np.array_equal(np.float32(table[column]), values)
            assert np.array_equal(np.float32([row[column] for row in rows]), values)
    held_out = len(load_dataset("digits").test)
    assert table["split"] == ["held out"] * held_out + ["training"] * (1797 - held_out)
    assert table["label"] == of.examples.y.tolist()


def test_a_projection_made_elsewhere_is_taken_as_it_is(subject):
    from aelib.desk.answers.layouts import encode_layout

    of, spec = subject("digits-variational"), ProjectionSpec(method="umap")
    points = np.random.default_rng(0).normal(size=(1797, 2)).astype(np.float32)
    ask = asks.Export(format="parquet", projection=spec)
    found = unpack(export(of, ask, Layouts().arrays(of, spec, encode_layout(points))))[1]["content"].tobytes()
    table = pa_parquet.read_table(io.BytesIO(found))
    assert np.array_equal(np.column_stack([table["umap_1"], table["umap_2"]]), points)


def test_a_class_that_training_never_saw_is_told(subject):
    of = subject("digits-variational")
    without = replace(of, experiment=of.experiment.replace(left_out=3))
    table = pa_parquet.read_table(io.BytesIO(exported(without, format="parquet")[1])).to_pydict()
    left_out = [i for i, split in enumerate(table["split"]) if split == "left out"]
    held_out = of.examples.held_out
    assert left_out == [i for i, label in enumerate(table["label"]) if label == 3 and i >= held_out]


def test_the_archive_shows_the_examples(subject):
    of = subject("digits-vae-10")
    name, content = exported(of, format="projector")
    assert name == "digits-variational-projector.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = np.asarray(Image.open(archive.open("sprite.png")))
        lines = archive.read("metadata.tsv").decode().splitlines()
        codes = np.loadtxt(archive.open("codes.tsv"), delimiter="\t").astype(np.float32)
    assert np.array_equal(codes, of.codes.mean.numpy())
    assert lines[0].split("\t") == ["class", "index", "split", "error", "kl"]
    assert lines[1001].split("\t")[:2] == [of.examples.classes[of.examples.y[1000]], "1000"]
    top, left = 8 * (1000 // 43), 8 * (1000 % 43)
    picture = of.examples.to_bytes(of.examples.x[1000:1001]).reshape(8, 8)
    assert np.array_equal(sheet[top : top + 8, left : left + 8], picture)


# --- a page without a server ------------------------------------------------------------------------------


def test_the_parts_of_a_page_are_of_the_first_examples(subject, monkeypatch):
    monkeypatch.setattr("aelib.desk.answers.standalone.STANDALONE_EXAMPLES", 500)
    of, layouts, spec = subject("digits-vae-10"), Layouts(), ProjectionSpec(method="pca")
    ask = asks.Standalone(projection=spec)
    meta, arrays = unpack(standalone(of, ask, layouts.arrays(of, spec, "")))
    assert meta["name"] == "digits-variational.html"
    parts = {name: unpack(part.tobytes()) for name, part in arrays.items()}
    assert sorted(parts) == ["pictures", "projection", "space", "weights"]
    assert parts["space"][0]["count"] == 500
    assert parts["space"][0]["held_out"] == of.examples.held_out
    assert np.array_equal(parts["space"][1]["codes"], of.codes.mean[:500])
    assert parts["pictures"][1]["pictures"].shape == (500, 64)
    whole = layouts.find(of, spec)
    assert np.array_equal(parts["projection"][1]["points"], whole.points[:500].float())
    assert np.array_equal(parts["projection"][1]["components"], whole.components.float())
    assert whole.points.shape == (1797, 2)  # what is remembered is not cut


def test_without_a_projection_there_is_none(subject):
    _, arrays = unpack(standalone(subject("digits-vae-10"), asks.Standalone(), None))
    assert sorted(arrays) == ["pictures", "space", "weights"]
