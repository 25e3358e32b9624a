"""The settings of the Train page, described once: the widgets, the URL and the validation follow from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from aelib import DATASETS, VARIANTS, Experiment
from aelib.activations import ActivationName
from aelib.corruption import CorruptionName
from aelib.device import CHOICES
from aelib.errors import AelibError, ConfigError
from aelib.likelihood import LikelihoodName

Values = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """One structural setting: changing it means another run.

    ``key``: in the URL and the session. ``read``: from URL text to a value; raises `ConfigError`.
    ``write``: back. ``applies``: whether it means anything for a variant.
    """

    key: str
    label: str
    help: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    options: tuple[str, ...] = ()
    applies: Callable[[str], bool] = lambda variant: True


def _choice(*options: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in options:
            raise ConfigError(f"{text!r:.40} is none of {', '.join(options)}.")
        return text

    return read


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 10 or not low <= int(text) <= high:
            raise ConfigError(f"{text!r:.40} is not a whole number from {low:,} to {high:,}.")
        return int(text)

    return read


def read_widths(text: str) -> tuple[int, ...]:
    """``"256-64"`` or ``"256, 64"`` as widths; empty text or ``"0"`` is no hidden layer."""
    if text.strip() == "0":
        return ()
    parts = [part for part in text.replace("-", " ").replace(",", " ").split() if part]
    if len(parts) > 8:
        raise ConfigError("At most 8 hidden layers, please.")
    return tuple(_integer(1, 4096)(part) for part in parts)


def write_widths(widths: tuple[int, ...]) -> str:
    """Widths as they stand in a URL."""
    return "-".join(map(str, widths)) or "0"


def write_number(value: float) -> str:
    """A number as it stands in a URL: short, and the very same when it is read again."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _flag(text: str) -> bool:
    return _choice("0", "1")(text) == "1"


ACTIVATIONS: tuple[str, ...] = get_args(ActivationName)
CORRUPTIONS: tuple[str, ...] = get_args(CorruptionName)
LIKELIHOODS: tuple[str, ...] = get_args(LikelihoodName)

SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("data", "Data set", "What it learns to rebuild.", _choice(*DATASETS), options=tuple(DATASETS)),
        Setting("variant", "Variant", "Which autoencoder.", _choice(*VARIANTS), options=tuple(VARIANTS)),
        Setting("latent", "Code size", "Units of the code; 2 can be shown without a projection.", _integer(1, 4096)),
        Setting("hidden", "Hidden layers",
                "Widths of the encoder's hidden layers, e.g. 256, 64; the decoder mirrors them.",
                read_widths, write_widths),
        Setting("activation", "Activation", "Of the hidden layers.", _choice(*ACTIVATIONS), options=ACTIVATIONS,
                applies=lambda variant: "activation" not in VARIANTS[variant].fixed),
        Setting("tied", "Tied weights", "The decoder uses the encoder's weights, transposed.",
                _flag, lambda v: str(int(v))),
        Setting("loss", "Reconstruction error", "Squared error, or cross-entropy for values between 0 and 1.",
                _choice(*LIKELIHOODS), options=LIKELIHOODS),
        Setting("corruption", "Corruption", "What is done to the input.", _choice(*CORRUPTIONS), options=CORRUPTIONS,
                applies=lambda variant: variant == "denoising"),
        Setting("batch", "Batch size", "Examples in each step.", _integer(1, 65_536)),
        Setting("epochs", "Epochs", "Passes over the training data; a finished run can go on.", _integer(1, 1_000_000)),
        Setting("seed", "Seed", "Of initial weights, order and noise: equal seeds give equal numbers.",
                _integer(0, 2**31 - 1)),
        Setting("device", "Device", "auto takes a GPU where there is one.", _choice(*CHOICES), options=CHOICES),
    )
}  # fmt: skip

#: What the app trains by default: long enough to watch.
DEFAULT_TRAIN = {"batch_size": 64, "epochs": 400, "evaluate_every": 0}


def values_of(experiment: Experiment, device: str = "auto") -> Values:
    """The settings that describe an experiment."""
    network, objective, train = experiment.network, experiment.objective, experiment.train
    return {
        "data": experiment.dataset,
        "variant": experiment.variant,
        "latent": network.latent,
        "hidden": network.hidden,
        "activation": network.activation,
        "tied": network.tied,
        "loss": objective.likelihood,
        "corruption": getattr(objective, "corruption", CORRUPTIONS[0]),
        "batch": train.batch_size,
        "epochs": train.epochs,
        "seed": train.seed,
        "device": device,
    }


def default_values(data: str, variant: str) -> Values:
    """The registry's defaults for a variant on a data set."""
    train = DEFAULT_TRAIN if data in ("digits", "swiss_roll") else {**DEFAULT_TRAIN, "batch_size": 128, "epochs": 40}
    return values_of(Experiment.of(data, variant, train=train))


def experiment_of(values: Values, knobs: Mapping[str, float]) -> Experiment:
    """The experiment that settings and knobs describe; `ConfigError` when they do not fit together."""
    objective: Values = {"likelihood": values["loss"]}
    if SETTINGS["corruption"].applies(values["variant"]):
        objective["corruption"] = values["corruption"]
    structure = ("latent", "hidden", "activation", "tied")
    network = {name: values[name] for name in structure if SETTINGS[name].applies(values["variant"])}
    train = {"batch_size": values["batch"], "epochs": values["epochs"], "seed": values["seed"], "evaluate_every": 0}
    plain = Experiment.of(values["data"], values["variant"], network=network, objective=objective, train=train)
    return plain.with_knobs({name: value for name, value in knobs.items() if name in plain.knobs})


def to_query(values: Values, knobs: Mapping[str, float]) -> dict[str, str]:
    """Settings and knobs as the parameters of a URL."""
    query = {key: s.write(values[key]) for key, s in SETTINGS.items() if s.applies(values["variant"])}
    return query | {name: write_number(value) for name, value in knobs.items()}


def from_query(query: Mapping[str, str]) -> tuple[Values, dict[str, float], list[str]]:
    """Settings and knobs from the parameters of a URL, and a sentence for each that was not understood."""
    complaints: list[str] = []

    def read(setting: Setting, default: Any) -> Any:
        if setting.key not in query:
            return default
        try:
            return setting.read(query[setting.key])
        except ConfigError as error:
            complaints.append(f"{setting.label} in the link: {error} The default is used.")
            return default

    data = read(SETTINGS["data"], "digits")
    variant = read(SETTINGS["variant"], "variational")
    values = default_values(data, variant)
    values |= {key: read(setting, values[key]) for key, setting in SETTINGS.items() if key not in ("data", "variant")}
    try:
        plain = experiment_of(values, {})
    except AelibError as error:
        complaints.append(f"The settings in the link do not fit together: {error} The defaults are used.")
        values = default_values(data, variant)
        plain = experiment_of(values, {})
    knobs = plain.knob_values
    for name, knob in plain.knobs.items():
        if name in query:
            try:
                knobs[name] = knob.check(float(query[name]))
            except ValueError as error:
                reason = str(error) if isinstance(error, ConfigError) else f"{query[name]!r:.40} is not a number."
                complaints.append(f"{knob.label} in the link: {reason} The default is used.")
    return values, knobs, complaints
