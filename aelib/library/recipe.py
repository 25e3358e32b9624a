"""`read_recipe`: how the model in a folder was trained, as far as the files of its run tell."""

from aelib.errors import AelibError, RunError
from aelib.experiment import Experiment
from aelib.frames.framelog import read_log
from aelib.frames.message import read_meta
from aelib.origin import Origin
from aelib.runs.folder import RunFolder
from aelib.script import Recipe, Turn


def read_recipe(folder: RunFolder) -> Recipe:
    """Everything that the last weights of a run, or of a pretrained checkpoint, follow from.

    `RunError` when they cannot be had again from the seed, or the run still trains; `CheckpointError` when the folder
    is not one.
    """
    if not folder.is_at_rest and folder.state.exists():
        raise RunError("This run has weights that are newer than its checkpoint: pause it first.")
    model, experiment, last_frame = folder.newest_model()
    found = folder.read_state()
    if found is None:
        origin = model.origin
        if origin and origin.steps:
            return _noted(experiment, origin)
        # A pretrained checkpoint: nobody turned a knob, and it ended where its last frame is.
        if not last_frame:
            raise RunError("Nobody noted how many steps this model was trained for, so it cannot be trained again.")
        return Recipe(experiment, last_frame)
    tensors, meta = found
    step = int(tensors["step"])
    if not meta.get("from_seed"):
        raise RunError(
            "This run did not come from its seed alone: it went on from a checkpoint, from a cell of a sweep, or from "
            "the last good weights after it diverged. Train it anew for a script that repeats it."
        )
    events = [change for change in folder.read_events() if change.step <= step]
    # A knob that is turned while the run rests is not in its checkpoint yet.
    last = experiment.knob_values
    turns = tuple(Turn(e.step, e.name, e.value if e.step < step else last[e.name]) for e in events)
    if events:
        experiment = experiment.with_knobs(_first_knobs(folder))
    return Recipe(experiment, step, turns, meta["device"], meta["threads"], meta.get("moved", False))


def _noted(experiment: Experiment, origin: Origin) -> Recipe:
    """What `aelib.train` noted of a model that was saved; `RunError` when its weights do not follow from that."""
    last = {**origin.knobs, **{name: value for _, name, value in origin.turns}}
    told = experiment.objective.knobs(experiment.network)
    if not origin.from_seed or any(experiment.knob_values[name] != last[name] for name in told):
        raise RunError(
            "This model does not follow from the seed of its training alone: train a fresh one, whose seed is that of "
            "its training, and turn knobs by the training itself."
        )
    turns = tuple(Turn(*turn) for turn in origin.turns if turn[0] <= origin.steps)
    return Recipe(experiment.with_knobs(origin.knobs), origin.steps, turns, origin.device, origin.threads)


def _first_knobs(folder: RunFolder) -> dict[str, float]:
    """Where the knobs stood before the first step: the scene says so, unless it was lost and written anew."""
    _, entries = read_log(folder.frames)
    if len(entries) < 2 or entries[1].step:
        raise RunError("The first frames of this run are lost, and with them where its knobs stood at the beginning.")
    try:
        return Experiment.model_validate(read_meta(entries[0].payload)["experiment"]).knob_values
    except (AelibError, KeyError, ValueError):
        raise RunError("The first frames of this run cannot be read: its knobs at the beginning are lost.") from None
