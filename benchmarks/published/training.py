"""Training to the end, with a line for each epoch."""

import time

from aelib import Training


def train_to_the_end(training: Training, settle: bool = True) -> str:
    """Run all steps; what was spent, in words.

    ``settle``: the last fifth of the steps has a tenth of the learning rate, without which the weights of a
    long run go on trembling around their optimum.
    """
    config, start, total = training.config, time.perf_counter(), 0.0
    for record in training:
        total += record.loss
        if settle and record.step == training.steps * 4 // 5:
            training.set_knob("learning_rate", config.learning_rate / 10)
        if record.step % training.steps_per_epoch == 0:
            stage = training.model.objective.stage_name(training.model.spec, record.epoch - 1)
            report_epoch(record.epoch, config.epochs, total / training.steps_per_epoch, start, stage)
            total = 0.0
    return (
        f"{config.epochs} epochs of {len(training.data.train):,} images, batches of {training.batch_size}, "
        f"Adam {config.learning_rate:g}" + (", a tenth of it in the last fifth" if settle else "")
    )


def report_epoch(epoch: int, epochs: int, loss: float, start: float, stage: str = "") -> None:
    """Print how far a training is that began at ``start`` (of `time.perf_counter`)."""
    seconds = time.perf_counter() - start
    left = seconds / epoch * (epochs - epoch) / 60
    stage = stage and f"{stage}, "
    print(f"  {stage}epoch {epoch} of {epochs}: loss {loss:.4g}, {seconds:.0f} s, {left:.1f} min left", flush=True)
