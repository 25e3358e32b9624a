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
from aelib.palette import CLASS_COLOURS, RAMP, label_colours, ramp_colour
from aelib.report import Figure
from aelib.report.report import Line
from aelib.runs import RunFolder
from app.components.thumbnail import SIDE, thumbnail
from app.sections.figures import draw


def test_pages_and_bench_have_the_same_colours():
    source = (Path(app.__file__).parent / "web" / "base" / "palette.js").read_text(encoding="utf-8")
    listed = re.search(r"CLASS_COLOURS = \[(.*?)\]", source, re.DOTALL)[1]
    assert tuple(re.findall(r"#[0-9a-f]{6}", listed)) == CLASS_COLOURS
    assert len(set(CLASS_COLOURS)) == 10
    ramp = re.search(r"RAMP = \[(.*?)\];", source, re.DOTALL)[1]
    assert [tuple(map(int, corner)) for corner in re.findall(r"\[(\d+), (\d+), (\d+)\]", ramp)] == list(RAMP)


def test_real_labels_go_along_the_ramp_from_the_least_to_the_greatest():
    assert label_colours([-1.0, 3.0, 1.0], are_classes=False) == [ramp_colour(0), ramp_colour(1), ramp_colour(0.5)]
    assert [ramp_colour(share) for share in (0, 1)] == ["#3a4ca0", "#fade3c"]
    assert label_colours([2.0, 2.0], are_classes=False) == [ramp_colour(0)] * 2
    assert label_colours([0.0, 12.0], are_classes=True) == [CLASS_COLOURS[0], CLASS_COLOURS[2]]
    assert label_colours([], are_classes=False) == []


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
    colours, others = [ramp_colour(k / 32) for k in range(33)], CLASS_COLOURS
    if examples.classes:
        colours, others = others, colours
    palette, strange = ({tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in some} for some in (colours, others))
    assert len(solid & palette) > 1  # most are mixed with their neighbours where it was scaled down
    assert not solid & strange
    assert len(content) < 60_000


def test_no_frame_no_thumbnail(tmp_path):
    assert thumbnail(RunFolder(tmp_path)) is None


def test_numbers_of_a_logarithmic_axis_are_written_in_full():
    """Plotly writes 20 and 50 as 2 and 5 unless it has a format."""
    for last in (64.0, 1e6):
        line = Line("model", (1.0, last), (0.5, 0.7))
        figure = Figure("a", "A", "A sentence.", "x", "y", (line,), logarithmic=True)
        assert draw(figure).layout.xaxis.tickformat == "~g"
