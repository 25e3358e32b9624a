"""A walk through codes as a GIF."""

import io

import torch
from PIL import Image

from aelib.desk.answers import asks
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.errors import ConfigError
from aelib.pixels import interleaved
from aelib.progress import Progress

#: Of all frames together, at most: bounds memory and time.
MAX_PIXELS = 100_000_000


@torch.no_grad()
def animation(subject: Subject, ask: asks.Animation, progress: Progress) -> bytes:
    """``gif``: the decoded codes, forth and back, again and again; a pixel becomes ``scale`` × ``scale`` of them.

    Values are cut to the range of the data; 3 channels are a colour, of others the first is shown in grey.
    `ConfigError` when examples are no pictures, or the animation would be too large.
    """
    spec = subject.model.spec
    if len(spec.shape) != 3:
        raise ConfigError("This model's examples are lists of numbers and no pictures: there is nothing to animate.")
    _, height, width = spec.shape
    pixels = len(ask.codes) * height * width * ask.scale**2
    if pixels > MAX_PIXELS:
        raise ConfigError(
            f"An animation of {len(ask.codes)} frames of {width * ask.scale} × {height * ask.scale} pixels is too "
            f"large: choose a smaller scale than {ask.scale}, or fewer frames."
        )
    codes = torch.stack([subject.check_code(code) for code in ask.codes])
    progress(0.0, "Decoding the frames")
    decoded = subject.examples.to_bytes(subject.decode(codes, ask.label))
    shown = interleaved(decoded.reshape(-1, *spec.shape))
    large = shown.repeat(ask.scale, axis=1).repeat(ask.scale, axis=2)
    first, *others = map(Image.fromarray, [*large, *large[-2:0:-1]])
    file = io.BytesIO()
    first.save(file, "GIF", save_all=True, append_images=others, duration=ask.milliseconds, loop=0)
    gif = torch.frombuffer(bytearray(file.getvalue()), dtype=torch.uint8)
    return packed("animation", subject, ask, {"frames": 1 + len(others)}, {"gif": gif})
