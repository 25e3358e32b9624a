"""``aelib sweep``: an experiment at many values of one thing, trained in this process, as text or JSON."""

import argparse
import re

from aelib.commands.options import add_experiment_arguments, read_experiment
from aelib.commands.terminal import Progress, add_output, escape_json, expect_output, hand_over
from aelib.device import choose_device
from aelib.errors import ConfigError, DivergenceError
from aelib.experiment import Experiment
from aelib.sweep.outcome import train_sweep
from aelib.sweep.spec import SweepSpec, linear_values, log_values
from aelib.sweep.structure import StructuralSetting, StructureSweep

#: Options that say what is swept, and the settings that they stand for.
STRUCTURES: dict[str, StructuralSetting] = {"code_sizes": "latent", "variants": "variant", "layers": "hidden"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes: the options of ``aelib train``, what is swept, and its values."""
    add_experiment_arguments(parser, "NAME alone is the knob to sweep, or seed; NAME=VALUE sets another one")
    parser.add_argument("--values", default=None, help="of the knob, e.g. 0.1,1,10")
    parser.add_argument("--from", type=float, default=None, dest="low", metavar="LOW", help="first value of the knob")
    parser.add_argument("--to", type=float, default=None, dest="high", metavar="HIGH", help="its last value")
    parser.add_argument("--count", type=int, default=8, help="how many values from LOW to HIGH (8)")
    parser.add_argument("--log", action="store_true", help="equal ratios between them instead of equal distances")
    parser.add_argument("--code-sizes", default=None, help="sweep the code size, e.g. 1,2,4,8")
    parser.add_argument("--variants", default=None, help="sweep the variant, e.g. vanilla,denoising")
    parser.add_argument("--layers", default=None, help="sweep the hidden layers, e.g. 256-64,64,0")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Train and print; progress goes to standard error. `DivergenceError` after that when no cell came to its end."""
    sweep = read_sweep_options(options)
    expect_output(options.output)
    device = choose_device(options.device)
    data = sweep.base.load_data()
    with Progress("epoch") as progress:
        outcome = train_sweep(sweep, data, device, progress.tell)
    if options.json:
        hand_over(f"{outcome.to_json()}\n", options.output, escape_json)
    else:
        hand_over(f"{outcome.as_text()}\n", options.output)
    if all(cell.diverged for cell in outcome.cells):
        raise DivergenceError("The loss of every cell stopped being a number: choose other values.")
    return 0


def read_sweep_options(options: argparse.Namespace) -> SweepSpec | StructureSweep:
    """The sweep that the options describe; `ConfigError` when there is none."""
    swept = [text for text in options.knob if "=" not in text]
    options.knob = [text for text in options.knob if "=" in text]
    wanted = [name for name in STRUCTURES if getattr(options, name) is not None]
    if len(swept) + len(wanted) != 1:
        raise ConfigError(
            "Say one thing to sweep: --knob NAME with --values (or --from and --to), --code-sizes, --variants or "
            "--layers."
        )
    base = read_experiment(options)
    return _of_knob(options, base, swept[0]) if swept else _of_structure(options, base, wanted[0])


def _of_knob(options: argparse.Namespace, base: Experiment, knob: str) -> SweepSpec:
    ends = (options.low, options.high)
    if options.values is not None and ends == (None, None):
        values = tuple(_number(text) for text in options.values.split(","))
    elif options.values is None and None not in ends:
        values = (log_values if options.log else linear_values)(*ends, options.count)
    else:
        raise ConfigError("Say the values of the knob either with --values, e.g. 0.1,1,10, or with --from and --to.")
    return SweepSpec(base=base, knob=knob, values=values)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(
            f"--values takes numbers with commas between them, e.g. 0.1,1,10 (got {text!r:.60})."
        ) from None


def _of_structure(options: argparse.Namespace, base: Experiment, name: str) -> StructureSweep:
    if options.values is not None or options.low is not None or options.high is not None:
        raise ConfigError(
            f"--values, --from and --to belong to a knob: --{name.replace('_', '-')} says its own values."
        )
    values: list[int | str] = [text.strip() for text in getattr(options, name).split(",")]
    if name == "code_sizes":
        # Nine digits at most: a longer number is out of range, and very long ones are no numbers to Python.
        values = [int(text) if re.fullmatch("[0-9]{1,9}", str(text)) else text for text in values]
    return StructureSweep(base=base, setting=STRUCTURES[name], values=tuple(values))
