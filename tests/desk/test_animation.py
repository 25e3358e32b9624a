"""An animation shows the decoded codes, forth and back, and is never larger than is good for the server."""

import importlib
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from aelib import Autoencoder, ConfigError, Conv, DataError, Experiment, Vanilla
from aelib.commands import pretrain
from aelib.desk.answers import ANSWERS
from aelib.desk.answers.asks import parse_ask
from aelib.desk.answers.subject import Subject, load_subject
from aelib.frames.message import unpack
from aelib.home import pretrained_folder
from aelib.latent.paths import linear
from aelib.progress import silent
from aelib.runs.folder import RunFolder

LIMIT = 100


@pytest.fixture(scope="module")
def subject() -> Subject:
    return load_subject(RunFolder(pretrained_folder() / "digits-variational"), LIMIT)


def animated(subject: Subject, codes: torch.Tensor, **values: object) -> Image.Image:
    ask = parse_ask(json.dumps({"ask": "animation", "limit": LIMIT, "codes": codes.tolist(), **values}))
    _, arrays = unpack(ANSWERS[type(ask)](subject, ask, silent))
    return Image.open(io.BytesIO(arrays["gif"].tobytes()))


def frames_of(image: Image.Image, mode: str = "L") -> list[np.ndarray]:
    found = []
    for k in range(getattr(image, "n_frames", 1)):
        image.seek(k)
        found.append(np.asarray(image.convert(mode)))
    return found


def test_frames_are_the_decoded_codes_there_and_back(subject: Subject) -> None:
    codes = linear(*subject.codes.mean[:2], 5)
    image = animated(subject, codes, scale=3, milliseconds=120)
    assert image.format == "GIF"
    assert image.info["loop"] == 0
    with torch.no_grad():
        decoded = subject.model.decode(codes).squeeze(1).clamp(0, 1).mul(255).round().byte().numpy()
    frames = frames_of(image)
    assert len(frames) == 8
    for frame, k in zip(frames, [0, 1, 2, 3, 4, 3, 2, 1], strict=True):
        assert frame.shape == (24, 24)
        large = decoded[k].repeat(3, 0).repeat(3, 1)
        assert np.abs(frame.astype(int) - large).max() <= 1  # grey values by a palette
    image.seek(1)
    assert image.info["duration"] == 120


def test_two_codes_are_enough(subject: Subject) -> None:
    assert len(frames_of(animated(subject, subject.codes.mean[:2], scale=1))) == 2


class Painted(Subject):
    """Its decoder makes red of code 0 and blue of code 1, on pictures of 3 × 4 pixels."""

    def decode(self, z: torch.Tensor, label: int = -1) -> torch.Tensor:
        colours = torch.stack([1 - z[:, 0], 0 * z[:, 0], z[:, 0]], dim=1)
        return colours.repeat_interleave(12, dim=1)


def test_colours_stay_colours(subject: Subject) -> None:
    model = Autoencoder(Conv((3, 3, 4), channels=(2,), latent=2), Vanilla(likelihood="squared_error"), seed=0)
    painted = Painted(subject.folder, model, subject.experiment, 0, 0, subject.examples, subject.codes)
    frames = frames_of(animated(painted, torch.tensor([[0.0, 0.0], [1.0, 0.0]]), scale=2), "RGB")
    assert [frame.shape for frame in frames] == [(6, 8, 3)] * 2
    assert np.abs(frames[0].astype(int) - [255, 0, 0]).max() <= 8
    assert np.abs(frames[1].astype(int) - [0, 0, 255]).max() <= 8


def test_lists_of_numbers_are_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    target = tmp_path_factory.mktemp("swiss")
    pretrain.pretrain("made", "Made", Experiment.of("swiss_roll", "vanilla", train={"epochs": 1}), target)
    rolled = load_subject(RunFolder(target / "made"), LIMIT)
    with pytest.raises(ConfigError, match="lists of numbers"):
        animated(rolled, rolled.codes.mean[:2])


def test_codes_of_another_length_are_refused(subject: Subject) -> None:
    with pytest.raises(DataError, match="2 units"):
        animated(subject, torch.zeros(3, 4))


def test_too_large_an_animation_is_refused(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("aelib.desk.answers.animation")  # not the function of the same name
    monkeypatch.setattr(module, "MAX_PIXELS", 3 * 64 * 4 - 1)
    with pytest.raises(ConfigError, match="16 × 16 pixels is too large"):
        animated(subject, torch.zeros(3, 2), scale=2)
    assert animated(subject, torch.zeros(2, 2), scale=2).size == (16, 16)
