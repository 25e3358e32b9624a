"""Presets: runs that make one phenomenon visible, each a click away (see `library_page`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aelib import Experiment

from .settings import default_train


@dataclass(frozen=True)
class Preset:
    """``look``: what to look at, and what to try. The rest describes an `Experiment`, as far as it differs from
    the defaults of its variant. ``icon``: a Material symbol."""

    key: str
    title: str
    look: str
    icon: str
    variant: str
    dataset: str = "digits"
    network: Mapping[str, Any] = field(default_factory=dict)
    objective: Mapping[str, Any] = field(default_factory=dict)
    train: Mapping[str, Any] = field(default_factory=dict)
    knobs: Mapping[str, float] = field(default_factory=dict)
    left_out: int | None = None

    @property
    def experiment(self) -> Experiment:
        """What it trains."""
        plain = Experiment.of(
            self.dataset,
            self.variant,
            network=dict(self.network),
            objective=dict(self.objective),
            train={**default_train(self.dataset), **self.train},
            left_out=self.left_out,
        )
        return plain.with_knobs(dict(self.knobs))


PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            "plane", "Handwriting on a plane",
            "Two units lay out 6,000 handwritten digits of 28 × 28 pixels: hover between two classes on the map, and "
            "watch one digit become another. The first page shows this model trained.",
            "gesture", "variational", dataset="mnist_sample", network={"kind": "conv"},
        ),
        Preset(
            "pca", "Linear is PCA",
            "Two linear units come to span the plane of the first two principal components: the RMSE falls to that of "
            "PCA, 0.231 on these held-out digits, and no further.",
            "linear_scale", "linear",
        ),
        Preset(
            "copy", "Copying without learning",
            "64 units and identity weights: the error is 0 before the first step, and the sheet “Out of distribution” "
            "shows that any other picture passes unchanged too. Nothing about digits has been learned.",
            "content_copy", "overcomplete",
        ),
        Preset(
            "repair", "Denoising repairs",
            "Half of the pixels are blanked, and out comes a whole digit. Drag the noise level ν, and see in the sheet "
            "“Many corruptions” how far ten repairs of one digit agree.",
            "healing", "denoising", network={"latent": 32, "hidden": (128,)}, knobs={"level": 0.5},
        ),
        Preset(
            "sparse", "Few units light up",
            "Of the 64 units of the code each digit may use five, and different digits light different ones. Drag k "
            "down to 1, and up again.",
            "grain", "k_sparse", knobs={"k": 5},
        ),
        Preset(
            "contraction", "Contraction",
            "The penalty on the encoder's derivatives shrinks the map: read its axes while you drag λ between 0 and 1. "
            "Too much of it, and all digits meet in one point.",
            "compress", "contractive", knobs={"weight": 0.1},
        ),
        Preset(
            "collapse", "Posterior collapse",
            "At β = 5 all ten units give up: their KL falls to 0 and every reconstruction is the same blurred mean. "
            "Drag β down to 0.3, and some wake up again.",
            "motion_sensor_idle", "variational", network={"latent": 10}, knobs={"beta": 5.0},
        ),
        Preset(
            "holes", "A code without a prior",
            "Without a prior the codes spread ever further, and leave holes between them: hover there, and the decoder "
            "makes things up. Compare “A code that fills its prior”.",
            "scatter_plot", "vanilla",
        ),
        Preset(
            "filled", "A code that fills its prior",
            "The KL term draws the codes of the same network into one Gaussian around 0, about 3 wide on each side: "
            "nearly every point in it decodes to a digit.",
            "blur_circular", "variational",
        ),
        Preset(
            "label", "Digits on demand: p(x | y)",
            "The decoder is told the class, so that the code describes the style alone and the classes overlap on the "
            "map. In the sheet “p(x | y)” each row is one code, decoded as every digit.",
            "label", "conditional",
        ),
        Preset(
            "checkerboard", "Checkerboard",
            "The windows of a convolution with transposed stride overlap unevenly: early pictures show a checkerboard. "
            "Pause soon, or go back in time, hover over the map, and compare “No checkerboard”.",
            "grid_on", "convolutional", dataset="shapes",
            network={"channels": (8, 16), "upsampling": "transposed"},
            objective={"likelihood": "cross_entropy"}, knobs={"learning_rate": 3e-4},
        ),
        Preset(
            "upsampling", "No checkerboard",
            "Repeated pixels followed by a convolution meet every pixel alike: early pictures are smooth, where those "
            "of “Checkerboard” are chequered.",
            "gradient", "convolutional", dataset="shapes",
            network={"channels": (8, 16), "upsampling": "nearest"},
            objective={"likelihood": "cross_entropy"}, knobs={"learning_rate": 3e-4},
        ),
        Preset(
            "stacked", "Layer by layer",
            "Each layer learns to repair the one below it, 20 epochs long; only then are all of them trained together. "
            "The line above the map names the layer at work; the third makes the map.",
            "stacks", "stacked_denoising", objective={"epochs_per_layer": 20},
        ),
        Preset(
            "anomaly", "Finding the stranger",
            "Training never sees a 0. Held-out zeros are rebuilt three times worse than the others, so that the error "
            "gives them away: watch the anomaly AUC.",
            "person_search", "vanilla", left_out=0,
        ),
    )
}  # fmt: skip
