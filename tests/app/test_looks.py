"""Colours and thumbnails."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

import app
from aelib import Experiment, load_dataset
from aelib.frames.frame import moment
from aelib.frames.framelog import FrameLog
from aelib.frames.probe import Probe
from aelib.palette import CLASS_COLOURS
from aelib.runs import RunFolder
from app.components.thumbnail import SIDE, thumbnail


def test_pages_and_bench_have_the_same_colours():
    source = (Path(app.__file__).parent / "web" / "base" / "palette.js").read_text(encoding="utf-8")
    listed = re.search(r"CLASS_COLOURS = \[(.*?)\]", source, re.DOTALL)[1]
    assert tuple(re.findall(r"#[0-9a-f]{6}", listed)) == CLASS_COLOURS
    assert len(set(CLASS_COLOURS)) == 10


@pytest.mark.parametrize(
    ("data", "latent"), [("digits", 1), ("digits", 2), ("digits", 5), ("swiss_roll", 2)]
)  # one unit is a strip, more than two show the widest pair, labels may be real
def test_a_thumbnail_is_a_picture_of_the_map(tmp_path, data, latent):
    examples = load_dataset(data)
    experiment = Experiment.of(data, network={"latent": latent, "hidden": (8,)})
    training, probe, log = experiment.build(examples), Probe(examples, experiment), FrameLog(tmp_path / "frames.log")
    log.begin(probe.scene(experiment, "CPU", training))
    log.append(probe.frame(training.model, moment(training, dict.fromkeys(training.knobs, 0), {}, "paused")), 0)
    content = thumbnail(RunFolder(tmp_path))
    image = Image.open(io.BytesIO(content))
    image.load()
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (SIDE, SIDE))
    assert image.getpixel((0, 0))[3] == 0  # transparent where there is nothing
    solid = {pixel[:3] for _, pixel in image.getcolors(SIDE * SIDE) if pixel[3] == 255}
    palette = {tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in CLASS_COLOURS}
    assert solid & palette  # most are mixed with their neighbours where it was scaled down
    assert len(content) < 60_000


def test_no_frame_no_thumbnail(tmp_path):
    assert thumbnail(RunFolder(tmp_path)) is None
