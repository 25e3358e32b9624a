"""What a sweep is asked for, described once: the widgets, the URL and the validation follow from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aelib import VARIANTS, Experiment
from aelib.errors import AelibError, ConfigError
from aelib.spec import Knob
from aelib.sweep import AnySweep, StructureSweep, SweepSpec, linear_values, log_values

from .settings import Choice, write_number

#: What is no knob, and how it is called.
OTHERS = {"seed": "Seed", "latent": "Code size", "hidden": "Hidden layers", "variant": "Variant"}
#: Of these there is no first and last one.
LISTED = ("hidden", "variant")
SPACINGS = Choice({"log": "Logarithmic", "linear": "Linear", "list": "By hand"})
#: Values of a sweep, unless told otherwise.
USUAL_COUNT = 9
#: Characters that a text may have.
MAX_TEXT = 1000


@dataclass(frozen=True)
class Wish:
    """What the user asks for, as text, until it is made a sweep.

    ``over``: a knob, or one of `OTHERS`. ``spacing``: how values lie between ``low`` and ``high``, or ``list`` for
    those in ``values``.
    """

    over: str
    spacing: str
    low: str
    high: str
    count: str
    values: str


#: Under which key each part of a wish stands in a URL.
KEYS = {"over": "over", "spacing": "spacing", "low": "from", "high": "to", "count": "count", "values": "values"}


def sweepable(experiment: Experiment) -> dict[str, str]:
    """What can be swept, and how it is called."""
    knobs = {name: f"{knob.label} {knob.symbol}" for name, knob in experiment.knobs.items()}
    without = {*VARIANTS[experiment.variant].fixed, *([] if experiment.network.kind == "mlp" else ["hidden"])}
    others = [name for name in OTHERS if name not in without]
    return knobs | {name: OTHERS[name] for name in others}


def usual_wish(experiment: Experiment, over: str = "") -> Wish:
    """A wish that makes sense for an experiment: of its first knob unless told otherwise."""
    known = sweepable(experiment)
    over = over if over in known else next(iter(known))
    knob = experiment.knobs.get(over)
    if knob:
        low, high, spacing = _usual_range(knob, experiment.knob_values[over])
        room = int(high - low) + 1 if knob.integer else USUAL_COUNT
        return Wish(over, spacing, write_number(low), write_number(high), str(max(2, min(USUAL_COUNT, room))), "")
    if over == "seed":
        return Wish(over, "linear", "0", "8", "9", "")
    if over == "latent":
        sizes = [size for size in (1, 2, 3, 4, 8, 16, 32, 64) if size <= experiment.network.features]
        return Wish(over, "list", "1", str(sizes[-1]), str(len(sizes)), ", ".join(map(str, sizes)))
    if over == "hidden":
        return Wish(over, "list", "", "", "", "0; 16; 64; 256; 64, 16; 256, 64")
    return Wish(over, "list", "", "", "", experiment.variant)


def _usual_range(knob: Knob, value: float) -> tuple[float, float, str]:
    """A decade to each side of the value it has; all that there is where the scale is linear."""
    if knob.scale == "linear":
        return knob.low, knob.high, "linear"
    if not value:
        return max(knob.low, knob.floor), knob.high, "log"
    return max(knob.low, value / 10), min(knob.high, value * 10), "log"


# --- the sweep -------------------------------------------------------------------------------------


def sweep_of(experiment: Experiment, wish: Wish) -> AnySweep:
    """The sweep that is asked for; `ConfigError`, with one sentence, when there is none."""
    match wish.over:
        case "latent":
            return StructureSweep(
                base=experiment, setting="latent", values=tuple(map(_code_size, _numbers(wish, True)))
            )
        case "hidden":
            return StructureSweep(base=experiment, setting="hidden", values=_parts(wish.values, ";"))
        case "variant":
            return StructureSweep(base=experiment, setting="variant", values=_parts(wish.values, ","))
    knob = experiment.knobs.get(wish.over)
    in_whole_numbers = wish.over == "seed" or (knob is not None and knob.integer)
    return SweepSpec(base=experiment, knob=wish.over, values=_numbers(wish, in_whole_numbers))


def _numbers(wish: Wish, in_whole_numbers: bool) -> tuple[float, ...]:
    """The values, where they are numbers; those between two ends are rounded if they have to be whole."""
    if wish.spacing == "list":
        return tuple(_number(text) for text in re.split(r"[,;\s]+", wish.values.strip(" ,;\n\t")))
    spread = log_values if wish.spacing == "log" else linear_values
    values = spread(_number(wish.low), _number(wish.high), _count(wish.count))
    return tuple(float(round(value)) for value in values) if in_whole_numbers else values


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"A value is a number such as 0.5 or 1e-3 (got {text!r:.40}).") from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ConfigError(f"How many values there are is a whole number (got {text!r:.40}).")
    return int(text)


def _code_size(value: float) -> int:
    if not value.is_integer():
        raise ConfigError(f"A code size is a whole number (got {value:g}).")
    return int(value)


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def wish_of(sweep: AnySweep) -> Wish:
    """The wish that leads to a sweep."""
    values = sweep.values
    if isinstance(sweep, SweepSpec):
        plain = Wish(sweep.knob, "list", "", "", "", ", ".join(write_number(float(value)) for value in values))
    else:
        separator = "; " if sweep.setting == "hidden" else ", "
        plain = Wish(sweep.setting, "list", "", "", "", separator.join(map(str, values)))
    if plain.over in LISTED:
        return plain
    ends = {"low": write_number(float(values[0])), "high": write_number(float(values[-1])), "count": str(len(values))}
    for spacing in ("linear", "log"):
        spread = Wish(plain.over, spacing, values="", **ends)
        try:
            if sweep_of(sweep.base, spread) == sweep:
                return spread
        except AelibError:
            continue
    return Wish(plain.over, "list", values=plain.values, **ends)


# --- the URL ---------------------------------------------------------------------------------------


def wish_to_query(wish: Wish) -> dict[str, str]:
    """A wish as parameters of a URL: those that mean something."""
    listed = wish.over in LISTED or wish.spacing == "list"
    parts = ("over", "spacing", "values") if listed else ("over", "spacing", "low", "high", "count")
    return {KEYS[part]: getattr(wish, part) for part in parts}


def wish_from_query(query: Mapping[str, str], experiment: Experiment) -> tuple[Wish, list[str]]:
    """A wish from the parameters of a URL, and a sentence for each that was not understood."""
    complaints = []
    over = query.get("over", "")
    if over and over not in sweepable(experiment):
        complaints.append(
            f"{over!r:.40} in the link cannot be swept here: it is one of {', '.join(sweepable(experiment))}."
        )
    usual = usual_wish(experiment, over)
    parts = {part: query.get(key, getattr(usual, part))[:MAX_TEXT] for part, key in KEYS.items()}
    parts["over"] = usual.over
    try:
        parts["spacing"] = "list" if usual.over in LISTED else SPACINGS.read(parts["spacing"])
    except ConfigError as error:
        complaints.append(f"Spacing in the link: {error} The default is used.")
        parts["spacing"] = usual.spacing
    return Wish(**parts), complaints
