"""Sweeps: one knob at many values, all trained at once as one stacked model."""

from aelib.sweep.model import StackedModel
from aelib.sweep.spec import MAX_VALUES, SweepSpec, linear_values, log_values
from aelib.sweep.training import StackedRecord, StackedTraining

__all__ = ["MAX_VALUES", "StackedModel", "StackedRecord", "StackedTraining", "SweepSpec", "linear_values", "log_values"]
