"""The settings of the Train page, described once: the widgets, the URL and the validation follow from it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any, Literal

from aelib import VARIANTS, Experiment
from aelib.data import DatasetInfo, get_info, list_datasets
from aelib.data.lookup import info_of_absent
from aelib.device import CHOICES
from aelib.errors import AelibError, ConfigError, DataError
from aelib.networks import NETWORKS
from aelib.networks.conv import MAX_CHANNELS
from aelib.networks.mlp import MAX_HIDDEN
from aelib.registry import OBJECTIVES
from aelib.spec import Knob, Spec
from aelib.train import TrainConfig
from aelib.widths import read_widths, write_widths

Values = dict[str, Any]


# --- kinds of settings: each reads URL text (or raises `ConfigError`) and writes it ------------------


@dataclass(frozen=True)
class Choice:
    """One of some options. ``names``: what people read, by what stands in URLs and configurations."""

    names: Mapping[str, str]

    def read(self, text: str) -> str:
        if text not in self.names:
            raise ConfigError(f"{text!r:.40} is none of {', '.join(self.names)}.")
        return text

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Whole:
    """A whole number in [low, high]."""

    low: int
    high: int

    def read(self, text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 10 or not self.low <= int(text) <= self.high:
            raise ConfigError(f"{text!r:.40} is not a whole number from {self.low:,} to {self.high:,}.")
        return int(text)

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True)
class Flag:
    """On or off."""

    def read(self, text: str) -> bool:
        return Choice({"0": "off", "1": "on"}).read(text) == "1"

    def write(self, value: bool) -> str:
        return str(int(value))


@dataclass(frozen=True)
class Widths:
    """Sizes of layers, at least ``least`` and at most ``most`` of them."""

    least: int
    most: int

    def read(self, text: str) -> tuple[int, ...]:
        widths = read_widths(text, self.most)
        if len(widths) < self.least:
            raise ConfigError(f"At least {self.least} layer is needed here, such as 16, 32 (got {text!r:.40}).")
        return widths

    def write(self, value: tuple[int, ...]) -> str:
        return write_widths(value)


@dataclass(frozen=True)
class ClassOrNone:
    """The index of a class of the data set, or None."""

    def read(self, text: str) -> int | None:
        return None if text == "none" else Whole(0, 999).read(text)

    def write(self, value: int | None) -> str:
        return "none" if value is None else str(value)


@dataclass(frozen=True)
class Data:
    """The name of a data set of the library, or the id of an added one."""

    def read(self, text: str) -> str:
        found = get_info(text).name
        if found != text:  # nobody is led to data by its title, which can be guessed
            raise ConfigError(f"There is no data set {text!r:.40}.")
        return found

    def write(self, value: str) -> str:
        return value


Kind = Choice | Whole | Flag | Widths | ClassOrNone | Data
Part = Literal["experiment", "network", "objective", "train", "server"]


@dataclass(frozen=True)
class Setting:
    """One structural setting: changing it means another run.

    ``key``: in the URL and the session. ``part``, ``field``: where an `Experiment` keeps it. ``when``: what
    must hold of the other settings, besides their having such a field, for it to mean anything; it may look at
    settings that stand above it. ``essential``: shown at once, not below "More settings".
    """

    key: str
    label: str
    help: str
    kind: Kind
    part: Part
    field: str
    when: Callable[[Values], bool] = lambda values: True
    essential: bool = False

    def applies(self, values: Values) -> bool:
        """Whether it means anything for a variant, a network and a data set."""
        variant = VARIANTS[values["variant"]]
        if self.part == "network" and self.field != "kind":
            known = self.field in NETWORKS[values["network"]].model_fields and self.field not in variant.fixed
        elif self.part == "objective":
            known = self.field in type(variant.objective).model_fields
        else:
            known = True
        return known and self.when(values)


def entry_of(data: str) -> DatasetInfo:
    """What is known of a data set; of added data that is not here any more, that it is not."""
    try:
        return get_info(data)
    except DataError:
        return info_of_absent(data, None, (1,), 0)


def data_titles(infos: Iterable[DatasetInfo]) -> dict[str, str]:
    """What people read, by name: titles, with a part of the id where several have the same."""
    found = {info.name: info for info in infos}
    times = Counter(info.title for info in found.values())
    return {
        name: info.title if times[info.title] == 1 else f"{info.title} ({name[:12]}…)" for name, info in found.items()
    }


def _is_picture(values: Values) -> bool:
    return entry_of(values["data"]).is_image


ACTIVATIONS = {
    "identity": "Identity", "relu": "ReLU", "leaky_relu": "Leaky ReLU", "elu": "ELU", "silu": "SiLU",
    "softplus": "Softplus", "tanh": "tanh", "sigmoid": "Sigmoid",
}  # fmt: skip
CORRUPTIONS = {"masking": "Masking", "gaussian": "Gaussian noise", "salt_and_pepper": "Salt and pepper"}
LIKELIHOODS = {
    "squared_error": "Squared error", "cross_entropy": "Cross-entropy", "kl_divergence": "KL divergence",
    "gaussian": "Gaussian likelihood",
}  # fmt: skip
PRIORS = {"laplace": "Laplace (L1)", "student_t": "Student-t", "gaussian": "Gaussian (L2)"}

SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("data", "Data set", "What it learns to rebuild.", Data(), "experiment", "dataset", essential=True),
        Setting("variant", "Variant", "Which autoencoder.",
                Choice({name: variant.title for name, variant in VARIANTS.items()}), "experiment", "variant",
                essential=True),
        Setting("latent", "Code size", "Units of the code; 2 can be shown without a projection.",
                Whole(1, 4096), "network", "latent", essential=True),
        Setting("seed", "Seed", "Of initial weights, order and noise: equal seeds give equal numbers.",
                Whole(0, 2**31 - 1), "train", "seed", essential=True),
        Setting("network", "Network", "Layers that connect everything, or convolutions over the picture.",
                Choice({"mlp": "Multilayer perceptron", "conv": "Convolutional"}), "network", "kind",
                when=lambda values: _is_picture(values) and "kind" not in VARIANTS[values["variant"]].fixed),
        Setting("hidden", "Hidden layers",
                "Widths of the encoder's hidden layers, e.g. 256, 64 (0 for none); the decoder mirrors them.",
                Widths(0, MAX_HIDDEN), "network", "hidden", essential=True),
        Setting("channels", "Channels",
                "Of the encoder's convolutions, e.g. 16, 32; each halves the picture, and the decoder mirrors them.",
                Widths(1, MAX_CHANNELS), "network", "channels", essential=True),
        Setting("corruption", "Corruption", "What is done to the input.",
                Choice(CORRUPTIONS), "objective", "corruption", essential=True),
        Setting("prior", "Prior of the code", "What is paid for a unit's value h: |h|, log(1 + h²) or h².",
                Choice(PRIORS), "objective", "prior", essential=True),
        Setting("loss", "Reconstruction error",
                "Squared error; cross-entropy, for values from 0 to 1; KL divergence of pictures taken as "
                "distributions of light; or a Gaussian likelihood with a deviation σ.",
                Choice(LIKELIHOODS), "objective", "likelihood"),
        Setting("deviation", "Deviation σ", "Learned with the weights, or fixed: then σ is a knob.",
                Choice({"learned": "Learned", "fixed": "Fixed"}), "objective", "deviation",
                when=lambda values: bool(values["loss"] == "gaussian")),
        Setting("upsampling", "Decoder", "How it doubles the picture: by repeated pixels and a convolution, or by a "
                "convolution with transposed stride.",
                Choice({"nearest": "Nearest upsampling", "transposed": "Transposed stride"}), "network", "upsampling"),
        Setting("activation", "Activation", "Of the hidden layers.", Choice(ACTIVATIONS), "network", "activation",
                when=lambda values: values["network"] == "conv" or bool(values["hidden"])),
        Setting("code_activation", "Activation of the code", "ReLU can silence a unit, the sigmoid bounds it.",
                Choice(ACTIVATIONS), "network", "code_activation"),
        Setting("initialisation", "Initial weights",
                "Random, or identity matrices, which copy through layers that are wide enough.",
                Choice({"uniform": "Random", "identity": "Identity"}), "network", "initialisation"),
        Setting("tied", "Tied weights", "The decoder uses the encoder's weights, transposed.",
                Flag(), "network", "tied"),
        Setting("samples", "Corruptions of each example", "L of them in every step; their errors are averaged.",
                Whole(1, 64), "objective", "samples"),
        Setting("epochs_per_layer", "Epochs for each layer", "Before all layers are fine-tuned together.",
                Whole(1, 100_000), "objective", "epochs_per_layer"),
        Setting("resample_every", "Restart dead units every … epochs",
                "Units that no example makes active; 0 for never.", Whole(0, 1_000_000), "objective", "resample_every"),
        Setting("warm_up", "Warm-up epochs", "β grows from 0 to its value during these; 0 for none.",
                Whole(0, 1_000_000), "objective", "warm_up"),
        Setting("left_out", "Leave a class out of training", "Its examples stay on the map: are they found strange?",
                ClassOrNone(), "experiment", "left_out",
                when=lambda values: bool(entry_of(values["data"]).classes)
                and not VARIANTS[values["variant"]].objective.conditional),
        Setting("batch", "Batch size", "Examples in each step.", Whole(1, 65_536), "train", "batch_size"),
        Setting("epochs", "Epochs", "Passes over the training data; a finished run can go on.",
                Whole(1, 1_000_000), "train", "epochs"),
        Setting("device", "Device", "auto takes a GPU where there is one.",
                Choice({name: name if name == "auto" else name.upper() for name in CHOICES}), "server", "device"),
    )
}  # fmt: skip

#: What a page begins with where no link says otherwise.
DEFAULT_DATA = "mnist_sample"
#: The data of a link that says something else and not which: one by hand for version 0.1.0 meant these.
UNSAID_DATA = "digits"
#: What the app trains by default: long enough to watch.
DEFAULT_TRAIN = {"batch_size": 64, "epochs": 400, "evaluate_every": 0}
#: The same on data sets with many more or larger examples.
DEFAULT_TRAIN_ON_MANY = {"batch_size": 128, "epochs": 40, "evaluate_every": 0}
SMALL = ("digits", "swiss_roll", "s_curve", "moons", "circles")
#: With a hundred rows an epoch is a step or two.
TABLES = ("iris", "wine", "breast_cancer")
#: Training examples of added data, and numbers in each, up to which it is as small as those.
FEW, SHORT = 5000, 256
#: Steps that added data is trained for at least, by as many of these epochs as it takes.
STEPS, EPOCHS = 6000, (40, 100, 200, 400, 1000, 2000)
#: What a variant becomes on data that it cannot be trained on.
FALLBACK = "vanilla"


def default_train(data: str) -> dict[str, int]:
    """How the app trains on a data set, unless told otherwise."""
    info = entry_of(data)
    found = DEFAULT_TRAIN if _is_small(info) else DEFAULT_TRAIN_ON_MANY
    if info.name in TABLES:
        return {**found, "epochs": EPOCHS[-1]}
    if info.counts is None:
        return found
    steps = max(1, info.counts[0] // found["batch_size"])  # an epoch
    return {**found, "epochs": next((epochs for epochs in EPOCHS if epochs * steps >= STEPS), EPOCHS[-1])}


def _is_small(info: DatasetInfo) -> bool:
    if info.counts is None:
        return info.name in SMALL + TABLES
    return info.counts[0] <= FEW and prod(info.shape) <= SHORT


def fits(data: str, variant: str, likelihood: str | None = None) -> bool:
    """Whether a variant (with a reconstruction error) can be trained on a data set."""
    return _fits(entry_of(data), variant, likelihood)


@cache
def _fits(info: DatasetInfo, variant: str, likelihood: str | None) -> bool:
    try:
        Experiment.of(info, variant, objective={"likelihood": likelihood} if likelihood else {})
    except ConfigError:
        return False
    return True


def offered(key: str, values: Values) -> list[Any]:
    """The options of a choice that make sense beside the other settings."""
    kind = SETTINGS[key].kind
    if isinstance(kind, ClassOrNone):
        return [None, *range(entry_of(values["data"]).classes)]
    if isinstance(kind, Data):
        return list(dict.fromkeys([*(info.name for info in list_datasets()), values["data"]]))
    assert isinstance(kind, Choice)
    if key == "variant":
        return [name for name in kind.names if fits(values["data"], name)]
    if key == "loss":
        return [name for name in kind.names if fits(values["data"], values["variant"], name)]
    return list(kind.names)


# --- settings and experiments ----------------------------------------------------------------------


def _parts(experiment: Experiment) -> dict[str, Spec]:
    return {
        "experiment": experiment,
        "network": experiment.network,
        "objective": experiment.objective,
        "train": experiment.train,
    }


@cache
def _library_default(part: Part, field: str) -> Any:
    """What the library has for a setting that an experiment has not."""
    kinds: dict[str, tuple[type[Spec], ...]] = {
        "experiment": (Experiment,),
        "network": tuple(NETWORKS.values()),
        "objective": OBJECTIVES,
        "train": (TrainConfig,),
    }
    return next(kind.model_fields[field].default for kind in kinds[part] if field in kind.model_fields)


def values_of(experiment: Experiment, device: str = "auto") -> Values:
    """The settings that describe an experiment; those that it has not are the variant's or the library's defaults."""
    own, registry = _parts(experiment), _parts(Experiment.of(experiment.info, experiment.variant))
    values: Values = {"device": device}
    for key, setting in SETTINGS.items():
        if setting.part != "server":
            default = getattr(registry[setting.part], setting.field, None)
            if default is None:
                default = _library_default(setting.part, setting.field)
            values[key] = getattr(own[setting.part], setting.field, default)
    return {key: values[key] for key in SETTINGS}


def default_values(data: str, variant: str) -> Values:
    """The defaults of the registry and the app for a variant on a data set; `ConfigError` when it cannot be."""
    values = values_of(Experiment.of(entry_of(data), variant, train=default_train(data)))
    if not _is_small(entry_of(data)) and SETTINGS["epochs_per_layer"].applies(values):
        values["epochs_per_layer"] = 5  # of few epochs in all
    return values


def switched(values: Values, data: str, variant: str) -> Values:
    """The settings once another data set or variant is chosen: its defaults, with seed and device kept.

    The code size is kept if both have two units by default. A variant that cannot be trained on the data gives
    way to the vanilla autoencoder.
    """
    if not fits(data, variant):
        variant = FALLBACK
    before, after = default_values(values["data"], values["variant"]), default_values(data, variant)
    kept = {"seed": values["seed"], "device": values["device"]}
    if before["latent"] == after["latent"] == 2:
        kept["latent"] = values["latent"]
    return {**after, **kept}


def with_network(values: Values, network: str) -> Values:
    """The settings with another network and the reconstruction error that `Experiment.of` gives it by default."""
    usual = Experiment.of(entry_of(values["data"]), values["variant"], network={"kind": network})
    return {**values, "network": network, "loss": usual.objective.likelihood}


def experiment_of(values: Values, knobs: Mapping[str, float]) -> Experiment:
    """The experiment that settings and knobs describe; `ConfigError` when the settings do not fit together.

    Knobs that it has not are left out, and values beyond a knob's range are moved to its end: in the page
    nobody could reach them before the run is there.
    """
    parts: dict[str, Any] = {"network": {}, "objective": {}, "train": {"evaluate_every": 0}, "experiment": {}}
    for key, setting in SETTINGS.items():
        if setting.part in parts and setting.applies(values):
            parts[setting.part][setting.field] = values[key]
    plain = Experiment.of(**parts.pop("experiment"), **parts)
    return plain.with_knobs({name: _within(knob, knobs[name]) for name, knob in plain.knobs.items() if name in knobs})


def _within(knob: Knob, value: float) -> float:
    return min(max(value, knob.low), knob.high)


# --- the URL ---------------------------------------------------------------------------------------


def write_number(value: float) -> str:
    """A number as it stands in a URL: short, and the very same when it is read again."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def to_query(values: Values, knobs: Mapping[str, float]) -> dict[str, str]:
    """Settings and knobs as the parameters of a URL."""
    query = {key: setting.kind.write(values[key]) for key, setting in SETTINGS.items() if setting.applies(values)}
    return query | {name: write_number(value) for name, value in knobs.items()}


def from_query(
    query: Mapping[str, str], default_data: str = DEFAULT_DATA
) -> tuple[Values, dict[str, float], list[str]]:
    """Settings and knobs from the parameters of a URL, and a sentence for each that was not understood.

    ``default_data``: that of an empty URL. One that says something, but no data, is of `UNSAID_DATA`.
    """
    complaints: list[str] = []

    def read(key: str, default: Any) -> Any:
        setting = SETTINGS[key]
        if key not in query:
            return default
        try:
            return setting.kind.read(query[key])
        except AelibError as error:
            complaints.append(f"{setting.label} in the link: {error} The default is used.")
            return default

    data = read("data", UNSAID_DATA if query else default_data)
    variant = read("variant", "variational")
    try:
        values = default_values(data, variant)
        for key, setting in SETTINGS.items():
            if key not in ("data", "variant") and setting.applies(values):
                values[key] = read(key, values[key])
        plain = experiment_of(values, {})
    except AelibError as error:
        complaints.append(f"The settings in the link do not fit together: {error} The defaults are used.")
        values = default_values(data, variant if fits(data, variant) else FALLBACK)
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
