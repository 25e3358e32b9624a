"""Questions about a latent space of data without labels: answers of the same form, in one colour, without classes."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from aelib import DATASETS, Dataset, Experiment, Split
from aelib.desk.answers import asks, distribution
from aelib.desk.answers.distribution import samples
from aelib.desk.answers.example import inspection
from aelib.desk.answers.export import export_file
from aelib.desk.answers.space import space
from aelib.desk.answers.standalone import standalone
from aelib.desk.answers.still import still
from aelib.desk.answers.subject import load_examples, load_subject
from aelib.frames.framelog import FrameLog
from aelib.frames.message import unpack
from aelib.frames.probe import Probe
from aelib.runs import RunFolder

LIMIT = 40


def quietly(share, text):
    pass


@pytest.fixture(scope="module")
def bare(digits) -> Dataset:
    return Dataset("digits", Split(digits.train.x), Split(digits.test.x[:30]))


@pytest.fixture
def looked_at(folder, bare, monkeypatch):
    """The model on digits without their labels."""
    monkeypatch.setattr(Experiment, "load_data", lambda self, *rest: bare)
    monkeypatch.setattr(distribution, "load_dataset", lambda name, **rest: bare)
    distribution._unseen.cache_clear()
    yield load_subject(folder, LIMIT)
    distribution._unseen.cache_clear()


def test_the_space_and_its_pages_carry_one_colour(looked_at):
    assert looked_at.examples.y is None
    meta, arrays = unpack(space(looked_at, asks.Space(limit=LIMIT), quietly))
    assert (meta["labelled"], meta["classes"]) == (False, [])
    assert arrays["labels"].tolist() == [0.0] * LIMIT
    meta, arrays = unpack(still(looked_at, asks.Still(limit=LIMIT), quietly))
    assert (meta["classes"], arrays["labels"].tolist()) == ([], [0.0] * LIMIT)
    _, parts = unpack(standalone(looked_at, asks.Standalone(limit=LIMIT), None))
    assert not unpack(parts["space"].tobytes())[0]["labelled"]


def test_the_id_of_the_data_stays_here(subject):
    """Who is sent a latent space as a file does not learn it."""
    meta, _ = unpack(space(subject, asks.Space(limit=400), quietly))
    assert meta["experiment"]["left_out"] is None
    assert "dataset" not in meta["experiment"]


def test_of_a_labelled_space_that_is_said_too(subject):
    assert unpack(space(subject, asks.Space(limit=400), quietly))[0]["labelled"]


def test_tables_have_no_column_of_labels(looked_at):
    text = export_file(looked_at, asks.Export(limit=LIMIT, format="csv")).decode("utf-8-sig")
    assert text.splitlines()[0] == '"index","split","error","kl","unit_1","unit_2","unit_3"'
    assert [text.count(part) for part in ("held out", "training", "left out")] == [30, 10, 0]
    archive = zipfile.ZipFile(io.BytesIO(export_file(looked_at, asks.Export(limit=LIMIT, format="projector"))))
    assert archive.read("metadata.tsv").decode().splitlines()[0].split("\t") == ["index", "split", "error", "kl"]
    assert json.loads(archive.read("projector_config.json"))


def test_examples_and_samples_are_answered(looked_at):
    assert unpack(inspection(looked_at, asks.Inspect(limit=LIMIT, index=3), quietly))[0]["index"] == 3
    _, arrays = unpack(samples(looked_at, asks.Samples(limit=LIMIT, count=5), quietly))
    assert arrays["nearest_labels"].tolist() == [0.0] * 5
    assert len(arrays["nearest_pictures"]) == 5


def test_pictures_that_a_run_kept_have_no_labels_where_it_had_none(bare, small, tmp_path, monkeypatch):
    experiment = small()
    scene = Probe(bare, experiment).scene(experiment, "cpu", experiment.build(bare))
    folder = RunFolder(tmp_path)
    FrameLog(folder.frames).begin(scene)
    monkeypatch.setitem(DATASETS, "digits", replace(DATASETS["digits"], is_here=lambda: False))
    kept = load_examples(folder, experiment, 20, quietly)
    assert (kept.y, kept.classes, len(kept.x)) == (None, (), 20)
    assert np.allclose(kept.x, bare.test.x[:20], atol=1 / 255)
